import Ledger
import Regions
import Storage

/// Where goods turn up over a span of days, as far as a scope reaches. A scan is outside when its region is no part of
/// the dealer's present territory; what counted at its own moment stands in the scan itself.
package struct Overview: Sendable {
  /// Scans, and how many of them outside.
  package struct Count: Sendable, Equatable {
    /// All, and those outside the territory.
    package fileprivate(set) var scans: Int64 = 0, outside: Int64 = 0

    fileprivate mutating func add(_ count: Int64, isOutside: Bool) {
      scans += count
      if isOutside { outside += count }
    }

    fileprivate mutating func add(_ other: Count) {
      scans += other.scans
      outside += other.outside
    }
  }

  /// Goods that went from one province to another.
  package struct Flow: Sendable, Hashable {
    /// The province of the dealer's territory, and where the goods were scanned.
    package let from: RegionCode, to: RegionCode
  }

  /// How many alerts there are of one sort.
  package struct AlertSort: Sendable, Hashable {
    /// As stored.
    package let kind: String, status: String, severity: String
  }

  /// All scans of the span.
  package private(set) var all = Count()
  /// By dealer, by province of the scan (or by the parts of the region that was asked for), by product, and by the Monday
  /// of the week (days since 1970).
  package private(set) var dealers: [String: Count] = [:], regions: [RegionCode: Count] = [:]
  package private(set) var products: [Int64: Count] = [:], weeks: [Int64: Count] = [:]
  /// Scans outside by where the goods belong and where they were.
  package private(set) var flows: [Flow: Int64] = [:]
  /// Alerts of all times by sort.
  package let alerts: [AlertSort: Int64]
  /// Seconds from the first scan to the alert, the median of the newest alerts; nil without any.
  package let medianSecondsToAlert: Int64?

  /// Alerts whose delay counts, and alerts that are looked at for them.
  static let delaysMax = 400, alertsLooked: Int64 = 20_000

  /// Reads the days from `from` to `to`, both included.
  /// - Parameter whole: only scans in this region count, and `regions` and `flows` are of its parts: the prefectures of
  ///   a province, the districts of a prefecture.
  package init(
    from: Int64, to: Int64, within whole: RegionCode? = nil, _ scope: Scope, _ transaction: Transaction
  ) throws {
    alerts = try Self.alerts(scope, transaction)
    let delays = try Self.delays(scope, transaction).sorted()
    medianSecondsToAlert = delays.isEmpty ? nil : delays[delays.count / 2]
    let territories = try Self.territories(transaction)
    var pairs = FlowPairs(scope: scope, whole: whole, territories: territories)
    // Rows of one product and day come together.
    var run = (gtin: Int64(0), day: Int64(0), count: Count())
    func closeRun() {
      products[run.gtin, default: Count()].add(run.count)
      weeks[Self.monday(run.day), default: Count()].add(run.count)
    }
    try transaction.eachDailyFlow(from: from, to: to) { row in
      guard let isOutside = pairs.add(row) else { return }
      if (row.gtin, row.day) != (run.gtin, run.day) {
        if run.count.scans > 0 { closeRun() }
        run = (row.gtin, row.day, Count())
      }
      run.count.add(row.scans, isOutside: isOutside)
    }
    if run.count.scans > 0 { closeRun() }
    for case (let dealer, let judged?) in pairs.sums {
      all.add(judged.scans, isOutside: judged.isOutside)
      dealers[dealer, default: Count()].add(judged.scans, isOutside: judged.isOutside)
      regions[judged.part, default: Count()].add(judged.scans, isOutside: judged.isOutside)
      if judged.isOutside, let home = territories[dealer]?.codes.first {
        flows[Flow(from: home.province ?? home, to: judged.part), default: 0] += judged.scans
      }
    }
  }

  /// The Monday of a day's week. 1970-01-05, day 4, was one.
  static func monday(_ day: Int64) -> Int64 { day - ((day - 4) % 7 + 7) % 7 }

  private static func alerts(_ scope: Scope, _ transaction: Transaction) throws -> [AlertSort: Int64] {
    let rows = try transaction.alertCounts().filter { row in
      scope.holds(place: row.region) && scope.holds(dealer: row.dealer)
    }
    return Dictionary(
      rows.map { (AlertSort(kind: $0.kind, status: $0.status, severity: $0.severity), $0.count) },
      uniquingKeysWith: +)
  }

  private static func delays(_ scope: Scope, _ transaction: Transaction) throws -> [Int64] {
    var delays: [Int64] = []
    var before = Int64.max
    var looked: Int64 = 0
    while looked < alertsLooked {
      let page = try transaction.alertDelays(before: before, limit: delaysMax)
      for row in page where scope.holds(place: row.region) && scope.holds(dealer: row.dealer) {
        delays.append(row.seconds)
        if delays.count == delaysMax { return delays }
      }
      guard page.count == delaysMax, let last = page.last else { return delays }
      before = last.id
      looked += Int64(page.count)
    }
    return delays
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
}
