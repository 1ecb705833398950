import Codes
import Ledger
import Storage
import TransparencyLog

/// Writes clues as alerts, inside one transaction.
struct AlertWriter {
  let ledger: Ledger
  let gazetteer: Gazetteer
  let transaction: Transaction
  let now: Timestamp
  private var spaces: SpaceTable?

  init(_ ledger: Ledger, _ gazetteer: Gazetteer, _ transaction: Transaction) {
    self.ledger = ledger
    self.gazetteer = gazetteer
    self.transaction = transaction
    now = ledger.now()
  }

  /// Raises a matter unless it was raised before; returns the alert's number.
  mutating func raise(_ clue: Clue) throws -> Int64? {
    guard try !transaction.alertExists(identity: clue.identity) else { return nil }
    let clue = try complete(clue)
    let id = try transaction.nextAlertID()
    // Happened when the last scan did; a scan's clock is never later than its recording, so never after now.
    let event = try ledger.append(draft(clue, id), transaction, recorded: now)
    try transaction.addAlert(try row(clue, id, event), events: clue.scans)
    for item in clue.suspects { try suspect(item) }
    try CorrectedAlerts(ledger, transaction).judge(raised: id, at: now)
    return id
  }

  /// Adds the scans that the ledger knows and no detector needs to remember.
  private mutating func complete(_ clue: Clue) throws -> Clue {
    guard let past = clue.lookBack, let space = try space(of: past.item) else { return clue }
    let scans = try transaction.scans(
      space: space, number: past.item.index, through: past.event, limit: Clue.scansMax)
    return clue.with(scans: clue.scans + scans)
  }

  private mutating func space(of item: ItemIdentity) throws -> Int64? {
    let spaces = try self.spaces ?? SpaceTable(transaction)
    self.spaces = spaces
    return spaces.id(.items(item.gtin, item.epoch))
  }

  private func draft(_ clue: Clue, _ id: Int64) -> EventDraft {
    EventDraft(
      .alert, at: min(clue.occurredAt, now), by: .system,
      data: [
        "alert": .integer(id), "kind": .string(clue.kind.rawValue), "rule": .string(clue.rule.description),
        "severity": .string(clue.severity.rawValue), "subject": clue.subject.json,
        "explanation": clue.explanation(gazetteer).json, "numbers": .object(clue.numbers),
        "scans": .array(clue.scans.map(JSONValue.integer)),
      ])
  }

  private func row(_ clue: Clue, _ id: Int64, _ event: Int64) throws -> AlertRow {
    let detail: JSONValue = [
      "explanation": clue.explanation(gazetteer).json, "numbers": .object(clue.numbers),
      "occurredAt": .string(clue.occurredAt.description), "subject": clue.subject.json,
    ]
    return AlertRow(
      id: id, identity: clue.identity, kind: clue.kind.rawValue, status: AlertStatus.open.rawValue,
      severity: clue.severity.rawValue, dealer: clue.subject.dealer, region: clue.subject.region?.description,
      gtin: clue.subject.gtin.flatMap { Int64(exactly: $0.value) }, raised: now.milliseconds,
      rule: clue.rule.description, detail: detail.canonicalBytes, event: event,
      urgency: AlertUrgency.number(rank: clue.severity.rank, value: try value(clue)))
  }

  /// The value at risk: the list price of all items of the dispatch, else of those that were seen. 0 where no price is
  /// known.
  private func value(_ clue: Clue) throws -> Int64 {
    guard let gtin = clue.subject.gtin.flatMap({ Int64(exactly: $0.value) }),
      let product = try transaction.product(gtin), let amount = product.amount.flatMap({ Double($0) })
    else { return 0 }
    let items = try clue.subject.dispatch.flatMap { try transaction.dispatch($0)?.items } ?? Int64(clue.scans.count)
    return Int64((amount * 100).rounded()) * items
  }

  private mutating func suspect(_ item: ItemIdentity) throws {
    guard let space = try space(of: item) else { return }
    try transaction.setSuspected(true, space: space, number: item.index)
  }
}
