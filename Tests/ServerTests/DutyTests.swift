import Casework
import Foundation
import Issuing
import Ledger
import Regions
import Server
import Storage
import TestWorld
import Testing
import TransparencyLog
import Verification

@Suite("Duties that the clock brings: reminders and retention")
struct DutyTests {
  private static let day: Int64 = 86_400_000

  @Test("a deadline is reminded of once before and once after, and not when it was met")
  func reminders() async throws {
    try await CaseDesk.run { desk async throws in
      let path = try await desk.notified()
      let casework = Casework(desk.shop.world.ledger)
      let now = desk.shop.now
      func remind(_ days: Int64) async throws -> [CaseID] {
        try await casework.remind(at: now.advanced(by: days * Self.day + 1000))
      }
      #expect(try await remind(0) == [])
      #expect(try await remind(6).map(\.description) == ["C1"])
      #expect(try await remind(6) == [])
      #expect(try await remind(8).map(\.description) == ["C1"])
      #expect(try await remind(9) == [])
      let steps = try await desk.call("dealer", .get, path).json["steps"]?.array ?? []
      let said = steps.filter { $0["kind"]?.string == "caseReminded" }
      #expect(said.map { $0["data"]?["overdue"] } == [false, true])
      #expect(said.allSatisfy { $0["data"]?["awaited"]?.string == "answer" })
      #expect(try await Audit(desk.shop.world.ledger).run().defects == [])
      #expect(try await desk.post("dealer", "\(path)/answers", #"{"text":"不是我们"}"#).status == 201)
      // Now the brand is to decide.
      #expect(try await remind(10) == [])
      #expect(try await remind(30).map(\.description) == ["C1"])
      let last = try await desk.call("auditor", .get, path).json["steps"]?.array?.last
      #expect(last?["data"]?["awaited"]?.string == "decision")
      #expect(try await Audit(desk.shop.world.ledger).run().defects == [])
    }
  }

