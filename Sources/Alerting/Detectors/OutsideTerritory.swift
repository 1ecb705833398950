import Ledger
import Regions
import TransparencyLog

/// Goods of one dispatch, seen by several independent witnesses in a region that the dispatch does not allow.
///
/// A single remote scan is an observation (people travel, give gifts, buy online). Only the finding `outside` votes:
/// `uncertain` never does, nor a place known by IP address alone, nor a suspected copy, nor a price.
package struct OutsideTerritory: Detector {
  package static let rule = RuleVersion("outside-territory", 1)

  /// What it takes.
  package struct Thresholds: Hashable, Sendable {
    /// Votes in one prefecture when a terminal's is among them: detection.md, "Raising", at least 3.
    package var votesWithTerminal: Int64 = 3
    /// Votes in one prefecture of consumers only: detection.md, at least 4.
    package var votesOfConsumers: Int64 = 4
    /// A province has some ten prefectures to meet by chance in: twice the votes.
    package var provinceFactor: Int64 = 2
    /// One shop alone may be registered in the wrong place (detection.md, "Store cluster"): at least two witnesses.
    package var observers = 2
    /// Different codes that one shop must have seen within one session for a notice: a bottle or two are a customer's,
    /// five are stock, or the shop is registered in the wrong place; both want a look.
    package var codesInOneShop = 5
    /// The least share of all sightings of the dispatch: one person in ten is away from home, and the most visited
    /// prefecture draws a tenth of them, so 1 % is expected there; twice that is worth a case (materiality).
    package var share = 0.02
    /// Votes count for so many days, detection.md's time to re-arm.
    package var windowDays: Int64 = 60
    /// Dispatches remembered; the one seen longest ago is forgotten first.
    package var dispatches = 4_000
    /// When two sightings are two.
    package var independence = Independence()

    /// The standard thresholds.
    package init() {}

    /// As the rule stands beside the engine of detection: consumers alone are left to the engine.
    static var besideEngine: Thresholds {
      var thresholds = Thresholds()
      thresholds.votesOfConsumers = 1_000_000
      return thresholds
    }
  }

  private let thresholds: Thresholds
  private var dispatches: BoundedMap<DispatchRecord>

  /// With an empty memory.
  package init(_ thresholds: Thresholds = Thresholds()) {
    self.thresholds = thresholds
    dispatches = BoundedMap(limit: thresholds.dispatches, days: thresholds.windowDays)
  }

  package mutating func observe(_ sighting: Sighting) -> [Clue] { observe(sighting, .everyone) }

  /// As above, but only `reach` may raise; the others are remembered.
  mutating func observe(_ sighting: Sighting, _ reach: Reach) -> [Clue] {
    guard let dispatch = sighting.dispatch, let dealer = sighting.dealer, let vote = Vote(sighting),
      sighting.isTrustworthy, sighting.certainty != .coarse, sighting.certainty != .unknown
    else { return [] }
    // A transfer changes who answers for the goods: the same dispatch with another holder is another matter.
    let key = "\(dispatch)/\(dealer)"
    return dispatches.update(key, at: sighting.clock, make: DispatchRecord()) { [thresholds] record in
      record.exposure.count(vote)
      guard sighting.territory == .outside, let region = sighting.region else { return [] }
      let province = region.provinceOrSelf
      var clues: [Clue] = []
      if reach == .everyone, let stock = record.stock(vote, region, thresholds) {
        clues.append(Self.clue(sighting, dispatch, stock, region.prefecture, thresholds))
      }
      guard record.admit(vote, in: province, thresholds),
        reach == .everyone || vote.source == .inspector, let evidence = Evidence(record, vote, region, thresholds)
      else { return clues }
      record.close(province)
      return clues + [Self.clue(sighting, dispatch, province, evidence, record, thresholds)]
    }
  }

  package var state: JSONValue { dispatches.json }

  package mutating func restore(_ state: JSONValue) throws(DetectorStateError) {
    guard dispatches.restore(state) else { throw DetectorStateError(rule: Self.rule) }
  }
}

