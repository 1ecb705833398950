import Ledger
import Regions
import TransparencyLog

/// Goods on sale that should not be: voided, returned, or never dispatched.
package struct UnsoldGoods: Detector {
  package static let rule = RuleVersion("unsold-goods", 1)

  /// What it takes.
  package struct Thresholds: Hashable, Sendable {
    /// Independent scans of returned or never dispatched goods of one product in one place. One may be a parcel that
    /// left before its dispatch was entered, or a customer's return still on the counter.
    package var votes = 2
    /// Void is void: destroyed or recalled goods are dangerous, and nothing makes them good again.
    package var votesWhenVoided = 1
    /// Votes count for so many days: four weeks.
    package var windowDays: Int64 = 28
    /// Matters remembered.
    package var matters = 8_000
    /// When two sightings are two.
    package var independence = Independence()

    /// The standard thresholds.
    package init() {}
  }

  private let thresholds: Thresholds
  private var matters: BoundedMap<RaisableBallot>

  /// With an empty memory.
  package init(_ thresholds: Thresholds = Thresholds()) {
    self.thresholds = thresholds
    matters = BoundedMap(limit: thresholds.matters, days: thresholds.windowDays)
  }

  package mutating func observe(_ sighting: Sighting) -> [Clue] {
    guard let fault = Fault(sighting.state), let vote = Vote(sighting), sighting.isTrustworthy else { return [] }
    let place = sighting.region?.prefecture.description ?? "-"
    let goods = sighting.code.gtin?.description ?? "boxes"
    let matter = "\(fault.rawValue)/\(goods)/\(place)"
    return matters.update(matter, at: sighting.clock, make: RaisableBallot()) { [thresholds] record in
      guard !record.isRaised,
        record.ballot.admit(vote, window: thresholds.windowDays * millisecondsPerDay, thresholds.independence)
      else { return [] }
      let tally = Tally(record.ballot.votes)
      let needed = fault == .voided ? thresholds.votesWhenVoided : thresholds.votes
      guard tally.votes >= needed || vote.source == .inspector else { return [] }
      record.isRaised = true
      return [Self.clue(matter, fault, sighting, tally, needed)]
    }
  }

  package var state: JSONValue { matters.json }

  package mutating func restore(_ state: JSONValue) throws(DetectorStateError) {
    guard matters.restore(state) else { throw DetectorStateError(rule: Self.rule) }
  }

  /// Why goods should not be on sale.
  private enum Fault: String {
    case voided, returned, undispatched

    init?(_ state: LifeState?) {
      switch state {
      case .voided: self = .voided
      case .returned: self = .returned
      case .issued, .packed: self = .undispatched
      case .dispatched, .received, .sold, nil: return nil
      }
    }

    var severity: Severity { self == .voided ? .serious : .warning }

    var message: AlertMessage {
      switch self {
      case .voided: .unsoldVoided
      case .returned: .unsoldReturned
      case .undispatched: .unsoldUndispatched
      }
    }
  }

  private static func clue(
    _ matter: String, _ fault: Fault, _ sighting: Sighting, _ tally: Tally, _ needed: Int
  ) -> Clue {
    var numbers = tally.numbers
    numbers["state"] = .string(sighting.state?.name ?? "")
    numbers["needed"] = .integer(tally.inspectors > 0 ? 1 : Int64(needed))
    // Forgotten after a quiet window, the matter may come up again: the first scan tells one time from the other.
    return Clue(
      "\(matter)/from \(tally.events.first ?? sighting.event)", rule: rule, kind: .unsold, severity: fault.severity,
      subject: AlertSubject(
        dealer: sighting.dealer, region: sighting.region?.prefecture, gtin: sighting.code.gtin,
        code: tally.votes == 1 ? sighting.code : nil),
      message: fault.message, numbers: numbers, scans: tally.events, occurredAt: tally.last)
  }
}

/// A ballot, and whether its matter was raised.
struct RaisableBallot {
  var ballot = Ballot()
  var isRaised = false
}

extension RaisableBallot: Remembered {
  init?(json: JSONValue) {
    guard let ballot = json["votes"].flatMap(Ballot.init(json:)), let isRaised = json["raised"]?.bool else {
      return nil
    }
    self.ballot = ballot
    self.isRaised = isRaised
  }

  var json: JSONValue { ["votes": ballot.json, "raised": .bool(isRaised)] }
}
