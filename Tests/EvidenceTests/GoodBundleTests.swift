import Evidence
import Testing
import TransparencyLog

@Suite("A good bundle")
struct GoodBundleTests {
  @Test("every kind of alert is proven, link by link", arguments: Story.all.map(\.name))
  func proves(_ name: String) throws {
    let story = try #require(Story.all.first { $0.name == name }).make()
    let report = try story.report()
    #expect(report.isGood, "\(summary(report))")
    #expect(report.caseID == "case-7")
    #expect(report.links.map(\.name) == LinkName.allCases)
  }

  @Test("the same parts give the same bytes, whatever order they come in")
  func isDeterministic() throws {
    let story = Story.diversion()
    var parts = try story.parts()
    let first = try EvidenceBundle(parts, signer: story.keys.signer).bytes
    parts.events.reverse()
    parts.others = []
    #expect(try EvidenceBundle(parts, signer: story.keys.signer).bytes == first)
  }

  @Test("a diversion shows every link but transfers; stamps and witnesses do not apply where there are none")
  func diversionLinks() throws {
    let report = try Story.diversion().report()
    let absent: Set<LinkName> = [.timeStamps, .witnesses]
    for link in absent { #expect(report[link] == .notApplicable) }
    for link in LinkName.allCases where link != .transferred && !absent.contains(link) {
      #expect(isHolding(report[link]), "\(link)")
    }
    #expect(report[.transferred] == .notApplicable)
  }

  @Test("goods that were passed on show the transfer")
  func transferLinks() throws {
    #expect(isHolding(try Story.transferred().report()[.transferred]))
  }

  @Test("a copied code was issued, and where it was sold does not matter")
  func cloneLinks() throws {
    let report = try Story.clone().report()
    #expect(isHolding(report[.issued]))
    for link in [LinkName.packed, .dispatched, .sealed, .transferred] { #expect(report[link] == .notApplicable) }
  }

  @Test("a forged code has no history")
  func forgeryLinks() throws {
    let report = try Story.forgery().report()
    for link in [LinkName.issued, .packed, .dispatched, .sealed, .transferred] {
      #expect(report[link] == .notApplicable)
    }
  }

  @Test("without keys of the reader's own the bundle is good and says that its keys are unpinned")
  func unpinned() throws {
    let report = EvidenceVerifier().verify(try Story.small().bundle())
    #expect(report.isGood)
    #expect(report[.keys].wording.en.contains("unpinned"))
    #expect(!(try Story.small().report())[.keys].wording.en.contains("unpinned"))
  }

  @Test("time stamps and the report for people have their places")
  func enclosures() throws {
    let story = Story.small()
    var parts = try story.parts()
    parts.others = [EvidenceParts.File("report.pdf", [37]), EvidenceParts.File("timestamps/1.tsr", [48])]
    let report = story.keys.verifier.verify(try EvidenceBundle(parts, signer: story.keys.signer).bytes)
    #expect(report.isGood, "\(summary(report))")
  }

  @Test("an attachment that no event names breaks the link of events")
  func unnamedAttachment() throws {
    let story = Story.small()
    let photo: [UInt8] = [0xFF, 0xD8]
    for name in ["photo-1.jpg", "\(Digest32.sha256(photo).hex).jpg"] {
      var parts = try story.parts()
      parts.attachments = [EvidenceParts.File(name, photo)]
      let report = story.keys.verifier.verify(try EvidenceBundle(parts, signer: story.keys.signer).bytes)
      expect(report, onlyBroken: .events, .attachmentUnnamed, in: "attachments/\(name)")
    }
  }

  @Test("the claim has exactly the members of the format")
  func claimLayout() throws {
    let claim = try Story.diversion().parts().claim
    let expected: JSONValue = [
      "case": "case-7", "alert": 1, "kind": "diversion", "rule": "outside-territory/1", "severity": "serious",
      "dealer": "D001", "region": "440000", "territories": ["430000"],
      "goods": [["gtin": "06901234567892", "name": ["en": "Old liquor", "zh": "老酒"]]],
      "window": ["from": "2026-09-09T09:00:00Z", "to": "2026-09-10T09:00:00.250Z"],
      "numbers": [
        "sightings": 3, "inspectors": 1, "terminals": 1, "consumers": 1, "observers": 2, "codes": 2, "share": 0.75,
        "firstAt": "2026-09-09T09:00:00Z", "lastAt": "2026-09-10T09:00:00.250Z",
      ],
      "scans": [11, 12, 13],
      "chain": [
        "06901234567892.0.30": [6, 9, 10], "06901234567892.0.60": [6, 7, 8, 9, 10],
      ],
      "related": [5],
    ]
    #expect(claim.description == expected.description)
  }

  @Test("the report in JSON names every link in both languages")
  func reportJSON() throws {
    let json = try Story.small().report().json
    #expect(json["good"] == true)
    let links = try #require(json["links"]?.array)
    #expect(links.count == LinkName.allCases.count)
    #expect(links.first?["title"] == ["zh": "容器", "en": "container"])
    #expect(links.allSatisfy { $0["finding"] != nil })
  }

  @Test("several seals of a box that was dispatched twice share a file")
  func redispatched() throws {
    var story = Story.small()
    var back = Story.Entry(
      name: "return", kind: "return", at: "2026-09-02T09:00:00Z",
      data: ["dealer": "D001", "reason": "unsold", "units": [Story.boxes(2, 2)], "contents": [Story.items(24, 35)]])
    story.entries.insert(back, at: 2)
    back = story["dispatch"]
    back.data["dispatch"] = 4
    back.data["dealer"] = "D002"
    back.at = "2026-09-04T09:00:00Z"
    var again = Story.Entry(name: "dispatch2", kind: "dispatch", at: back.at, data: back.data)
    again.role = "warehouse"
    story.entries.insert(again, at: 3)
    story["scan"].data["dealer"] = "D002"
    story["scan"].data["dispatch"] = 4
    story["alert"].data["subject"] = ["dealer": "D002"]
    story.chain = [Story.item: ["batch", "dispatch", "return", "dispatch2"]]
    let second = story.seal(2, dealer: "D002", dispatch: "D4", at: 1_788_253_200 + 3 * 86_400)
    story.seals[Story.sscc(2)] = story.seal(2) + "\n" + second
    let claim = try EvidenceClaim(
      caseID: "c", selection: story.selection, events: Array(story.sealedEvents().dropFirst(story.strangers)))
    #expect(claim.sealedUnits.map(\.unit.key) == [Story.sscc(2)])
    #expect(claim.sealedUnits.map(\.dispatch) == [story.leaf("dispatch2")])
    let report = try story.report()
    #expect(report.isGood, "\(summary(report))")
  }
}
