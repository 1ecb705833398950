import Foundation
import Storage
import Testing

@Suite("Events by the month")
struct MonthTests {
  /// The first moment of a month in UTC, Unix milliseconds.
  private static func begin(_ year: Int, _ month: Int) throws -> Int64 {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = .gmt
    let date = try #require(calendar.date(from: DateComponents(year: year, month: month)))
    return Int64(date.timeIntervalSince1970) * 1000
  }

  private static func event(
    _ transaction: Transaction, recorded: Int64, kind: String = "scan", personal: String? = nil
  ) throws -> Int64 {
    try transaction.appendEvent(
      kind: kind, at: recorded, recorded: recorded, body: Array("{}".utf8), personal: personal.map { Array($0.utf8) },
      previous: nil)
  }

  private static let postgres = [StoreUnderTest.postgres].compactMap { $0 }
  private static let monthly = postgres + [StoreUnderTest.citus].compactMap { $0 }

  @Test("the month of a day is the calendar's, at every edge of every month of four centuries")
  func calendar() throws {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = .gmt
    for month in 0..<(400 * 12) {
      let start = try Self.begin(1970 + month / 12, month % 12 + 1)
      #expect(EventSpan.month(of: start) == month)
      #expect(EventSpan.month(of: start - 1) == max(month - 1, 0))
    }
    #expect(EventSpan.month(of: .min) == 0 && EventSpan.month(of: .max) == (9999 - 1970) * 12 + 11)
    #expect(EventSpan.name(ofMonth: 0) == "1970_01" && EventSpan.name(ofMonth: 683) == "2026_12")
  }

  @Test(
    "events are found by number, in order and by time over months, also those of a slow clock",
    arguments: StoreUnderTest.all)
  func acrossMonths(_ engine: StoreUnderTest) async throws {
    let bench = try Bench(engine)
    let (november, december) = (try Self.begin(2026, 11), try Self.begin(2026, 12))
    // The third was recorded by a clock that is behind; it must not lie before the second.
    let times = [november, december, december - 5, december + 1, try Self.begin(2027, 2)]
    for time in times.prefix(2) { _ = try await bench.store.write { try Self.event($0, recorded: time) } }
    let rest = try await bench.store.write { transaction in
      try times.dropFirst(2).map { try Self.event(transaction, recorded: $0, kind: "sale", personal: "p") }
    }
    #expect(rest == [3, 4, 5])
    for store in [bench.store, try bench.another()] {
      try await store.read { transaction throws in
        #expect(try (1...5).map { try transaction.event($0)?.recorded } == times)
        #expect(try transaction.event(6) == nil && transaction.event(0) == nil && transaction.lastEventID() == 5)
        #expect(try transaction.events(after: 0, limit: 10).map(\.id) == [1, 2, 3, 4, 5])
        #expect(try transaction.events(after: 1, limit: 3).map(\.id) == [2, 3, 4])
        #expect(try transaction.events(after: 5, limit: 3).isEmpty)
        #expect(try transaction.events(ofKinds: ["sale"], after: 1, through: 4, limit: 9).map(\.id) == [3, 4])
        #expect(try transaction.events(before: 5, since: 2, kind: nil, limit: 9).map(\.id) == [4, 3])
        #expect(try transaction.firstEvent(after: 0, otherThan: ["scan"])?.id == 3)
        #expect(try transaction.personalEvents(after: nil, recordedBefore: .max, limit: 9).map(\.id) == [3, 4, 5])
        let third = try transaction.event(3)
        #expect(try transaction.personalEvents(after: third, recordedBefore: .max, limit: 1).map(\.id) == [4])
        #expect(try transaction.personalEvents(after: third, recordedBefore: times[4], limit: 9).map(\.id) == [4])
      }
    }
  }

