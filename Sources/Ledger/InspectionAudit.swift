import Storage
import TransparencyLog

/// Proves the rows of inspections (how each stands, its scans, its files) against the events that made them, played
/// again in the order of the log.
struct InspectionAudit {
  private let transaction: Transaction

  init(_ transaction: Transaction) { self.transaction = transaction }

  private struct Replay {
    var row: InspectionRow
    var scans: [Int64] = []
    var files: [InspectionFileRow] = []
  }

  /// Calls `report` for everything that does not hold.
  func run(_ report: (String) -> Void) throws {
    var replays: [Int64: Replay] = [:]
    let sql = "SELECT id, kind, at, body FROM event WHERE kind LIKE 'inspection%' ORDER BY id"
    for event in try transaction.all(sql, [], { (id: $0.int(0), kind: $0.text(1), at: $0.int(2), body: $0.blob(3)) }) {
      guard let kind = EventKind(rawValue: event.kind), let body = try? JSONValue(parsing: event.body),
        let data = body["data"], let id = data["inspection"]?.int
      else {
        report("event \(event.id) is of no inspection")
        continue
      }
      Self.play(kind, event.id, event.at, body, data, &replays[id], id)
    }
    let stored = try transaction.all("SELECT id FROM inspection ORDER BY id") { $0.int(0) }
    for id in Set(stored).union(replays.keys).sorted() {
      guard let row = try transaction.inspection(id), let replay = replays[id], row == replay.row,
        try transaction.scans(ofInspection: id) == replay.scans.sorted(),
        try transaction.files(ofInspection: id) == replay.files
      else {
        report("inspection I\(id) differs from what its events say")
        continue
      }
    }
  }

  private static func play(
    _ kind: EventKind, _ event: Int64, _ at: Int64, _ body: JSONValue, _ data: JSONValue, _ replay: inout Replay?,
    _ id: Int64
  ) {
    switch kind {
    case .inspectionBegun:
      replay = Replay(
        row: InspectionRow(
          id: id, inspector: body["by"]?["key"]?.int ?? 0, region: data["region"]?.string ?? "",
          terminal: data["terminal"]?.string, began: at, event: event))
    case .inspectionScans: replay?.scans += data["scans"]?.array?.compactMap(\.int) ?? []
    case .inspectionFile:
      replay?.files.append(
        InspectionFileRow(
          inspection: id, sha256: data["sha256"]?.string.flatMap { Digest32(hex: $0) }?.bytes ?? [],
          type: data["type"]?.string ?? "", bytes: data["bytes"]?.int ?? 0, purpose: data["purpose"]?.string ?? "",
          event: event))
    case .inspectionEnded:
      guard let row = replay?.row else { return }
      replay?.row = InspectionRow(
        id: id, inspector: row.inspector, region: row.region, terminal: row.terminal, began: row.began,
        ended: data["ended"]?.string.flatMap { Timestamp(rfc3339: $0) }?.milliseconds, event: row.event,
        closing: event)
    default: break
    }
  }
}
