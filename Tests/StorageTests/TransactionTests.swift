import Storage
import Testing

@Suite("A transaction keeps all or nothing")
struct TransactionTests {
  @Test("events are numbered without gap, also after rollbacks", arguments: StoreUnderTest.all)
  func eventNumbers(_ engine: StoreUnderTest) async throws {
    let bench = try Bench(engine)
    for round in 1...20 {
      let fails = round % 3 == 0
      do {
        _ = try await bench.store.write { transaction throws in
          _ = try transaction.appendEvent("a")
          if fails { throw Deliberate() }
        }
        #expect(!fails)
      } catch is Deliberate { #expect(fails) }
    }
    let ids = try await bench.store.read { try $0.events(after: 0, limit: 100).map(\.id) }
    #expect(ids == Array(1...14))
  }

  @Test("a hundred racing writers get a hundred numbers in a row", arguments: StoreUnderTest.all)
  func racingWriters(_ engine: StoreUnderTest) async throws {
    let bench = try Bench(engine)
    let ids = try await withThrowingTaskGroup(of: Int64.self) { group in
      for _ in 0..<100 { group.addTask { try await bench.store.write { try $0.appendEvent("race") } } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(ids.sorted() == Array(1...100))
  }

  @Test("an error out of the body comes out as it went in", arguments: StoreUnderTest.all)
  func errorsPass(_ engine: StoreUnderTest) async throws {
    let bench = try Bench(engine)
    await #expect(throws: Deliberate()) { try await bench.store.write { _ in throw Deliberate() } }
    await #expect(throws: Deliberate()) { try await bench.store.read { _ in throw Deliberate() } }
    #expect(throws: Deliberate()) { try bench.store.writeBlocking { _ in throw Deliberate() } }
    #expect(try bench.store.writeBlocking { try $0.appendEvent("after") } == 1)
  }

  @Test("a refused statement dooms its transaction, also when the error was caught", arguments: StoreUnderTest.all)
  func refusedStatement(_ engine: StoreUnderTest) async throws {
    let bench = try Bench(engine)
    let error = await #expect(throws: StorageError.self) {
      try await bench.store.write { transaction throws in
        _ = try transaction.space("a")
        #expect(throws: StorageError.self) {
          _ = try transaction.run("INSERT INTO space (id, key, next) VALUES (7, 'a', 5)")
        }
        #expect(throws: StorageError.self) { try transaction.spaces() }
      }
    }
    #expect(isConstraint(error), "\(String(describing: error))")
    #expect(try await bench.store.read { try $0.spaces().map(\.key) } == [])
    #expect(try await bench.store.write { try $0.space("b") } == 1)
  }

  @Test("a statement nobody waited for dooms its transaction when it fails", arguments: StoreUnderTest.all)
  func postedStatement(_ engine: StoreUnderTest) async throws {
    let bench = try Bench(engine)
    let error = await #expect(throws: StorageError.self) {
      try await bench.store.write { transaction throws in
        _ = try transaction.appendEvent("lost")
        try? transaction.post("INSERT INTO event (id, kind, at, recorded, body) VALUES (1, 'x', 0, 0, ?)", [.blob([1])])
      }
    }
    #expect(isConstraint(error), "\(String(describing: error))")
    #expect(try await bench.store.read { try $0.lastEventID() } == 0)
    #expect(try await bench.store.write { try $0.appendEvent("kept") } == 1)
  }

  @Test("a reader sees its snapshot while a writer commits", arguments: StoreUnderTest.all)
  func snapshot(_ engine: StoreUnderTest) async throws {
    let bench = try await Bench.withEvent(engine)
    let seen = try bench.store.readBlocking { reader in
      let before = try reader.lastEventID()
      _ = try bench.store.writeBlocking { try $0.appendEvent("second") }
      return (before, try reader.lastEventID())
    }
    #expect(seen == (1, 1))
    #expect(try await bench.store.read { try $0.lastEventID() } == 2)
  }

  @Test("a reader cannot write", arguments: StoreUnderTest.all)
  func readersOnlyRead(_ engine: StoreUnderTest) async throws {
    let bench = try Bench(engine)
    await #expect(throws: StorageError.self) { try await bench.store.read { try $0.appendEvent("no") } }
    #expect(try await bench.store.read { try $0.lastEventID() } == 0)
  }

  @Test("a write survives the cancellation of the task that asked for it", arguments: StoreUnderTest.all)
  func cancellation(_ engine: StoreUnderTest) async throws {
    let bench = try Bench(engine)
    let tasks = (0..<20).map { _ in
      Task { try await bench.store.write { try $0.appendEvent("kept") } }
    }
    for task in tasks { task.cancel() }
    for task in tasks { _ = try await task.value }
    let cancelled = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return try await bench.store.write { try $0.appendEvent("kept too") }
    }
    #expect(try await cancelled.value == 21)
    #expect(try await bench.store.read { try $0.lastEventID() } == 21)
  }

  @Test("work that is enqueued runs between transactions and can commit its own", arguments: StoreUnderTest.all)
  func enqueue(_ engine: StoreUnderTest) async throws {
    let bench = try Bench(engine)
    let store = bench.store
    let id: Int64 = try await withCheckedThrowingContinuation { continuation in
      store.enqueue { continuation.resume(with: Result { try store.commit { try $0.appendEvent("group") } }) }
    }
    #expect(id == 1)
    #expect(try await store.read { try $0.lastEventID() } == 1)
  }

  @Test("a query that throws in the middle can be asked again", arguments: StoreUnderTest.all)
  func interruptedQuery(_ engine: StoreUnderTest) async throws {
    let bench = try Bench(engine)
    try await bench.store.write { for _ in 0..<5 { _ = try $0.appendEvent("x") } }
    try await bench.store.read { transaction throws in
      for _ in 0..<3 {
        #expect(throws: Deliberate()) {
          try transaction.eachBody(after: 0, limit: 5) { id, _ in if id == 3 { throw Deliberate() } }
        }
      }
      var seen: [Int64] = []
      try transaction.eachBody(after: 1, limit: 3) { id, body in
        seen.append(id)
        #expect(body == Array("x".utf8))
      }
      #expect(seen == [2, 3, 4])
    }
  }
}
