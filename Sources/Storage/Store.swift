import Dispatch

/// The database: an SQLite file, or PostgreSQL when one machine is not enough.
///
/// Writes run one after the other on a queue of their own and ignore task cancellation: what a request began
/// outlives it. On PostgreSQL a lock makes them run one after the other among all servers too.
package final class Store: Sendable {
  private let engine: any StorageEngine
  /// The newest events that this process committed.
  package let tail = EventTail()
  private let writer = DispatchQueue(label: "yima.store.writer", qos: .userInitiated)
  private let readers = DispatchQueue(label: "yima.store.readers", attributes: .concurrent)

  /// How hard a commit is pushed to the disk (`PRAGMA synchronous`, `synchronous_commit`).
  package enum Durability: String, Sendable {
    /// Every commit is fsync'ed: an answer outlives a power cut.
    case full = "FULL"
    /// Commits survive a crash of the process, not of the machine. For demo data and bulk loads.
    case normal = "NORMAL"
  }

  /// Opens an SQLite file, makes it when missing, and brings its schema up to date.
  package init(path: String, durability: Durability = .full) throws(StorageError) {
    engine = try SQLiteEngine(path: path, durability: durability)
  }

  /// Connects to PostgreSQL (`postgres://user@host/database`, with every libpq parameter) and brings the schema up to
  /// date. Fails at once when the host or database is wrong.
  package init(postgres url: String, durability: Durability = .full) throws(StorageError) {
    engine = try PostgresEngine(url: url, durability: durability)
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
  ///
  /// - Parameter isSynced: false when the caller will ``sync()`` before it tells anyone: the disk then works while the
  ///   next transaction is made. What others may see of such a commit until then is what a power cut may take back; a
  ///   later synced commit brings all earlier ones to the disk first.
  package func commit<T>(isSynced: Bool = true, _ body: (Transaction) throws -> T) throws -> T {
    var appended: [EventRow] = []
    let result = try engine.commit(isSynced: isSynced) { transaction in
      defer { appended = transaction.appended }
      return try body(transaction)
    }
    if !appended.isEmpty { tail.add(appended) }
    return result
  }

  /// Brings every commit made before this call to the disk. Blocks the calling thread, and no writer.
  package func sync() throws { try engine.sync() }

  /// Runs `body` on a consistent snapshot; writers are not held up.
  package func read<T: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> T) async throws -> T {
    try await withCheckedThrowingContinuation { continuation in
      readers.async { [self] in continuation.resume(with: Result { try readBlocking(body) }) }
    }
  }

  /// The same for callers outside of Swift concurrency; blocks the calling thread.
  package func readBlocking<T>(_ body: (Transaction) throws -> T) throws -> T { try engine.read(body) }

  /// The same for statements that join any tables: see ``Transaction/gather()``.
  package func readGathered<T: Sendable>(
    _ body: @escaping @Sendable (Transaction) throws -> T
  ) async throws -> T {
    guard isDistributed else { return try await read(body) }
    return try await withCheckedThrowingContinuation { continuation in
      readers.async { [self] in
        continuation.resume(
          with: Result {
            try engine.readApart { transaction in
              try transaction.gather()
              return try body(transaction)
            }
          })
      }
    }
  }

  /// Changes whenever another process has changed what caches hold: products, dealers, terminals, policies, batches,
  /// keys. On SQLite it changes with any foreign commit (`PRAGMA data_version`). Must be called inside a write
  /// transaction.
  package static func catalogueMark(_ transaction: Transaction) throws -> Int64 {
    switch transaction.engine {
    case .sqlite: try transaction.first("PRAGMA data_version") { $0.int(0) } ?? 0
    case .postgres: try transaction.first("SELECT count FROM mark WHERE name = 'catalogue'") { $0.int(0) } ?? 0
    }
  }

  /// Copies the whole SQLite database into a new file, while serving (`VACUUM INTO`). Readers go on, writers wait.
  /// PostgreSQL has `pg_dump` and base backups for that, and refuses.
  package func copy(to path: String) async throws {
    try await withCheckedThrowingContinuation { continuation in
      writer.async { [self] in continuation.resume(with: Result { try engine.copy(to: path) }) }
    }
  }

  /// Overwrites what was erased: rewrites the SQLite file without it (`VACUUM`) and empties the write-ahead log. False
  /// when a reader kept the log from being emptied: to be done again. On PostgreSQL dead rows are for `VACUUM FULL`, WAL
  /// and base backups for its administrator; nothing is done.
  package func scrub() async throws -> Bool {
    try await withCheckedThrowingContinuation { continuation in
      writer.async { [self] in continuation.resume(with: Result { try engine.scrub() }) }
    }
  }

  /// Copies everything in this SQLite database into an empty PostgreSQL database, in one transaction there, and closes
  /// this one for writing: two databases that both went on would sign two logs.
  ///
  /// Steps, and what a crash leaves after each: 1. copy under SQLite's write lock: nothing; 2. commit in PostgreSQL: both
  /// databases hold the same, and moving again says that the target is not empty; 3. close the file: done.
  /// - Parameter progress: told the table and the rows copied of it so far.
  /// - Throws: `StorageError.constraint` when that database is not empty.
  package func move(toPostgres url: String, progress: (String, Int) -> Void) throws {
    // The schema comes first, through an engine that is closed again.
    try PostgresEngine(url: url, durability: .full).close()
    let loader = try PostgresLoader(url)
    try writeBlocking { transaction in
      for table in PostgresLoader.tables {
        try loader.copy(table, from: transaction) { progress(table, $0) }
      }
      try loader.finish()
      try transaction.closeForWriting()
    }
  }

  /// Holds a role that only one server on a database may have, such as sequencing, for as long as the connection lives
  /// that took it. Always true on SQLite. Cheap to ask again and again: who holds it keeps it.
  package func leads(_ role: String) -> Bool { engine.leads(role) }

  /// Whether the tables are spread over the nodes of a cluster: see ``ClusterPlan``.
  package var isDistributed: Bool { engine.isDistributed }

  /// Waits for running work, moves what is still in logs into the database and closes it.
  package func close() throws { try writer.sync { try engine.close() } }
}

extension Transaction {
  /// Lets no event be written to this SQLite file any more, by whatever process.
  package func closeForWriting() throws {
    try set("moved", to: "yes")
    try run(
      """
      CREATE TRIGGER IF NOT EXISTS moved BEFORE INSERT ON event
      BEGIN SELECT RAISE (ABORT, 'this installation was moved to PostgreSQL'); END
      """)
  }

  /// Tells other servers that the catalogue changed. SQLite tells them itself.
  func markCatalogue() throws {
    guard case .postgres = engine else { return }
    try post("UPDATE mark SET count = count + 1 WHERE name = 'catalogue'")
  }
}
