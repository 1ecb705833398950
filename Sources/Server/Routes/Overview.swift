import Ledger
import Regions
import Storage
import TransparencyLog

/// Where goods turn up over a span of days. A scan is outside when its region is no part of the dealer's present
/// territory; what counted at its own moment stands in the scan itself.
struct Overview {
  private struct Count {
    var scans: Int64 = 0, outside: Int64 = 0

    mutating func add(_ count: Int64, isOutside: Bool) {
      scans += count
      if isOutside { outside += count }
    }
  }

  private var all = Count()
  private var dealers: [String: Count] = [:], regions: [RegionCode: Count] = [:]
  private var products: [Int64: Count] = [:], weeks: [Int64: Count] = [:]
  private var flows: [[RegionCode]: Int64] = [:]
  private let alerts: [JSONValue]
  private let median: Int64?
  private let span: DaySpan

  /// Flows between provinces that are drawn.
  static let flowsMax = 60
  /// Alerts whose delay is looked at.
  static let delaysMax = 1_000

  /// - Parameter scope: only what turned up in this region.
  init(_ span: DaySpan, _ scope: RegionCode?, _ transaction: Transaction) throws {
    self.span = span
    alerts = try transaction.alertCounts().map { row in
      [
        "kind": .string(row.kind), "status": .string(row.status), "severity": .string(row.severity),
        "count": .integer(row.count),
      ]
    }
    let delays = try transaction.alertDelays(limit: Self.delaysMax).sorted()
    median = delays.isEmpty ? nil : delays[delays.count / 2]
    let territories = try Self.territories(transaction)
    for row in try transaction.dailyFlows(from: span.from, to: span.to) {
      guard let region = try? RegionCode(row.region), scope?.contains(region) ?? true else { continue }
      let territory = territories[row.dealer]
      let isOutside = territory.map { !$0.overlaps(region) } ?? false
      all.add(row.scans, isOutside: isOutside)
      dealers[row.dealer, default: Count()].add(row.scans, isOutside: isOutside)
      regions[region.province ?? region, default: Count()].add(row.scans, isOutside: isOutside)
      products[row.gtin, default: Count()].add(row.scans, isOutside: isOutside)
      // 1970-01-05 was a Monday.
      weeks[(row.day - 4) - (((row.day - 4) % 7 + 7) % 7) + 4, default: Count()].add(row.scans, isOutside: isOutside)
      if isOutside, let home = territory?.codes.first {
        flows[[home.province ?? home, region.province ?? region], default: 0] += row.scans
      }
    }
  }

  private static func territories(_ transaction: Transaction) throws -> [String: Territory] {
    var found: [String: Territory] = [:]
    var after = ""
    while true {
      let page = try transaction.dealers(after: after, limit: 1_000)
      for row in page { found[row.code] = try? Territory(row.territories) }
      guard let last = page.last else { return found }
      after = last.code
    }
  }

  private static func json(_ name: String, _ value: String, _ count: Count) -> JSONValue {
    [name: .string(value), "scans": .integer(count.scans), "outside": .integer(count.outside)]
  }

  private static func gtin(_ number: Int64) -> String {
    ProductRow(gtin: number, zh: "", en: "", amount: nil, currency: nil, series: "").gtinText
  }

  /// `{"scans":…,"outside":…,"dealers":[…],…}`, what is most outside first; weeks in order.
  var json: JSONValue {
    func sorted<Key: Comparable>(_ counts: [Key: Count]) -> [(key: Key, value: Count)] {
      counts.sorted { ($1.value.outside, $1.value.scans, $0.key) < ($0.value.outside, $0.value.scans, $1.key) }
    }
    var members: [String: JSONValue] = [
      "from": .string(span.texts.from), "to": .string(span.texts.to), "scans": .integer(all.scans),
      "outside": .integer(all.outside), "alerts": .array(alerts),
      "dealers": .array(sorted(dealers).map { Self.json("dealer", $0.key, $0.value) }),
      "regions": .array(sorted(regions).map { Self.json("region", $0.key.description, $0.value) }),
      "products": .array(sorted(products).map { Self.json("gtin", Self.gtin($0.key), $0.value) }),
      "weeks": .array(weeks.sorted { $0.key < $1.key }.map { Self.json("week", DaySpan.text($0.key), $0.value) }),
      "flows": .array(
        flows.sorted { ($1.value, $0.key[0]) < ($0.value, $1.key[0]) }.prefix(Self.flowsMax).map { flow in
          [
            "from": .string(flow.key[0].description), "to": .string(flow.key[1].description),
            "scans": .integer(flow.value),
          ]
        }),
    ]
    members["medianSecondsToAlert"] = median.map(JSONValue.integer)
    return .object(members)
  }
}
