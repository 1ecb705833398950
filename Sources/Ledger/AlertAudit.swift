import Storage
import TransparencyLog

/// Proves the rows of alerts, and which scans each rests on, against the events that raised them; and that settings in
/// force are the ones chosen last.
struct AlertAudit {
  private let transaction: Transaction

  init(_ transaction: Transaction) { self.transaction = transaction }

  /// Calls `report` for everything that does not hold.
  func run(_ report: (String) -> Void) throws {
    var raised: Set<Int64> = []
    let later = try Later(transaction)
    try transaction.each("SELECT id, body, at FROM event WHERE kind = 'alert' ORDER BY id") { row in
      guard let data = (try? JSONValue(parsing: row.blob(1), limits: Audit.bodyLimits))?["data"],
        let id = data["alert"]?.int
      else { return report("event \(row.int(0)) is of no alert") }
      raised.insert(id)
      guard let stored = try transaction.alert(id) else { return report("alert A\(id) has an event and no row") }
      if !agrees(stored, data, event: row.int(0)) { report("alert A\(id) differs from event \(row.int(0))") }
      if !agrees(stored.detail, data, at: row.int(2), later.corrections[id] ?? [], later.decisions[id]) {
        report("alert A\(id): what is kept of it differs from what its events say")
      }
      if let scans = data["scans"]?.array?.compactMap(\.int), try transaction.events(ofAlert: id) != scans.sorted() {
        report("alert A\(id) rests on other scans than event \(row.int(0)) says")
      }
    }
    for id in try transaction.all("SELECT id FROM alert ORDER BY id", [], { $0.int(0) }) where !raised.contains(id) {
      report("alert A\(id) has no event")
    }
    let noted = try transaction.decisionsNoted()
    for id in Set(noted.keys).union(later.decisions.keys).sorted() where noted[id] != later.decisions[id]?.word {
      report("alert A\(id): the decision noted is not that of its event")
    }
    if try transaction.wrongTallies() > 0 { report("alerts are counted otherwise than they stand") }
    try settings(report)
  }

  private func agrees(_ row: AlertRow, _ data: JSONValue, event: Int64) -> Bool {
    guard row.event == event, row.kind == data["kind"]?.string else { return false }
    guard let subject = data["subject"] else { return true }
    return row.rule == data["rule"]?.string && row.severity == data["severity"]?.string
      && row.dealer == subject["dealer"]?.string && row.region == subject["region"]?.string
      && row.gtin == subject["gtin"]?.string.flatMap { Int64($0) }
  }

  /// Whether the explanation, the numbers, the subject, the moment, the corrections and the decision that are kept with
  /// an alert are those of its events.
  private func agrees(
    _ detail: [UInt8], _ data: JSONValue, at: Int64, _ corrections: [Later.Correction], _ decision: Later.Decision?
  ) -> Bool {
    guard let detail = try? JSONValue(parsing: detail, limits: Audit.bodyLimits) else { return false }
    // An alert is dated when the last of its scans happened, but never after it was raised.
    guard let occurred = detail["occurredAt"]?.string.flatMap({ Timestamp(rfc3339: $0) }),
      occurred.milliseconds >= at, detail["explanation"] == data["explanation"], detail["numbers"] == data["numbers"],
      detail["subject"] == data["subject"]
    else { return false }
    let kept = (detail["corrections"]?.array ?? []).map {
      Later.Correction(
        noted: $0["noted"]?.int, event: $0["event"]?.int, cleared: $0["cleared"] == true, scans: $0["scans"])
    }
    let decided = detail["decision"].map {
      Later.Decision(event: $0["event"]?.int, word: $0["decision"]?.string, role: $0["by"]?.string)
    }
    return kept == corrections && decided == decision
  }

  /// What events said of alerts after they were raised, by alert.
  private struct Later {
    struct Correction: Equatable {
      let noted: Int64?, event: Int64?, cleared: Bool, scans: JSONValue?
    }

    struct Decision: Equatable {
      let event: Int64?, word: String?, role: String?
    }

    private(set) var corrections: [Int64: [Correction]] = [:]
    private(set) var decisions: [Int64: Decision] = [:]

    init(_ transaction: Transaction) throws {
      let sql = "SELECT id, kind, body FROM event WHERE kind IN ('alertDecision', 'alertCorrected') ORDER BY id"
      try transaction.each(sql) { row in
        guard let body = try? JSONValue(parsing: row.blob(2), limits: Audit.bodyLimits), let data = body["data"],
          let alert = data["alert"]?.int
        else { return }
        if row.text(1) == EventKind.alertDecision.rawValue {
          decisions[alert] = Decision(
            event: row.int(0), word: data["decision"]?.string, role: body["by"]?["role"]?.string)
        } else {
          corrections[alert, default: []].append(
            Correction(
              noted: row.int(0), event: data["correction"]?.int, cleared: data["cleared"] == true,
              scans: data["scans"]))
        }
      }
    }
  }

  private func settings(_ report: (String) -> Void) throws {
    let chosen = try transaction.first(
      "SELECT body FROM event WHERE kind = 'privacySettings' ORDER BY id DESC LIMIT 1"
    ) { try? JSONValue(parsing: $0.blob(0)) }
    let stored = try transaction.setting(PrivacySettings.row)
    if let data = chosen??["data"] {
      if stored != data.description { report("the privacy settings are not those chosen last") }
    } else if stored != nil {
      report("the privacy settings were never chosen")
    }
  }
}
