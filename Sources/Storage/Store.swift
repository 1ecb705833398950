import Dispatch
import GRDB
import GRDBSQLite

/// The embedded store: one SQLite file in WAL mode, one writer, several readers.
///
/// Writes run one after the other on a queue of their own and ignore task cancellation: what a request began
/// outlives it (GRDB rolls a write back when its task is cancelled).
package final class Store: Sendable {
  private let pool: DatabasePool
  private let writer = DispatchQueue(label: "yima.store.writer", qos: .userInitiated)
  private let readers = DispatchQueue(label: "yima.store.readers", attributes: .concurrent)

  /// How hard a commit is pushed to the disk (`PRAGMA synchronous`).
  package enum Durability: String, Sendable {
    /// Every commit is fsync'ed: an answer outlives a power cut.
    case full = "FULL"
    /// Commits survive a crash of the process, not of the machine. For demo data and bulk loads.
    case normal = "NORMAL"
  }

  /// Opens the file, makes it when missing, and brings its schema up to date.
  package init(path: String, durability: Durability = .full) throws(StorageError) {
    do {
      var configuration = Configuration()
      configuration.busyMode = .timeout(10)
      configuration.maximumReaderCount = 8
      configuration.prepareDatabase { database in
        try database.execute(
          sql: """
            PRAGMA cache_size = -65536;
            PRAGMA mmap_size = 268435456;
            PRAGMA temp_store = MEMORY;
            PRAGMA wal_autocheckpoint = 4000;
            """)
      }
      pool = try DatabasePool(path: path, configuration: configuration)
      // After the pool is made: GRDB sets `synchronous = NORMAL` on the writer when it turns WAL mode on.
      try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = \(durability.rawValue)") }
      try Schema.migrator.migrate(pool)
    } catch {
      throw StorageError(any: error)
    }
  }

  /// Runs `body` in one write transaction; it commits when `body` returns and leaves nothing when it throws.
  package func write<T: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> T) async throws -> T {
    try await withCheckedThrowingContinuation { continuation in
      writer.async { [self] in continuation.resume(with: Result { try commit(body) }) }
    }
  }

  /// The same for callers outside of Swift concurrency; blocks the calling thread.
  package func writeBlocking<T>(_ body: (Transaction) throws -> T) throws -> T {
    try writer.sync { try commit(body) }
  }

  /// Runs `work` on the writer's queue, between transactions: group commits batch themselves with it.
  package func enqueue(_ work: @escaping @Sendable () -> Void) { writer.async(execute: work) }

  /// One write transaction on the calling thread, which must be the writer's (inside `enqueue`).
  package func commit<T>(_ body: (Transaction) throws -> T) throws -> T {
    try pool.writeWithoutTransaction { database in
      var result: Result<T, any Error>?
      try database.inTransaction(.immediate) {
        result = .success(try body(Transaction(database)))
        return .commit
      }
      guard let result else { throw StorageError.engine(code: -1, message: "transaction without a result") }
      return try result.get()
    }
  }

  /// Runs `body` on a consistent snapshot; writers are not held up.
  package func read<T: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> T) async throws -> T {
    try await withCheckedThrowingContinuation { continuation in
      readers.async { [self] in continuation.resume(with: Result { try readBlocking(body) }) }
    }
  }

  /// The same for callers outside of Swift concurrency; blocks the calling thread.
  package func readBlocking<T>(_ body: (Transaction) throws -> T) throws -> T {
    try pool.read { try body(Transaction($0)) }
  }

  /// Changes whenever another connection or process has committed (`PRAGMA data_version`): caches compare it.
  /// Must be called inside a write transaction, whose connection never changes.
  package static func dataVersion(_ transaction: Transaction) throws -> Int64 {
    try transaction.first("PRAGMA data_version") { $0.int(0) } ?? 0
  }

  /// Copies the whole database into a new file, while serving (`VACUUM INTO`). Readers go on, writers wait.
  package func copy(to path: String) async throws {
    try await withCheckedThrowingContinuation { continuation in
      writer.async { [self] in continuation.resume(with: Result { try vacuum(into: path) }) }
    }
  }

  /// SQLite refuses VACUUM inside a transaction, and GRDB opens one for every read.
  private func vacuum(into path: String) throws {
    do {
      try pool.writeWithoutTransaction { try $0.execute(sql: "VACUUM INTO ?", arguments: [path]) }
    } catch { throw StorageError(any: error) }
  }

  /// Waits for running work, moves the write-ahead log into the file and closes it.
  package func close() throws {
    try writer.sync {
      try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
      try pool.close()
    }
  }
}
