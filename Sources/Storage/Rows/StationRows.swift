/// A print of labels as stored.
package struct PrintRow: Sendable, Equatable {
  /// Row number; the batch with the first and last place of the range, or the dispatch.
  package let id: Int64, batch: Int64?, dispatch: Int64?, first: Int64?, last: Int64?
  /// `item` or `box`, and how it was printed.
  package let level: String, format: String, template: String
  /// Why labels that had been printed were printed again.
  package let reason: String?
  /// When (Unix milliseconds), under which key, and the event.
  package let at: Int64, key: Int64, event: Int64

  /// Made from its parts.
  package init(
    id: Int64, batch: Int64?, dispatch: Int64?, first: Int64?, last: Int64?, level: String, format: String,
    template: String, reason: String?, at: Int64, key: Int64, event: Int64
  ) {
    self.id = id
    self.batch = batch
    self.dispatch = dispatch
    self.first = first
    self.last = last
    self.level = level
    self.format = format
    self.template = template
    self.reason = reason
    self.at = at
    self.key = key
    self.event = event
  }

  init(_ row: SQLRow) {
    self.init(
      id: row.int(0), batch: row.intOrNil(1), dispatch: row.intOrNil(2), first: row.intOrNil(3),
      last: row.intOrNil(4), level: row.text(5), format: row.text(6), template: row.text(7),
      reason: row.textOrNil(8), at: row.int(9), key: row.int(10), event: row.int(11))
  }

  static let columns = "id, batch, dispatch, first, last, level, format, template, reason, at, key, event"
}

/// What a person reported of a code, as stored: the words stand in the event's personal part.
package struct ReportRow: Sendable, Equatable {
  /// Row number, the code as it was named, and where it lies when it is one of ours.
  package let id: Int64, code: String, space: Int64?, number: Int64?
  /// When (Unix milliseconds), the photo's SHA-256 with its media type, and the event.
  package let at: Int64, photo: [UInt8]?, type: String?, event: Int64

  /// Made from its parts.
  package init(
    id: Int64, code: String, space: Int64?, number: Int64?, at: Int64, photo: [UInt8]?, type: String?, event: Int64
  ) {
    self.id = id
    self.code = code
    self.space = space
    self.number = number
    self.at = at
    self.photo = photo
    self.type = type
    self.event = event
  }

  init(_ row: SQLRow) {
    self.init(
      id: row.int(0), code: row.text(1), space: row.intOrNil(2), number: row.intOrNil(3), at: row.int(4),
      photo: row.blobOrNil(5), type: row.textOrNil(6), event: row.int(7))
  }

  static let columns = "id, code, space, number, at, photo, type, event"
}

/// Codes of one space that a dealer holds in one state under one event.
package struct HoldingRow: Sendable, Equatable {
  /// Space, state's stored number, territories (canonical text).
  package let space: Int64, state: Int64, territories: String
  /// The event that brought them, when it happened (Unix milliseconds), and how many.
  package let event: Int64, at: Int64, count: Int64
}

extension Transaction {
  /// What a step that a client named so answered: the hash of its request, and its result; nil when it is new.
  package func stepReply(key: Int64, client: String) throws -> (request: [UInt8], result: Int64)? {
    try first(
      "SELECT request, result FROM step_reply WHERE key = ? AND client = ?", [.integer(key), .text(client)]
    ) { ($0.blob(0), $0.int(1)) }
  }

  /// Keeps what a step answered.
  package func addStepReply(key: Int64, client: String, request: [UInt8], event: Int64, result: Int64) throws {
    try post(
      "INSERT INTO step_reply (key, client, request, event, result) VALUES (?, ?, ?, ?, ?)",
      [.integer(key), .text(client), .blob(request), .integer(event), .integer(result)])
  }

  /// The number that the next print gets.
  package func nextPrintID() throws -> Int64 { try nextID(of: "print_job") }

