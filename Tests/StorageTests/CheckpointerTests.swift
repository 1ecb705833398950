import Foundation
import Storage
import Testing

@Suite("SQLite's write-ahead log is copied back beside the writer")
struct CheckpointerTests {
  private static let megabyte = 1 << 20

  /// Writes 160 MB in 200 transactions.
  private func fill(_ store: Store) async throws {
    for _ in 0..<200 {
      try await store.write { transaction in
        for _ in 0..<200 {
          _ = try transaction.appendEvent(
            kind: "scan", at: 1, recorded: 1, body: [UInt8](repeating: 7, count: 4000), personal: nil, previous: nil)
        }
      }
    }
  }

  private func size(_ name: String, _ bench: Bench) throws -> Int {
    try FileManager.default.attributesOfItem(atPath: "\(bench.folder.path)/\(name)")[.size] as? Int ?? 0
  }

  /// How often the log was begun anew: a number in its header (SQLite file format, 4.1).
  private func beginnings(_ bench: Bench) throws -> [UInt8] {
    let log = try FileHandle(forReadingFrom: URL(filePath: "\(bench.folder.path)/yima.sqlite-wal"))
    defer { try? log.close() }
    return Array((try log.read(upToCount: 32) ?? Data()).dropFirst(12).prefix(4))
  }

  private func count(_ store: Store) async throws -> Int64? {
    try await store.read { try $0.first("SELECT count(*) FROM event") { $0.int(0) } }
  }

  @Test("the log stays short while much is written, and nothing is lost when the file is closed and opened again")
  func short() async throws {
    let bench = try Bench(.sqlite)
    try await fill(bench.store)
    #expect(try size("yima.sqlite-wal", bench) < 80 * Self.megabyte)
    #expect(try size("yima.sqlite", bench) > 80 * Self.megabyte)
    try bench.store.close()
    #expect(!FileManager.default.fileExists(atPath: "\(bench.folder.path)/yima.sqlite-wal"))
    let again = try StoreUnderTest.sqlite.open(bench.folder.path)
    #expect(try await count(again) == 40_000)
    try again.close()
  }

  @Test("what a reader still sees stays in the log, and goes from it when the reader is done")
  func reader() async throws {
    let bench = try Bench(.sqlite)
    let (begun, begin) = AsyncStream.makeStream(of: Void.self)
    let (ended, end) = AsyncStream.makeStream(of: Void.self)
    let store = bench.store
    let seen = Task.detached {
      try store.readBlocking { transaction in
        let before = try transaction.first("SELECT count(*) FROM event") { $0.int(0) }
        begin.finish()
        let wait = DispatchSemaphore(value: 0)
        Task {
          for await _ in ended {}
          wait.signal()
        }
        wait.wait()
        return (before, try transaction.first("SELECT count(*) FROM event") { $0.int(0) })
      }
    }
    for await _ in begun {}
    try await fill(store)
    #expect(try size("yima.sqlite-wal", bench) > 100 * Self.megabyte, "the reader's pages may not be overwritten")
    end.finish()
    let counts = try await seen.value
    #expect(counts.0 == 0 && counts.1 == 0)
    #expect(try await count(store) == 40_000)
    // Copying so much takes a while, in which more is written.
    let (run, most) = (try beginnings(bench), 10)
    var fills = 1
    while try beginnings(bench) == run, fills < most {
      try await fill(store)
      fills += 1
    }
    #expect(fills < most, "the log is used again from its beginning")
    #expect(try await count(store) == Int64(fills) * 40_000)
  }
}
