import Codes
import Ledger
import Regions
import TransparencyLog

/// One item code on several items: read at places too far apart for the time between, or by more people than one item
/// meets. Its owner's repeated scans are none.
package struct CopiedCode: Detector {
  package static let rule = RuleVersion("copied-code", 1)

  /// What it takes.
  package struct Thresholds: Hashable, Sendable {
    /// Faster than an airliner, door to door: detection.md's 900 km/h.
    package var kilometersPerHour = 900.0
    /// Both accuracies are subtracted from the distance so many times: detection.md.
    package var accuracyFactor = 3.0
    /// Added to the time between: two phones' clocks. With it, simultaneous scans must be 150 km apart.
    package var clockSlackMilliseconds: Int64 = 600_000
    /// Witnesses that one item can have within the window: goods in and out of two shops, an inspector, and the
    /// buyer's friends come to eight at most.
    package var observers = 8
    /// Sessions of people without a key and without a place, an hour apart, that one item can have within the window:
    /// its owner may show it around, but hardly on two days out of three.
    package var placelessSessions = 20
    /// Length of a session of such people in milliseconds: one hour.
    package var placelessMilliseconds: Int64 = 3_600_000
    /// The window in days.
    package var windowDays: Int64 = 30
    /// Codes remembered. Most are scanned once or twice; the one scanned longest ago is forgotten first.
    package var codes = 40_000
    /// When two people without a key are two.
    package var independence = Independence()

    /// The standard thresholds.
    package init() {}
  }

  private let thresholds: Thresholds
  private let gazetteer: Gazetteer
  private var codes: BoundedMap<CodeRecord>

  /// With an empty memory; `gazetteer` gives the points of places that are known by region only.
  package init(_ gazetteer: Gazetteer, _ thresholds: Thresholds = Thresholds()) {
    self.gazetteer = gazetteer
    self.thresholds = thresholds
    codes = BoundedMap(limit: thresholds.codes, days: thresholds.windowDays)
  }

  package mutating func observe(_ sighting: Sighting) -> [Clue] {
    guard let item = sighting.code.item, let source = sighting.source,
      sighting.authenticity == .genuine || sighting.authenticity == .suspectedCopy
    else { return [] }
    let key = Self.key(item)
    let visit = Visit(sighting, source, gazetteer)
    return codes.update(key, at: sighting.clock, make: CodeRecord()) { [thresholds] record in
      guard !record.isRaised else { return [] }
      record.expire(before: sighting.clock &- thresholds.windowDays * millisecondsPerDay)
      let leap = record.visits.lazy.compactMap { Leap(from: $0, to: visit, thresholds) }
        .max { $0.kilometersPerHour < $1.kilometersPerHour }
      record.take(visit, thresholds)
      guard let finding = leap.map(CodeRecord.Finding.leap) ?? record.crowd(thresholds) else { return [] }
      record.isRaised = true
      return [Self.clue(key, item, sighting, finding, record, thresholds)]
    }
  }

  /// Names the matter of one item.
  static func key(_ item: ItemIdentity) -> String { "\(item.gtin)/\(item.epoch.rawValue)/\(item.index)" }

  package var state: JSONValue { codes.json }

  package mutating func restore(_ state: JSONValue) throws(DetectorStateError) {
    guard codes.restore(state) else { throw DetectorStateError(rule: Self.rule) }
  }

  private static func clue(
    _ key: String, _ item: ItemIdentity, _ sighting: Sighting, _ finding: CodeRecord.Finding, _ record: CodeRecord,
    _ thresholds: Thresholds
  ) -> Clue {
    let events: [Int64]
    let message: AlertMessage
    var numbers: [String: JSONValue] = ["windowDays": .integer(thresholds.windowDays)]
    switch finding {
    case .leap(let leap):
      message = .copyDistance
      events = [leap.from.event, leap.to.event]
      numbers.merge(leap.numbers(limit: thresholds)) { $1 }
    case .observers(let count):
      message = .copyObservers
      events = record.visits.map(\.event)
      numbers["observers"] = .integer(Int64(count))
      numbers["observersPossible"] = .integer(Int64(thresholds.observers))
    case .placeless(let count):
      message = .copyPlaceless
      events = record.placeless.map(\.event)
      numbers["sessions"] = .integer(Int64(count))
      numbers["sessionsPossible"] = .integer(Int64(thresholds.placelessSessions))
    }
    return Clue(
      key, rule: rule, kind: .clone, severity: .warning,
      subject: AlertSubject(
        dealer: sighting.dealer, region: sighting.region?.prefecture, gtin: item.gtin, code: sighting.code),
      message: message, numbers: numbers, scans: events, occurredAt: Timestamp(milliseconds: sighting.clock),
      suspects: [item])
  }
}
