import Storage
import Testing

@Suite("Histories, replies and flows")
struct ScanRowsTests {
  @Test("of fifty tasks that answer the same scan exactly one wins", arguments: StoreUnderTest.all)
  func replies(_ engine: StoreUnderTest) async throws {
    let bench = try Bench(engine)
    let winners = try await withThrowingTaskGroup(of: Int64?.self) { group in
      for number in 1...50 as ClosedRange<Int64> {
        group.addTask {
          try await bench.store.write { try $0.claimReply(key: 1, client: "scan-7", event: number) } ? number : nil
        }
      }
      return try await group.reduce(into: [Int64]()) { if let winner = $1 { $0.append(winner) } }
    }
    #expect(winners.count == 1)
    #expect(try await bench.store.read { try $0.reply(key: 1, client: "scan-7") } == winners.first)
    #expect(try await bench.store.write { try $0.claimReply(key: 2, client: "scan-7", event: 99) })
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
}
