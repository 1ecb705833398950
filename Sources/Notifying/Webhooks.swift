import Ledger
import Storage
import TransparencyLog

/// Addresses of other systems that are told of alerts and cases: who sets them up, and what was sent to them. Adding,
/// changing and removing one are events of the log, with the address and its name as personal fields; the secret is in
/// none.
package struct Webhooks: Sendable {
  let ledger: Ledger
  let courier: Courier
  let allowsLoopback: Bool

  /// Addresses that there may be, and deliveries to one that may wait before no further events are looked at for it.
  package static let webhooksMax = 32, pendingMax: Int64 = 1_000
  /// The longest name, in characters.
  package static let nameMax = 100
  /// Milliseconds that the secret before still signs, and that deliveries are kept.
  package static let overlap: Int64 = 86_400_000, keptFor: Int64 = 30 * 86_400_000

  /// Over the ledger.
  /// - Parameter allowsLoopback: whether this machine may be told, also over `http`; for tests and receivers beside the
  ///   server.
  package init(_ ledger: Ledger, courier: Courier = .nowhere, allowsLoopback: Bool = false) {
    self.ledger = ledger
    self.courier = courier
    self.allowsLoopback = allowsLoopback
  }

  /// What somebody wants to set up.
  package struct Form: Sendable {
    /// Where to, what people call it, which types, and whether it is told at all.
    package let url: String, name: String, types: [String], isEnabled: Bool

    /// As it was sent.
    package init(url: String, name: String = "", types: [String], isEnabled: Bool = true) {
      self.url = url
      self.name = name
      self.types = types
      self.isEnabled = isEnabled
    }
  }

  /// An address, and how telling it goes.
  package struct View: Sendable {
    /// The address as it is stored.
    package let row: WebhookRow
    /// How many deliveries wait, and the newest one.
    package let pending: Int64, last: DeliveryRow?

    init(_ row: WebhookRow, _ transaction: Transaction) throws {
      self.row = row
      pending = try transaction.pendingDeliveries(ofWebhook: row.id)
      last = try transaction.deliveries(ofWebhook: row.id, before: .max, limit: 1).first
    }

    /// The types that it wants.
    package var types: [String] { row.types.split(separator: ",").map(String.init) }
  }

  /// All addresses, oldest first.
  package func all() async throws(NotifyingError) -> [View] {
    try await ledger.read(NotifyingError.self) { transaction in
      try transaction.webhooks().map { try View($0, transaction) }
    }
  }

  /// One address.
  package func view(_ id: Int64) async throws(NotifyingError) -> View {
    try await ledger.read(NotifyingError.self) { try View(Self.found(id, $0), $0) }
  }

  /// Adds an address; it is told of what happens from now on. The secret is given here and never again.
  package func add(_ form: Form, by actor: Actor) async throws(NotifyingError) -> (view: View, secret: WebhookSecret) {
    let url = try check(form)
    let secret = try fresh()
    let view = try await ledger.write(NotifyingError.self) { [self] transaction in
      guard try transaction.webhooks().count < Self.webhooksMax else {
        throw NotifyingError.tooMany(max: Self.webhooksMax)
      }
      let id = try transaction.nextWebhookID()
      let event = try note("added", id, form, url, by: actor, transaction)
      let row = WebhookRow(
        id: id, url: url.description, name: form.name, types: form.types.joined(separator: ","),
        isEnabled: form.isEnabled, created: ledger.now().milliseconds, secret: try sealed(secret, id), cursor: event,
        event: event)
      try transaction.put(row)
      return try View(row, transaction)
    }
    return (view, secret)
  }

  /// Changes an address; its secret stays. One that is enabled again is told of what happens from now on, and of what
  /// waited for it.
  package func change(_ id: Int64, to form: Form, by actor: Actor) async throws(NotifyingError) -> View {
    let url = try check(form)
    return try await ledger.write(NotifyingError.self) { [self] transaction in
      let old = try Self.found(id, transaction)
      let event = try note("changed", id, form, url, by: actor, transaction)
      let isBack = form.isEnabled && !old.isEnabled
      let row = WebhookRow(
        id: id, url: url.description, name: form.name, types: form.types.joined(separator: ","),
        isEnabled: form.isEnabled, reason: form.isEnabled ? nil : old.reason, created: old.created,
        secret: old.secret, before: old.before, beforeUntil: old.beforeUntil, cursor: isBack ? event : old.cursor,
        failingSince: isBack ? nil : old.failingSince, event: event)
      try transaction.put(row)
      if isBack { try transaction.makeDue(ofWebhook: id, at: ledger.now().milliseconds) }
      return try View(row, transaction)
    }
  }

  /// Forgets an address, and what waits for it.
  package func remove(_ id: Int64, by actor: Actor) async throws(NotifyingError) {
    let now = ledger.now()
    try await ledger.write(NotifyingError.self) { [ledger] transaction in
      _ = try Self.found(id, transaction)
      try ledger.append(
        EventDraft(.webhookRemoved, at: now, by: actor, data: ["webhook": .integer(id)]), transaction, recorded: now)
      try transaction.removeWebhook(id)
    }
  }

  /// Gives an address another secret; the one before signs beside it for a day. The secret is given here and never again.
  package func rotate(_ id: Int64, by actor: Actor) async throws(NotifyingError) -> (view: View, secret: WebhookSecret)
  {
    let secret = try fresh()
    let now = ledger.now()
    let view = try await ledger.write(NotifyingError.self) { [self] transaction in
      let old = try Self.found(id, transaction)
      let event = try ledger.append(
        EventDraft(.webhook, at: now, by: actor, data: ["change": "secret", "webhook": .integer(id)]), transaction,
        recorded: now)
      let row = WebhookRow(
        id: id, url: old.url, name: old.name, types: old.types, isEnabled: old.isEnabled, reason: old.reason,
        created: old.created, secret: try sealed(secret, id), before: old.secret,
        beforeUntil: now.milliseconds + Self.overlap, cursor: old.cursor, failingSince: old.failingSince, event: event)
      try transaction.put(row)
      return try View(row, transaction)
    }
    return (view, secret)
  }

  /// What was and is to be sent to an address, newest first.
  package func deliveries(
    of id: Int64, before number: Int64, limit: Int
  ) async throws(NotifyingError) -> [DeliveryRow] {
    try await ledger.read(NotifyingError.self) { transaction in
      _ = try Self.found(id, transaction)
      return try transaction.deliveries(ofWebhook: id, before: number, limit: limit)
    }
  }

  /// Sends a delivery again, under the same message id: one that waits at once, one that is over anew from the first try.
  package func retry(_ number: Int64, of id: Int64) async throws(NotifyingError) -> DeliveryRow {
    let now = ledger.now().milliseconds
    return try await ledger.write(NotifyingError.self) { transaction in
      let webhook = try Self.found(id, transaction)
      guard var row = try transaction.delivery(number, ofWebhook: id) else { throw NotifyingError.unknownDelivery }
      guard webhook.isEnabled else { throw NotifyingError.disabled }
      guard row.type != NoticeType.ping.rawValue else { throw NotifyingError.testOnly }
      if row.state != "pending" { row.tries = 0 }
      (row.state, row.next) = ("pending", now)
      try transaction.put(row)
      return row
    }
  }

  /// Sends a `ping` to an address now, also when it is disabled, and tells how it went. It is not sent again.
  package func test(_ id: Int64) async throws(NotifyingError) -> DeliveryRow {
    let webhook = try await view(id).row
    let now = ledger.now()
    let notice = Notice(.ping, at: now, ["webhook": .string("W\(id)")])
    let message = newMessage()
    let draft = DeliveryRow(
      webhook: id, number: 0, message: message, type: notice.type.rawValue, event: nil, body: notice.body,
      created: now.milliseconds)
    let outcome = try await send(draft, to: webhook)
    return try await ledger.write(NotifyingError.self) { [ledger] transaction in
      _ = try Self.found(id, transaction)
      var row = DeliveryRow(
        webhook: id, number: try transaction.nextDelivery(ofWebhook: id), message: message, type: draft.type,
        event: nil, body: draft.body, created: draft.created)
      row.take(outcome, at: ledger.now().milliseconds)
      (row.state, row.next) = (outcome.isDelivered ? "delivered" : "failed", nil)
      try transaction.put(row)
      return row
    }
  }

  static func found(_ id: Int64, _ transaction: Transaction) throws -> WebhookRow {
    guard let row = try transaction.webhook(id) else { throw NotifyingError.unknownWebhook }
    return row
  }

  /// An id that no other message has; without a point, as Standard Webhooks demands.
  func newMessage() -> String { "msg_" + Base64.url.encode(ledger.salt().bytes) }

  private func check(_ form: Form) throws(NotifyingError) -> WebhookURL {
    guard form.name.count <= Self.nameMax, form.name.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7f })
    else { throw .name }
    guard !form.types.isEmpty else { throw .types(place: nil) }
    for (place, type) in form.types.enumerated() {
      let isKnown = NoticeType.choices.contains { $0.rawValue == type }
      guard isKnown, !form.types[..<place].contains(type) else { throw .types(place: place) }
    }
    do { return try WebhookURL(parsing: form.url, allowingLoopback: allowsLoopback) } catch { throw .url(error) }
  }

  private func note(
    _ change: String, _ id: Int64, _ form: Form, _ url: WebhookURL, by actor: Actor, _ transaction: Transaction
  ) throws -> Int64 {
    let now = ledger.now()
    let data: [String: JSONValue] = [
      "change": .string(change), "webhook": .integer(id), "types": .array(form.types.map(JSONValue.string)),
      "enabled": .bool(form.isEnabled),
    ]
    // Some receivers take part of an address for a password, so it is no more public than a name.
    let personal: [String: JSONValue] = ["url": .string(url.description), "name": .string(form.name)]
    return try ledger.append(
      EventDraft(.webhook, at: now, by: actor, data: data, personal: personal), transaction, recorded: now)
  }

  private func fresh() throws(NotifyingError) -> WebhookSecret {
    guard let secret = WebhookSecret(bytes: ledger.salt().bytes + ledger.salt().bytes) else {
      throw .ledger(.inconsistent("fresh salts"))
    }
    return secret
  }

  private func sealed(_ secret: WebhookSecret, _ id: Int64) throws -> [UInt8] {
    try SecretSeal(ledger, .webhooks).seal(
      secret.bytes, for: WebhookSecret.row(id), nonce: Array(ledger.salt().bytes.prefix(12)))
  }
}