/// Whose sightings a plain rule raises by.
enum Reach {
  /// All of them: as long as too little is known for statistics.
  case everyone
  /// Inspectors' only.
  case inspectors
}

extension OutsideTerritory {
  /// Votes that are enough, and the region they speak of.
  private struct Evidence {
    let region: RegionCode
    let tally: Tally
    let needed: Int64
    /// Whether it rests on an inspector's word alone.
    let isInspected: Bool

    /// nil while the votes are too few.
    init?(_ record: DispatchRecord, _ vote: Vote, _ region: RegionCode, _ thresholds: Thresholds) {
      let prefecture = region.prefecture
      let province = region.provinceOrSelf
      let all = record.votes(in: province)
      let near = Tally(all.filter { $0.region?.prefecture == prefecture })
      isInspected = vote.source == .inspector
      if isInspected {
        (self.region, tally, needed) = (prefecture, near, 1)
        return
      }
      let wide = Tally(all)
      for (region, tally, factor) in [(prefecture, near, 1), (province, wide, thresholds.provinceFactor)] {
        let needed =
          factor * (tally.terminals > 0 ? thresholds.votesWithTerminal : thresholds.votesOfConsumers)
        let share = Double(tally.votes) / Double(max(1, record.exposure.total))
        if tally.votes >= needed, tally.observers >= thresholds.observers, share >= thresholds.share {
          (self.region, self.tally, self.needed) = (region, tally, needed)
          return
        }
      }
      return nil
    }

    /// An inspector's word on a sealed or recognised code asks for a visit; together with two others' it is as sure as
    /// scans get. A box without a seal proves nothing by itself.
    func severity(_ sighting: Sighting) -> Severity {
      guard isInspected else { return .warning }
      if tally.votes >= 3 { return .serious }
      return sighting.authenticity == .genuine ? .warning : .notice
    }
  }

  private static func clue(
    _ sighting: Sighting, _ dispatch: Int64, _ province: RegionCode, _ evidence: Evidence, _ record: DispatchRecord,
    _ thresholds: Thresholds
  ) -> Clue {
    var numbers = evidence.tally.numbers
    numbers["needed"] = .integer(evidence.needed)
    numbers["windowDays"] = .integer(thresholds.windowDays)
    numbers["dispatchSightings"] = .integer(max(record.exposure.total, Int64(evidence.tally.votes)))
    numbers["territories"] = .array(sighting.territories.map { .string($0.description) })
    numbers["authenticity"] = .string(sighting.authenticity.rawValue)
    return Clue(
      "dispatch \(dispatch)/\(sighting.dealer ?? "-")→\(province)", rule: rule, kind: .diversion,
      severity: evidence.severity(sighting),
      subject: AlertSubject(
        dealer: sighting.dealer, region: evidence.region, gtin: evidence.tally.gtin, dispatch: dispatch),
      message: evidence.isInspected ? .outsideInspector : .outsideSeveral, numbers: numbers,
      scans: evidence.tally.events, occurredAt: evidence.tally.last)
  }

  /// One shop's stock: a matter beside the dispatch's, which other witnesses may still bring up.
  private static func clue(
    _ sighting: Sighting, _ dispatch: Int64, _ stock: [Vote], _ prefecture: RegionCode, _ thresholds: Thresholds
  ) -> Clue {
    let tally = Tally(stock)
    let shop = stock.last?.observer.label ?? "-"
    return Clue(
      "dispatch \(dispatch)/\(sighting.dealer ?? "-")→\(prefecture)/\(shop)", rule: rule, kind: .diversion,
      severity: .notice,
      subject: AlertSubject(
        dealer: sighting.dealer, region: prefecture, gtin: tally.gtin, dispatch: dispatch),
      message: .outsideOneShop,
      numbers: [
        "codes": .integer(Int64(stock.count)), "needed": .integer(Int64(thresholds.codesInOneShop)),
        "source": .string(shop), "hours": .integer(thresholds.independence.sessionMilliseconds / 3_600_000),
        "firstAt": .string(tally.first.description), "lastAt": .string(tally.last.description),
        "territories": .array(sighting.territories.map { .string($0.description) }),
      ], scans: tally.events, occurredAt: tally.last)
  }
}
