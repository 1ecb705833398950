import Foundation
import Storage
import Testing

@Suite("The store itself: durability, other processes, copies")
struct StoreTests {
  @Test("full durability fsyncs every commit, normal does not")
  func durability() async throws {
    let folder = try Folder()
    for (durability, expected) in [(Store.Durability.full, Int64(2)), (.normal, 1)] {
      let store = try Store(path: folder.path + "/\(durability.rawValue).sqlite", durability: durability)
      let found = try store.writeBlocking { try $0.first("PRAGMA synchronous") { $0.int(0) } }
      #expect(found == expected, "PRAGMA synchronous under \(durability)")
    }
  }

  @Test("a commit that is not synced is brought to the disk later; the next one is synced by itself again")
  func syncing() throws {
    let folder = try Folder()
    let store = try Store(path: folder.path + "/yima.sqlite", durability: .full)
    func commit(isSynced: Bool) throws -> Int64? {
      try store.commit(isSynced: isSynced) { transaction in
        _ = try transaction.appendEvent("x")
        return try transaction.first("PRAGMA synchronous") { $0.int(0) }
      }
    }
    #expect(try commit(isSynced: false) == 1)
    try store.sync()
    #expect(try commit(isSynced: true) == 2)
    #expect(try commit(isSynced: false) == 1)
    try store.sync()
    #expect(try store.readBlocking { try $0.lastEventID() } == 3)
  }

