import Storage
import Testing

@Suite("Histories, replies and flows")
struct ScanRowsTests {
  @Test("of fifty tasks that answer the same scan exactly one wins", arguments: StoreUnderTest.all)
  func replies(_ engine: StoreUnderTest) async throws {
    let bench = try Bench(engine)
    let seventh = ClientScan(key: 1, client: "scan-7")
    let winners = try await withThrowingTaskGroup(of: Int64?.self) { group in
      for number in 1...50 as ClosedRange<Int64> {
        group.addTask {
          try await bench.store.write { transaction in
            guard try transaction.replies(to: [seventh]).isEmpty else { return nil }
            try transaction.put([seventh: number])
            return number
          }
        }
      }
      return try await group.reduce(into: [Int64]()) { if let winner = $1 { $0.append(winner) } }
    }
    #expect(winners.count == 1)
    #expect(try await bench.store.read { try $0.reply(key: 1, client: "scan-7") } == winners.first)
    try await bench.store.write { try $0.put([ClientScan(key: 2, client: "scan-7"): 99]) }
    #expect(try await bench.store.read { try $0.reply(key: 2, client: "scan-7") } == 99)
    #expect(try await bench.store.read { try $0.reply(key: 3, client: "scan-7") } == nil)
  }

  @Test("a history counts, and keeps the first and last moment whatever the order", arguments: StoreUnderTest.all)
  func histories(_ engine: StoreUnderTest) async throws {
    let bench = try Bench(engine)
    try await bench.store.write { transaction throws in
      let scans = [(50, "430000"), (20, "110000"), (90, "440000"), (60, "310000")] as [(Int64, String)]
      for (place, scan) in scans.enumerated() {
        try transaction.countScan(space: 1, number: 7, at: scan.0, region: scan.1, event: Int64(place + 1))
      }
      try transaction.setSuspected(true, space: 1, number: 7)
      try transaction.setSuspected(true, space: 1, number: 8)
    }
    let row = try await bench.store.read { try $0.history(space: 1, number: 7) }
    #expect(row?.firstAt == 20 && row?.lastAt == 90 && row?.scans == 4 && row?.lastEvent == 4)
    #expect(row?.suspected == true && row?.lastRegion == "440000")
    #expect(try await bench.store.read { try $0.history(space: 1, number: 8) } == nil)
    try await bench.store.write { try $0.setSuspected(false, space: 1, number: 7) }
    #expect(try await bench.store.read { try $0.history(space: 1, number: 7)?.suspected } == false)
  }

