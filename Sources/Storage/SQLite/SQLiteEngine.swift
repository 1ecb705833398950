import GRDB
import Glibc
import Synchronization

/// The embedded engine: one SQLite file in WAL mode, one writer, several readers.
final class SQLiteEngine: StorageEngine {
  private let pool: DatabasePool
  private let durability: Store.Durability
  /// What the writer's `PRAGMA synchronous` is now.
  private let setting: Mutex<Store.Durability>
  private let log: Mutex<WriteAheadFile>
  private let checkpointer: Checkpointer
  /// The writer's statements.
  private let statements = SQLiteStatements()

  /// Opens the file, makes it when missing, and brings its schema up to date.
  init(path: String, durability: Store.Durability) throws(StorageError) {
    self.durability = durability
    setting = Mutex(durability)
    log = Mutex(WriteAheadFile(path: path + "-wal"))
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
            PRAGMA wal_autocheckpoint = \(Checkpointer.pages);
            """)
      }
      pool = try DatabasePool(path: path, configuration: configuration)
      // After the pool is made: GRDB sets `synchronous = NORMAL` on the writer when it turns WAL mode on.
      try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = \(durability.rawValue)") }
      try SQLiteSchema.migrator.migrate(pool)
      checkpointer = try Checkpointer(pool, path: path)
    } catch {
      throw StorageError(any: error)
    }
  }

  func commit<T>(isSynced: Bool, _ body: (Transaction) throws -> T) throws -> T {
    try pool.writeWithoutTransaction { database in
      // Statements that are compiled once: GRDB's own transactions compile theirs again each time.
      let session = SQLiteSession(database, statements: statements)
      try set(isSynced ? durability : .normal, session)
      _ = try session.run("BEGIN IMMEDIATE", [])
      do {
        let transaction = Transaction(session)
        let result = try body(transaction)
        if let failure = transaction.failure { throw failure }
        _ = try session.run("COMMIT", [])
        return result
      } catch {
        // Some failures, such as a full disk, have rolled back already.
        if database.isInsideTransaction { _ = try? session.run("ROLLBACK", []) }
        throw error
      }
    }
  }

  private func set(_ wanted: Store.Durability, _ session: SQLiteSession) throws {
    try setting.withLock { setting in
      guard setting != wanted else { return }
      _ = try session.run("PRAGMA synchronous = \(wanted.rawValue)", [])
      setting = wanted
    }
  }

  func sync() throws {
    guard durability == .full else { return }
    try log.withLock { log throws(StorageError) in try log.sync() }
  }

  func read<T>(_ body: (Transaction) throws -> T) throws -> T {
    try pool.read { try body(Transaction($0)) }
  }

  func readApart<T>(_ body: (Transaction) throws -> T) throws -> T { try read(body) }

  var isDistributed: Bool { false }

  /// SQLite refuses VACUUM inside a transaction, and GRDB opens one for every read.
  func copy(to path: String) throws {
    do {
      try pool.writeWithoutTransaction { try $0.execute(sql: "VACUUM INTO ?", arguments: [path]) }
    } catch { throw StorageError(any: error) }
  }

  func scrub() throws -> Bool {
    do {
      return try pool.writeWithoutTransaction { database in
        // The copy that VACUUM makes on its way goes to a file that has no name: memory may be too small for it.
        try database.execute(sql: "PRAGMA temp_store = FILE; VACUUM; PRAGMA temp_store = MEMORY;")
        return try Int.fetchOne(database, sql: "PRAGMA wal_checkpoint(TRUNCATE)") == 0
      }
    } catch { throw StorageError(any: error) }
  }

  /// One process serves an SQLite file; others that open it are commands.
  func leads(_ role: String) -> Bool { true }

  func close() throws {
    try checkpointer.stop()
    try pool.writeWithoutTransaction {
      statements.removeAll()
      try $0.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)")
    }
    try pool.close()
  }
}

/// SQLite's write-ahead log as a file of its own, to bring it to the disk beside a running transaction. SQLite takes no
/// locks on this file, so opening and closing it harms none.
private struct WriteAheadFile: ~Copyable {
  private let path: String
  private var descriptor: Int32 = -1

  init(path: String) { self.path = path }

  deinit { if descriptor >= 0 { close(descriptor) } }

  mutating func sync() throws(StorageError) {
    if descriptor < 0 { descriptor = open(path, O_RDWR | O_CLOEXEC) }
    guard descriptor >= 0, fdatasync(descriptor) == 0 else {
      throw .inputOutput("the write-ahead log cannot be brought to the disk: \(String(cString: strerror(errno)))")
    }
  }
}
