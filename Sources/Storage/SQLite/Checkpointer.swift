import Dispatch
import GRDB
import GRDBSQLite
import Synchronization

/// Copies SQLite's write-ahead log back into the database file beside the writer. Left to itself SQLite does that
/// inside a commit, and every scan waits for it. Here a connection of its own copies nearly all, and the writer, between
/// two transactions, only what was written meanwhile; after that the log begins anew.
/// Source: https://www.sqlite.org/wal.html#ckpt
final class Checkpointer: Sendable {
  /// Pages in the log from which it is copied: 16 MB.
  static let pages = 4000

  private struct State {
    /// Pages in the log after the last commit.
    var pages = 0
    /// From so many on it is copied again.
    var limit = Checkpointer.pages
    var isRunning = false
    var isStopped = false
  }

  private let state = Mutex(State())
  private let pool: DatabasePool
  private let beside: DatabaseQueue
  private let queue = DispatchQueue(label: "yima.checkpoint", qos: .utility)

  /// Watches the commits of the pool's writer. Must be stopped before the pool is closed.
  init(_ pool: DatabasePool, path: String) throws {
    self.pool = pool
    var configuration = Configuration()
    configuration.busyMode = .immediateError
    beside = try DatabaseQueue(path: path, configuration: configuration)
    pool.writeWithoutTransaction { database in
      let context = Unmanaged.passUnretained(self).toOpaque()
      _ = sqlite3_wal_hook(
        database.sqliteConnection,
        { context, _, _, pages in
          if let context { Unmanaged<Checkpointer>.fromOpaque(context).takeUnretainedValue().committed(Int(pages)) }
          return SQLITE_OK
        }, context)
    }
  }

  /// Ends a copy that is under way and takes no other up.
  func stop() throws {
    state.withLock { $0.isStopped = true }
    queue.sync {}
    pool.writeWithoutTransaction { _ = sqlite3_wal_hook($0.sqliteConnection, nil, nil) }
    try beside.close()
  }

  private func committed(_ pages: Int) {
    let mustRun = state.withLock { state in
      if pages < state.pages { state.limit = Self.pages }
      state.pages = pages
      guard pages >= state.limit, !state.isRunning, !state.isStopped else { return false }
      state.isRunning = true
      return true
    }
    if mustRun { queue.async { [self] in copy() } }
  }

  /// A copy that fails, such as on a full disk, loses nothing: the log is whole, and is copied when it has grown.
  private func copy() {
    _ = try? beside.writeWithoutTransaction(Self.checkpoint)
    pool.asyncWriteWithoutTransaction { [self] database in
      let inLog = try? Self.checkpoint(database)
      state.withLock { state in
        state.limit = max(inLog ?? 0, state.pages) + Self.pages / 4
        state.isRunning = false
      }
    }
  }

  /// Copies what no reader still needs and answers how many pages the log has.
  private static func checkpoint(_ database: Database) throws -> Int? {
    try Row.fetchOne(database, sql: "PRAGMA wal_checkpoint(PASSIVE)")?["log"]
  }
}