  @Test(
    "personal events are found page by page, also those of one moment, and none twice", arguments: StoreUnderTest.all)
  func personalPages(_ engine: StoreUnderTest) async throws {
    let bench = try Bench(engine)
    let time = try Self.begin(2026, 11)
    let personal = try await bench.store.write { transaction in
      try (0..<30 as Range<Int64>).compactMap { number in
        let isPersonal = number % 3 != 0
        let id = try Self.event(
          transaction, recorded: time + number / 10, kind: "scan", personal: isPersonal ? "p" : nil)
        return isPersonal ? id : nil
      }
    }
    for limit in [1, 4, 7, 100] {
      var (found, last): ([Int64], EventRow?) = ([], nil)
      while true {
        let from = last
        let page = try await bench.store.read {
          try $0.personalEvents(after: from, recordedBefore: time + 2, limit: limit)
        }
        found += page.map(\.id)
        guard page.count == limit else { break }
        last = page.last
      }
      #expect(found == personal.filter { $0 <= 20 }, "\(limit)")
    }
  }

  @Test("what another server wrote is seen, in the same month and the next", arguments: StoreUnderTest.all)
  func twoServers(_ engine: StoreUnderTest) async throws {
    let bench = try Bench(engine)
    let other = try bench.another()
    let november = try Self.begin(2026, 11), december = try Self.begin(2026, 12)
    var expected: [Int64] = []
    for (place, store) in [bench.store, other, bench.store, other, other, bench.store].enumerated() {
      let id = try await store.write { try Self.event($0, recorded: place < 3 ? november : december) }
      expected.append(id)
      for store in [bench.store, other] {
        #expect(try await store.read { try $0.events(after: 0, limit: 100).map(\.id) } == expected)
        #expect(try await store.read { try $0.lastEventID() } == id)
      }
    }
    #expect(expected == [1, 2, 3, 4, 5, 6])
  }

