import CPostgres
import Dispatch
import Synchronization

/// PostgreSQL 15 or newer through libpq: one connection for writes, a few for reads.
///
/// All servers on one database write in turn under a transaction-level advisory lock, so a write transaction sees what
/// every earlier one did, and event numbers have no gap. Commits of many scans at once make up for the turns.
final class PostgresEngine: StorageEngine {
  private let url: String
  private let durability: Store.Durability
  private let writer: Mutex<Slot>
  private let readers = Mutex(Readers())
  private let roles = Mutex(Roles())
  private let months = EventMonths()
  let isDistributed: Bool
  private let readerPlaces = DispatchSemaphore(value: PostgresEngine.readersMax)

  static let readersMax = 8

  /// A connection that is made when it is needed.
  private struct Slot {
    var connection: PostgresConnection?
    var isClosed = false
  }

  /// A connection for each role that this process holds: the lock lives as long as its session.
  private struct Roles {
    var held: [String: PostgresConnection] = [:]
    var isClosed = false
  }

  private struct Readers {
    var idle: [PostgresConnection] = []
    var isClosed = false
  }

  init(url: String, durability: Store.Durability) throws(StorageError) {
    self.url = url
    self.durability = durability
    let connection = try PostgresConnection(url)
    try PostgresSchema.migrate(connection)
    try Self.prepare(connection, durability)
    try Self.prepareForWrites(connection)
    do {
      isDistributed = try ClusterPlan.isApplied(Transaction(connection))
      if isDistributed { try Self.prepareForCluster(connection) }
    } catch { throw StorageError(any: error) }
    writer = Mutex(Slot(connection: connection))
  }

  private static func prepare(_ connection: PostgresConnection, _ durability: Store.Durability) throws(StorageError) {
    if durability == .normal { try connection.command("SET synchronous_commit = off") }
    // A transaction that hangs must not hold up every other server for ever.
    try connection.command("SET idle_in_transaction_session_timeout = '30s'")
    try connection.command("SET lock_timeout = '10s'")
    try connection.synchronise()
  }

  /// On a Citus cluster whose tables are spread: what one transaction does over many shards goes one after the other on
  /// each node, so that what it wrote before is seen by what follows; and rare reports may join tables that lie apart.
  private static func prepareForCluster(_ connection: PostgresConnection) throws {
    for setting in [
      "multi_shard_modify_mode = 'sequential'", "max_adaptive_executor_pool_size = 1", "enable_repartition_joins = on",
    ] { try connection.command("SET citus.\(setting)") }
    try connection.synchronise()
    connection.isDistributed = true
  }

  private static func prepareForWrites(_ connection: PostgresConnection) throws(StorageError) {
    // Every statement of a hot write names its keys; a plan made while a table was small must not outlive its growth.
    try connection.command("SET enable_seqscan = off")
    try connection.synchronise()
  }

  private func connect() throws -> PostgresConnection {
    let connection = try PostgresConnection(url)
    try Self.prepare(connection, durability)
    if isDistributed { try Self.prepareForCluster(connection) }
    return connection
  }

  /// The server's commit is on its disks already.
  func sync() throws {}

  func commit<T>(isSynced: Bool, _ body: (Transaction) throws -> T) throws -> T {
    try writer.withLock { slot in
      guard !slot.isClosed else { throw StorageError.connection("the store is closed") }
      if slot.connection?.isAlive != true { slot.connection = nil }
      let connection = try slot.connection ?? connect()
      if slot.connection == nil {
        try Self.prepareForWrites(connection)
        // Another server may answer now, which lacks what the first one did last.
        months.forget()
      }
      slot.connection = connection
      do {
        try connection.command("BEGIN")
        try connection.command(PostgresSchema.writerLock)
        let transaction = Transaction(connection, months, isWriting: true)
        let result = try body(transaction)
        if let failure = transaction.failure { throw failure }
        try connection.command("COMMIT")
        try connection.synchronise()
        transaction.publishMonths()
        return result
      } catch {
        do { try connection.abandon() } catch { slot.connection = nil }
        throw error
      }
    }
  }

