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
    try transaction.each("SELECT id, body FROM event WHERE kind = 'alert' ORDER BY id") { row in
      guard let data = (try? JSONValue(parsing: row.blob(1), limits: Audit.bodyLimits))?["data"],
        let id = data["alert"]?.int
      else { return report("event \(row.int(0)) is of no alert") }
      raised.insert(id)
      guard let stored = try transaction.alert(id) else { return report("alert A\(id) has an event and no row") }
      if !agrees(stored, data, event: row.int(0)) { report("alert A\(id) differs from event \(row.int(0))") }
      if let scans = data["scans"]?.array?.compactMap(\.int), try transaction.events(ofAlert: id) != scans.sorted() {
        report("alert A\(id) rests on other scans than event \(row.int(0)) says")
      }
    }
    for id in try transaction.all("SELECT id FROM alert ORDER BY id", [], { $0.int(0) }) where !raised.contains(id) {
      report("alert A\(id) has no event")
    }
    try settings(report)
  }

  private func agrees(_ row: AlertRow, _ data: JSONValue, event: Int64) -> Bool {
    guard row.event == event, row.kind == data["kind"]?.string else { return false }
    guard let subject = data["subject"] else { return true }
    return row.rule == data["rule"]?.string && row.severity == data["severity"]?.string
      && row.dealer == subject["dealer"]?.string && row.region == subject["region"]?.string
      && row.gtin == subject["gtin"]?.string.flatMap { Int64($0) }
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
