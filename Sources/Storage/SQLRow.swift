import CPostgres
import GRDBSQLite

/// The row that a query stands on; columns count from 0. A NULL reads as 0, "" or an empty blob.
package struct SQLRow {
  /// Where the row lies.
  enum Source {
    /// The row that an SQLite statement stands on.
    case sqlite(OpaquePointer)
    /// A row of a PostgreSQL result in binary format.
    case postgres(OpaquePointer, row: Int32)
  }

  let source: Source

  /// The column as a 64-bit integer.
  package func int(_ column: Int32) -> Int64 {
    switch source {
    case .sqlite(let statement): sqlite3_column_int64(statement, column)
    case .postgres(let result, let row): PostgresValue(result, row, column).int
    }
  }

  /// The column as a double.
  package func real(_ column: Int32) -> Double {
    switch source {
    case .sqlite(let statement): sqlite3_column_double(statement, column)
    case .postgres(let result, let row): PostgresValue(result, row, column).real
    }
  }

  /// The column as text.
  package func text(_ column: Int32) -> String {
    switch source {
    case .sqlite(let statement):
      // By its length, not by a terminating zero: a text may hold one.
      guard let start = sqlite3_column_text(statement, column) else { return "" }
      let count = Int(sqlite3_column_bytes(statement, column))
      return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    case .postgres(let result, let row): return PostgresValue(result, row, column).text
    }
  }

  /// Whether the column's text is this one, byte by byte.
  func holds(_ text: String, _ column: Int32) -> Bool {
    withBytes(column) { bytes in
      text.utf8.withContiguousStorageIfAvailable { UnsafeRawBufferPointer($0).elementsEqual(bytes) }
        ?? text.utf8.elementsEqual(bytes)
    }
  }

  /// The column's text or blob where it lies in the row, for as long as `body` runs.
  func withBytes<Result>(_ column: Int32, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    switch source {
    case .sqlite(let statement):
      let start = UnsafeRawPointer(sqlite3_column_text(statement, column))
      return body(UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement, column))))
    case .postgres(let result, let row): return body(PostgresValue(result, row, column).bytes)
    }
  }

  /// The column as bytes.
  package func blob(_ column: Int32) -> [UInt8] {
    switch source {
    case .sqlite(let statement):
      let count = Int(sqlite3_column_bytes(statement, column))
      guard count > 0, let start = sqlite3_column_blob(statement, column) else { return [] }
      return [UInt8](UnsafeRawBufferPointer(start: start, count: count))
    case .postgres(let result, let row): return PostgresValue(result, row, column).blob
    }
  }

  /// Whether the column is NULL.
  package func isNull(_ column: Int32) -> Bool {
    switch source {
    case .sqlite(let statement): sqlite3_column_type(statement, column) == SQLITE_NULL
    case .postgres(let result, let row): PQgetisnull(result, row, column) == 1
    }
  }

  /// The column in SQLite's storage class; for SQLite rows.
  private func value(_ column: Int32) -> SQLValue {
    guard case .sqlite(let statement) = source else { return .null }
    return switch sqlite3_column_type(statement, column) {
    case SQLITE_INTEGER: .integer(int(column))
    case SQLITE_FLOAT: .real(real(column))
    case SQLITE_TEXT: .text(text(column))
    case SQLITE_BLOB: .blob(blob(column))
    default: .null
    }
  }

  /// All columns of an SQLite row.
  var values: [SQLValue] {
    guard case .sqlite(let statement) = source else { return [] }
    return (0..<sqlite3_column_count(statement)).map(value)
  }

  /// The column as an integer, nil for NULL.
  package func intOrNil(_ column: Int32) -> Int64? { isNull(column) ? nil : int(column) }

  /// The column as a double, nil for NULL.
  package func realOrNil(_ column: Int32) -> Double? { isNull(column) ? nil : real(column) }

  /// The column as text, nil for NULL.
  package func textOrNil(_ column: Int32) -> String? { isNull(column) ? nil : text(column) }

  /// The column as bytes, nil for NULL.
  package func blobOrNil(_ column: Int32) -> [UInt8]? { isNull(column) ? nil : blob(column) }
}
