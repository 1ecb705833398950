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
      var result: T?
      try database.inTransaction(.immediate) {
        let transaction = Transaction(database)
        result = try body(transaction)
        if let failure = transaction.failure { throw failure }
        return .commit
      }
      guard let result else { throw StorageError.engine(code: -1, message: "transaction without a result") }
      return result
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
