import CPostgres
import GRDB

/// One open transaction. It lives only inside the closure that `Store.write` or `Store.read` hands it to.
///
/// SQL is written once for both engines, with `?` or `?1` for values; where an engine's own strength pays, an intent
/// asks which one it is. A statement that fails dooms its transaction on either engine, even when the error is caught:
/// every later statement and the commit throw it again.
package final class Transaction {
  /// Where the statements go.
  enum Engine {
    case sqlite(SQLiteSession)
    case postgres(PostgresConnection)
  }

  let engine: Engine
  /// What failed first.
  private(set) var failure: StorageError?
  /// The events that this transaction added, for the store's tail.
  var appended: [EventRow] = []
  /// On PostgreSQL: what the process knows of the months of events, and the months that this transaction began.
  let sharedMonths: EventMonths
  var begunMonths: [(month: Int64, first: Int64)] = []
  /// Whether ``gather()`` was called.
  var isGathered = false
  /// Whether this is the one write transaction that there is at a time, which sees all that was committed.
  let isWriting: Bool
  /// The newest row numbers of the tables that this transaction adds rows to.
  private var newest: [String: Int64] = [:]
  /// The same of events, of which a group has hundreds.
  private var newestEvent: Int64?

  convenience init(_ database: Database) { self.init(SQLiteSession(database)) }

  init(_ session: SQLiteSession) {
    engine = .sqlite(session)
    sharedMonths = EventMonths()
    isWriting = false
  }

  init(_ connection: PostgresConnection, _ months: EventMonths = EventMonths(), isWriting: Bool = false) {
    engine = .postgres(connection)
    sharedMonths = months
    self.isWriting = isWriting
  }

  /// Runs one statement and returns the number of rows that it changed.
  @discardableResult
  package func run(_ sql: String, _ values: [SQLValue] = []) throws -> Int {
    try guarded {
      switch engine {
      case .sqlite(let session): return try session.run(sql, values)
      case .postgres(let connection):
        let result = try connection.query(sql, PostgresParameters(values))
        defer { PQclear(result) }
        return Int(String(cString: PQcmdTuples(result))) ?? 0
      }
    }
  }

  /// Runs a statement that nobody waits for: on PostgreSQL its failure comes with the next wait, at the latest with the
  /// commit.
  package func post(_ sql: String, _ values: [SQLValue] = []) throws {
    try guarded {
      switch engine {
      case .sqlite(let session): _ = try session.run(sql, values)
      case .postgres(let connection): try connection.post(sql, PostgresParameters(values))
      }
    }
  }

  /// Runs a statement that defines something on PostgreSQL; it is not kept prepared.
  func define(_ sql: String) throws {
    guard case .postgres(let connection) = engine else { return }
    try guarded { try connection.command(sql) }
  }

  /// Runs a query and hands each row to `body`; the row is valid only during the call.
  package func each(_ sql: String, _ values: [SQLValue] = [], _ body: (SQLRow) throws -> Void) throws {
    try query(sql, values) {
      try body($0)
      return true
    }
  }

  /// The first row of a query, made into a value; nil when there is none.
  package func first<T>(_ sql: String, _ values: [SQLValue] = [], _ make: (SQLRow) throws -> T) throws -> T? {
    var found: T?
    try query(sql, values) {
      found = try make($0)
      return false
    }
    return found
  }

  /// All rows of a query. For bounded results only.
  package func all<T>(_ sql: String, _ values: [SQLValue] = [], _ make: (SQLRow) throws -> T) throws -> [T] {
    var rows: [T] = []
    try each(sql, values) { rows.append(try make($0)) }
    return rows
  }

  /// The columns of an SQLite table, in order.
  func columns(of table: String) throws -> [String] {
    try all("SELECT name FROM pragma_table_info(?)", [.text(table)]) { $0.text(0) }
  }

  /// Whether the statements go to PostgreSQL.
  var isPostgres: Bool { if case .postgres = engine { true } else { false } }

  /// Whether the tables are spread over the nodes of a cluster.
  var isDistributed: Bool { if case .postgres(let connection) = engine { connection.isDistributed } else { false } }

  /// Runs a query of PostgreSQL whose parameters are arrays, after single values, and hands each row to `body`.
  func bulk(
    _ sql: String, after values: [SQLValue] = [], _ columns: [SQLColumn], _ body: (SQLRow) throws -> Void
  ) throws {
    guard case .postgres(let connection) = engine, columns.first?.values.isEmpty == false else { return }
    try guarded {
      let result = try connection.query(sql, PostgresParameters(columns, after: values))
      defer { PQclear(result) }
      for row in 0..<PQntuples(result) { try body(SQLRow(source: .postgres(result, row: row))) }
    }
  }

  /// Runs a query that ends in `IN` with a list after it, many values at a time, and hands each row to `body`.
  func each(
    _ head: String, _ values: [SQLValue], in list: [SQLValue], _ body: (SQLRow) throws -> Void
  ) throws {
    for piece in SQLPieces(of: list.count) {
      try each("\(head) (\(SQLPieces.marks(piece.count)))", values + list[piece], body)
    }
  }

  /// Inserts rows: on PostgreSQL as arrays in one statement that nobody waits for, on SQLite many with each statement.
  /// - Parameters:
  ///   - head: `INSERT INTO table (columns)`.
  ///   - kinds: what the columns are.
  ///   - values: row after row.
  ///   - tail: what follows the values.
  func insert(_ head: String, _ kinds: [SQLColumn.Kind], _ values: [SQLValue], _ tail: String = "") throws {
    guard !values.isEmpty else { return }
    switch engine {
    case .sqlite(let session): try guarded { try session.insert(head, width: kinds.count, values, tail) }
    case .postgres(let connection):
      let columns = kinds.enumerated().map { column, kind in
        SQLColumn(kind, stride(from: column, to: values.count, by: kinds.count).map { values[$0] })
      }
      try guarded {
        try connection.post(
          "\(head) SELECT * FROM unnest(\(SQLPieces.marks(kinds.count))) \(tail)", PostgresParameters(columns))
      }
    }
  }

  /// The number that the next row of a table gets. There is one writer at a time on either engine, so that the numbers
  /// have no gap.
  func nextID(of table: String) throws -> Int64 {
    let last = try newest[table] ?? lastID(of: table)
    newest[table] = last + 1
    return last + 1
  }

  /// The number of the next event, which must then be written in this transaction.
  package func nextEvent() throws -> Int64 {
    let last = try newestEvent ?? (isPostgres ? lastEventInMonths() : lastID(of: "event"))
    newestEvent = last + 1
    return last + 1
  }

  private func lastID(of table: String) throws -> Int64 {
    try first("SELECT coalesce(max(id), 0) FROM \(table)") { $0.int(0) } ?? 0
  }

  private func query(_ sql: String, _ values: [SQLValue], _ body: (SQLRow) throws -> Bool) throws {
    try guarded {
      switch engine {
      case .sqlite(let session): try session.query(sql, values, body)
      case .postgres(let connection):
        let result = try connection.query(sql, PostgresParameters(values))
        defer { PQclear(result) }
        for row in 0..<PQntuples(result) {
          guard try body(SQLRow(source: .postgres(result, row: row))) else { return }
        }
      }
    }
  }

  /// Keeps a failure of the engine; an error that `body` throws for reasons of its own passes.
  private func guarded<T>(_ body: () throws -> T) throws -> T {
    if let failure { throw failure }
    do { return try body() } catch {
      if let error = error as? StorageError { failure = error }
      if let error = error as? DatabaseError { failure = StorageError(any: error) }
      throw error
    }
  }
}
