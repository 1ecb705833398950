import Evidence
import Testing
import TransparencyLog

@Suite("The claim")
struct ClaimTests {
  private func report(_ story: Story = .diversion(), _ change: (inout JSONValue) -> Void) throws -> EvidenceReport {
    var claim = try story.parts().claim
    change(&claim)
    return try story.report(claim: claim)
  }

  struct Change: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let make: @Sendable (inout JSONValue) -> Void
  }

  static let changes: [Change] = [
    Change(testDescription: "case") { $0["case"] = "case-8" },
    Change(testDescription: "kind") { $0["kind"] = "price" },
    Change(testDescription: "rule") { $0["rule"] = "outside-territory/2" },
    Change(testDescription: "severity") { $0["severity"] = "notice" },
    Change(testDescription: "dealer") { $0["dealer"] = "D002" },
    Change(testDescription: "goods") { $0["goods"] = [["gtin": .string(Story.gtin), "name": ["en": "Water"]]] },
    Change(testDescription: "goods") { $0["goods"] = [] },
    Change(testDescription: "territories") { $0["territories"] = ["420000"] },
    Change(testDescription: "region") { $0["region"] = "440100" },
    Change(testDescription: "region") { $0["region"] = nil },
    Change(testDescription: "window") { $0["window"]?["to"] = "2026-09-10T09:00:00Z" },
    Change(testDescription: "numbers") { $0["numbers"]?["share"] = 0.8 },
    Change(testDescription: "policy") { $0["policy"] = ["event": 5] },
    Change(testDescription: "verdictOfTheCourt") { $0["verdictOfTheCourt"] = "guilty" },
    Change(testDescription: "chain") { $0["chain"]?[Story.item] = nil },
    Change(testDescription: "chain") { $0["chain"]?["06901234567892.0.31"] = [6] },
    Change(testDescription: "chain") { $0["chain"]?[Story.item] = [5, 6, 9, 10] },
  ]

  @Test("says nothing but what the events give", arguments: changes)
  func member(_ change: Change) throws {
    let report = try report { change.make(&$0) }
    expect(report, broken: .claim, .claimDiffers(change.testDescription), in: "case.json")
  }

  @Test("has the members that it needs, in their types", arguments: ["alert", "scans", "chain"])
  func malformed(_ member: String) throws {
    for wrong: JSONValue? in [nil, "x", [[1]], -1] {
      let report = try report { $0[member] = wrong }
      expect(report, onlyBroken: .claim, .badMember(member), in: "case.json")
      #expect(report[.issued] == .notChecked)
    }
  }

  @Test("names an alert that is there, once")
  func alert() throws {
    expect(try report { $0["alert"] = 8 }, onlyBroken: .claim, .alertMissing, in: "case.json")
    var story = Story.small()
    story.entries.append(
      Story.Entry(name: "alert2", kind: "alert", at: story["alert"].at, data: story["alert"].data))
    story.related = ["alert2"]
    expect(try story.report(), onlyBroken: .claim, .alertMissing, in: "case.json")
  }

  @Test("names every event of the bundle and no others")
  func events() throws {
    var story = Story.small()
    story.add(
      "receipt", "receipt", at: "2026-09-12T00:00:00Z",
      ["dealer": "D001", "units": [Story.boxes(2, 2)], "contents": [Story.items(24, 35)]])
    expect(try story.report(), onlyBroken: .claim, .eventNotClaimed, in: story.file("receipt"))
    expect(try report { $0["related"] = [5, 99] }, onlyBroken: .claim, .eventMissing, in: "events/99.json")
  }

  @Test("lists the scans that the alert rests on, no fewer and no more")
  func scans() throws {
    let story = Story.diversion()
    let alert = story.file("alert")
    expect(try report { $0["scans"] = [11, 12] }, broken: .judged, .scansDiffer, in: alert)
    expect(try report { $0["scans"] = [9, 11, 12, 13] }, broken: .scanned, .notAScan, in: story.file("dispatch"))
    expect(try report { $0["scans"] = [11, 12, 13, 50] }, broken: .scanned, .eventMissing, in: "events/50.json")
    expect(try report { $0["scans"] = [12, 11, 13] }, onlyBroken: .claim, .badMember("scans"), in: "case.json")
  }

  @Test("is not older than its alert")
  func madeAt() throws {
    var story = Story.small()
    story.madeAt = "2026-09-10T08:00:59Z"
    expect(try story.report(), onlyBroken: .claim, .badMember("madeAt"), in: "manifest.json")
    story.madeAt = story["alert"].at
    #expect(try story.report().isGood)
  }

  @Test("cannot be made of events that do not give one")
  func maker() throws {
    let story = Story.small()
    let events = Array(story.sealedEvents().dropFirst(story.strangers))
    var selection = story.selection
    selection.alert = story.leaf("scan")
    #expect(throws: EvidenceError.noClaim("alert")) {
      try EvidenceClaim(caseID: "c", selection: selection, events: events)
    }
    #expect(throws: EvidenceError.noClaim("scans")) {
      try EvidenceClaim(
        caseID: "c", selection: story.selection, events: events.filter { $0.index != story.leaf("scan") })
    }
    selection = story.selection
    selection.policy = story.leaf("scan")
    #expect(throws: EvidenceError.noClaim("policy")) {
      try EvidenceClaim(caseID: "c", selection: selection, events: events)
    }
  }

  @Test("of a scanned box names the product of the batch that the box is of")
  func scannedBox() throws {
    var story = Story.small()
    story["scan"].data["code"] = ["sscc": .string(Story.sscc(2))]
    story.chain = [Story.sscc(2): ["batch", "dispatch"]]
    let report = try story.report()
    #expect(report.isGood, "\(summary(report))")
    #expect(try story.parts().claim["goods"] == [["gtin": .string(Story.gtin)]])
  }
}
