import Ledger
import Storage
import TransparencyLog

/// Tells other systems of what happens: reads the ledger's events after each address's cursor, decides what is to be
/// told, and sends it until it is taken or given up.
///
/// Steps, and what a crash leaves after each:
/// 1. read events after the cursors: nothing;
/// 2. write deliveries and cursors in one transaction that first compares the old cursors: all or nothing;
/// 3. send: the delivery still waits, and is sent again under the same message id;
/// 4. note the outcome: done.
/// So everything is sent at least once, in no certain order. Where nothing is to be told the cursors are written only
/// now and then: the events after them are read again.
package actor Notifier {
  private let webhooks: Webhooks
  private let random: @Sendable () -> Double
  /// How far events were read for each address; never behind its cursor.
  private var read: [Int64: Int64] = [:]
  /// Addresses that are being sent to, and those that asked to be left alone until a moment (Unix milliseconds).
  private var busy: Set<Int64> = []
  private var paused: [Int64: Int64] = [:]
  /// When what is old was swept last, Unix milliseconds.
  private var swept: Int64?

  /// Events looked at in one step, and those of them that are told.
  static let eventsMax: Int64 = 20_000, toldMax = 500
  /// Sent to one address at once; one that fails gets one try at a time.
  static let sendsMax = 8
  /// An address that took nothing for so long is disabled with the delivery that is then given up: three days.
  static let failingMax: Int64 = 3 * 86_400_000
  /// Milliseconds between two sweeps, and that a receiver under load is left alone unless it says for how long.
  static let sweepEvery: Int64 = 3_600_000, pauseMin: Int64 = 30_000

  private var ledger: Ledger { webhooks.ledger }

  /// - Parameter random: from 0 to below 1, for the jitter of waits.
  package init(_ webhooks: Webhooks, random: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) }) {
    self.webhooks = webhooks
    self.random = random
  }

  /// Decides what is to be told, sends what is due, and waits until all of it was answered.
  package func pass() async throws(NotifyingError) {
    let due = try await prepare()
    let failure = await withTaskGroup(of: NotifyingError?.self) { group in
      for webhook in due { group.addTask { await self.serve(webhook) } }
      var first: NotifyingError?
      for await failure in group { first = first ?? failure }
      return first
    }
    if let failure { throw failure }
  }

  /// Passes again and again until the task is cancelled. A slow receiver holds up nobody else.
  /// - Parameter isLeading: asked before each step: of several servers on one database one does it.
  package func run(
    every interval: Duration, when isLeading: @escaping @Sendable () -> Bool = { true },
    onFailure: @escaping @Sendable (NotifyingError) -> Void = { _ in }
  ) async {
    await withDiscardingTaskGroup { group in
      while !Task.isCancelled {
        if isLeading() {
          do throws(NotifyingError) {
            for webhook in try await prepare() {
              group.addTask { if let failure = await self.serve(webhook) { onFailure(failure) } }
            }
          } catch { onFailure(error) }
        }
        do { try await Task.sleep(for: interval) } catch { break }
      }
      group.cancelAll()
    }
  }

  /// Decides, sweeps, and gives the addresses that something is due for, marked as busy.
  private func prepare() async throws(NotifyingError) -> [Int64] {
    try await decide()
    try await sweep()
    let now = ledger.now().milliseconds
    paused = paused.filter { $0.value > now }
    let isLeftAlone = busy.union(paused.keys)
    let due = try await ledger.read(NotifyingError.self) { transaction in
      try transaction.webhooks().filter(\.isEnabled).map(\.id).filter { id in
        try !isLeftAlone.contains(id) && !transaction.dueDeliveries(ofWebhook: id, at: now, limit: 1).isEmpty
      }
    }
    // Another step may have begun with one of them meanwhile.
    let mine = due.filter { !busy.contains($0) }
    busy.formUnion(mine)
    return mine
  }

  /// What one step of deciding found.
  private struct Found: Sendable {
    var rows: [WebhookRow] = []
    var events: [EventRow] = []
    var through: Int64 = 0
  }

  private func decide() async throws(NotifyingError) {
    let known = read
    let found = try await ledger.read(NotifyingError.self) { transaction in
      var found = Found()
      found.rows = try transaction.webhooks().filter {
        try $0.isEnabled && transaction.pendingDeliveries(ofWebhook: $0.id) < Webhooks.pendingMax
      }
      guard let from = found.rows.map({ max($0.cursor, known[$0.id] ?? 0) }).min() else { return found }
      found.through = min(try transaction.lastEventID(), from + Self.eventsMax)
      guard found.through > from else { return found }
      found.events = try transaction.events(
        ofKinds: NoticeType.kinds.map(\.rawValue), after: from, through: found.through, limit: Self.toldMax)
      if found.events.count == Self.toldMax, let last = found.events.last { found.through = last.id }
      return found
    }
    guard found.through > 0 else { return }
    let isFar = found.rows.contains { found.through - $0.cursor >= Self.eventsMax }
    let isWritten = !found.events.isEmpty || isFar
    let done = isWritten ? try await write(found, known) : Set(found.rows.map(\.id))
    for row in found.rows where done.contains(row.id) {
      read[row.id] = max(found.through, known[row.id] ?? 0, row.cursor)
    }
  }

  /// Writes what is to be told; gives the addresses for which that was done.
  private func write(_ found: Found, _ known: [Int64: Int64]) async throws(NotifyingError) -> Set<Int64> {
    try await ledger.write(NotifyingError.self) { [webhooks] transaction -> Set<Int64> in
      let now = webhooks.ledger.now().milliseconds
      var done: Set<Int64> = []
      let notices = try found.events.map { ($0.id, try Notice($0, transaction)) }
      for row in found.rows {
        // Changed since it was read, or another server was here first: next time.
        guard let present = try transaction.webhook(row.id), present.isEnabled, present.event == row.event,
          present.cursor == row.cursor
        else { continue }
        let types = Set(row.types.split(separator: ",").map(String.init))
        let start = max(row.cursor, known[row.id] ?? 0)
        for case (let event, let notice?) in notices where event > start && types.contains(notice.type.rawValue) {
          try transaction.put(
            DeliveryRow(
              webhook: row.id, number: try transaction.nextDelivery(ofWebhook: row.id),
              message: webhooks.newMessage(), type: notice.type.rawValue, event: event, body: notice.body,
              created: now))
        }
        try transaction.setCursor(ofWebhook: row.id, to: max(found.through, start))
        done.insert(row.id)
      }
      return done
    }
  }

  private func sweep() async throws(NotifyingError) {
    let now = ledger.now().milliseconds
    if let swept, now - swept < Self.sweepEvery { return }
    try await ledger.write(NotifyingError.self) { try $0.sweepDeliveries(before: now - Webhooks.keptFor) }
    swept = now
  }

  /// Sends what is due for one address; gives what went wrong beneath it.
  private func serve(_ id: Int64) async -> NotifyingError? {
    defer { busy.remove(id) }
    do throws(NotifyingError) {
      let now = ledger.now().milliseconds
      let found = try await ledger.read(NotifyingError.self) { transaction -> (WebhookRow, [DeliveryRow])? in
        guard let row = try transaction.webhook(id), row.isEnabled else { return nil }
        let limit = row.failingSince == nil ? Self.sendsMax : 1
        return (row, try transaction.dueDeliveries(ofWebhook: id, at: now, limit: limit))
      }
      guard let (webhook, due) = found else { return nil }
      return await withTaskGroup(of: NotifyingError?.self) { group in
        for delivery in due { group.addTask { await self.carry(delivery, to: webhook) } }
        var first: NotifyingError?
        for await failure in group { first = first ?? failure }
        return first
      }
    } catch { return error }
  }

  private func carry(_ delivery: DeliveryRow, to webhook: WebhookRow) async -> NotifyingError? {
    do throws(NotifyingError) {
      let outcome = try await webhooks.send(delivery, to: webhook)
      // The server stops: what became of it is not known, so it is sent again.
      if outcome == .failed(.cancelled) { return nil }
      let now = ledger.now().milliseconds
      if let status = outcome.status, [429, 502, 503, 504].contains(status) {
        let asked = min(outcome.asked ?? 0, RetrySchedule.askedMax) * 1000
        paused[webhook.id] = now + max(asked, Self.pauseMin)
      }
      try await note(outcome, of: delivery, at: now)
      return nil
    } catch { return error }
  }

  private func note(_ outcome: Outcome, of delivery: DeliveryRow, at now: Int64) async throws(NotifyingError) {
    let jitter = random()
    try await ledger.write(NotifyingError.self) { [webhooks] transaction in
      // Removed, sent again by hand, or noted by another server meanwhile.
      guard var row = try transaction.delivery(delivery.number, ofWebhook: delivery.webhook), row.state == "pending",
        row.tries == delivery.tries, let webhook = try transaction.webhook(row.webhook)
      else { return }
      row.take(outcome, at: now)
      if outcome.isDelivered {
        (row.state, row.next) = ("delivered", nil)
        try transaction.put(row)
        if webhook.failingSince != nil { try transaction.setFailing(ofWebhook: webhook.id, since: nil) }
        return
      }
      let since = webhook.failingSince ?? now
      let isGone = outcome.status == 410
      let wait = isGone ? nil : RetrySchedule.wait(after: row.tries, asked: outcome.asked, random: jitter)
      (row.state, row.next) = (wait == nil ? "failed" : "pending", wait.map { now + $0 })
      try transaction.put(row)
      try transaction.setFailing(ofWebhook: webhook.id, since: since)
      if webhook.isEnabled, isGone || wait == nil && now - since >= Self.failingMax {
        try webhooks.disable(webhook.id, reason: isGone ? "gone" : "failing", transaction)
      }
    }
  }
}

extension Webhooks {
  /// Ends telling an address that is gone, or that took nothing for days; an event by the server itself.
  func disable(_ id: Int64, reason: String, _ transaction: Transaction) throws {
    let now = ledger.now()
    let event = try ledger.append(
      EventDraft(
        .webhook, at: now, by: .system,
        data: ["change": "disabled", "reason": .string(reason), "webhook": .integer(id)]), transaction, recorded: now)
    let row = try Self.found(id, transaction)
    try transaction.put(
      WebhookRow(
        id: id, url: row.url, name: row.name, types: row.types, isEnabled: false, reason: reason, created: row.created,
        secret: row.secret, before: row.before, beforeUntil: row.beforeUntil, cursor: row.cursor,
        failingSince: row.failingSince, event: event))
  }
}