  @Test("a number that a transaction gave back is given again, and its month with it", arguments: StoreUnderTest.all)
  func rolledBack(_ engine: StoreUnderTest) async throws {
    let bench = try Bench(engine)
    let november = try Self.begin(2026, 11), december = try Self.begin(2026, 12)
    _ = try await bench.store.write { try Self.event($0, recorded: november) }
    await #expect(throws: Deliberate.self) {
      try await bench.store.write { transaction in
        let id = try Self.event(transaction, recorded: december)
        #expect(try transaction.event(id)?.id == 2)
        throw Deliberate()
      }
    }
    #expect(try await bench.store.write { try Self.event($0, recorded: november) } == 2)
    #expect(try await bench.store.read { try $0.event(2)?.recorded } == november)
  }

  @Test("spans of 65 536 events follow each other", arguments: StoreUnderTest.all)
  func spans(_ engine: StoreUnderTest) async throws {
    let bench = try Bench(engine)
    let time = try Self.begin(2026, 11)
    let other = try bench.another()
    func add(_ count: Int, to store: Store) async throws {
      try await store.write { transaction in
        let rows = try (0..<count).map { _ in
          EventRow(
            id: try transaction.nextEvent(), kind: "scan", at: time, recorded: time, body: [0x7b, 0x7d], personal: nil,
            previous: nil)
        }
        try transaction.append(rows)
      }
    }
    try await add(65_530, to: bench.store)
    try await add(4, to: other)
    try await add(10, to: bench.store)
    try await add(140_000, to: other)
    try await add(1, to: bench.store)
    try await bench.store.read { transaction throws in
      let last: Int64 = 65_530 + 4 + 10 + 140_000 + 1
      #expect(try transaction.lastEventID() == last)
      var seen: Int64 = 0
      try transaction.eachBody(after: 0, limit: .max) { id, _ in
        seen += 1
        #expect(id == seen)
      }
      #expect(seen == last)
      for limit in [5, 70_000, 200_000] {
        var count = 0
        try transaction.eachBody(after: 65_533, limit: limit) { _, _ in count += 1 }
        #expect(count == min(limit, Int(last) - 65_533))
      }
    }
  }

  @Test("each month has its partitions, and an empty one of personal parts goes", arguments: monthly)
  func partitions(_ engine: StoreUnderTest) async throws {
    let bench = try Bench(engine)
    let events = try await bench.store.write { transaction in
      try [(2026, 10), (2026, 11), (2026, 12)].map { year, month in
        try Self.event(transaction, recorded: Self.begin(year, month), personal: "place")
      }
    }
    func partitions(of table: String) async throws -> [String] {
      try await bench.store.read { transaction in
        try transaction.all(
          "SELECT CAST(inhrelid::regclass AS TEXT) FROM pg_inherits WHERE inhparent = to_regclass(?) ORDER BY 1",
          [.text(table)]
        ) { $0.text(0) }
      }
    }
    #expect(try await partitions(of: "event") == ["event_2026_10", "event_2026_11", "event_2026_12"])
    #expect(try await partitions(of: "event_private").count == 3)
    for event in events { #expect(try await bench.store.write { try $0.erasePersonal(ofEvent: event) }) }
    #expect(try await bench.store.scrub())
    #expect(try await partitions(of: "event_private") == ["event_private_2026_12"], "the present month stays")
    #expect(try await partitions(of: "event").count == 3, "the log stays")
    #expect(try await bench.store.read { try $0.event(events[0])?.personal } == nil)
    #expect(try await !bench.store.write { try $0.erasePersonal(ofEvent: events[0]) })
  }

  @Test("events of an installation older than the months come into them, whatever its clock did", arguments: postgres)
  func upgrade(_ engine: StoreUnderTest) async throws {
    let bench = try Bench(engine)
    let (october, november, december) = (
      try Self.begin(2026, 10), try Self.begin(2026, 11), try Self.begin(2026, 12)
    )
    // The first event's clock was ahead: November begins with it.
    let times = [november] + Array(repeating: october, count: 65_540) + [december + 9, november, december]
    let months = times.reduce(into: [Int64]()) { $0.append(max($0.last ?? 0, EventSpan.month(of: $1))) }
    try await bench.store.write { transaction throws in
      for sql in [
        "DROP TABLE event", "DROP TABLE event_private", "DROP TABLE event_month", "DROP FUNCTION event_is_kept",
        "DELETE FROM migration WHERE name = '020 months'",
        """
        CREATE TABLE event (id BIGINT PRIMARY KEY CHECK (id > 0), kind TEXT COLLATE "C" NOT NULL, at BIGINT NOT NULL,
        recorded BIGINT NOT NULL, body BYTEA NOT NULL, private BYTEA, previous BIGINT CHECK (previous < id))
        """,
        "ALTER TABLE reply ADD CONSTRAINT reply_event_fkey FOREIGN KEY (event) REFERENCES event (id)",
        """
        INSERT INTO event SELECT id, 'scan', 7, recorded, '{}', CASE WHEN id % 1000 = 0 THEN 'place'::BYTEA END, NULL
        FROM unnest(ARRAY[\(times.map(String.init).joined(separator: ","))]::BIGINT[]) WITH ORDINALITY AS t (recorded, id)
        """,
        "INSERT INTO reply (key, client, event) VALUES (1, 'a', 65544)",
      ] { try transaction.run(sql) }
    }
    let upgraded = try bench.another()
    try await upgraded.read { transaction throws in
      let stored = try transaction.events(after: 0, limit: times.count + 1)
      #expect(stored.map(\.id) == (1...Int64(times.count)).map { $0 } && stored.map(\.recorded) == times)
      #expect(stored.filter { $0.personal != nil }.map(\.id) == (1...65).map { $0 * 1000 })
      #expect(try transaction.integers("SELECT span >> 32 FROM event ORDER BY id") == months)
      #expect(try transaction.reply(key: 1, client: "a") == 65_544)
      #expect(try transaction.lastEventID() == 65_544)
    }
    #expect(try await upgraded.write { try Self.event($0, recorded: october) } == 65_545)
    #expect(try await upgraded.read { try $0.event(65_545)?.recorded } == october)
  }
}
