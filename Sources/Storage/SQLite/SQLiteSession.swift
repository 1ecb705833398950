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
    let statement = try prepare(sql, values)
    defer { sqlite3_reset(statement) }
    while true {
      switch sqlite3_step(statement) {
      case SQLITE_ROW: continue
      case SQLITE_DONE: return Int(sqlite3_changes(sqlite3_db_handle(statement)))
      case let code: throw failure(code, statement)
      }
    }
  }

  /// Runs a query and hands each row to `body`, until that says false.
  func query(_ sql: String, _ values: [SQLValue], _ body: (SQLRow) throws -> Bool) throws {
    let statement = try prepare(sql, values)
    defer { sqlite3_reset(statement) }
    while true {
      switch sqlite3_step(statement) {
      case SQLITE_ROW: guard try body(SQLRow(source: .sqlite(statement))) else { return }
      case SQLITE_DONE: return
      case let code: throw failure(code, statement)
      }
    }
  }

  private func prepare(_ sql: String, _ values: [SQLValue]) throws -> OpaquePointer {
    let statement = try (statements?.statement(sql, database) ?? database.cachedStatement(sql: sql)).sqliteStatement
    for (position, value) in values.enumerated() {
      let code = bind(value, at: Int32(position + 1), of: statement)
      guard code == SQLITE_OK else { throw failure(code, statement) }
    }
    return statement
  }

  private func bind(_ value: SQLValue, at position: Int32, of statement: OpaquePointer) -> Int32 {
    // SQLITE_TRANSIENT: SQLite copies text and blobs, so nothing of Swift's memory outlives this call.
    let copy = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
    switch value {
    case .null: return sqlite3_bind_null(statement, position)
    case .integer(let integer): return sqlite3_bind_int64(statement, position, integer)
    case .real(let real): return sqlite3_bind_double(statement, position, real)
    case .text(var text):
      return text.withUTF8 { bytes in
        bytes.withMemoryRebound(to: CChar.self) { characters in
          characters.baseAddress.map {
            sqlite3_bind_text(statement, position, $0, Int32(characters.count), copy)
          } ?? sqlite3_bind_text(statement, position, "", 0, copy)
        }
      }
    case .blob(let blob):
      return blob.isEmpty
        ? sqlite3_bind_zeroblob(statement, position, 0)
        : sqlite3_bind_blob(statement, position, blob, Int32(blob.count), copy)
    }
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
