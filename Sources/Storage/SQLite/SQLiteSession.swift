import GRDB
import GRDBSQLite

/// Statements on one SQLite connection.
///
/// GRDB keeps the connection, the pool and the statement cache; binding and stepping go straight to SQLite,
/// because on the hot path the row wrappers cost more than the look-up itself.
struct SQLiteSession {
  private let database: Database
  private let statements: SQLiteStatements?

  /// - Parameter statements: the connection's own statements; without it GRDB keeps them.
  init(_ database: Database, statements: SQLiteStatements? = nil) {
    self.database = database
    self.statements = statements
  }

  /// Runs one statement and returns the number of rows that it changed.
  func run(_ sql: String, _ values: [SQLValue]) throws -> Int {
    let statement = try prepare(sql)
    try step(statement, values[...]) { _ in true }
    return Int(sqlite3_changes(sqlite3_db_handle(statement)))
  }

  /// Runs a query and hands each row to `body`, until that says false.
  func query(_ sql: String, _ values: [SQLValue], _ body: (SQLRow) throws -> Bool) throws {
    try step(try prepare(sql), values[...], body)
  }

  /// Inserts rows, many with each statement: to run one costs as much as a row does.
  /// - Parameters:
  ///   - head: `INSERT INTO table (columns)`.
  ///   - width: how many columns there are.
  ///   - values: row after row.
  ///   - tail: what follows the values.
  func insert(_ head: String, width: Int, _ values: [SQLValue], _ tail: String) throws {
    let row = "(\(SQLPieces.marks(width)))"
    var statement = (rows: 0, sql: "")
    for piece in SQLPieces(of: values.count / width) {
      if piece.count != statement.rows {
        let rows = Array(repeating: row, count: piece.count).joined(separator: ", ")
        statement = (piece.count, "\(head) VALUES \(rows) \(tail)")
      }
      let own = values[piece.lowerBound * width..<piece.upperBound * width]
      try step(try prepare(statement.sql), own) { _ in true }
    }
  }

  private func prepare(_ sql: String) throws -> OpaquePointer {
    try (statements?.statement(sql, database) ?? database.cachedStatement(sql: sql)).sqliteStatement
  }

  private func step(_ statement: OpaquePointer, _ values: ArraySlice<SQLValue>, _ body: (SQLRow) throws -> Bool) throws
  {
    // What is not bound anew would still be the values of the run before, which may lie nowhere any more.
    guard sqlite3_bind_parameter_count(statement) == values.count else {
      throw StorageError.engine(code: SQLITE_RANGE, message: "a statement has another number of parameters")
    }
    defer { sqlite3_reset(statement) }
    try withBound(values, statement) {
      while true {
        switch sqlite3_step(statement) {
        case SQLITE_ROW: guard try body(SQLRow(source: .sqlite(statement))) else { return }
        case SQLITE_DONE: return
        case let code: throw failure(code, statement)
        }
      }
    }
  }

  /// Binds what is left of the values and runs `body`. Texts and blobs are bound where they lie, for as long as `body`
  /// runs, and not copied (`SQLITE_STATIC`).
  private func withBound(
    _ values: ArraySlice<SQLValue>, at first: Int32 = 1, _ statement: OpaquePointer, _ body: () throws -> Void
  ) throws {
    for place in values.indices {
      let position = first + Int32(place - values.startIndex)
      let code: Int32
      switch values[place] {
      case .null: code = sqlite3_bind_null(statement, position)
      case .integer(let integer): code = sqlite3_bind_int64(statement, position, integer)
      case .real(let real): code = sqlite3_bind_double(statement, position, real)
      case .text(let text) where text.isEmpty:
        // It may have no address, and would be bound as NULL: this one is copied (`SQLITE_TRANSIENT`).
        code = sqlite3_bind_text(statement, position, "", 0, unsafeBitCast(-1, to: sqlite3_destructor_type.self))
      case .text(var text):
        return try text.withUTF8 { bytes in
          try bytes.withMemoryRebound(to: CChar.self) { text in
            try check(sqlite3_bind_text(statement, position, text.baseAddress, Int32(text.count), nil), statement)
            try withBound(values[(place + 1)...], at: position + 1, statement, body)
          }
        }
      case .blob(let blob) where blob.isEmpty: code = sqlite3_bind_zeroblob(statement, position, 0)
      case .blob(let blob):
        return try blob.withUnsafeBytes { bytes in
          try check(sqlite3_bind_blob(statement, position, bytes.baseAddress, Int32(bytes.count), nil), statement)
          try withBound(values[(place + 1)...], at: position + 1, statement, body)
        }
      }
      try check(code, statement)
    }
    try body()
  }

  private func check(_ code: Int32, _ statement: OpaquePointer) throws {
    guard code == SQLITE_OK else { throw failure(code, statement) }
  }

  private func failure(_ code: Int32, _ statement: OpaquePointer) -> StorageError {
    StorageError(code: code, message: String(cString: sqlite3_errmsg(sqlite3_db_handle(statement))))
  }
}

/// The compiled statements of one connection. GRDB's cache hashes the whole text of a statement each time, which costs
/// as much as running a short one; here texts are told apart by their length and first compared by their address.
///
/// Unchecked because it is handed from transaction to transaction: it is touched on its connection's queue only.
final class SQLiteStatements: @unchecked Sendable {
  private struct Key: Hashable {
    let sql: String
    func hash(into hasher: inout Hasher) { hasher.combine(sql.utf8.count) }
  }

  private var compiled: [Key: Statement] = [:]
  /// Statements kept; the store has fewer.
  private static let kept = 500

  func statement(_ sql: String, _ database: Database) throws -> Statement {
    if let known = compiled[Key(sql: sql)] { return known }
    if compiled.count >= Self.kept { compiled.removeAll() }
    let statement = try database.makeStatement(sql: sql)
    compiled[Key(sql: sql)] = statement
    return statement
  }

  /// Forgets them all, as must be done before the connection is closed.
  func removeAll() { compiled.removeAll() }
}

extension StorageError {
  /// The error that an SQLite result code stands for.
  init(code: Int32, message: String) {
    switch code & 0xff {
    case SQLITE_CONSTRAINT: self = .constraint(message)
    case SQLITE_BUSY, SQLITE_LOCKED: self = .busy
    case SQLITE_FULL, SQLITE_IOERR, SQLITE_CANTOPEN, SQLITE_READONLY, SQLITE_PERM: self = .inputOutput(message)
    case SQLITE_CORRUPT, SQLITE_NOTADB: self = .corrupt(message)
    default: self = .engine(code: code, message: message)
    }
  }

  /// Any error out of a transaction as one of ours.
  package init(any error: any Error) {
    switch error {
    case let error as StorageError: self = error
    case let error as DatabaseError:
      self.init(code: error.resultCode.rawValue, message: error.message ?? "no message")
    default: self = .engine(code: -1, message: "\(error)")
    }
  }
}