  @Test("a second key of the same person does not decide")
  func samePerson() async throws {
    try await CaseDesk.run { desk async throws in
      let path = try await desk.notified()
      #expect(try await desk.post("dealer", "\(path)/answers", #"{"text":"不是我们"}"#).status == 201)
      let access = Access(desk.shop.world.ledger)
      let casework = Casework(desk.shop.world.ledger)
      let id = CaseID(1)
      for name in ["li", "Li"] {
        let key = try await access.createKey(role: .compliance, name: name)
        await #expect(throws: CaseError.refused(.samePerson)) {
          try await casework.decide(id, .falseAlarm, reason: "误报", by: Actor(key: key.id, role: .compliance))
        }
      }
      let user = try await access.createKey(role: .compliance)
      try await access.createUser(name: "li", password: "correct horse battery", key: user.id)
      await #expect(throws: CaseError.refused(.samePerson)) {
        try await casework.decide(id, .falseAlarm, reason: "误报", by: Actor(key: user.id, role: .compliance))
      }
      let other = try await access.createKey(role: .compliance, name: "qian")
      try await casework.decide(id, .falseAlarm, reason: "误报", by: Actor(key: other.id, role: .compliance))
    }
  }

  @Test("what is kept no longer is erased on schedule, by role, and is in no file; open alerts hold it back")
  func retention() async throws {
    let shop = try await Shop.make()
    let ledger = shop.world.ledger
    try await shop.dispatch([shop.box(0)])
    let verification = Verification(ledger)
    func scan(_ item: Int64, _ role: Role, _ latitude: Double) async throws {
      let position = try Position(latitude: latitude, longitude: 112.9713864, accuracyMeters: 31, source: .gps)
      let actor = role == .consumer ? Actor.consumer : Actor(key: 5, role: role)
      _ = try await verification.verify(
        ScanRequest(code: shop.item(item), location: .position(position), consent: "c1", device: "app-\(item)-7d1f"),
        by: actor)
    }
    try await scan(0, .consumer, 28.194725183)
    try await scan(1, .terminal, 28.194725184)
    try await scan(2, .inspector, 28.194725185)
    try await scan(3, .consumer, 28.194725186)
    // An open alert rests on the last one.
    try await ledger.store.write { transaction in
      let event = try #require(try transaction.events(after: 0, limit: 1000).last { $0.kind == "scan" }).id
      try transaction.addAlert(
        AlertRow(
          id: 1, identity: "t", kind: "diversion", status: "open", severity: "warning", dealer: "A", region: "440100",
          gtin: nil, raised: 0, rule: "t/1", detail: Array("{}".utf8), event: event), events: [event])
    }
    try await Sequencer(ledger).catchUp()
    let privacy = Privacy(ledger)
    let start = shop.now
    func pass(_ days: Int64) async throws -> Int {
      let now = start.advanced(by: days * Self.day)
      let count = try await privacy.pass(at: now)
      // Through the next day, by the hour: one of them is at night.
      for hour in Int64(0)...24 { try await privacy.scrub(at: now.advanced(by: hour * 3_600_000)) }
      return count
    }
    #expect(try await pass(29) == 0)
    #expect(try await pass(31) == 1)
    #expect(try Self.found("28.194725183", in: shop) == false)
    #expect(try Self.found("app-0-7d1f", in: shop) == false)
    #expect(try Self.found("28.194725184", in: shop) && Self.found("28.194725186", in: shop))
    #expect(try Self.found("app-1-7d1f", in: shop) && Self.found("app-3-7d1f", in: shop))
    #expect(try await pass(31) == 0)
    #expect(try await pass(181) == 1)
    #expect(try Self.found("28.194725184", in: shop) == false)
    try shop.world.edit("UPDATE alert SET status = 'closed'")
    #expect(try await pass(1100) == 2)
    for digits in ["28.194725185", "28.194725186", "112.9713864", "-7d1f"] {
      #expect(try Self.found(digits, in: shop) == false, "\(digits)")
    }
    try shop.world.edit("DELETE FROM alert_event", "DELETE FROM alert", "DELETE FROM alert_tally")
    try await shop.checkWhole()
  }

  @Test("a thousand overdue scans are erased, some hundreds a transaction, and each is named once")
  func manyOverdue() async throws {
    let shop = try await Shop.make()
    let ledger = shop.world.ledger
    let verification = Verification(ledger)
    for part in 0..<4 {
      let requests = (0..<300).map { ScanRequest(code: shop.item(0), device: "app-\(part)-\($0)") }
      for answer in await verification.verify(requests, by: .consumer) { _ = try answer.get() }
    }
    let scans = try await ledger.store.read { try $0.events(after: 0, limit: 5_000).filter { $0.kind == "scan" } }
    #expect(scans.count == 1_200 && scans.allSatisfy { $0.personal != nil })
    #expect(try await Privacy(ledger).pass(at: shop.now.advanced(by: 31 * Self.day)) == 1_200)
    let later = try await ledger.store.read { try $0.events(after: 0, limit: 5_000) }
    #expect(!later.contains { $0.kind == "scan" && $0.personal != nil })
    let lists = try later.filter { $0.kind == "erasure" }.map {
      try JSONValue(parsing: $0.body)["data"]?["events"]?.array?.compactMap(\.int) ?? []
    }
    #expect(lists.count == 5 && lists.joined().sorted() == scans.map(\.id))
    try await Sequencer(ledger).catchUp()
    try await shop.checkWhole()
  }

  @Test("what is erased while the files are written anew is overwritten the next night")
  func erasedMeanwhile() async throws {
    let shop = try await Shop.make()
    let ledger = shop.world.ledger
    _ = try await Verification(ledger).verify(ScanRequest(code: shop.item(0), device: "app-90c4e1"), by: .consumer)
    try await Sequencer(ledger).catchUp()
    try shop.world.edit("INSERT INTO setting (name, value) VALUES ('privacy-scrub', 'begun')")
    let now = shop.now.advanced(by: 31 * Self.day)
    #expect(try await Privacy(ledger).pass(at: now) == 1)
    #expect(try await Scrubbing(ledger.store.read { try $0.setting("privacy-scrub") }) == .tonight(since: now))
  }

  @Test("who asks is told the device of a code's scan, and its erasure forgets it, also where no place was sent")
  func devices() async throws {
    let shop = try await Shop.make()
    let ledger = shop.world.ledger
    _ = try await Verification(ledger).verify(ScanRequest(code: shop.item(0), device: "app-90c4e1"), by: .consumer)
    try await Sequencer(ledger).catchUp()
    let privacy = Privacy(ledger)
    let held = try #require(try await privacy.held(of: shop.item(0)).first?.personal)
    #expect(try JSONValue(parsing: held)["device"]?["value"] == "app-90c4e1")
    #expect(try Self.found("app-90c4e1", in: shop))
    let erased = try await privacy.erase(code: shop.item(0), by: Shop.actor)
    #expect(erased.events.count == 1 && erased.kept == 0)
    #expect(try await privacy.held(of: shop.item(0)).first?.personal == nil)
    #expect(try Self.found("app-90c4e1", in: shop) == false)
    try await Sequencer(ledger).catchUp()
    try await shop.checkWhole()
  }

  /// Whether a text stands in any file of the world.
  private static func found(_ text: String, in shop: Shop) throws -> Bool {
    let names = try FileManager.default.contentsOfDirectory(atPath: shop.world.folder)
    return names.contains { name in
      let data = FileManager.default.contents(atPath: "\(shop.world.folder)/\(name)") ?? Data()
      return data.firstRange(of: Data(text.utf8)) != nil
    }
  }
}