  func read<T>(_ body: (Transaction) throws -> T) throws -> T { try read("READ ONLY", body) }

  func readApart<T>(_ body: (Transaction) throws -> T) throws -> T { try read("READ WRITE", body) }

  private func read<T>(_ mode: String, _ body: (Transaction) throws -> T) throws -> T {
    readerPlaces.wait()
    defer { readerPlaces.signal() }
    let idle = try readers.withLock { readers throws(StorageError) in
      guard !readers.isClosed else { throw StorageError.connection("the store is closed") }
      return readers.idle.popLast()
    }
    let connection = if let idle, idle.isAlive { idle } else { try connect() }
    do {
      try connection.command("BEGIN ISOLATION LEVEL REPEATABLE READ \(mode)")
      let transaction = Transaction(connection, months)
      let result = try body(transaction)
      if let failure = transaction.failure { throw failure }
      try connection.command("COMMIT")
      try connection.synchronise()
      giveBack(connection)
      return result
    } catch {
      if (try? connection.abandon()) != nil { giveBack(connection) }
      throw error
    }
  }

  private func giveBack(_ connection: PostgresConnection) {
    readers.withLock { if !$0.isClosed { $0.idle.append(connection) } }
  }

  /// Writes the tables with personal fields anew, so that no dead row keeps what was erased; the personal parts of a
  /// month that is over are dropped with their files once none is left. The server's own WAL, its archive and base
  /// backups are the administrator's: README, "Privacy".
  func scrub() throws -> Bool {
    let connection = try writer.withLock { slot in
      guard !slot.isClosed else { throw StorageError.connection("the store is closed") }
      return try connect()
    }
    // Each by itself: VACUUM runs in no transaction, and only who needs that table waits for it.
    for table in try personalTables(connection) + ["alert", "attachment", "inspection_file"] {
      try connection.command("VACUUM (FULL) \(table)")
      try connection.synchronise()
    }
    return true
  }

  /// The partitions with what is personal in events, after dropping those that stay empty.
  private func personalTables(_ connection: PostgresConnection) throws -> [String] {
    let transaction = Transaction(connection)
    let months = try transaction.all("SELECT month FROM event_month ORDER BY month") { $0.int(0) }
    var kept: [String] = []
    for month in months {
      let name = MonthlyTable.personal.partition(ofMonth: month)
      guard try transaction.hasTable(name) else { continue }
      if try month == months.last || transaction.first("SELECT 1 FROM \(name) LIMIT 1", [], { _ in true }) == true {
        kept.append(name)
      } else {
        try transaction.define("DROP TABLE \(name)")
      }
    }
    try connection.synchronise()
    return kept
  }

  func copy(to path: String) throws {
    throw StorageError.engine(code: -1, message: "PostgreSQL is copied with pg_dump or pg_basebackup")
  }

  /// A session-level advisory lock: PostgreSQL gives it back when the session ends, however it ends.
  func leads(_ role: String) -> Bool {
    roles.withLock { roles in
      guard !roles.isClosed else { return false }
      do {
        if let connection = roles.held[role] {
          // Asked over the connection itself: a lock whose session is gone is gone too.
          PQclear(try connection.query("SELECT 1", PostgresParameters([] as [SQLValue])))
          try connection.synchronise()
          return true
        }
        let connection = try connect()
        let result = try connection.query(
          "SELECT pg_try_advisory_lock(hashtextextended('yima ' || ?1 || ' ' || current_schema(), 0))",
          PostgresParameters([.text(role)]))
        let isTaken = PostgresValue(result, 0, 0).int == 1
        PQclear(result)
        try connection.synchronise()
        if isTaken { roles.held[role] = connection }
        return isTaken
      } catch {
        roles.held[role] = nil
        return false
      }
    }
  }

  func close() throws {
    roles.withLock { $0 = Roles(held: [:], isClosed: true) }
    writer.withLock { $0 = Slot(connection: nil, isClosed: true) }
    readers.withLock { $0 = Readers(idle: [], isClosed: true) }
  }
}
