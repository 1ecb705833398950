import Detection
import Ledger
import Storage
import TransparencyLog

/// What people tell the detection: how to detect, and what an alert turned out to be. Both are events, so that a replay
/// of the ledger knows when each began to count.
package struct DetectionDesk: Sendable {
  private let ledger: Ledger

  /// Under which the present choice is stored; events hold the earlier ones.
  static let choiceRow = "detection-settings"
  /// The longest reason of a decision, in characters.
  package static let reasonMax = 2_000

  /// Over the ledger.
  package init(_ ledger: Ledger) { self.ledger = ledger }

  /// The choice in force: the default until somebody chose.
  package func choice() async throws(AlertingError) -> DetectionChoice {
    try await ledger.read(AlertingError.self) { try Self.choice($0) }
  }

  static func choice(_ transaction: Transaction) throws -> DetectionChoice {
    guard let row = try transaction.detector(choiceRow) else { return DetectionChoice() }
    guard let choice = DetectionChoice(try? JSONValue(parsing: row.state)) else {
      throw LedgerError.inconsistent("the settings of detection")
    }
    return choice
  }

  /// Chooses anew. Counts for the scans that are recorded from now on.
  package func choose(_ choice: DetectionChoice, by actor: Actor) async throws(AlertingError) {
    try await ledger.write(AlertingError.self) { [ledger] transaction in
      let now = ledger.now()
      let event = try ledger.append(
        EventDraft(.detectionSettings, at: now, by: actor, data: choice.json.object ?? [:]), transaction,
        recorded: now)
      try transaction.putDetector(Self.choiceRow, cursor: event, state: choice.json.canonicalBytes)
    }
  }

  /// Decides on an alert, closes it, and lets the detection learn.
  /// - Throws: `notAllowed`, `noAlert` also for one that is not the asker's to see, `alreadyDecided`.
  package func decide(
    _ id: AlertID, _ decision: Decision, reason: String, by actor: Actor
  ) async throws(AlertingError) -> AlertView {
    try await ledger.write(AlertingError.self) { [ledger] transaction in
      let scope = try AlertScope(actor, transaction)
      guard let row = try transaction.alert(id.number), scope.holds(row) else { throw AlertingError.noAlert(id) }
      guard var detail = try? JSONValue(parsing: row.detail) else { throw LedgerError.inconsistent("alert \(row.id)") }
      guard detail["decision"] == nil, !row.isCleared else { throw AlertingError.alreadyDecided(id) }
      let now = ledger.now()
      // A reason is free text in which people are named: personal, so a commitment in the log.
      let event = try ledger.append(
        EventDraft(
          .alertDecision, at: now, by: actor,
          data: ["alert": .integer(row.id), "decision": .string(decision.rawValue)],
          personal: ["reason": .string(reason)]), transaction, recorded: now)
      detail["decision"] = [
        "at": .string(now.description), "by": .string(actor.role.rawValue), "decision": .string(decision.rawValue),
        "event": .integer(event), "reason": .string(reason),
      ]
      try transaction.setAlert(row.id, status: AlertStatus.closed.rawValue, detail: detail.canonicalBytes)
      try transaction.setDecision(decision.rawValue, ofAlert: row.id)
      guard let decided = try transaction.alert(row.id) else { throw AlertingError.noAlert(id) }
      let scans = try transaction.events(ofAlert: row.id).map(AlertScan.init(event:))
      return try AlertRenderer(ledger, transaction).view(decided, scans: scans)
    }
  }

  /// What people decided of alerts, by themselves or in a case, by rule:
  /// `[{"kind":…,"rule":…,"confirmed":3,"falseAlarm":1,…,"precision":0.75}]`.
  package func record() async throws(AlertingError) -> JSONValue {
    let counts = try await ledger.read(AlertingError.self) { try $0.decisionCounts() }
    let rules = Dictionary(grouping: counts) { [$0.kind, $0.rule] }.sorted { $0.key.lexicographicallyPrecedes($1.key) }
    return .array(
      rules.map { rule, counts in
        var line: [String: JSONValue] = ["kind": .string(rule[0]), "rule": .string(rule[1])]
        let number = { (decision: Decision) in
          counts.filter { $0.decision == decision.rawValue }.reduce(0) { $0 + $1.count }
        }
        for decision in Decision.allCases { line[decision.rawValue] = .integer(number(decision)) }
        let all = counts.reduce(0) { $0 + $1.count }
        line["precision"] = .number(Double(number(.confirmed)) / Double(max(1, all)))
        return .object(line)
      })
  }

  /// All alerts that were decided on.
  static func decided(_ transaction: Transaction) throws -> [(row: AlertRow, decision: Decision)] {
    var filter = AlertFilter()
    filter.status = AlertStatus.closed.rawValue
    return try transaction.alerts(filter, before: .max, limit: 1_000_000).compactMap { row in
      let detail = try? JSONValue(parsing: row.detail)
      return (detail?["decision"]?["decision"]?.string).flatMap(Decision.init(rawValue:)).map { (row, $0) }
    }
  }
}