  @Test("a group reads and writes many codes, replies and events at once", arguments: StoreUnderTest.all)
  func groups(_ engine: StoreUnderTest) async throws {
    let bench = try Bench(engine)
    let codes = (1...300).map { CodeLocation(space: 1 + $0 % 2, number: $0) } as [CodeLocation]
    let scans = codes.map { ClientScan(key: $0.space, client: "扫码 \($0.number)") }
    let before = HistoryRow(HistoryRow(nil, at: 7, region: "430000", event: 1), at: 9, region: nil, event: 2)
    let events = try await bench.store.write { transaction in
      let issued = try transaction.addVersion(
        VersionRow(
          id: 0, state: 0, dealer: nil, dispatch: nil, territories: nil, parentSpace: nil, parentSerial: nil, at: 0,
          recorded: 0, event: try transaction.appendEvent("batch"), previous: nil))
      try transaction.putTrack(space: 1, TrackRow(first: 0, last: 100, version: issued))
      try transaction.putTrack(space: 2, TrackRow(first: 200, last: 400, version: issued))
      let events = try codes.map { code in
        EventRow(
          id: try transaction.nextEvent(), kind: "scan", at: code.number, recorded: -code.number, body: [0, 1, 255],
          personal: code.number % 3 == 0 ? [] : nil, previous: nil)
      }
      try transaction.append(events)
      try transaction.put(Dictionary(uniqueKeysWithValues: zip(scans, events.map(\.id))))
      try transaction.put(Dictionary(uniqueKeysWithValues: codes.map { ($0, before) }))
      try transaction.put([CodeLocation: HistoryRow]())
      return events
    }
    try await bench.store.read { transaction throws in
      let asked = codes + [codes[0], CodeLocation(space: 9, number: 1)]
      let tracks = try transaction.tracks(of: asked)
      #expect(
        tracks
          == Dictionary(
            uniqueKeysWithValues: codes.compactMap { code in
              (try? transaction.track(space: code.space, number: code.number)).map { (code, $0) }
            }))
      #expect(tracks.count == 50 + 50)
      #expect(try transaction.histories(of: asked) == Dictionary(uniqueKeysWithValues: codes.map { ($0, before) }))
      let replies = try transaction.replies(to: scans + [ClientScan(key: 3, client: "扫码 1")])
      #expect(replies == Dictionary(uniqueKeysWithValues: zip(scans, events.map(\.id))))
      #expect(try transaction.tracks(of: []).isEmpty && transaction.histories(of: []).isEmpty)
      let stored = try transaction.events(after: 0, limit: 1000).filter { $0.kind == "scan" }
      #expect(stored.map(\.id) == events.map(\.id) && stored.map(\.personal) == events.map(\.personal))
      #expect(stored.map(\.body) == events.map(\.body) && stored.map(\.recorded) == events.map(\.recorded))
    }
  }

  @Test("a group of any size is written whole and found whole", arguments: StoreUnderTest.all)
  func sizes(_ engine: StoreUnderTest) async throws {
    let bench = try Bench(engine)
    let counts: ClosedRange<Int64> = engine.isPostgres ? 30...36 : 1...70
    for count in counts {
      let events = Dictionary(
        uniqueKeysWithValues: (1...count).map { (ClientScan(key: count, client: "scan \($0)"), $0) })
      let rows = Dictionary(
        uniqueKeysWithValues: (1...count).map {
          (CodeLocation(space: count, number: $0 * $0), HistoryRow(nil, at: $0, region: nil, event: count))
        })
      try await bench.store.write { transaction throws in
        try transaction.put(events)
        try transaction.put(rows)
      }
      try await bench.store.read { transaction throws in
        #expect(try transaction.replies(to: Array(events.keys)) == events, "\(count)")
        #expect(try transaction.histories(of: Array(rows.keys)) == rows, "\(count)")
      }
    }
  }

  @Test(
    "histories that are new and that are known are written together, and suspicions stay", arguments: StoreUnderTest.all
  )
  func knownAndNew(_ engine: StoreUnderTest) async throws {
    let bench = try Bench(engine)
    let codes = (1...40).map { CodeLocation(space: 1, number: $0) } as [CodeLocation]
    let first = HistoryRow(nil, at: 5, region: "430000", event: 1)
    try await bench.store.write { transaction in
      try transaction.put(Dictionary(uniqueKeysWithValues: codes.filter { $0.number % 2 == 0 }.map { ($0, first) }))
      try transaction.setSuspected(true, space: 1, number: 8)
    }
    let found = try await bench.store.write { transaction in
      let known = try transaction.histories(of: codes)
      let next = codes.map { ($0, HistoryRow(known[$0], at: 9, region: "440000", event: 2)) }
      try transaction.put(Dictionary(uniqueKeysWithValues: next))
      return try transaction.histories(of: codes)
    }
    for code in codes {
      #expect(found[code]?.scans == (code.number % 2 == 0 ? 2 : 1) && found[code]?.lastEvent == 2)
      #expect(found[code]?.suspected == (code.number == 8) && found[code]?.lastRegion == "440000")
    }
  }

  @Test("codes of one track, of the next and of none between them are told apart", arguments: StoreUnderTest.all)
  func neighbouringTracks(_ engine: StoreUnderTest) async throws {
    let bench = try Bench(engine)
    let found = try await bench.store.write { transaction in
      let issued = try transaction.addVersion(
        VersionRow(
          id: 0, state: 0, dealer: nil, dispatch: nil, territories: nil, parentSpace: nil, parentSerial: nil, at: 0,
          recorded: 0, event: try transaction.appendEvent("batch"), previous: nil))
      for (space, first, last) in [(1, 10, 19), (1, 20, 24), (1, 30, 30), (2, 5, 25)] as [(Int64, Int64, Int64)] {
        try transaction.putTrack(space: space, TrackRow(first: first, last: last, version: issued))
      }
      let asked = [1, 2, 3].flatMap { space in (0...32).reversed().map { CodeLocation(space: space, number: $0) } }
      return try transaction.tracks(of: asked)
    }
    let held = found.map { ($0, $1.first) }.sorted { $0.0 < $1.0 }
    #expect(held.filter { $0.0.space == 1 }.map(\.0.number) == Array(10...24) + [30])
    #expect(
      held.filter { $0.0.space == 1 }.map(\.1) == Array(repeating: 10, count: 10) + Array(repeating: 20, count: 5) + [
        30
      ])
    #expect(held.filter { $0.0.space == 2 }.map(\.0.number) == Array(5...25))
    #expect(!held.contains { $0.0.space == 3 })
  }

  @Test("flows add up by day, product, dealer and region", arguments: StoreUnderTest.all)
  func flows(_ engine: StoreUnderTest) async throws {
    let bench = try Bench(engine)
    try await bench.store.write { transaction throws in
      for day in 1...3 as ClosedRange<Int64> {
        try transaction.addFlow(day: day, gtin: 1, dealer: "A", region: "430000", scans: 2)
        try transaction.addFlow(day: day, gtin: 1, dealer: "A", region: "430000", scans: 1)
        try transaction.addFlow(day: day, gtin: 2, dealer: "B", region: "440000", scans: 5)
      }
    }
    try await bench.store.read { transaction throws in
      let all = try transaction.flows(gtin: nil, from: 1, to: 2)
      #expect(all.map(\.scans) == [6, 10] && all.map(\.dealer) == ["A", "B"] && all.map(\.gtin) == [1, 2])
      #expect(try transaction.flows(gtin: 2, from: 3, to: 9).map(\.scans) == [5])
      #expect(try transaction.flows(gtin: 2, from: 3, to: 9).map(\.region) == ["440000"])
      #expect(try transaction.flows(gtin: 3, from: 1, to: 9).isEmpty)
    }
  }

  @Test("flows of dealers are parted by the day that splits a span", arguments: StoreUnderTest.all)
  func splitFlows(_ engine: StoreUnderTest) async throws {
    let bench = try await Bench.withEvent(engine)
    let product = ProductRow(gtin: 5, zh: "茶", en: "tea", amount: nil, currency: nil, series: "1.6905678")
    try await bench.store.write { transaction throws in
      try transaction.addProduct(product, event: 1)
      for day in 1...6 as ClosedRange<Int64> {
        for (dealer, region) in [("A", "430102"), ("A", "440106"), ("B", "440106"), ("C", "440106")] {
          try transaction.addFlow(day: day, gtin: product.gtin, dealer: dealer, region: region, scans: day)
        }
      }
    }
    try await bench.store.read { transaction throws in
      let found = try transaction.flows(ofDealers: ["A", "B"], from: 2, to: 5, split: 4)
      let lines = found.map { "\($0.dealer) \($0.region) \($0.isBefore ? "before" : "during") \($0.scans)" }
      #expect(
        lines.sorted() == [
          "A 430102 before 5", "A 430102 during 9", "A 440106 before 5", "A 440106 during 9", "B 440106 before 5",
          "B 440106 during 9",
        ])
      #expect(try transaction.flows(ofDealers: [], from: 1, to: 9, split: 4).isEmpty)
    }
  }
}
