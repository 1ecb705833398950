import Evidence
import Testing
import TransparencyLog

/// Events that are not as Events.md has them are refused at the door, before any rule looks at them.
@Suite("The form of events")
struct EventFormatTests {
  struct Fault: CustomTestStringConvertible, Sendable {
    let member: String
    let event: String
    let start: @Sendable () -> Story
    let make: @Sendable (inout JSONValue) -> Void
    var testDescription: String { "\(event).\(member)" }

    init(
      _ member: String, of event: String, _ start: @escaping @Sendable () -> Story = Story.diversion,
      make: @escaping @Sendable (inout JSONValue) -> Void
    ) {
      (self.member, self.event, self.start, self.make) = (member, event, start, make)
    }
  }

  static let goods: [Fault] = [
    Fault("items", of: "batch") { $0["items"] = Story.boxes(0, 1) },
    Fault("last", of: "batch") { $0["items"] = Story.items(5, 4) },
    Fault("first", of: "batch") { $0["items"]?["first"] = -1 },
    Fault("last", of: "batch") { $0["items"]?["last"] = .integer(.max) },
    Fault("first", of: "batch") { $0["items"]?["first"] = 0.5 },
    Fault("epoch", of: "batch") { $0["items"]?["epoch"] = 16 },
    Fault("gtin", of: "batch") { $0["items"]?["gtin"] = "6901234567892" },
    Fault("gtin", of: "batch") { $0["items"]?["gtin"] = "06901234567893" },
    Fault("perBox", of: "batch") { $0["perBox"] = 0 },
    Fault("boxes", of: "batch") { $0["boxes"] = Story.items(0, 1) },
    Fault("series", of: "batch") { $0["boxes"] = Story.boxes(0, 1_000_000_000) },
    Fault("series", of: "batch") { $0["boxes"]?["series"] = "16901234" },
    Fault("items", of: "batch") { $0["items"]?["note"] = 1 },
    Fault("parent", of: "packing") { $0["parent"] = Story.boxes(3, 4) },
    Fault("parent", of: "unpacking") { $0["parent"] = Story.items(3, 3) },
    Fault("children", of: "packing") { $0["children"] = nil },
    Fault("dispatch", of: "dispatch") { $0["dispatch"] = true },
    Fault("units", of: "dispatch") { $0["units"] = [Story.boxes(0, 5), Story.boxes(5, 6)] },
    Fault("contents", of: "dispatch") { $0["contents"] = [Story.items(0, 5), Story.items(2, 3)] },
    Fault("territories", of: "dispatch") { $0["territories"] = ["430000", 1] },
    Fault("items", of: "dispatch") { $0["items"] = "25" },
    Fault("dealer", of: "receipt") { $0["dealer"] = nil },
    Fault("to", of: "transfer", Story.transferred) { $0["to"] = nil },
  ]

  static let scans: [Fault] = [
    Fault("code", of: "scan") { $0["code"] = ["epoch": 0, "index": 1] },
    Fault("code", of: "scan") { $0["code"] = ["sscc": "169012340000000021"] },
    Fault("place", of: "scan") { $0["place"] = nil },
    Fault("certainty", of: "scan") { $0["place"]?["certainty"] = "certain" },
    Fault("authenticity", of: "scan") { $0["authenticity"] = "real" },
    Fault("state", of: "scan") { $0["state"] = "lost" },
    Fault("territory", of: "scan") { $0["territory"] = "abroad" },
    Fault("verdict", of: "scan") { $0["verdict"] = "guilty" },
    Fault("amount", of: "scan", Story.price) { $0["price"]?["amount"] = "1e3" },
    Fault("amount", of: "scan", Story.price) { $0["price"]?["amount"] = "99." },
    Fault("amount", of: "scan", Story.price) { $0["price"]?["amount"] = "9999999999999" },
    Fault("from", of: "policy", Story.price) { $0["from"] = "2026-08-22T00:00:00+08:00" },
    Fault("mode", of: "policy", Story.price) { $0["mode"] = "suggest" },
    Fault("kind", of: "alert") { $0["kind"] = "theft" },
    Fault("scans", of: "alert") { $0["scans"] = [0] },
    Fault("scans", of: "alert") { $0["scans"] = ["scan", "scan"] },
    Fault("numbers", of: "alert") { $0["numbers"] = [] },
  ]

  @Test("names the member that is wrong, and the file", arguments: goods + scans)
  func member(_ fault: Fault) throws {
    var story = fault.start()
    let claim = try story.parts().claim
    fault.make(&story[fault.event].data)
    expect(try story.report(claim: claim), broken: .events, .badMember(fault.member), in: story.file(fault.event))
  }

  @Test(
    "takes times in one spelling only",
    arguments: [
      "2026-09-10T08:00:00+00:00", "2026-09-10T08:00:00.000Z", "2026-09-10t08:00:00Z", "2026-09-10 08:00:00Z",
      "2026-02-29T08:00:00Z", "2026-13-01T08:00:00Z", "2026-09-31T08:00:00Z", "2026-09-10T24:00:00Z",
      "2026-09-10T08:60:00Z", "2026-09-10T08:00:60Z", "1969-12-31T23:59:59Z", "2026-09-10T08:00:00.1Z", "", "Z",
      "２026-09-10T08:00:00Z",
    ])
  func time(_ text: String) throws {
    var story = Story.small()
    let claim = try story.parts().claim
    story["scan"].at = text
    expect(try story.report(claim: claim), broken: .events, .badMember("at"), in: story.file("scan"))
  }

  @Test(
    "takes the days that there are",
    arguments: ["2026-01-01T00:00:00Z", "2024-02-29T23:59:59.999Z", "2000-02-29T12:00:00.001Z"])
  func day(_ text: String) throws {
    var story = Story.clone()
    story["batch"].at = text
    #expect(try story.report().isGood)
  }

  @Test("takes a dispatch's number as a number or as a text")
  func number() throws {
    var story = Story.small()
    story["dispatch"].data["dispatch"] = "1"
    story.seals = [Story.sscc(2): story.seal(2, dispatch: "1")]
    #expect(try story.report().isGood)
  }

  @Test("lets an event say more than is asked of it")
  func additions() throws {
    var story = Story.small()
    story["scan"].data["weather"] = "rain"
    story["dispatch"].data["truck"] = ["plate": "湘A12345"]
    #expect(try story.report().isGood)
  }

  @Test("takes null for what is absent")
  func null() throws {
    var story = Story.small()
    story["scan"].data["price"] = .null
    story["scan"].data["terminal"] = .null
    #expect(try story.report().isGood)
  }
}
