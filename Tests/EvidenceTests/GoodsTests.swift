import Evidence
import Testing
import TransparencyLog

/// What goods may go through on their way, and still be proven.
@Suite("The way of goods")
struct GoodsTests {
  private func expectGood(_ story: Story, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let report = try story.report()
    #expect(report.isGood, "\(summary(report))", sourceLocation: sourceLocation)
  }

  private func entry(_ name: String, _ kind: String, _ at: String, _ data: JSONValue) -> Story.Entry {
    Story.Entry(name: name, kind: kind, at: at, data: data)
  }

  @Test("a box on a pallet is followed to the pallet, whose seal counts")
  func pallet() throws {
    let story = LieTests.palletised()
    try expectGood(story)
    let claim = try EvidenceClaim(
      caseID: "c", selection: story.selection, events: Array(story.sealedEvents().dropFirst(story.strangers)))
    #expect(claim.sealedUnits.map(\.unit.key) == [Story.sscc(9)])
  }

  @Test("a box may be put on its pallet before the item is put into the box")
  func palletFirst() throws {
    var story = LieTests.palletised()
    story["batch"].data["perBox"] = nil
    let packing = entry(
      "inner", "packing", "2026-08-27T08:00:00Z", ["parent": Story.boxes(2, 2), "children": [Story.items(24, 35)]])
    story.entries.insert(packing, at: 2)
    story.chain[Story.item]?.append("inner")
    try expectGood(story)
  }

  @Test("scanning an item into the very box that its batch gave it confirms that box")
  func confirmed() throws {
    var story = Story.small()
    let packing = entry(
      "packing", "packing", "2026-08-27T08:00:00Z", ["parent": Story.boxes(2, 2), "children": [Story.items(30, 30)]])
    story.entries.insert(packing, at: 1)
    story.chain[Story.item]?.append("packing")
    try expectGood(story)
  }

  @Test("an item that was returned by itself has left its box, and may go into another")
  func repacked() throws {
    var story = Story.small()
    let back = entry(
      "return", "return", "2026-09-02T09:00:00Z",
      ["dealer": "D001", "reason": "…", "units": [Story.items(30, 30)], "contents": []])
    let packing = entry(
      "packing", "packing", "2026-09-03T09:00:00Z", ["parent": Story.boxes(7, 7), "children": [Story.items(30, 30)]])
    var data = story["dispatch"].data
    data["dispatch"] = 2
    data["units"] = [Story.boxes(7, 7)]
    data["contents"] = [Story.items(30, 30), Story.items(84, 95)]
    data["items"] = 13
    let again = entry("dispatch2", "dispatch", "2026-09-04T09:00:00Z", data)
    story.entries.insert(contentsOf: [back, packing, again], at: 2)
    story.chain[Story.item]? += ["return", "packing", "dispatch2"]
    story["scan"].data["dispatch"] = 2
    story.seals[Story.sscc(7)] = story.seal(7, dispatch: "D2", at: 1_788_253_200 + 3 * 86_400)
    try expectGood(story)
    // The seal of the first dispatch is not at issue; it may be missing, and must hold where it is shown.
    story.seals[Story.sscc(2)] = nil
    try expectGood(story)
    story.seals[Story.sscc(2)] = story.seal(2, dealer: "D002")
    expect(try story.report(), onlyBroken: .sealed, .sealDiffers("dealer"), in: "seals/\(Story.sscc(2)).txt")
  }

  @Test("goods passed on may be sold where both the binding and the receiver's territories allow")
  func intersection() throws {
    var story = Story.transferred()
    story["transfer"].data["territories"] = ["430100", "430200", "440000"]
    story["scan"].data["territories"] = ["430100", "430200"]
    try expectGood(story)
    story["scan"].data["territories"] = ["430100", "430200", "440000"]
    expect(try story.report(), broken: .transferred, .territoriesDiffer(code: Story.item), in: story.file("scan"))
  }

