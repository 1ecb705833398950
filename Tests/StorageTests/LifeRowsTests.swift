import Storage
import Testing

@Suite("Versions, tracks and contents")
struct LifeRowsTests {
  private func version(previous: Int64? = nil, event: Int64 = 1, dealer: String? = nil) -> VersionRow {
    VersionRow(
      id: 0, state: 2, dealer: dealer, dispatch: 9, territories: "430000", parentSpace: 3, parentSerial: 4, at: 5,
      recorded: 6, event: event, previous: previous)
  }

  @Test("a version comes back as it was stored, and points back only", arguments: StoreUnderTest.all)
  func versions(_ engine: StoreUnderTest) async throws {
    let bench = try await Bench.withEvent(engine)
    let (first, second) = (version(), version(previous: 1, dealer: "D1"))
    let ids = try await bench.store.write { [try $0.addVersion(first), try $0.addVersion(second)] }
    #expect(ids == [1, 2])
    try await bench.store.read { transaction throws in
      let row = try transaction.version(2)
      #expect(row?.id == 2 && row?.state == 2 && row?.dealer == "D1" && row?.dispatch == 9)
      #expect(row?.territories == "430000" && row?.parentSpace == 3 && row?.parentSerial == 4)
      #expect(row?.at == 5 && row?.recorded == 6 && row?.event == 1 && row?.previous == 1)
      #expect(try transaction.version(3) == nil)
    }
    let bad = [version(previous: 3)] + (engine.isPostgres ? [] : [version(event: 99)])
    for row in bad {
      let error = await #expect(throws: StorageError.self) { try await bench.store.write { try $0.addVersion(row) } }
      #expect(isConstraint(error))
    }
  }

  @Test("a number is found in its track and nowhere else", arguments: StoreUnderTest.all)
  func tracks(_ engine: StoreUnderTest) async throws {
    let bench = try await Bench.withEvent(engine)
    let (a, b, c) = (
      TrackRow(first: 0, last: 9, version: 1), TrackRow(first: 10, last: 10, version: 1),
      TrackRow(first: 20, last: 29, version: 1)
    )
    let row = version()
    try await bench.store.write { transaction throws in
      _ = try transaction.addVersion(row)
      for track in [c, a, b] { try transaction.putTrack(space: 1, track) }
      try transaction.putTrack(space: 2, TrackRow(first: 0, last: 99, version: 1))
    }
    try await bench.store.read { transaction throws in
      for (number, track) in [(0, a), (9, a), (10, b), (20, c), (29, c)] as [(Int64, TrackRow)] {
        #expect(try transaction.track(space: 1, number: number) == track)
      }
      for number in [11, 19, 30, -1] as [Int64] { #expect(try transaction.track(space: 1, number: number) == nil) }
      #expect(try transaction.tracks(space: 1, first: 5, last: 20) == [a, b, c])
      #expect(try transaction.tracks(space: 1, first: 10, last: 19) == [b])
      #expect(try transaction.tracks(space: 1, first: 11, last: 19).isEmpty)
      #expect(try transaction.tracks(space: 1, first: 0, last: .max) == [a, b, c])
      #expect(try transaction.tracks(space: 3, first: 0, last: .max).isEmpty)
    }
  }

  @Test("a track replaces the one that begins where it begins, and goes when removed", arguments: StoreUnderTest.all)
  func replacing(_ engine: StoreUnderTest) async throws {
    let bench = try await Bench.withEvent(engine)
    let row = version()
    try await bench.store.write { transaction throws in
      _ = try transaction.addVersion(row)
      try transaction.putTrack(space: 1, TrackRow(first: 0, last: 9, version: 1))
      try transaction.putTrack(space: 1, TrackRow(first: 0, last: 4, version: 1))
      try transaction.putTrack(space: 1, TrackRow(first: 5, last: 9, version: 1))
      try transaction.removeTrack(space: 1, first: 5)
      try transaction.removeTrack(space: 1, first: 6)
    }
    let left = try await bench.store.read { try $0.tracks(space: 1, first: 0, last: 100) }
    #expect(left == [TrackRow(first: 0, last: 4, version: 1)])
  }

  @Test("a track is not upside down, and has a version", arguments: StoreUnderTest.all)
  func badTracks(_ engine: StoreUnderTest) async throws {
    let bench = try await Bench.withEvent(engine)
    let row = version()
    _ = try await bench.store.write { try $0.addVersion(row) }
    let bad =
      [TrackRow(first: 5, last: 4, version: 1), TrackRow(first: -1, last: 4, version: 1)]
      // A cluster's tracks and versions lie apart.
      + (engine.name == "Citus" ? [] : [TrackRow(first: 0, last: 4, version: 2)])
    for track in bad {
      let error = await #expect(throws: StorageError.self) {
        try await bench.store.write { try $0.putTrack(space: 1, track) }
      }
      #expect(isConstraint(error))
    }
  }

  @Test("what is in a box is listed in order, put in once and taken out", arguments: StoreUnderTest.all)
  func contents(_ engine: StoreUnderTest) async throws {
    let bench = try Bench(engine)
    try await bench.store.write { transaction throws in
      try transaction.addContent(parentSpace: 1, parentSerial: 6, space: 2, first: 0, last: 4)
      try transaction.addContent(parentSpace: 1, parentSerial: 5, space: 2, first: 9, last: 9)
      try transaction.addContent(parentSpace: 1, parentSerial: 5, space: 2, first: 5, last: 7)
      try transaction.addContent(parentSpace: 1, parentSerial: 7, space: 2, first: 20, last: 21)
      try transaction.addContent(parentSpace: 3, parentSerial: 5, space: 2, first: 5, last: 7)
    }
    let twice = await #expect(throws: StorageError.self) {
      try await bench.store.write {
        try $0.addContent(parentSpace: 1, parentSerial: 5, space: 2, first: 5, last: 5)
      }
    }
    #expect(isConstraint(twice))
    try await bench.store.write {
      try $0.removeContent(parentSpace: 1, parentSerial: 5, space: 2, first: 9)
    }
    let rows = try await bench.store.read { try $0.contents(parentSpace: 1, first: 5, last: 6) }
    #expect(rows.map { [$0.parentSerial, $0.space, $0.first, $0.last] } == [[5, 2, 5, 7], [6, 2, 0, 4]])
  }

  @Test("numbers of a space are given one after the other, also to racing takers", arguments: StoreUnderTest.all)
  func spaces(_ engine: StoreUnderTest) async throws {
    let bench = try Bench(engine)
    let firsts = try await withThrowingTaskGroup(of: Int64.self) { group in
      for _ in 0..<40 {
        group.addTask {
          try await bench.store.write { transaction in try transaction.take(25, from: transaction.space("i:x:0")) }
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(firsts.sorted() == (0..<40).map { $0 * 25 })
    let other = try await bench.store.write { try $0.space("b:1.6901234") }
    try await bench.store.read { transaction throws in
      #expect(try transaction.spaces().map(\.key) == ["i:x:0", "b:1.6901234"])
      #expect(try transaction.spaces().map(\.next) == [1000, 0])
      #expect(try transaction.findSpace("b:1.6901234") == other)
      #expect(try transaction.findSpace("i:y:0") == nil)
      #expect(try transaction.spaceKey(other) == "b:1.6901234")
      #expect(try transaction.spaceKey(99) == nil)
    }
  }
}