  /// Adds a print.
  package func addPrint(_ row: PrintRow) throws {
    try post(
      "INSERT INTO print_job (\(PrintRow.columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      [
        .integer(row.id), .optional(row.batch), .optional(row.dispatch), .optional(row.first), .optional(row.last),
        .text(row.level), .text(row.format), .text(row.template), .optional(row.reason), .integer(row.at),
        .integer(row.key), .integer(row.event),
      ])
  }

  /// The print of this number.
  package func printJob(_ id: Int64) throws -> PrintRow? {
    try first("SELECT \(PrintRow.columns) FROM print_job WHERE id = ?", [.integer(id)]) { PrintRow($0) }
  }

  /// Prints before a row number, newest first; of one batch when it is named.
  package func prints(batch: Int64?, before id: Int64, limit: Int) throws -> [PrintRow] {
    try all(
      """
      SELECT \(PrintRow.columns) FROM print_job WHERE id < ?1 AND (CAST(?2 AS BIGINT) IS NULL OR batch = ?2)
      ORDER BY id DESC LIMIT ?3
      """, [.integer(id), .optional(batch), .integer(Int64(limit))]
    ) { PrintRow($0) }
  }

  /// The newest print that met this range of a batch.
  package func newestPrint(ofBatch batch: Int64, level: String, first: Int64, last: Int64) throws -> PrintRow? {
    try self.first(
      """
      SELECT \(PrintRow.columns) FROM print_job
      WHERE batch = ? AND level = ? AND first <= ? AND last >= ? ORDER BY id DESC LIMIT 1
      """, [.integer(batch), .text(level), .integer(last), .integer(first)]
    ) { PrintRow($0) }
  }

  /// The newest print of a dispatch's labels.
  package func newestPrint(ofDispatch dispatch: Int64, level: String) throws -> PrintRow? {
    try first(
      "SELECT \(PrintRow.columns) FROM print_job WHERE dispatch = ? AND level = ? ORDER BY id DESC LIMIT 1",
      [.integer(dispatch), .text(level)]
    ) { PrintRow($0) }
  }

  /// The number that the next report gets.
  package func nextReportID() throws -> Int64 { try nextID(of: "report") }

  /// Adds a report.
  package func addReport(_ row: ReportRow) throws {
    try post(
      "INSERT INTO report (\(ReportRow.columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      [
        .integer(row.id), .text(row.code), .optional(row.space), .optional(row.number), .integer(row.at),
        .optional(row.photo), .optional(row.type), .integer(row.event),
      ])
  }

  /// How many reports came since a moment, Unix milliseconds.
  package func reports(since: Int64) throws -> Int64 {
    try first("SELECT count(*) FROM report WHERE at >= ?", [.integer(since)]) { $0.int(0) } ?? 0
  }

  /// The report of this number.
  package func report(_ id: Int64) throws -> ReportRow? {
    try first("SELECT \(ReportRow.columns) FROM report WHERE id = ?", [.integer(id)]) { ReportRow($0) }
  }

  /// Reports before a row number, newest first.
  package func reports(before id: Int64, limit: Int) throws -> [ReportRow] {
    try all(
      "SELECT \(ReportRow.columns) FROM report WHERE id < ? ORDER BY id DESC LIMIT ?",
      [.integer(id), .integer(Int64(limit))]
    ) { ReportRow($0) }
  }

  /// The events of what people reported of a code, newest first.
  package func reportEvents(space: Int64, number: Int64) throws -> [Int64] {
    try all(
      "SELECT event FROM report WHERE space = ? AND number = ? ORDER BY id DESC", [.integer(space), .integer(number)]
    ) { $0.int(0) }
  }

  /// What a dealer holds, by space, state, territories and the event that brought it; in these states.
  package func holdings(of dealer: String, states: [Int64]) throws -> [HoldingRow] {
    let marks = states.map { _ in "?" }.joined(separator: ", ")
    return try all(
      """
      SELECT t.space, v.state, v.territories, v.event, v.at, CAST(sum(t.last - t.first + 1) AS BIGINT)
      FROM version v JOIN track t ON t.version = v.id WHERE v.dealer = ? AND v.state IN (\(marks))
      GROUP BY t.space, v.state, v.territories, v.event, v.at ORDER BY v.event, t.space
      """, [.text(dealer)] + states.map { .integer($0) }
    ) {
      HoldingRow(
        space: $0.int(0), state: $0.int(1), territories: $0.text(2), event: $0.int(3), at: $0.int(4),
        count: $0.int(5))
    }
  }

  /// The runs of codes that a dealer holds in a state by an event, at most `limit`, in order.
  package func runs(
    heldBy dealer: String, state: Int64, event: Int64, limit: Int
  ) throws -> [(space: Int64, first: Int64, last: Int64)] {
    try all(
      """
      SELECT t.space, t.first, t.last FROM version v JOIN track t ON t.version = v.id
      WHERE v.dealer = ? AND v.state = ? AND v.event = ? ORDER BY t.space, t.first LIMIT ?
      """, [.text(dealer), .integer(state), .integer(event), .integer(Int64(limit))]
    ) { ($0.int(0), $0.int(1), $0.int(2)) }
  }

  /// The codes of a dealer and of all dealers below it, in order.
  package func dealers(from top: String) throws -> [String] {
    try all(
      """
      WITH RECURSIVE tree (code) AS (
        SELECT code FROM dealer WHERE code = ?
        UNION SELECT d.code FROM dealer d JOIN tree t ON d.parent = t.code
      ) SELECT code FROM tree ORDER BY code
      """, [.text(top)]
    ) { $0.text(0) }
  }
}
