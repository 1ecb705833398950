import Alerting
import Foundation
import Ledger
import Storage
import Testing
import TransparencyLog

@Suite("Alerting engine")
struct AlertingEngineTests {
  @Test("a diversion becomes an event, a row and its scans in one go")
  func raises() async throws {
    let world = try await TestLedger()
    defer { world.remove() }
    let events = try await world.record([try scan(1), try scan(2), try scan(3)])
    let engine = AlertingEngine(ledger: world.ledger)
    #expect(try await engine.pass() == [1])
    let row = try #require(try await world.alerts().first)
    #expect(row.identity == "outside-territory/dispatch 12/D001→370000")
    #expect(row.kind == "diversion")
    #expect(row.status == "open")
    #expect(row.severity == "warning")
    #expect(row.dealer == "D001")
    #expect(row.region == "370100")
    #expect(row.rule == "outside-territory/1")
    #expect(row.raised == world.clock.now.milliseconds)
    let stored = try await world.ledger.store.read { (try $0.event(row.event), try $0.events(ofAlert: 1)) }
    #expect(stored.1 == events)
    let event = try #require(stored.0)
    #expect(event.kind == "alert")
    #expect(event.at == dawn + 3 * hour, "when the last scan happened")
    let body = try JSONValue(parsing: event.body)
    #expect(body["by"] == ["key": 0, "role": "admin"])
    #expect(body["data"]?["alert"] == 1)
    #expect(body["data"]?["kind"] == "diversion")
    #expect(body["data"]?["rule"] == "outside-territory/1")
    #expect(body["data"]?["severity"] == "warning")
    #expect(body["data"]?["scans"] == .array(events.map(JSONValue.integer)))
    #expect(body["data"]?["numbers"]?["sightings"] == 3)
    #expect(
      body["data"]?["subject"] == ["dealer": "D001", "dispatch": 12, "gtin": .string(liquor), "region": "370100"])
    #expect(try await engine.pass().isEmpty, "its own event raises nothing")
  }

  @Test("a copied code is held suspect from then on, and only it")
  func suspects() async throws {
    let world = try await TestLedger()
    defer { world.remove() }
    try await world.record([
      try scan(1, 5, in: .changsha, after: 0) { $0.isConsumer(in: .changsha) },
      try scan(2, 5, in: .jinan, after: hour / 2) { $0.isConsumer(in: .jinan) }, try scan(3, 6),
    ])
    let raised = try await AlertingEngine(ledger: world.ledger).catchUp()
    #expect(raised.count == 1)
    #expect(try await world.isSuspected(5))
    #expect(try await !world.isSuspected(6))
  }

  @Test("the price policy that was applied is looked up")
  func policies() async throws {
    let world = try await TestLedger()
    defer { world.remove() }
    func sale(_ event: Int64, version: Int64) throws -> Sighting {
      try scan(event, in: .changsha) {
        $0.price = Money(amount: "80.00", currency: "CNY")
        $0.priceCheck = .belowFloor
        $0.policy = PolicyReference(id: "P1", version: version)
      }
    }
    let engine = AlertingEngine(ledger: world.ledger)
    try await world.record([try sale(1, version: 9), try sale(2, version: 9)])
    #expect(try await engine.pass().isEmpty, "no such edition")
    try await world.record([try sale(3, version: 1), try sale(4, version: 1)])
    #expect(try await engine.pass().count == 1)
    #expect(try await world.alerts().map(\.kind) == ["price"])
  }

  @Test("events that are no scans, and bodies that are none of ours, are passed over")
  func strangers() async throws {
    let world = try await TestLedger()
    defer { world.remove() }
    try await world.ledger.store.write { transaction in
      for body in ["{}", "not JSON", "{\"by\":{\"key\":1,\"role\":\"terminal\"},\"data\":{\"code\":7}}"] {
        _ = try transaction.appendEvent(
          kind: "scan", at: 0, recorded: 0, body: Array(body.utf8), personal: nil, previous: nil)
      }
    }
    try await world.record([try scan(1), try scan(2), try scan(3)])
    #expect(try await AlertingEngine(ledger: world.ledger).catchUp() == [1])
  }

  @Test("an engine killed at any moment raises the same, exactly once", arguments: [41, 42] as [UInt64])
  func crashes(_ seed: UInt64) async throws {
    let sightings = try RestartTests.market(seed, count: 1_200)
    let steady = try await TestLedger()
    defer { steady.remove() }
    try await steady.record(sightings)
    let expected = try await AlertingEngine(ledger: steady.ledger).catchUp()
    #expect(expected.count > 5)

    let shaken = try await TestLedger()
    defer { shaken.remove() }
    var random = Seeded(seed)
    var engine = AlertingEngine(ledger: shaken.ledger, storeEvery: 50)
    var rest = sightings[...]
    while !rest.isEmpty {
      let chunk = rest.prefix(Int.random(in: 1...60, using: &random))
      rest = rest.dropFirst(chunk.count)
      try await shaken.record(Array(chunk))
      if Bool.random(using: &random) { _ = try await engine.pass() }
      // Killed: what it knew and did not store is gone.
      if Int.random(in: 0..<3, using: &random) == 0 {
        engine = AlertingEngine(ledger: shaken.ledger, storeEvery: 50)
      }
    }
    _ = try await engine.catchUp()
    let left = try await steady.alerts()
    let right = try await shaken.alerts()
    // Numbers and event numbers differ where alerts were raised between scans; what they say does not.
    #expect(Set(left.map(\.identity.matter)) == Set(right.map(\.identity.matter)), "seed \(seed)")
    #expect(left.count == right.count, "seed \(seed)")
  }

  @Test("two engines on one ledger raise nothing twice; the slower starts again")
  func overtaken() async throws {
    let world = try await TestLedger()
    defer { world.remove() }
    let one = AlertingEngine(ledger: world.ledger, storeEvery: 1)
    let other = AlertingEngine(ledger: world.ledger, storeEvery: 1)
    try await world.record([try scan(1)])
    _ = try await one.pass()
    _ = try await other.pass()
    try await world.record([try scan(2), try scan(3)])
    #expect(try await one.pass() == [1])
    await #expect(throws: AlertingError.overtaken) { _ = try await other.pass() }
    #expect(try await other.pass().isEmpty)
    #expect(try await world.alerts().count == 1)
  }

  @Test("a state that cannot be read is made anew from the first event, and nothing is raised again")
  func damaged() async throws {
    let world = try await TestLedger()
    defer { world.remove() }
    try await world.record([try scan(1), try scan(2), try scan(3)])
    #expect(try await AlertingEngine(ledger: world.ledger).catchUp() == [1])
    try await world.ledger.store.write { try $0.putDetector("detection/1", cursor: 4, state: [0xff]) }
    try await world.record(try (4...6).map { try scan($0) { $0.dispatch = 13 } })
    #expect(try await AlertingEngine(ledger: world.ledger).catchUp() == [2])
    #expect(try await world.alerts().map(\.identity.matter) == ["dispatch 12/D001→370000", "dispatch 13/D001→370000"])
  }

  @Test("a new rule reads the ledger from the start while the others go on")
  func newRule() async throws {
    let world = try await TestLedger()
    defer { world.remove() }
    try await world.record([try scan(1), try scan(2), try scan(3)])
    #expect(try await AlertingEngine(ledger: world.ledger, detectors: [UnsoldGoods()], storeEvery: 1).catchUp().isEmpty)
    let both: [any Detector] = [UnsoldGoods(), OutsideTerritory()]
    #expect(try await AlertingEngine(ledger: world.ledger, detectors: both).catchUp() == [1])
  }

  @Test("states are stored when enough came together, and when asked")
  func saving() async throws {
    let world = try await TestLedger()
    defer { world.remove() }
    let engine = AlertingEngine(ledger: world.ledger, detectors: [OutsideTerritory()], storeEvery: 1_000)
    try await world.record([try scan(1)])
    _ = try await engine.pass()
    let name = "outside-territory/1"
    #expect(try await world.ledger.store.read { try $0.detector(name)?.cursor } == nil)
    try await engine.save()
    let last = try await world.ledger.store.read { try $0.lastEventID() }
    #expect(try await world.ledger.store.read { try $0.detector(name)?.cursor } == last)
  }

  @Test("the service raises while it runs, tells subscribers, and stores when it stops")
  func service() async throws {
    let world = try await TestLedger()
    defer { world.remove() }
    let engine = AlertingEngine(ledger: world.ledger)
    let news = engine.broadcast.subscribe()
    let service = Task { await engine.run(every: .milliseconds(5)) }
    try await world.record([try scan(1), try scan(2), try scan(3)])
    var heard: [Int64] = []
    for await id in news {
      heard.append(id)
      break
    }
    #expect(heard == [1])
    service.cancel()
    await service.value
    let last = try await world.ledger.store.read { try $0.lastEventID() }
    let cursor = try await world.ledger.store.read { try $0.detector("detection/1")?.cursor }
    #expect(cursor.map { $0 >= last - 1 } == true)
    #expect(engine.broadcast.count == 0)
    var late = engine.broadcast.subscribe().makeAsyncIterator()
    #expect(await late.next() == nil, "a stopped engine's streams end at once")
  }

  @Test("a server that does not lead tells its subscribers what the leader raised, and each alert once")
  func following() async throws {
    let world = try await TestLedger()
    defer { world.remove() }
    let leader = AlertingEngine(ledger: world.ledger, storeEvery: 1)
    let follower = AlertingEngine(ledger: world.ledger, storeEvery: 1)
    try await world.record([try scan(1), try scan(2), try scan(3)])
    #expect(try await leader.catchUp() == [1])
    var news = follower.broadcast.subscribe().makeAsyncIterator()
    try await follower.follow()
    try await world.record([
      try scan(21, 5, in: .changsha, after: 20 * hour) { $0.isConsumer(in: .changsha) },
      try scan(22, 5, in: .jinan, after: 20 * hour + hour / 2) { $0.isConsumer(in: .jinan) },
    ])
    let raised = try await leader.catchUp()
    #expect(raised == [2])
    try await follower.follow()
    try await follower.follow()
    #expect(await news.next() == 2, "what was raised before it followed is no news")
    // The leader is gone: the follower goes on from what is stored, and raises nothing again.
    #expect(try await follower.catchUp().isEmpty)
    #expect(try await world.alerts().count == 2)
    follower.broadcast.close()
    #expect(await news.next() == nil, "no alert was told twice")
  }

  @Test("subscribers that leave are forgotten, those that sleep lose the oldest")
  func subscribers() async throws {
    let world = try await TestLedger()
    defer { world.remove() }
    let engine = AlertingEngine(ledger: world.ledger, detectors: [UnsoldGoods()])
    let sleeper = engine.broadcast.subscribe()
    do {
      let leaving = Task { for await _ in engine.broadcast.subscribe() {} }
      while engine.broadcast.count < 2 { await Task.yield() }
      leaving.cancel()
      await leaving.value
    }
    #expect(engine.broadcast.count == 1)
    let places = AlertBroadcast.buffer + 10
    try await world.record(
      try (0..<places).map { place in
        try scan(Int64(place + 1)) {
          $0.state = .voided
          $0.region = try region(
            ["11", "12", "13", "14", "15"][place % 5] + String(1_000 + place / 5).dropFirst(2) + "00")
        }
      })
    let raised = try await engine.catchUp()
    #expect(raised.count > AlertBroadcast.buffer)
    var first: Int64?
    for await id in sleeper {
      first = id
      break
    }
    #expect(first == Int64(raised.count - AlertBroadcast.buffer + 1))
  }

  @Test("many passes at the same time are one after the other")
  func concurrent() async throws {
    let world = try await TestLedger()
    defer { world.remove() }
    let engine = AlertingEngine(ledger: world.ledger, storeEvery: 1)
    try await world.record([try scan(1), try scan(2), try scan(3)])
    let raised = try await withThrowingTaskGroup(of: [Int64].self) { group in
      for _ in 0..<20 { group.addTask { try await engine.pass() } }
      return try await group.reduce(into: []) { $0 += $1 }
    }
    #expect(raised == [1])
  }
}

extension String {
  /// An identity without the rule's name and the event numbers in it.
  fileprivate var matter: String {
    let parts = split(separator: "/").dropFirst().filter { !$0.hasPrefix("from ") }
    return parts.joined(separator: "/")
  }
}
