import Codes
import Evidence
import Testing
import TransparencyLog

/// Lies told by the brand itself, logged, sealed and signed: the story does not hold together.
@Suite("A story that does not hold together")
struct LieTests {
  struct Lie: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let link: LinkName
    let flaw: Flaw
    /// The event in whose file it shows.
    let event: String
    var start: @Sendable () -> Story = Story.small
    let tell: @Sendable (inout Story) -> Void

    init(
      _ name: String, _ link: LinkName, _ flaw: Flaw, _ event: String,
      _ start: @escaping @Sendable () -> Story = Story.small, tell: @escaping @Sendable (inout Story) -> Void
    ) {
      (testDescription, self.link, self.flaw, self.event) = (name, link, flaw, event)
      self.start = start
      self.tell = tell
    }
  }

  static let hero = Story.item
  static let box = Story.sscc(2)

  static let goods: [Lie] = [
    Lie("the batch ends before the item", .issued, .eventOfOthers(code: hero), "batch") {
      $0["batch"].data["items"] = Story.items(0, 29)
    },
    Lie("another key epoch's batch", .issued, .eventOfOthers(code: hero), "batch") {
      $0["batch"].data["items"]?["epoch"] = 1
    },
    Lie("no batch at all", .issued, .neverIssued(code: hero), "scan") { $0.remove("batch") },
    Lie("issued after it was scanned", .issued, .neverIssued(code: hero), "scan") {
      $0["batch"].at = "2026-09-11T00:00:00Z"
      $0["dispatch"].at = "2026-09-01T09:00:00Z"
    },
    Lie("the batch's rule puts it in another box", .packed, .boxNotDispatched(code: hero), "dispatch") {
      $0["batch"].data["perBox"] = 10
    },
    Lie("its box was not in the dispatch", .packed, .boxNotDispatched(code: hero), "dispatch") {
      $0["dispatch"].data["units"] = [Story.boxes(3, 3)]
    },
    Lie("the dispatch holds neither it nor its box", .dispatched, .eventOfOthers(code: hero), "dispatch") {
      $0["dispatch"].data["units"] = [Story.boxes(3, 3)]
      $0["dispatch"].data["contents"] = [Story.items(36, 47)]
    },
    Lie("more items are stated than listed", .dispatched, .itemsMiscounted(stated: 13), "dispatch") {
      $0["dispatch"].data["items"] = 13
    },
    Lie("dispatched after the scan", .dispatched, .unboundAtScan(code: hero), "scan") {
      $0["dispatch"].at = "2026-09-10T08:00:00.001Z"
    },
    Lie("dispatched before it was issued", .dispatched, .timesOutOfOrder(code: hero), "dispatch") {
      $0["dispatch"].at = "2026-08-19T00:00:00Z"
    },
    Lie("the dispatch was recorded after the scan that names it", .dispatched, .boundAfterScan(code: hero), "scan") {
      let dispatch = $0["dispatch"]
      $0.entries.removeAll { $0.name == "dispatch" }
      $0.entries.insert(dispatch, at: 2)
    },
    Lie("the scan names another dealer", .dispatched, .dealerDiffers(code: hero), "scan") {
      $0["scan"].data["dealer"] = "D002"
      $0["alert"].data["subject"] = ["dealer": "D002"]
    },
    Lie("the scan names other territories", .dispatched, .territoriesDiffer(code: hero), "scan") {
      $0["scan"].data["territories"] = ["420000"]
    },
    Lie("the scan names another dispatch", .dispatched, .dispatchDiffers(code: hero), "scan") {
      $0["scan"].data["dispatch"] = 2
    },
    Lie("the scan knows of no dispatch", .dispatched, .dispatchDiffers(code: hero), "scan") {
      $0["scan"].data["dealer"] = nil
      $0["scan"].data["dispatch"] = nil
    },
    Lie("returned before the scan", .dispatched, .unboundAtScan(code: hero), "scan", { ended("return") }) {
      $0["return"].at = "2026-09-05T00:00:00Z"
    },
    Lie("handled after it was void", .dispatched, .alreadyVoid(code: hero), "dispatch", { ended("void") }) {
      $0.entries.swapAt(1, 2)
      $0["void"].at = "2026-08-25T00:00:00Z"
    },
    Lie(
      "returned by a dealer who did not have it", .dispatched, .notTheHolder(code: hero, dealer: "D009"), "return",
      { ended("return") }
    ) {
      $0["return"].data["dealer"] = "D009"
    },
    Lie("dispatched again without a return", .dispatched, .dispatchedTwice(code: hero), "dispatch2") {
      var second = Story.Entry(
        name: "dispatch2", kind: "dispatch", at: "2026-09-02T09:00:00Z", data: $0["dispatch"].data)
      second.data["dispatch"] = 2
      $0.entries.insert(second, at: 2)
      $0.chain[hero]?.append("dispatch2")
    },
    Lie(
      "received by another dealer", .dispatched, .notTheHolder(code: Story.item, dealer: "D002"), "receipt",
      Story.diversion
    ) {
      $0["receipt"].data["dealer"] = "D002"
    },
    Lie("packed while it was in a box", .packed, .packedTwice(code: "06901234567892.0.60"), "packing", Story.diversion)
    {
      $0.remove("unpacking")
    },
    Lie(
      "taken out of a box that it was not in", .packed, .notInThatBox(code: "06901234567892.0.60"), "unpacking",
      Story.diversion
    ) {
      $0["unpacking"].data["parent"] = Story.boxes(4, 4)
    },
    Lie(
      "other goods were packed in its place", .packed, .boxNotDispatched(code: "06901234567892.0.60"), "dispatch",
      Story.diversion
    ) {
      $0["packing"].data["children"] = [Story.items(61, 61)]
    },
    Lie("the packing is of other goods", .packed, .eventOfOthers(code: hero), "packing", palletised) {
      $0["packing"].data["children"] = [Story.boxes(3, 3)]
      $0["dispatch"].data["units"] = [Story.boxes(2, 2)]
    },
    Lie("the pallet went, and its box was not on it", .packed, .notInContents(code: box), "dispatch", palletised) {
      $0["dispatch"].data["contents"] = [Story.items(24, 35)]
    },
  ]

  static let transfers: [Lie] = [
    Lie(
      "passed on by one who did not have it", .transferred, .notTheHolder(code: hero, dealer: "D005"), "transfer",
      Story.transferred
    ) {
      $0["transfer"].data["from"] = "D005"
    },
    Lie("passed on to another than the scan says", .transferred, .dealerDiffers(code: hero), "scan", Story.transferred)
    {
      $0["transfer"].data["to"] = "D012"
    },
    Lie(
      "for other territories than the scan says", .transferred, .territoriesDiffer(code: hero), "scan",
      Story.transferred
    ) {
      $0["transfer"].data["territories"] = ["430200"]
    },
    Lie("passed on before it was dispatched", .transferred, .notWithDealer(code: hero), "transfer", Story.transferred) {
      $0.remove("dispatch")
    },
    Lie("the transfer was of other goods", .transferred, .eventOfOthers(code: hero), "transfer", Story.transferred) {
      $0["transfer"].data["units"] = [Story.boxes(3, 3)]
      $0["transfer"].data["contents"] = [Story.items(36, 47)]
    },
    Lie(
      "passed on after the scan: the first dealer still held it", .dispatched, .dealerDiffers(code: hero), "scan",
      Story.transferred
    ) {
      $0["transfer"].at = "2026-09-11T00:00:00Z"
    },
  ]

  static let scans: [Lie] = [
    Lie("“outside” within the dealer's province", .scanned, .placeContradicts, "scan") {
      $0["scan"].data["place"]?["region"] = "430102"
      $0["alert"].data["subject"] = ["dealer": "D001"]
    },
    Lie("“outside” in a region that holds the territory", .scanned, .placeContradicts, "scan", Story.transferred) {
      $0["scan"].data["place"]?["region"] = "430000"
    },
    Lie(
      "“outside” by an address of the internet in the same province", .scanned, .placeContradicts, "scan",
      Story.transferred
    ) {
      $0["scan"].data["place"] = ["certainty": "coarse", "region": "430700"]
    },
    Lie("“outside” at a place unknown", .scanned, .placeContradicts, "scan") {
      $0["scan"].data["place"]?["certainty"] = "unknown"
    },
    Lie("a code that was not recognised", .scanned, .codeUnrecognised, "scan") {
      $0["scan"].data["code"] = ["raw": "x"]
      $0.chain = [:]
    },
    Lie("the alert was recorded before the scan", .scanned, .scanAfterAlert, "scan") { $0.entries.swapAt(2, 3) },
  ]

  static let judgements: [Lie] = [
    Lie("a scan that was inside", .judged, .scanDoesNotSupport, "scan") { $0["scan"].data["territory"] = "inside" },
    Lie("an uncertain scan", .judged, .scanDoesNotSupport, "scan") { $0["scan"].data["territory"] = "uncertain" },
    Lie("two scans where there is one", .judged, .numberDiffers("sightings", stated: "2", counted: "1"), "alert") {
      $0["alert"].data["numbers"]?["sightings"] = 2
    },
    Lie("an inspector where there was none", .judged, .numberDiffers("inspectors", stated: "1", counted: "0"), "alert")
    {
      $0["scan"].role = "consumer"
    },
    Lie("a diversion by nobody", .judged, .kindUnsupported, "alert") { $0["alert"].data["subject"] = [:] },
    Lie("a diversion by another", .judged, .subjectDiffers("dealer"), "alert") {
      $0["alert"].data["subject"]?["dealer"] = "D007"
    },
    Lie("to another region", .judged, .subjectDiffers("region"), "alert") {
      $0["alert"].data["subject"]?["region"] = "350000"
    },
    Lie("of another product", .judged, .subjectDiffers("gtin"), "alert") {
      $0["alert"].data["subject"]?["gtin"] = "06901234567809"
    },
    Lie("of another dispatch", .judged, .subjectDiffers("dispatch"), "alert") {
      $0["alert"].data["subject"]?["dispatch"] = 9
    },
    Lie("no rule is named", .judged, .badMember("rule"), "alert") { $0["alert"].data["rule"] = "" },
    Lie("one scan makes no copy", .judged, .kindUnsupported, "alert", Story.clone) {
      $0.remove("scan2")
      $0["alert"].data["scans"] = ["scan"]
      $0["alert"].data["numbers"] = [:]
    },
    Lie("a copy of another code", .judged, .subjectDiffers("code"), "alert", Story.clone) {
      $0["alert"].data["subject"]?["code"]?["index"] = 31
    },
    Lie("a genuine code among forged ones", .judged, .scanDoesNotSupport, "scan2", Story.forgery) {
      $0["scan2"].data["authenticity"] = "genuine"
    },
    Lie("a price that is not below the floor", .judged, .policyNotInForce, "scan", Story.price) {
      $0["scan"].data["price"]?["amount"] = "129.00"
    },
    Lie("a policy that was not in force yet", .judged, .policyNotInForce, "scan", Story.price) {
      $0["policy"].data["from"] = "2026-09-10T08:00:00.001Z"
    },
    Lie("a policy that had ended", .judged, .policyNotInForce, "scan", Story.price) {
      $0["policy"].data["to"] = "2026-09-10T08:00:00Z"
    },
    Lie("a policy that is off", .judged, .policyNotInForce, "scan", Story.price) { $0["policy"].data["mode"] = "off" },
    Lie("a policy for another province", .judged, .policyNotInForce, "scan", Story.price) {
      $0["policy"].data["regions"] = ["510000"]
    },
    Lie("a floor in another currency", .judged, .policyNotInForce, "scan", Story.price) {
      $0["policy"].data["floor"]?["currency"] = "USD"
    },
    Lie("a forged code that names no product", .judged, .subjectDiffers("gtin"), "alert", Story.forgery) {
      $0["scan2"].data["code"] = ["raw": "D001"]
    },
    Lie("another version of the policy", .judged, .policyNotInForce, "scan", Story.price) {
      $0["policy"].data["version"] = 3
    },
    Lie("a void that never was", .judged, .kindUnsupported, "scan", Story.unsold) { $0.remove("void") },
    Lie("on sale by a dealer who has it", .judged, .scanDoesNotSupport, "scan", Story.unsold) {
      $0["scan"].data["state"] = "received"
    },
  ]

  @Test("names the link, the reason and the file", arguments: goods + transfers + scans + judgements)
  func isNamed(_ lie: Lie) throws {
    var story = lie.start()
    #expect(try story.report().isGood)
    lie.tell(&story)
    expect(try story.report(), broken: lie.link, lie.flaw, in: story.file(lie.event))
  }

  /// The small story with the goods taken back, one way or the other, before the scan.
  static func ended(_ kind: String) -> Story {
    var story = Story.small()
    var data: JSONValue = ["reason": "…", "units": [Story.boxes(2, 2)], "contents": [Story.items(24, 35)]]
    if kind == "return" { data["dealer"] = "D001" }
    story.entries.insert(Story.Entry(name: kind, kind: kind, at: "2026-09-11T00:00:00Z", data: data), at: 2)
    story.chain[Story.item]?.append(kind)
    return story
  }

  /// The small story with its box on a pallet, which was dispatched and sealed.
  static func palletised() -> Story {
    var story = Story.small()
    let packing = Story.Entry(
      name: "packing", kind: "packing", at: "2026-08-26T08:00:00Z",
      data: ["parent": Story.boxes(9, 9), "children": [Story.boxes(2, 2)]])
    story.entries.insert(packing, at: 1)
    story["dispatch"].data["units"] = [Story.boxes(9, 9)]
    story["dispatch"].data["contents"] = [Story.items(24, 35), Story.boxes(2, 2)]
    story.chain = [Story.item: ["batch", "packing", "dispatch"]]
    story.seals = [Story.sscc(9): story.seal(9)]
    return story
  }
}