  @Test("the tail has what this process committed, until another one comes between", arguments: StoreUnderTest.all)
  func tail(_ engine: StoreUnderTest) async throws {
    let bench = try Bench(engine)
    let tail = bench.store.tail
    #expect(tail.events(after: 0, limit: 10) == nil)
    for name in ["a", "b", "c"] { _ = try await bench.store.write { try $0.appendEvent(name) } }
    await #expect(throws: Deliberate()) {
      try await bench.store.write { transaction throws in
        _ = try transaction.appendEvent("rolled back")
        throw Deliberate()
      }
    }
    #expect(tail.events(after: 0, limit: 10)?.map(\.kind) == ["a", "b", "c"])
    #expect(tail.events(after: 1, limit: 1)?.map(\.id) == [2])
    #expect(tail.events(after: 3, limit: 10) == nil)
    let other = try bench.another()
    _ = try await other.write { try $0.appendEvent("theirs") }
    _ = try await bench.store.write { try $0.appendEvent("e") }
    #expect(tail.events(after: 2, limit: 10) == nil)
    #expect(tail.events(after: 4, limit: 10)?.map(\.kind) == ["e"])
  }

  @Test("what was committed is there when the database is opened again", arguments: StoreUnderTest.all)
  func reopening(_ engine: StoreUnderTest) async throws {
    let bench = try Bench(engine)
    try await bench.store.write { try $0.set("colour", to: "red") }
    try await bench.store.write { try $0.set("colour", to: "blue") }
    try bench.store.close()
    let again = try bench.another()
    #expect(try await again.read { try $0.setting("colour") } == "blue")
    #expect(try await again.read { try $0.setting("shape") } == nil)
  }

  @Test("a closed store refuses", arguments: StoreUnderTest.all)
  func closed(_ engine: StoreUnderTest) async throws {
    let bench = try Bench(engine)
    try bench.store.close()
    await #expect(throws: (any Error).self) { try await bench.store.write { try $0.appendEvent("late") } }
    await #expect(throws: (any Error).self) { try await bench.store.read { try $0.lastEventID() } }
  }

  @Test("files as a crash leaves them, without a checkpoint of the log, open with all that was committed")
  func crash() async throws {
    let bench = try Bench(StoreUnderTest.sqlite)
    for number in 0..<50 { _ = try await bench.store.write { try $0.appendEvent("\(number)") } }
    let after = try Folder()
    for name in ["yima.sqlite", "yima.sqlite-wal"] {
      try FileManager.default.copyItem(atPath: "\(bench.folder.path)/\(name)", toPath: "\(after.path)/\(name)")
    }
    let store = try bench.engine.open(after.path)
    #expect(try await store.read { try $0.lastEventID() } == 50)
    #expect(try await store.write { try $0.appendEvent("next") } == 51)
  }

  @Test(
    "the catalogue's mark changes when another process changes it, not by our own scans", arguments: StoreUnderTest.all)
  func catalogueMark(_ engine: StoreUnderTest) async throws {
    let bench = try Bench(engine)
    let other = try bench.another()
    let mark: @Sendable () async throws -> Int64 = { try await bench.store.write { try Store.catalogueMark($0) } }
    let first = try await mark()
    _ = try await bench.store.write { try $0.appendEvent("ours") }
    #expect(try await mark() == first)
    _ = try await other.write {
      let event = try $0.appendEvent("theirs")
      try $0.addDealer(DealerRow(code: "D1", name: "D", tier: 1, parent: nil, territories: "430000"), event: event)
    }
    let second = try await mark()
    #expect(second != first)
    #expect(try await mark() == second)
    #expect(try await bench.store.read { try $0.lastEventID() } == 2)
  }

  @Test("two connections write in turn without losing a number", arguments: StoreUnderTest.all)
  func twoWriters(_ engine: StoreUnderTest) async throws {
    let bench = try Bench(engine)
    let stores = [bench.store, try bench.another()]
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<60 {
        group.addTask { _ = try await stores[number % 2].write { try $0.appendEvent("x") } }
      }
      try await group.waitForAll()
    }
    #expect(try await bench.store.read { try $0.integers("SELECT id FROM event ORDER BY id") } == Array(1...60))
  }

  @Test("a copy made while serving is a whole database; a file that is there is not overwritten")
  func copy() async throws {
    let bench = try Bench(StoreUnderTest.sqlite)
    for number in 0..<100 { _ = try await bench.store.write { try $0.appendEvent("\(number)") } }
    let path = bench.folder.path + "/copy.sqlite"
    async let writing = bench.store.write { try $0.appendEvent("meanwhile") }
    try await bench.store.copy(to: path)
    _ = try await writing
    let copy = try Store(path: path)
    let count = try await copy.read { try $0.lastEventID() }
    #expect([100, 101].contains(count))
    #expect(try await copy.read { try $0.first("PRAGMA integrity_check") { $0.text(0) } } == "ok")
    await #expect(throws: StorageError.self) { try await bench.store.copy(to: path) }
  }

  @Test("a file that is no database is corrupt; a folder that is not there is an input or output error")
  func badFiles() throws {
    let folder = try Folder()
    let path = folder.path + "/yima.sqlite"
    try Data(repeating: 0x41, count: 5000).write(to: URL(fileURLWithPath: path))
    let wrong = #expect(throws: StorageError.self) { try Store(path: path) }
    if case .corrupt = wrong {} else { Issue.record("\(String(describing: wrong))") }
    let missing = #expect(throws: StorageError.self) { try Store(path: folder.path + "/none/yima.sqlite") }
    if case .inputOutput = missing {} else { Issue.record("\(String(describing: missing))") }
  }

  @Test("the schema is the committed one; a change needs a new migration and a new file")
  func schema() async throws {
    let bench = try Bench(StoreUnderTest.sqlite)
    let dump = try await bench.store.read { transaction throws in
      try transaction.all(
        """
        SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'
        ORDER BY type DESC, name
        """
      ) { $0.text(0) + ";\n" }.joined(separator: "\n")
    }
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "schema.sql")
    // `YIMA_WRITE_SCHEMA=1` writes the file after a deliberate change.
    if ProcessInfo.processInfo.environment["YIMA_WRITE_SCHEMA"] == "1" {
      try dump.write(to: file, atomically: true, encoding: .utf8)
    }
    #expect(dump == (try String(contentsOf: file, encoding: .utf8)))
  }

  @Test("every error has a sentence that names no value")
  func sentences() {
    let errors: [StorageError] = [
      .constraint("UNIQUE constraint failed: reply.key"), .busy, .connection("refused"), .inputOutput("full"),
      .corrupt("page"),
      .engine(code: 1, message: "no such table"),
    ]
    #expect(Set(errors.map(\.description)).count == errors.count)
    #expect(StorageError(any: Deliberate()) == .engine(code: -1, message: "Deliberate()"))
    #expect(StorageError(any: StorageError.busy) == .busy)
  }
}
