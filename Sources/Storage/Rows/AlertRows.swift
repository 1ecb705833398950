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
  /// How soon somebody should look: see ``AlertUrgency``.
  package let urgency: Int64

  /// Made from its fields.
  package init(
    id: Int64, identity: String, kind: String, status: String, severity: String, dealer: String?, region: String?,
    gtin: Int64?, raised: Int64, rule: String, detail: [UInt8], event: Int64, urgency: Int64 = 0
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
    self.urgency = urgency
  }

  init(_ row: SQLRow) {
    self.init(
      id: row.int(0), identity: row.text(1), kind: row.text(2), status: row.text(3), severity: row.text(4),
      dealer: row.textOrNil(5), region: row.textOrNil(6), gtin: row.intOrNil(7), raised: row.int(8),
      rule: row.text(9), detail: row.blob(10), event: row.int(11), urgency: row.int(12))
  }

  static let columns =
    "id, identity, kind, status, severity, dealer, region, gtin, raised, rule, detail, event, urgency"
}

/// One number to sort alerts by: severity in the high bits, and below them the value at risk in minor units of its
/// currency (cents, fen).
package enum AlertUrgency {
  private static let bits: Int64 = 48
  private static let mask: Int64 = (1 << bits) - 1

  /// Of a severity's rank (0, 1, 2) and a value at risk.
  package static func number(rank: Int, value: Int64) -> Int64 { Int64(rank) << bits | min(max(0, value), mask) }

  /// The value at risk in it.
  package static func value(_ urgency: Int64) -> Int64 { urgency & mask }
}

/// Which alerts are asked for; nil means any. A region also matches what lies in it.
package struct AlertFilter: Sendable {
  /// Kind and status.
  package var kind: String?, status: String?
  /// Dealer code; region code without its trailing zero pairs.
  package var dealer: String?, regionPrefix: String?
  /// How severe, and of which product.
  package var severity: String?, gtin: Int64?

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
      "INSERT INTO alert (\(AlertRow.columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      [
        .integer(alert.id), .text(alert.identity), .text(alert.kind), .text(alert.status), .text(alert.severity),
        .optional(alert.dealer), .optional(alert.region), .optional(alert.gtin), .integer(alert.raised),
        .text(alert.rule), .blob(alert.detail), .integer(alert.event), .integer(alert.urgency),
      ])
    try tally(alert.id, 1)
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
    try recounting(alert: id) {
      try post("UPDATE alert SET status = ?, detail = ? WHERE id = ?", [.text(status), .blob(detail), .integer(id)])
    }
  }

  /// Notes what a person decided on an alert, so that decisions are counted without reading what else is kept of it.
  package func setDecision(_ word: String, ofAlert id: Int64) throws {
    try recounting(alert: id) {
      try post("UPDATE alert SET decision = ? WHERE id = ?", [.text(word), .integer(id)])
    }
  }

  /// The decisions noted beside alerts.
  package func decisionsNoted() throws -> [Int64: String] {
    let rows = try all("SELECT id, decision FROM alert WHERE decision IS NOT NULL") { ($0.int(0), $0.text(1)) }
    return Dictionary(uniqueKeysWithValues: rows)
  }

  /// Alerts before a row number, newest first.
  package func alerts(_ filter: AlertFilter, before id: Int64, limit: Int) throws -> [AlertRow] {
    try alerts(filter, "id < ?", [.integer(id)], "id DESC", limit: limit)
  }

  /// The most urgent first: alerts after a place in that order.
  package func urgentAlerts(
    _ filter: AlertFilter, after place: (urgency: Int64, id: Int64), limit: Int
  ) throws -> [AlertRow] {
    try alerts(
      filter, "(urgency, id) < (?, ?)", [.integer(place.urgency), .integer(place.id)], "urgency DESC, id DESC",
      limit: limit)
  }

  /// Only the conditions that there are, so that the index that fits them is taken; and the numbers first, which stand in
  /// an index with all that is asked for, so that only the rows of the page are read.
  private func alerts(
    _ filter: AlertFilter, _ place: String, _ arguments: [SQLValue], _ order: String, limit: Int
  ) throws -> [AlertRow] {
    var (conditions, arguments) = ([place], arguments)
    for (condition, value) in [
      ("kind = ?", filter.kind), ("status = ?", filter.status), ("severity = ?", filter.severity),
      ("dealer = ?", filter.dealer), ("substr(region, 1, \(filter.regionPrefix?.count ?? 0)) = ?", filter.regionPrefix),
    ] {
      guard let value else { continue }
      conditions.append(condition)
      arguments.append(.text(value))
    }
    if let gtin = filter.gtin {
      conditions.append("gtin = ?")
      arguments.append(.integer(gtin))
    }
    return try all(
      """
      SELECT \(AlertRow.columns) FROM alert WHERE id IN (
        SELECT id FROM alert WHERE \(conditions.joined(separator: " AND ")) ORDER BY \(order) LIMIT ?
      ) ORDER BY \(order)
      """,
      arguments + [.integer(Int64(limit))]
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
