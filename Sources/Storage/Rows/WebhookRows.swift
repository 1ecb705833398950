/// An address of another system that is told of what happens, as stored.
package struct WebhookRow: Sendable {
  /// Row number, where to, what people call it, and which types it wants, parted by commas.
  package let id: Int64, url: String, name: String, types: String
  /// Whether it is told; why the server itself ended that (`failing`, `gone`).
  package let isEnabled: Bool, reason: String?
  /// When it was added, Unix milliseconds.
  package let created: Int64
  /// The sealed secret, and the one before it with its end (Unix milliseconds).
  package let secret: [UInt8], before: [UInt8]?, beforeUntil: Int64?
  /// The last event that was looked at for it; since when every try failed (Unix milliseconds).
  package let cursor: Int64, failingSince: Int64?
  /// The event that added it or changed it last.
  package let event: Int64

  /// Made from its parts.
  package init(
    id: Int64, url: String, name: String, types: String, isEnabled: Bool = true, reason: String? = nil, created: Int64,
    secret: [UInt8], before: [UInt8]? = nil, beforeUntil: Int64? = nil, cursor: Int64, failingSince: Int64? = nil,
    event: Int64
  ) {
    self.id = id
    self.url = url
    self.name = name
    self.types = types
    self.isEnabled = isEnabled
    self.reason = reason
    self.created = created
    self.secret = secret
    self.before = before
    self.beforeUntil = beforeUntil
    self.cursor = cursor
    self.failingSince = failingSince
    self.event = event
  }

  init(_ row: SQLRow) {
    self.init(
      id: row.int(0), url: row.text(1), name: row.text(2), types: row.text(3), isEnabled: row.int(4) == 1,
      reason: row.textOrNil(5), created: row.int(6), secret: row.blob(7), before: row.blobOrNil(8),
      beforeUntil: row.intOrNil(9), cursor: row.int(10), failingSince: row.intOrNil(11), event: row.int(12))
  }

  static let columns =
    "id, url, name, types, enabled, reason, created, secret, before, before_until, cursor, failing_since, event"
}

/// Something that one address is told, as stored.
package struct DeliveryRow: Sendable, Equatable {
  /// The address, the number among its deliveries, and the id under which it is sent, each time the same.
  package let webhook: Int64, number: Int64, message: String
  /// What it is about; the event that it tells of (nil for a test), and the body that is sent.
  package let type: String, event: Int64?, body: [UInt8]
  /// When it was decided on, Unix milliseconds.
  package let created: Int64
  /// `pending`, `delivered` or `failed`; how often it was tried.
  package var state: String, tries: Int64
  /// When it is tried next, while it is pending, and when it was tried last; Unix milliseconds.
  package var next: Int64?, tried: Int64?
  /// What came back the last time: the status of HTTP, or why there was none.
  package var status: Int64?, error: String?

  /// One that is to be sent for the first time.
  package init(
    webhook: Int64, number: Int64, message: String, type: String, event: Int64?, body: [UInt8], created: Int64
  ) {
    self.webhook = webhook
    self.number = number
    self.message = message
    self.type = type
    self.event = event
    self.body = body
    self.created = created
    (state, tries, next) = ("pending", 0, created)
  }

  init(_ row: SQLRow) {
    self.init(
      webhook: row.int(0), number: row.int(1), message: row.text(2), type: row.text(3), event: row.intOrNil(4),
      body: row.blob(5), created: row.int(6))
    (state, tries, next, tried) = (row.text(7), row.int(8), row.intOrNil(9), row.intOrNil(10))
    (status, error) = (row.intOrNil(11), row.textOrNil(12))
  }

  static let columns =
    "webhook, number, message, type, event, body, created, state, tries, next, tried, status, error"
}

extension Transaction {
  /// The number for a new address; no number is given twice, also when its address is gone.
  package func nextWebhookID() throws -> Int64 {
    let id = (try setting("webhooks-made").flatMap { Int64($0) } ?? 0) + 1
    try set("webhooks-made", to: String(id))
    return id
  }

  /// All addresses, oldest first.
  package func webhooks() throws -> [WebhookRow] {
    try all("SELECT \(WebhookRow.columns) FROM webhook ORDER BY id") { WebhookRow($0) }
  }

  /// The address with this number.
  package func webhook(_ id: Int64) throws -> WebhookRow? {
    try first("SELECT \(WebhookRow.columns) FROM webhook WHERE id = ?", [.integer(id)]) { WebhookRow($0) }
  }

  /// Adds an address, or puts one in the place of what is stored under its number. The count of its deliveries stays.
  package func put(_ row: WebhookRow) throws {
    try post(
      """
      INSERT INTO webhook (\(WebhookRow.columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (id) DO UPDATE SET url = excluded.url, name = excluded.name, types = excluded.types,
      enabled = excluded.enabled, reason = excluded.reason, secret = excluded.secret, before = excluded.before,
      before_until = excluded.before_until, cursor = excluded.cursor, failing_since = excluded.failing_since,
      event = excluded.event
      """,
      [
        .integer(row.id), .text(row.url), .text(row.name), .text(row.types), .integer(row.isEnabled ? 1 : 0),
        .optional(row.reason), .integer(row.created), .blob(row.secret), .optional(row.before),
        .optional(row.beforeUntil), .integer(row.cursor), .optional(row.failingSince), .integer(row.event),
      ])
  }

