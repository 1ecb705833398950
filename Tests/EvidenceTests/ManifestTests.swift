import Evidence
import Testing
import TransparencyLog

@Suite("Manifest, log and disclosures")
struct ManifestTests {
  let story = Story.small()
  let zip: TestZIP

  init() throws { zip = TestZIP(reading: try Story.small().bundle()) }

  private func report(_ change: (inout TestZIP) throws -> Void) rethrows -> EvidenceReport {
    var zip = zip
    try change(&zip)
    return story.keys.verifier.verify(zip.bytes)
  }

  /// What is found when the brand itself makes the bundle of changed parts.
  private func remade(_ change: (inout EvidenceParts) throws -> Void) throws -> EvidenceReport {
    var parts = try story.parts()
    try change(&parts)
    return story.keys.verifier.verify(try EvidenceBundle(parts, signer: story.keys.signer).bytes)
  }

  @Test(
    "a file that was taken out is missed", arguments: try TestZIP(reading: Story.small().bundle()).files.map(\.path))
  func removed(_ path: String) {
    let report = report { $0[path] = nil }
    switch path {
    case "manifest.json": expect(report, broken: .manifest, .fileMissing, in: path)
    case "manifest.sig": expect(report, onlyBroken: .manifestSignature, .fileMissing, in: path)
    default: expect(report, broken: .manifest, .fileMissing, in: path)
    }
  }

  @Test("a file that was put in is noticed")
  func added() {
    let report = report { $0["attachments/note.txt"] = [1, 2, 3] }
    let path = "attachments/note.txt"
    expect(report, broken: .manifest, .notListed, in: path)
    // No event names it either, and nothing else is wrong.
    expect(report, broken: .events, .attachmentUnnamed, in: path)
    #expect(report.broken.map(\.name) == [.manifest, .events], "\(summary(report))")
  }

  @Test("a file of another size is named")
  func size() {
    expect(report { $0["checkpoint"]? += [10] }, broken: .manifest, .wrongSize, in: "checkpoint")
  }

  @Test("a manifest with more members, of another format or in another spelling is refused")
  func members() throws {
    func manifest(_ change: (inout JSONValue) -> Void) throws -> EvidenceReport {
      try report {
        var value = try JSONValue(parsing: try #require($0["manifest.json"]))
        change(&value)
        $0["manifest.json"] = value.canonicalBytes
      }
    }
    let file = "manifest.json"
    expect(try manifest { $0["x"] = 1 }, broken: .manifest, .unknownMembers, in: file)
    expect(try manifest { $0["format"] = "yima-evidence/2" }, broken: .manifest, .badMember("format"), in: file)
    expect(try manifest { $0["madeAt"] = "now" }, broken: .manifest, .badMember("madeAt"), in: file)
    expect(report { $0[file]? += [32] }, broken: .manifest, .notCanonical, in: file)
    expect(
      report { $0[file] = Array("{".utf8) }, broken: .manifest, .notJSON("the document ends too early (at byte 1)"),
      in: file)
  }

  @Test("an event of another bundle is not in this log")
  func swapped() throws {
    var other = Story.small()
    other["scan"].data["scanCount"] = 2
    let scan = try #require(other.sealedEvents().last { $0.index == story.leaf("scan") })
    let report = try remade { parts in
      parts.events = parts.events.map { $0.index == scan.index ? scan : $0 }
    }
    expect(report, onlyBroken: .events, .notInLog, in: story.file("scan"))
  }

  @Test("an event and its proof of another log lead to another checkpoint")
  func swappedWithProof() throws {
    var other = Story.small()
    other.strangers = 5
    other["batch"].data["profile"] = "long"
    let foreign = try other.parts()
    let index = story.leaf("scan")
    let report = try remade { $0.proofs[index] = foreign.proofs[index] }
    expect(report, onlyBroken: .events, .proofUnderAnotherCheckpoint, in: "proofs/\(index).tlog-proof")
  }

  @Test("a proof of another leaf, and one with anything added, is refused")
  func proofs() throws {
    let (scan, alert) = (story.leaf("scan"), story.leaf("alert"))
    let exchanged = try remade { $0.proofs[scan] = $0.proofs[alert] }
    expect(exchanged, onlyBroken: .events, .proofOfAnotherLeaf, in: "proofs/\(scan).tlog-proof")
    let longer = try remade { parts in
      let proof = try LogProof(parsing: try #require(parts.proofs[scan]))
      parts.proofs[scan] =
        LogProof(
          index: scan, hashes: proof.hashes, checkpoint: try SignedNote(parsing: proof.checkpoint), extra: [1]
        ).bytes
    }
    expect(longer, onlyBroken: .events, .proofMalformed, in: "proofs/\(scan).tlog-proof")
  }

  @Test("an event moved to another place in the log is noticed")
  func moved() throws {
    let (scan, alert) = (story.leaf("scan"), story.leaf("alert"))
    let report = try remade { parts in
      parts.events = parts.events.map { event in
        let index = event.index == scan ? alert : event.index == alert ? scan : event.index
        return EvidenceParts.Event(index: index, body: event.body, disclosed: event.disclosed)
      }
    }
    expect(report, broken: .events, .notInLog, in: "events/\(scan).json")
  }

  @Test("a proof and a disclosure without their event are noticed")
  func stray() throws {
    var zip = zip
    zip["proofs/99.tlog-proof"] = zip["proofs/5.tlog-proof"]
    zip["events/99.disclosed.json"] = Array(#"{"place":{"salt":"AAAAAAAAAAAAAAAAAAAAAA","value":1}}"#.utf8)
    let report = story.keys.verifier.verify(zip.bytes)
    expect(report, broken: .events, .eventMissing, in: "proofs/99.tlog-proof")
    expect(report, broken: .disclosures, .eventMissing, in: "events/99.disclosed.json")
  }

  @Test("a place other than the one committed to is refused, and so is one that was never committed to")
  func disclosures() throws {
    let scan = story.leaf("scan")
    let file = "events/\(scan).disclosed.json"
    func shown(_ change: (inout JSONValue) -> Void) throws -> EvidenceReport {
      try remade { parts in
        parts.events = try parts.events.map { event in
          guard event.index == scan else { return event }
          var value = try JSONValue(parsing: try #require(event.disclosed))
          change(&value)
          return EvidenceParts.Event(index: scan, body: event.body, disclosed: value.canonicalBytes)
        }
      }
    }
    expect(
      try shown { $0["place"]?["value"]?["latitude"] = 28.2 }, onlyBroken: .disclosures, .commitmentDiffers("place"),
      in: file)
    expect(
      try shown { $0["place"]?["salt"] = "AAAAAAAAAAAAAAAAAAAAAA" }, onlyBroken: .disclosures,
      .commitmentDiffers("place"), in: file)
    expect(try shown { $0["name"] = $0["place"] }, onlyBroken: .disclosures, .notCommitted("name"), in: file)
    expect(try shown { $0["place"]?["note"] = 1 }, onlyBroken: .disclosures, .badMember("place"), in: file)
  }

  @Test("what is not shown stays hidden, and the bundle is good without it")
  func undisclosed() throws {
    let report = try remade { parts in
      parts.events = parts.events.map { EvidenceParts.Event(index: $0.index, body: $0.body) }
    }
    #expect(report.isGood, "\(summary(report))")
  }
}