  @Test("goods passed down twice are with the last dealer")
  func twice() throws {
    var story = Story.transferred()
    let next = entry(
      "transfer2", "transfer", "2026-09-06T09:00:00Z",
      [
        "from": "D011", "to": "D111", "territories": ["430102", "430103"], "units": [Story.items(30, 30)],
        "contents": [],
      ])
    story.entries.insert(next, at: 3)
    story.chain[Story.item]?.append("transfer2")
    story["scan"].data["dealer"] = "D111"
    story["scan"].data["territories"] = ["430102", "430103"]
    story["alert"].data["subject"] = ["dealer": "D111"]
    try expectGood(story)
  }

  @Test("goods that were sold, or made void, stay on record with the dealer who had them")
  func soldAndVoid() throws {
    var story = Story.small()
    let sale = entry(
      "sale", "sale", "2026-09-06T09:00:00Z", ["dealer": "D001", "units": [Story.items(30, 30)], "contents": []])
    let void = entry(
      "void", "void", "2026-09-07T09:00:00Z", ["reason": "recall", "units": [Story.items(0, 119)], "contents": []])
    story.entries.insert(contentsOf: [sale, void], at: 2)
    story.chain[Story.item]? += ["sale", "void"]
    story["scan"].data["state"] = "voided"
    try expectGood(story)
  }

  @Test("what happens after the scans changes nothing")
  func afterwards() throws {
    var story = Story.small()
    story.entries.append(
      entry(
        "return", "return", "2026-09-11T09:00:00Z",
        ["dealer": "D001", "reason": "…", "units": [Story.boxes(2, 2)], "contents": [Story.items(24, 35)]]))
    story.chain[Story.item]?.append("return")
    try expectGood(story)
  }

  @Test("an inspector may scan the box, which has no seal on it")
  func unsealedBox() throws {
    var story = Story.small()
    story["scan"].data["code"] = ["sscc": .string(Story.sscc(2))]
    story["scan"].data["authenticity"] = "unproven"
    story.chain = [Story.sscc(2): ["batch", "dispatch"]]
    try expectGood(story)
  }

  @Test("a copied code names the dealer and the place it was last seen at; its seal may be shown")
  func copyOfDispatched() throws {
    var story = Story.clone()
    let (batch, dispatch) = (Story.small()["batch"], Story.small()["dispatch"])
    story.entries = [batch, dispatch] + story.entries.dropFirst()
    story.chain = [Story.item: ["batch", "dispatch"]]
    story["alert"].data["subject"]?["dealer"] = "D001"
    story["alert"].data["subject"]?["region"] = "650100"
    try expectGood(story)
    story.seals = [Story.sscc(2): story.seal(2)]
    try expectGood(story)
    #expect(isHolding(try story.report()[.sealed]))
    story["alert"].data["subject"]?["region"] = "310000"
    expect(try story.report(), broken: .judged, .subjectDiffers("region"), in: story.file("alert"))
  }

  @Test("a forged label with the number of a box, and a text that is not read whole, are forgeries all the same")
  func oddForgeries() throws {
    var story = Story.forgery()
    story["scan1"].data["code"] = ["sscc": .string(Story.sscc(4))]
    story["scan2"].data["code"] = ["gtin": .string(Story.gtin), "raw": .string(String(repeating: "码", count: 400))]
    story["scan3"].data["state"] = nil
    try expectGood(story)
    story.chain = [Story.sscc(4): []]
    try expectGood(story)
  }

  @Test("a text of which the alert keeps the first 512 bytes is the same text")
  func longText() throws {
    var story = Story.forgery()
    let text = "https://id.example.cn/01/\(Story.gtin)/21/" + String(repeating: "A", count: 900)
    for number in 1...3 { story["scan\(number)"].data["code"] = ["raw": .string(text)] }
    story["alert"].data["subject"] = ["code": ["raw": .string(String(text.prefix(512)))]]
    story["alert"].data["numbers"] = ["sightings": 3, "codes": 1, "observers": 3]
    try expectGood(story)
    story["alert"].data["subject"] = ["code": ["raw": .string(String(text.prefix(500)))]]
    expect(try story.report(), broken: .judged, .subjectDiffers("code"), in: story.file("alert"))
  }
}
