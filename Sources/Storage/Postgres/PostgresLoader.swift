import CPostgres

/// Fills an empty PostgreSQL database with `COPY … FROM STDIN (FORMAT binary)`, in one transaction. `COPY` does not go
/// with pipeline mode, so this is a connection of its own.
final class PostgresLoader {
  private let handle: OpaquePointer

  /// Every table of the schema, referenced ones before those that refer to them.
  static let tables = [
    "setting", "event", "event_private", "event_month", "tile", "checkpoint", "product", "dealer", "terminal",
    "price_policy", "space", "batch",
    "version", "track", "content", "dispatch", "dispatch_unit", "history", "reply", "flow",
    "alert", "alert_event", "alert_tally",
    "detector", "api_key", "user", "session", "casefile", "case_alert", "case_step", "penalty", "attachment",
    "time_stamp", "cosignature", "inspection", "inspection_scan", "inspection_file",
    "step_reply", "print_job", "report",
    "webhook", "webhook_delivery",
  ]

  /// Bytes of one message: large enough to cost little, small enough to be nothing in memory.
  static let chunkBytes = 1 << 18

  /// Begins a transaction under the writer's lock; nobody else writes meanwhile.
  init(_ url: String) throws(StorageError) {
    handle = try PostgresConnection.open(url)
    try command("BEGIN")
    try command(PostgresSchema.writerLock)
    // On a cluster the tables refer to each other across shards: one after the other. Elsewhere it means nothing.
    try command("SET LOCAL citus.multi_shard_modify_mode = 'sequential'")
  }

  deinit { PQfinish(handle) }

  /// Copies all rows of an SQLite table.
  /// - Parameter progress: told the rows copied so far.
  func copy(_ table: String, from source: Transaction, progress: (Int) -> Void) throws {
    switch table {
    case "event": try copyEvents(from: source, progress: progress)
    case "event_private", "event_month": break  // with the events
    default:
      let columns = try source.columns(of: table)
      let names = columns.map { "\"\($0)\"" }.joined(separator: ", ")
      try copy(table, columns: columns, "SELECT \(names) FROM \"\(table)\"", source, progress) { $0 }
    }
  }

  /// The events go to their months, and what is personal in them to a table of its own.
  private func copyEvents(from source: Transaction, progress: (Int) -> Void) throws {
    let starts = try EventSpan.starts(in: "event", source)
    for start in starts {
      for table in MonthlyTable.allCases { for sql in table.definition(ofMonth: start.month) { try command(sql) } }
    }
    try copy("event_month", columns: ["month", "first"]) { put in
      for start in starts { try put([.integer(start.month), .integer(start.first)]) }
    }
    func span(_ values: [SQLValue], _ place: inout Int) -> SQLValue {
      guard case .integer(let id) = values[0] else { return .null }
      while place + 1 < starts.count, starts[place + 1].first <= id { place += 1 }
      return .integer(EventSpan.span(month: starts[place].month, id: id))
    }
    var place = 0
    try copy(
      "event", columns: ["id", "kind", "at", "recorded", "body", "previous", "span"],
      "SELECT id, kind, at, recorded, body, previous FROM event ORDER BY id", source, progress
    ) { $0 + [span($0, &place)] }
    place = 0
    try copy(
      "event_private", columns: ["event", "bytes", "span"],
      "SELECT id, private FROM event WHERE private IS NOT NULL ORDER BY id", source, { _ in }
    ) { $0 + [span($0, &place)] }
  }

  private func copy(
    _ table: String, columns: [String], _ sql: String, _ source: Transaction, _ progress: (Int) -> Void,
    _ make: ([SQLValue]) -> [SQLValue]
  ) throws {
    try copy(table, columns: columns) { put in
      var count = 0
      try source.each(sql) { row in
        try put(make(row.values))
        count += 1
        if count % 10_000 == 0 { progress(count) }
      }
      progress(count)
    }
  }

  /// Copies the rows that `rows` puts into a table that must be empty.
  func copy(_ table: String, columns: [String], rows: ((([SQLValue]) throws -> Void)) throws -> Void) throws {
    guard try isEmpty(table) else {
      throw StorageError.constraint("the database is not empty: table \(table) has rows")
    }
    let names = columns.map { "\"\($0)\"" }.joined(separator: ", ")
    try command("COPY \"\(table)\" (\(names)) FROM STDIN (FORMAT binary)", expecting: PGRES_COPY_IN)
    // PostgreSQL documentation, COPY, "Binary Format": signature, flags, length of the header's extension.
    var bytes: [UInt8] = Array("PGCOPY\n".utf8) + [0xff, 0x0d, 0x0a, 0x00, 0, 0, 0, 0, 0, 0, 0, 0]
    do {
      try rows { values in
        Self.append(values, to: &bytes)
        if bytes.count >= Self.chunkBytes {
          try send(bytes)
          bytes.removeAll(keepingCapacity: true)
        }
      }
    } catch {
      PQputCopyEnd(handle, "the source failed")
      throw error
    }
    bytes += [0xff, 0xff]
    try send(bytes)
    guard PQputCopyEnd(handle, nil) == 1 else { throw StorageError(connection: handle) }
    try finishResult(PQgetResult(handle), expecting: PGRES_COMMAND_OK)
  }

  /// Commits all that was copied.
  func finish() throws(StorageError) { try command("COMMIT") }

  private func isEmpty(_ table: String) throws(StorageError) -> Bool {
    guard let result = PQexec(handle, "SELECT 1 FROM \"\(table)\" LIMIT 1") else {
      throw StorageError(connection: handle)
    }
    defer { PQclear(result) }
    guard PQresultStatus(result) == PGRES_TUPLES_OK else { throw StorageError(result: result) }
    return PQntuples(result) == 0
  }

  private static func append(_ values: [SQLValue], to bytes: inout [UInt8]) {
    func put<T: FixedWidthInteger>(_ integer: T) {
      withUnsafeBytes(of: integer.bigEndian) { bytes.append(contentsOf: $0) }
    }
    func put(_ field: some Collection<UInt8>) {
      put(Int32(field.count))
      bytes.append(contentsOf: field)
    }
    put(Int16(values.count))
    for value in values {
      switch value {
      case .null: put(Int32(-1))
      case .integer(let integer):
        put(Int32(8))
        put(integer)
      case .real(let real):
        put(Int32(8))
        put(real.bitPattern)
      case .text(let text): put(text.utf8)
      case .blob(let blob): put(blob)
      }
    }
  }

  private func send(_ bytes: [UInt8]) throws(StorageError) {
    let sent = bytes.withUnsafeBytes { raw in
      PQputCopyData(handle, raw.bindMemory(to: CChar.self).baseAddress, Int32(raw.count))
    }
    guard sent == 1 else { throw StorageError(connection: handle) }
  }

  private func command(
    _ sql: String, expecting status: ExecStatusType = PGRES_COMMAND_OK
  ) throws(StorageError) {
    let result = PQexec(handle, sql)
    if status == PGRES_COPY_IN {
      defer { PQclear(result) }
      guard PQresultStatus(result) == status else { throw StorageError(result: result) }
    } else {
      try finishResult(result, expecting: status)
    }
  }

  private func finishResult(_ result: OpaquePointer?, expecting status: ExecStatusType) throws(StorageError) {
    defer {
      PQclear(result)
      while let more = PQgetResult(handle) { PQclear(more) }
    }
    let found = PQresultStatus(result)
    guard found == status || found == PGRES_TUPLES_OK else { throw StorageError(result: result) }
  }
}
