import Codes
import Storage
import TransparencyLog

/// Proves the rows of cases (how each stands, alerts, courses, penalties, attachments) against the events that made
/// them: all events of cases are played again in the order of the log, and what comes out must be what is stored.
struct CaseAudit {
  private let transaction: Transaction

  init(_ transaction: Transaction) { self.transaction = transaction }

  /// A case as its events make it.
  fileprivate struct Replay: Equatable {
    var row: CaseRow
    var steps: [Int64]
    var alerts: [Int64]
    var penalties: [PenaltyRow] = []
    var attachments: [Attachment] = []
  }

  /// What an event says of an attachment; its name is personal.
  fileprivate struct Attachment: Equatable {
    let sha256: [UInt8], type: String?, bytes: Int64?, purpose: String?, event: Int64
  }

  /// Calls `report` for everything that does not hold.
  func run(_ report: (String) -> Void) throws {
    var replays: [Int64: Replay] = [:]
    let sql = "SELECT id, kind, at, body FROM event WHERE kind LIKE 'case%' ORDER BY id"
    for event in try transaction.all(sql, [], { (id: $0.int(0), kind: $0.text(1), at: $0.int(2), body: $0.blob(3)) }) {
      guard let kind = EventKind(rawValue: event.kind), let body = try? JSONValue(parsing: event.body),
        let id = body["data"]?["case"]?.int
      else {
        report("event \(event.id) is of no case")
        continue
      }
      Self.play(kind, event.id, event.at, body, &replays[id], id)
    }
    let stored = try transaction.all("SELECT id FROM casefile ORDER BY id") { $0.int(0) }
    for id in Set(stored).union(replays.keys).sorted() { try compare(id, replays[id], report) }
    try compareStatuses(replays, report)
  }

  private func compare(_ id: Int64, _ replay: Replay?, _ report: (String) -> Void) throws {
    guard let row = try transaction.casefile(id) else { return report("case C\(id) has events and no row") }
    guard let replay else { return report("case C\(id) has no event") }
    if row != replay.row { report("case C\(id) differs from what its events say") }
    if try transaction.steps(ofCase: id) != replay.steps { report("case C\(id): its course is not its events") }
    if try transaction.alerts(ofCase: id) != replay.alerts.sorted() {
      report("case C\(id): its alerts are not those of its events")
    }
    if try transaction.penalties(ofCase: id) != replay.penalties {
      report("case C\(id): its penalties are not those of its events")
    }
    let attachments = try transaction.attachments(ofCase: id).map {
      Attachment(sha256: $0.sha256, type: $0.type, bytes: $0.bytes, purpose: $0.purpose, event: $0.event)
    }
    if attachments != replay.attachments { report("case C\(id): its attachments are not those of its events") }
  }

  /// An alert that a person decided on or a correction cleared is closed; one in a case is handled as the case is; any
  /// other is open.
  private func compareStatuses(_ replays: [Int64: Replay], _ report: (String) -> Void) throws {
    var expected: [Int64: String] = [:]
    for replay in replays.values {
      for alert in replay.alerts { expected[alert] = replay.row.state == "closed" ? "closed" : "inCase" }
    }
    for event in try transaction.all(
      "SELECT body FROM event WHERE kind IN ('alertDecision', 'alertCorrected')", [], { $0.blob(0) })
    {
      let data = (try? JSONValue(parsing: event))?["data"]
      guard let alert = data?["alert"]?.int, data?["decision"] != nil || data?["cleared"] == true else { continue }
      expected[alert] = "closed"
    }
    try transaction.each("SELECT id, status FROM alert") { row in
      if expected[row.int(0), default: "open"] != row.text(1) {
        report("alert A\(row.int(0)): its status is not what the events say")
      }
    }
  }

  private static func play(
    _ kind: EventKind, _ event: Int64, _ at: Int64, _ body: JSONValue, _ replay: inout Replay?, _ id: Int64
  ) {
    let data = body["data"] ?? nil
    let key = body["by"]?["key"]?.int
    if kind == .caseOpened {
      let row = CaseRow(
        id: id, kind: data["kind"]?.string ?? "", dealer: data["dealer"]?.string, region: data["region"]?.string,
        opened: at, opener: key ?? 0, event: event)
      replay = Replay(row: row, steps: [event], alerts: data["alerts"]?.array?.compactMap(\.int) ?? [])
      return
    }
    replay?.steps.append(event)
    switch kind {
    case .caseAlert:
      replay?.alerts += data["alert"]?.int.map { [$0] } ?? []
      if let until = time(data["answerUntil"]) { replay?.move("notified", due: until) }
    case .caseAssigned: replay?.row.assignee = data["key"]?.int
    case .caseNotified: replay?.move("notified", due: time(data["answerUntil"]))
    case .caseAnswered: replay?.move("answered", due: time(data["decideUntil"]))
    case .caseDecided:
      replay?.move("decided", due: time(data["appealUntil"]))
      replay?.row.outcome = data["outcome"]?.string
      replay?.row.decider = key
    case .casePenalty:
      replay?.row.state = "penalty"
      replay?.penalties += penalty(data, id, event).map { [$0] } ?? []
    case .caseAppealed: replay?.move("appeal", due: time(data["decideUntil"]))
    case .caseAppealDecided: replay?.decideAppeal(data, event)
    case .caseAttachment:
      replay?.attachments.append(
        Attachment(
          sha256: data["sha256"]?.string.flatMap { Digest32(hex: $0) }?.bytes ?? [], type: data["type"]?.string,
          bytes: data["bytes"]?.int, purpose: data["purpose"]?.string, event: event))
    case .caseClosed: replay?.move("closed", due: nil)
    default: break
    }
  }

  private static func time(_ value: JSONValue?) -> Int64? {
    value?.string.flatMap { Timestamp(rfc3339: $0) }?.milliseconds
  }

  private static func penalty(_ data: JSONValue, _ id: Int64, _ event: Int64) -> PenaltyRow? {
    guard let number = data["penalty"]?.int, let kind = data["kind"]?.string, let decision = data["decision"]?.int
    else { return nil }
    return PenaltyRow(
      id: number, file: id, kind: kind, amount: data["amount"]?["amount"]?.string,
      currency: data["amount"]?["currency"]?.string, terms: data["terms"]?.string, until: time(data["until"]),
      decision: decision, event: event)
  }
}

extension CaseAudit.Replay {
  fileprivate mutating func move(_ state: String, due: Int64?) {
    row.state = state
    row.due = due
  }

  /// An appeal that is upheld puts another outcome in the place of the decision and takes penalties back.
  fileprivate mutating func decideAppeal(_ data: JSONValue, _ event: Int64) {
    row.due = nil
    guard let outcome = data["outcome"]?.string else {
      row.state = penalties.contains { $0.reversal == nil } ? "penalty" : "decided"
      return
    }
    row.outcome = outcome
    row.state = "decided"
    penalties = penalties.map { penalty in
      guard penalty.reversal == nil else { return penalty }
      return PenaltyRow(
        id: penalty.id, file: penalty.file, kind: penalty.kind, amount: penalty.amount, currency: penalty.currency,
        terms: penalty.terms, until: penalty.until, decision: penalty.decision, event: penalty.event, reversal: event)
    }
  }
}