  /// Forgets an address and all that was or was to be sent to it.
  package func removeWebhook(_ id: Int64) throws {
    try run("DELETE FROM webhook_delivery WHERE webhook = ?", [.integer(id)])
    try run("DELETE FROM webhook WHERE id = ?", [.integer(id)])
  }

  /// Moves the cursor of an address on.
  package func setCursor(ofWebhook id: Int64, to event: Int64) throws {
    try post("UPDATE webhook SET cursor = ? WHERE id = ?", [.integer(event), .integer(id)])
  }

  /// Notes since when every try at an address failed; nil after one that did not.
  package func setFailing(ofWebhook id: Int64, since: Int64?) throws {
    try post("UPDATE webhook SET failing_since = ? WHERE id = ?", [.optional(since), .integer(id)])
  }

  /// The number for the next delivery to an address.
  package func nextDelivery(ofWebhook id: Int64) throws -> Int64 {
    try run("UPDATE webhook SET deliveries = deliveries + 1 WHERE id = ?", [.integer(id)])
    return try first("SELECT deliveries FROM webhook WHERE id = ?", [.integer(id)]) { $0.int(0) } ?? 1
  }

  /// Adds a delivery, or puts it in the place of the one under its number.
  package func put(_ row: DeliveryRow) throws {
    try post(
      """
      INSERT INTO webhook_delivery (\(DeliveryRow.columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (webhook, number) DO UPDATE SET state = excluded.state, tries = excluded.tries,
      next = excluded.next, tried = excluded.tried, status = excluded.status, error = excluded.error
      """,
      [
        .integer(row.webhook), .integer(row.number), .text(row.message), .text(row.type), .optional(row.event),
        .blob(row.body), .integer(row.created), .text(row.state), .integer(row.tries), .optional(row.next),
        .optional(row.tried), .optional(row.status), .optional(row.error),
      ])
  }

  /// One delivery.
  package func delivery(_ number: Int64, ofWebhook id: Int64) throws -> DeliveryRow? {
    try first(
      "SELECT \(DeliveryRow.columns) FROM webhook_delivery WHERE webhook = ? AND number = ?",
      [.integer(id), .integer(number)]
    ) { DeliveryRow($0) }
  }

  /// Deliveries to an address before a number, newest first.
  package func deliveries(ofWebhook id: Int64, before number: Int64, limit: Int) throws -> [DeliveryRow] {
    try all(
      "SELECT \(DeliveryRow.columns) FROM webhook_delivery WHERE webhook = ? AND number < ? ORDER BY number DESC LIMIT ?",
      [.integer(id), .integer(number), .integer(Int64(limit))]
    ) { DeliveryRow($0) }
  }

  /// What is to be sent to an address by now, the longest due first.
  package func dueDeliveries(ofWebhook id: Int64, at now: Int64, limit: Int) throws -> [DeliveryRow] {
    try all(
      """
      SELECT \(DeliveryRow.columns) FROM webhook_delivery
      WHERE webhook = ? AND state = 'pending' AND next <= ? ORDER BY next, number LIMIT ?
      """, [.integer(id), .integer(now), .integer(Int64(limit))]
    ) { DeliveryRow($0) }
  }

  /// How many deliveries to an address are to be sent still.
  package func pendingDeliveries(ofWebhook id: Int64) throws -> Int64 {
    try first("SELECT count(*) FROM webhook_delivery WHERE webhook = ? AND state = 'pending'", [.integer(id)]) {
      $0.int(0)
    } ?? 0
  }

  /// Makes everything that waits for a later try due at once.
  package func makeDue(ofWebhook id: Int64, at now: Int64) throws {
    try post(
      "UPDATE webhook_delivery SET next = ? WHERE webhook = ? AND state = 'pending' AND next > ?",
      [.integer(now), .integer(id), .integer(now)])
  }

  /// Forgets deliveries that were decided on before a moment.
  package func sweepDeliveries(before time: Int64) throws {
    try post("DELETE FROM webhook_delivery WHERE created < ?", [.integer(time)])
  }

  /// Events of some kinds in `after < id <= through`, in order, at most `limit`.
  package func events(ofKinds kinds: [String], after: Int64, through: Int64, limit: Int) throws -> [EventRow] {
    guard after < through, let places = try places(after: after, limit: Int(through - after)) else { return [] }
    let marks = kinds.map { _ in "?" }.joined(separator: ", ")
    return try all(
      """
      \(wholeEvents) WHERE e.id > ? AND e.id <= ?\(places.sql) AND e.kind IN (\(marks)) ORDER BY e.id LIMIT ?
      """,
      [.integer(after), .integer(through)] + places.values + kinds.map(SQLValue.text) + [.integer(Int64(limit))]
    ) { EventRow($0) }
  }
}
