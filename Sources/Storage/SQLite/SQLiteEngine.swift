import GRDB

/// The embedded engine: one SQLite file in WAL mode, one writer, several readers.
struct SQLiteEngine: StorageEngine {
  private let pool: DatabasePool

  /// Opens the file, makes it when missing, and brings its schema up to date.
  init(path: String, durability: Store.Durability) throws(StorageError) {
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
      try SQLiteSchema.migrator.migrate(pool)
    } catch {
      throw StorageError(any: error)
    }
  }

  func commit<T>(_ body: (Transaction) throws -> T) throws -> T {
    try pool.writeWithoutTransaction { database in
      // Statements that are compiled once: GRDB's own transactions compile theirs again each time.
      let session = SQLiteSession(database)
      _ = try session.run("BEGIN IMMEDIATE", [])
      do {
        let transaction = Transaction(database)
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

  func read<T>(_ body: (Transaction) throws -> T) throws -> T {
    try pool.read { try body(Transaction($0)) }
  }

  /// SQLite refuses VACUUM inside a transaction, and GRDB opens one for every read.
  func copy(to path: String) throws {
    do {
      try pool.writeWithoutTransaction { try $0.execute(sql: "VACUUM INTO ?", arguments: [path]) }
    } catch { throw StorageError(any: error) }
  }

  /// One process serves an SQLite file; others that open it are commands.
  func leads(_ role: String) -> Bool { true }

  func close() throws {
    try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
    try pool.close()
  }
}
