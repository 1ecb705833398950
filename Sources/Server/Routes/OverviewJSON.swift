import Storage
import TransparencyLog
import Verification

/// How an overview looks on the wire.
extension Overview {
  /// Flows between provinces that are drawn.
  private static let flowsMax = 60

  private static func json(_ name: String, _ value: String, _ count: Count) -> JSONValue {
    [name: .string(value), "scans": .integer(count.scans), "outside": .integer(count.outside)]
  }

  /// `{"scans":…,"outside":…,"dealers":[…],…}`, what is most outside first; weeks in order.
  func json(_ span: DaySpan) -> JSONValue {
    func sorted<Key: Comparable>(_ counts: [Key: Count]) -> [(key: Key, value: Count)] {
      counts.sorted { ($1.value.outside, $1.value.scans, $0.key) < ($0.value.outside, $0.value.scans, $1.key) }
    }
    var members: [String: JSONValue] = [
      "from": .string(DaySpan.text(span.from)), "to": .string(DaySpan.text(span.to)), "scans": .integer(all.scans),
      "outside": .integer(all.outside), "alerts": .array(alertList),
      "dealers": .array(sorted(dealers).map { Self.json("dealer", $0.key, $0.value) }),
      "regions": .array(sorted(regions).map { Self.json("region", $0.key.description, $0.value) }),
      "products": .array(sorted(products).map { Self.json("gtin", ProductRow.text(ofGTIN: $0.key), $0.value) }),
      "weeks": .array(weeks.sorted { $0.key < $1.key }.map { Self.json("week", DaySpan.text($0.key), $0.value) }),
      "flows": .array(flowList),
    ]
    members["medianSecondsToAlert"] = medianSecondsToAlert.map(JSONValue.integer)
    return .object(members)
  }

  private var alertList: [JSONValue] {
    alerts.sorted { ($0.key.kind, $0.key.status, $0.key.severity) < ($1.key.kind, $1.key.status, $1.key.severity) }
      .map { sort, count in
        [
          "kind": .string(sort.kind), "status": .string(sort.status), "severity": .string(sort.severity),
          "count": .integer(count),
        ]
      }
  }

  private var flowList: [JSONValue] {
    flows.sorted { ($1.value, $0.key.from, $0.key.to) < ($0.value, $1.key.from, $1.key.to) }.prefix(Self.flowsMax)
      .map { flow, scans in
        ["from": .string(flow.from.description), "to": .string(flow.to.description), "scans": .integer(scans)]
      }
  }
}
