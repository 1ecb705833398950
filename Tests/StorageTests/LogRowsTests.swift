import Storage
import Testing

@Suite("Tiles and checkpoints")
struct LogRowsTests {
  private func bytes(_ hashes: Int, _ fill: UInt8 = 1) -> [UInt8] { [UInt8](repeating: fill, count: hashes * 32) }

  @Test("a tile grows and never shrinks", arguments: StoreUnderTest.all)
  func tilesGrow(_ engine: StoreUnderTest) async throws {
    let bench = try Bench(engine)
    for (hashes, stored) in [(1, 1), (5, 5), (3, 5), (5, 5), (256, 256), (255, 256)] {
      let new = bytes(hashes)
      try await bench.store.write { try $0.putTile(level: 0, number: 3, bytes: new) }
      #expect(try await bench.store.read { try $0.tile(level: 0, number: 3)?.count } == stored * 32)
    }
    let other = bytes(256, 9)
    try await bench.store.write { try $0.putTile(level: 0, number: 3, bytes: other) }
    #expect(try await bench.store.read { try $0.tile(level: 0, number: 3) } == bytes(256))
    #expect(try await bench.store.read { try $0.tile(level: 1, number: 3) } == nil)
  }

  @Test("a tile is 1 to 256 whole hashes", arguments: StoreUnderTest.all, [0, 31, 33, 8193, 8224])
  func tileSizes(_ engine: StoreUnderTest, _ count: Int) async throws {
    let bench = try Bench(engine)
    let error = await #expect(throws: StorageError.self) {
      try await bench.store.write { try $0.putTile(level: 0, number: 0, bytes: [UInt8](repeating: 0, count: count)) }
    }
    #expect(isConstraint(error))
  }

  @Test("a size is signed once", arguments: StoreUnderTest.all)
  func checkpoints(_ engine: StoreUnderTest) async throws {
    let bench = try Bench(engine)
    let roots = (bytes(1, 1), bytes(1, 2))
    #expect(try await bench.store.read { try $0.lastCheckpoint()?.size } == nil)
    try await bench.store.write { try $0.addCheckpoint(size: 7, root: roots.0, signed: 70, note: "seven") }
    let error = await #expect(throws: StorageError.self) {
      try await bench.store.write { try $0.addCheckpoint(size: 7, root: roots.1, signed: 71, note: "another") }
    }
    #expect(isConstraint(error))
    try await bench.store.write { try $0.addCheckpoint(size: 12, root: roots.1, signed: 120, note: "twelve") }
    try await bench.store.read { transaction throws in
      let last = try transaction.lastCheckpoint()
      #expect(last?.size == 12 && last?.root == roots.1 && last?.signed == 120 && last?.note == "twelve")
      let covering = try [0, 7, 8, 12, 13].map { try transaction.checkpoint(covering: $0)?.size }
      #expect(covering == [7, 7, 12, 12, nil])
    }
  }

  @Test("events are read in pages and one by one", arguments: StoreUnderTest.all)
  func events(_ engine: StoreUnderTest) async throws {
    let bench = try Bench(engine)
    try await bench.store.write { transaction throws in
      for number in 1...10 { _ = try transaction.appendEvent("k\(number)", at: Int64(number)) }
      _ = try transaction.appendEvent(
        kind: "scan", at: 11, recorded: 12, body: [1, 2], personal: [3], previous: 4)
    }
    try await bench.store.read { transaction throws in
      #expect(try transaction.events(after: 3, limit: 4).map(\.kind) == ["k4", "k5", "k6", "k7"])
      #expect(try transaction.events(after: 11, limit: 4).isEmpty)
      let event = try transaction.event(11)
      #expect(event?.at == 11 && event?.recorded == 12 && event?.body == [1, 2] && event?.personal == [3])
      #expect(event?.previous == 4)
      #expect(try transaction.event(12)?.id == nil)
      #expect(try transaction.lastEventID() == 11)
    }
  }

  @Test("an event cannot follow one that comes after it", arguments: StoreUnderTest.all)
  func previous(_ engine: StoreUnderTest) async throws {
    let bench = try Bench(engine)
    let error = await #expect(throws: StorageError.self) {
      try await bench.store.write {
        try $0.appendEvent(kind: "scan", at: 0, recorded: 0, body: [], personal: nil, previous: 1)
      }
    }
    #expect(isConstraint(error))
  }
}
