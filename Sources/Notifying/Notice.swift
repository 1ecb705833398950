import Ledger
import Storage
import TransparencyLog

/// What a receiver is told: `{"type","timestamp","data"}` (Standard Webhooks, "Payload structure"). A thin one: numbers,
/// codes and words of closed lists, never a text that people wrote and nothing personal.
struct Notice: Sendable {
  let type: NoticeType
  let body: [UInt8]

  init(_ type: NoticeType, at time: Timestamp, _ data: [String: JSONValue]) {
    self.type = type
    let json: JSONValue = [
      "type": .string(type.rawValue), "timestamp": .string(time.description), "data": .object(data),
    ]
    body = json.canonicalBytes
  }

  /// Of an event; nil for one that is not told.
  init?(_ event: EventRow, _ transaction: Transaction) throws {
    guard let type = EventKind(rawValue: event.kind).flatMap(NoticeType.init),
      let told = (try? JSONValue(parsing: event.body))?["data"]
    else { return nil }
    var data: [String: JSONValue] = ["event": .integer(event.id)]
    for name in type.told { data[type == .casePenalised && name == "kind" ? "penalty" : name] = told[name] }
    if let id = told["case"]?.int, let row = try transaction.casefile(id) {
      data.merge(Self.about(row, told)) { own, _ in own }
    } else if let id = told["alert"]?.int, let row = try transaction.alert(id) {
      data.merge(Self.about(row)) { own, _ in own }
    } else {
      return nil
    }
    self.init(type, at: Timestamp(milliseconds: event.at), data)
  }

  private static func about(_ row: AlertRow) -> [String: JSONValue] {
    var data: [String: JSONValue] = [
      "alert": .string("A\(row.id)"), "kind": .string(row.kind), "severity": .string(row.severity),
      "rule": .string(row.rule), "links": links("alerts/A\(row.id)"),
    ]
    data["dealer"] = row.dealer.map(JSONValue.string)
    data["region"] = row.region.map(JSONValue.string)
    if let gtin = row.gtin {
      let digits = String(gtin)
      data["gtin"] = .string(String(repeating: "0", count: max(0, 14 - digits.utf8.count)) + digits)
    }
    return data
  }

  private static func about(_ row: CaseRow, _ told: JSONValue) -> [String: JSONValue] {
    var data: [String: JSONValue] = [
      "case": .string("C\(row.id)"), "kind": .string(row.kind), "links": links("cases/C\(row.id)"),
    ]
    data["dealer"] = row.dealer.map(JSONValue.string)
    data["region"] = row.region.map(JSONValue.string)
    if let alerts = told["alerts"]?.array {
      data["alerts"] = .array(alerts.compactMap { $0.int.map { .string("A\($0)") } })
    }
    return data
  }

  /// Where more is to be had, below the server's own address, which it does not know.
  private static func links(_ path: String) -> JSONValue {
    ["api": .string("/v1/" + path), "page": .string("/console/" + path)]
  }
}
