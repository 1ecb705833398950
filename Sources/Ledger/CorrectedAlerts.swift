import Regions
import Storage
import TransparencyLog

/// What a correction means for alerts that rest on scans of the corrected codes: the scans are judged again by what is
/// now known of their moment. An alert that none of its scans bears any more is closed with the correction as the
/// reason; its case is told either way. Runs in the transaction of the correction, or of the alert when that is raised
/// later, so that both are true at once.
package struct CorrectedAlerts {
  private let ledger: Ledger
  private let transaction: Transaction
  private let spaces: SpaceTable
  private let lives: LifeMap

  /// Inside the transaction of a correction.
  package init(_ ledger: Ledger, _ transaction: Transaction) throws {
    self.ledger = ledger
    self.transaction = transaction
    spaces = try SpaceTable(transaction)
    lives = LifeMap(transaction)
  }

  /// A correction as it concerns alerts.
  package struct Correction {
    /// Its event, what it is, since when it counts, and who made it when.
    package let event: Int64, kind: CorrectionKind, at: Timestamp, by: Actor, recorded: Timestamp
    /// The codes it changed, and the dealers who held them before.
    package let runs: [Run], dealers: Set<String?>

    /// Made from its parts.
    package init(
      event: Int64, kind: CorrectionKind, at: Timestamp, by: Actor, recorded: Timestamp, runs: [Run],
      dealers: Set<String?>
    ) {
      self.event = event
      self.kind = kind
      self.at = at
      self.by = by
      self.recorded = recorded
      self.runs = runs
      self.dealers = dealers
    }
  }

  /// Judges the alerts again; returns the numbers of those that the correction cleared.
  package func judge(_ correction: Correction) throws -> [Int64] {
    var cleared: [Int64] = []
    for alert in try transaction.alerts(amongDealers: correction.dealers.union([nil])) {
      guard AlertWords.kinds.contains(alert.kind) else { continue }
      let events = try scans(of: alert)
      let fallen = try events.filter { try concerns($0, correction) && !stands($0, alert) }
      guard !fallen.isEmpty else { continue }
      let isCleared = try !events.contains { try stands($0, alert) }
      try write(correction, alert, fallen.map(\.id), isCleared)
      if isCleared { cleared.append(alert.id) }
    }
    return cleared
  }

  /// Judges an alert that was just raised by what corrections made known after its scans were judged: detectors remember
  /// scans for months, and a correction may come before they have seen enough.
  package func judge(raised id: Int64, at now: Timestamp) throws {
    guard let alert = try transaction.alert(id), AlertWords.kinds.contains(alert.kind) else { return }
    let scans = try self.scans(of: alert)
    var fallen: [Int64: [Int64]] = [:]
    for scan in scans {
      guard let correction = try correction(since: scan), try !stands(scan, alert) else { continue }
      fallen[correction.id, default: []].append(scan.id)
    }
    let isCleared = fallen.values.reduce(0) { $0 + $1.count } == scans.count
    for (place, (event, scans)) in fallen.sorted(by: { $0.key < $1.key }).enumerated() {
      guard let row = try transaction.event(event), let alert = try transaction.alert(id),
        let word = (try? JSONValue(parsing: row.body))?["data"]?["correction"]?.string,
        let kind = CorrectionKind(rawValue: word)
      else { throw LedgerError.inconsistent("event \(event)") }
      let correction = Correction(
        event: event, kind: kind, at: Timestamp(milliseconds: row.at), by: .system, recorded: now, runs: [],
        dealers: [])
      try write(correction, alert, scans, isCleared && place == fallen.count - 1)
    }
  }

  /// The correction that says otherwise about a scan's moment than was known when the scan was judged.
  private func correction(since scan: EventRow) throws -> EventRow? {
    guard let life = try life(at: scan)?.life, life.event > scan.id, let row = try transaction.event(life.event),
      row.kind == EventKind.correction.rawValue
    else { return nil }
    return row
  }

  private func scans(of alert: AlertRow) throws -> [EventRow] {
    try transaction.events(ofAlert: alert.id).compactMap { try transaction.event($0) }
      .filter { $0.kind == EventKind.scan.rawValue }
  }

  /// The words of alerts that are judged again: what rests on who holds goods for where.
  private enum AlertWords {
    static let kinds: Set<String> = ["diversion", "price", "unsold"]
  }

  private func place(of scan: EventRow) -> (data: JSONValue, code: Run)? {
    guard let data = (try? JSONValue(parsing: scan.body))?["data"], let code = data["code"] else { return nil }
    if let gtin = code["gtin"]?.string, let epoch = code["epoch"]?.int, let index = code["index"]?.int,
      let space = CodeSpace(key: "i:\(gtin):\(epoch)").flatMap(spaces.id)
    {
      return (data, Run(space: space, first: index, last: index))
    }
    guard let sscc = code["sscc"]?.string, let box = spaces.box(text: sscc) else { return nil }
    return (data, Run(space: box.space, first: box.serial, last: box.serial))
  }

  private func concerns(_ scan: EventRow, _ correction: Correction) -> Bool {
    guard scan.at >= correction.at.milliseconds, let code = place(of: scan)?.code else { return false }
    return correction.runs.contains { $0.space == code.space && $0.clamped(code.first, code.last) != nil }
  }

  /// Whether a scan still bears its alert, by what is now known of its moment. The public part names the region alone,
  /// so a place that only touches the territory counts for the dealer.
  private func stands(_ scan: EventRow, _ alert: AlertRow) throws -> Bool {
    guard let (data, life) = try life(at: scan) else { return true }
    switch alert.kind {
    case "unsold": return !life.isBound
    case "price": return alert.dealer == nil || life.dealer == alert.dealer
    default:
      guard life.isBound || life.state == .voided, life.dealer == alert.dealer, let territory = life.territory else {
        return false
      }
      guard let region = data["place"]?["region"]?.string.flatMap({ try? RegionCode($0) }) else { return true }
      return Regions.judge(.declared(region), in: territory, atlas: ledger.atlas).finding == .outside
    }
  }

  /// What is now known of the scanned code at the moment of the scan, beside what the scan says.
  private func life(at scan: EventRow) throws -> (data: JSONValue, life: Life)? {
    guard let (data, code) = place(of: scan) else { return nil }
    let lives = try self.lives.lives(space: code.space, number: code.first)
    guard let life = lives.first(where: { $0.at.milliseconds <= scan.at }) ?? lives.last else { return nil }
    return (data, life)
  }

  private func write(_ correction: Correction, _ alert: AlertRow, _ fallen: [Int64], _ isCleared: Bool) throws {
    let event = try ledger.append(
      EventDraft(
        .alertCorrected, at: correction.recorded, by: correction.by,
        data: [
          "alert": .integer(alert.id), "correction": .integer(correction.event), "cleared": .bool(isCleared),
          "scans": .array(fallen.map(JSONValue.integer)),
        ]), transaction, recorded: correction.recorded)
    guard var detail = try? JSONValue(parsing: alert.detail) else {
      throw LedgerError.inconsistent("alert \(alert.id)")
    }
    let known = detail["corrections"]?.array ?? []
    detail["corrections"] = .array(
      known + [
        [
          "event": .integer(correction.event), "kind": .string(correction.kind.rawValue),
          "from": .string(correction.at.description), "at": .string(correction.recorded.description),
          "cleared": .bool(isCleared), "scans": .array(fallen.map(JSONValue.integer)), "noted": .integer(event),
        ]
      ])
    try transaction.setAlert(alert.id, status: isCleared ? "closed" : alert.status, detail: detail.canonicalBytes)
    guard let file = try transaction.casefile(ofAlert: alert.id) else { return }
    let step = try ledger.append(
      EventDraft(
        .caseCorrected, at: correction.recorded, by: correction.by,
        data: [
          "case": .integer(file), "correction": .integer(correction.event), "alert": .integer(alert.id),
          "cleared": .bool(isCleared), "kind": .string(correction.kind.rawValue),
        ]), transaction, recorded: correction.recorded)
    try transaction.addStep(ofCase: file, event: step)
  }
}

extension AlertRow {
  /// The events that noted what corrections took from the alert, in order.
  package var corrections: [Int64] {
    (try? JSONValue(parsing: detail))?["corrections"]?.array?.compactMap { $0["noted"]?.int } ?? []
  }

  /// Whether a correction has taken away everything that the alert rests on.
  package var isCleared: Bool {
    (try? JSONValue(parsing: detail))?["corrections"]?.array?.contains { $0["cleared"] == true } ?? false
  }
}
