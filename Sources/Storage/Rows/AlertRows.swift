/// An alert as stored.
package struct AlertRow: Sendable {
  /// Row number, and the identity that keeps one matter from being raised twice.
  package let id: Int64, identity: String
  /// Kind, status, severity.
  package let kind: String, status: String, severity: String
  /// Whom, where and what it concerns.
  package let dealer: String?, region: String?, gtin: Int64?
  /// Unix milliseconds; rule and version; the numbers (JSON); the event that raised it.
  package let raised: Int64, rule: String, detail: [UInt8], event: Int64

  /// Made from its fields.
  package init(
    id: Int64, identity: String, kind: String, status: String, severity: String, dealer: String?, region: String?,
    gtin: Int64?, raised: Int64, rule: String, detail: [UInt8], event: Int64
  ) {
    self.id = id
    self.identity = identity
    self.kind = kind
    self.status = status
    self.severity = severity
    self.dealer = dealer
    self.region = region
    self.gtin = gtin
    self.raised = raised
    self.rule = rule
    self.detail = detail
    self.event = event
  }

  init(_ row: SQLRow) {
    self.init(
      id: row.int(0), identity: row.text(1), kind: row.text(2), status: row.text(3), severity: row.text(4),
      dealer: row.textOrNil(5), region: row.textOrNil(6), gtin: row.intOrNil(7), raised: row.int(8),
      rule: row.text(9), detail: row.blob(10), event: row.int(11))
  }

  static let columns =
    "id, identity, kind, status, severity, dealer, region, gtin, raised, rule, detail, event"
}

/// Which alerts are asked for; nil means any. A region also matches what lies in it.
package struct AlertFilter: Sendable {
  /// Kind and status.
  package var kind: String?, status: String?
  /// Dealer code; region code without its trailing zero pairs.
  package var dealer: String?, regionPrefix: String?

  /// No condition yet.
  package init() {}
}

extension Transaction {
  /// The number that the next alert will have.
  package func nextAlertID() throws -> Int64 {
    try nextID(of: "alert")
  }

  /// Whether a matter was raised before.
  package func alertExists(identity: String) throws -> Bool {
    try first("SELECT 1 FROM alert WHERE identity = ?", [.text(identity)]) { _ in true } ?? false
  }

  /// Adds an alert and the events it rests on.
  package func addAlert(_ alert: AlertRow, events: [Int64]) throws {
    try post(
      "INSERT INTO alert (\(AlertRow.columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      [
        .integer(alert.id), .text(alert.identity), .text(alert.kind), .text(alert.status), .text(alert.severity),
        .optional(alert.dealer), .optional(alert.region), .optional(alert.gtin), .integer(alert.raised),
        .text(alert.rule), .blob(alert.detail), .integer(alert.event),
      ])
    for event in events {
      try post("INSERT INTO alert_event VALUES (?, ?) ON CONFLICT DO NOTHING", [.integer(alert.id), .integer(event)])
    }
  }

  /// The alert with this number.
  package func alert(_ id: Int64) throws -> AlertRow? {
    try first("SELECT \(AlertRow.columns) FROM alert WHERE id = ?", [.integer(id)]) { AlertRow($0) }
  }

  /// A person dealt with an alert: its status, and what its detail says from now on.
  package func setAlert(_ id: Int64, status: String, detail: [UInt8]) throws {
    try run("UPDATE alert SET status = ?, detail = ? WHERE id = ?", [.text(status), .blob(detail), .integer(id)])
  }

  /// Alerts before a row number, newest first.
  package func alerts(_ filter: AlertFilter, before id: Int64, limit: Int) throws -> [AlertRow] {
    try all(
      """
      SELECT \(AlertRow.columns) FROM alert WHERE id < ?1 AND (CAST(?2 AS TEXT) IS NULL OR kind = ?2)
      AND (CAST(?3 AS TEXT) IS NULL OR status = ?3) AND (CAST(?4 AS TEXT) IS NULL OR dealer = ?4)
      AND (CAST(?5 AS TEXT) IS NULL OR substr(region, 1, length(?5)) = ?5) ORDER BY id DESC LIMIT ?6
      """,
      [
        .integer(id), .optional(filter.kind), .optional(filter.status), .optional(filter.dealer),
        .optional(filter.regionPrefix), .integer(Int64(limit)),
      ]
    ) { AlertRow($0) }
  }

  /// Alerts after a row number, oldest first, for the live stream.
  package func alerts(after id: Int64, limit: Int) throws -> [AlertRow] {
    try all(
      "SELECT \(AlertRow.columns) FROM alert WHERE id > ? ORDER BY id LIMIT ?", [.integer(id), .integer(Int64(limit))]
    ) { AlertRow($0) }
  }

  /// All alerts about some dealers (nil: about none), in order.
  package func alerts(amongDealers dealers: Set<String?>) throws -> [AlertRow] {
    try dealers.flatMap { dealer in
      try all(
        "SELECT \(AlertRow.columns) FROM alert WHERE dealer IS NOT DISTINCT FROM CAST(? AS TEXT)",
        [.optional(dealer)]
      ) { AlertRow($0) }
    }.sorted { $0.id < $1.id }
  }

  /// The events that an alert rests on, in order.
  package func events(ofAlert id: Int64) throws -> [Int64] {
    try all("SELECT event FROM alert_event WHERE alert = ? ORDER BY event", [.integer(id)]) { $0.int(0) }
  }

  /// How far a detector has read, and what it remembers.
  package func detector(_ name: String) throws -> (cursor: Int64, state: [UInt8])? {
    try first("SELECT cursor, state FROM detector WHERE name = ?", [.text(name)]) { ($0.int(0), $0.blob(1)) }
  }

  /// Remembers how far a detector has read.
  package func putDetector(_ name: String, cursor: Int64, state: [UInt8]) throws {
    try post(
      """
      INSERT INTO detector VALUES (?, ?, ?)
      ON CONFLICT (name) DO UPDATE SET cursor = excluded.cursor, state = excluded.state
      """, [.text(name), .integer(cursor), .blob(state)])
  }
}
