import Ledger
import Regions
import Storage
import TransparencyLog

/// What is normal where an alert is: how much of the goods of its dealer, and of others from the same province, was
/// scanned in its region while its scans were made and in the weeks before. Sums alone; no other dealer is named.
package struct AlertUsual: Sendable, Equatable {
  /// Scans counted, of all that there were.
  package struct Share: Sendable, Equatable {
    /// The scans, and all that they are a part of.
    package var count: Int64 = 0, scans: Int64 = 0

    fileprivate mutating func add(_ more: Int64, counts: Bool) {
      scans += more
      if counts { count += more }
    }

    fileprivate var json: JSONValue { ["count": .integer(count), "scans": .integer(scans)] }
  }

  /// One share in the alert's days and in those before.
  package struct Line: Sendable, Equatable {
    /// While the scans of the alert were made, and before.
    package var during = Share(), before = Share()

    fileprivate mutating func add(_ row: (isBefore: Bool, scans: Int64), counts: Bool) {
      if row.isBefore { before.add(row.scans, counts: counts) } else { during.add(row.scans, counts: counts) }
    }

    fileprivate var json: JSONValue { ["during": during.json, "before": before.json] }
  }

  /// Whose goods; the province that its territory begins with, and the region of the alert.
  package let dealer: String, from: RegionCode, to: RegionCode
  /// The days of the alert's scans since 1970, and how many days before them are compared.
  package let days: ClosedRange<Int64>, daysBefore: Int64
  /// The dealer's goods in that region; outside of its territory at all; those of other dealers of the same province in
  /// that region.
  package private(set) var there = Line(), outside = Line(), others = Line()

  /// Eight weeks before an alert's first scan tell what is normal; so many dealers of a province are looked at.
  package static let daysBefore: Int64 = 56, dealersMax = 500

  /// `{"dealer":…,"from":"430000","to":"360300","days":{…},"before":{…},"there":{…},"outside":{…},"others":{…}}`
  package var json: JSONValue {
    func span(_ from: Int64, _ to: Int64) -> JSONValue { ["from": Self.text(from), "to": Self.text(to)] }
    return [
      "dealer": .string(dealer), "from": .string(from.description), "to": .string(to.description),
      "days": span(days.lowerBound, days.upperBound),
      "before": span(days.lowerBound - daysBefore, days.lowerBound - 1), "there": there.json, "outside": outside.json,
      "others": others.json,
    ]
  }

  private static func text(_ day: Int64) -> JSONValue {
    .string(String(Timestamp(milliseconds: day * 86_400_000).description.prefix(10)))
  }

  /// nil for an alert without a dealer of ours, a region or scans.
  init?(_ row: AlertRow, _ transaction: Transaction) throws {
    guard let dealer = row.dealer, let region = row.region.flatMap({ try? RegionCode($0) }),
      let territory = try transaction.dealer(dealer).flatMap({ try? Territory($0.territories) }),
      let home = territory.codes.first
    else { return nil }
    let times = try transaction.events(ofAlert: row.id).compactMap { try transaction.event($0)?.at }
    guard let first = times.min(), let last = times.max() else { return nil }
    self.dealer = dealer
    from = home.province ?? home
    to = region
    days = Timestamp(milliseconds: first).day...Timestamp(milliseconds: last).day
    daysBefore = Self.daysBefore
    let peers = try Self.peers(of: from, but: dealer, region, transaction)
    for flow in try transaction.flows(
      ofDealers: [dealer] + peers, from: days.lowerBound - daysBefore, to: days.upperBound, split: days.lowerBound)
    {
      guard let place = try? RegionCode(flow.region) else { continue }
      let row = (flow.isBefore, flow.scans)
      if flow.dealer == dealer {
        there.add(row, counts: region.contains(place))
        outside.add(row, counts: !territory.overlaps(place))
      } else {
        others.add(row, counts: region.contains(place))
      }
    }
  }

  /// The other dealers of a province, except those who may sell in the region.
  private static func peers(
    of province: RegionCode, but dealer: String, _ region: RegionCode, _ transaction: Transaction
  ) throws -> [String] {
    var (found, after) = ([String](), "")
    while found.count < dealersMax {
      let page = try transaction.dealers(after: after, limit: 1_000)
      for row in page where row.code != dealer {
        guard let territory = try? Territory(row.territories), let home = territory.codes.first,
          (home.province ?? home) == province, !territory.overlaps(region)
        else { continue }
        found.append(row.code)
      }
      guard let last = page.last else { break }
      after = last.code
    }
    return Array(found.prefix(dealersMax))
  }
}

extension AlertQueries {
  /// What is normal where an alert is; nil for one without a dealer or a region.
  /// - Throws: `notAllowed`; `noAlert` also for one that is not the asker's to see.
  package func usual(_ id: AlertID, for actor: Actor) async throws(AlertingError) -> AlertUsual? {
    try await ledger.read(AlertingError.self) { transaction in
      let scope = try AlertScope(actor, transaction)
      guard let row = try transaction.alert(id.number), scope.holds(row) else { throw AlertingError.noAlert(id) }
      return try AlertUsual(row, transaction)
    }
  }
}
