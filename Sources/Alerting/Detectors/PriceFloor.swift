import Codes
import Ledger
import Regions
import TransparencyLog

/// Goods sold below a price floor that the brand enforces on a recorded legal basis.
///
/// A matter of its own: it reads no territory, and nothing about territory reads it (product.md, "Price floors").
package struct PriceFloor: Detector {
  package static let rule = RuleVersion("price-floor", 1)

  /// What it takes.
  package struct Thresholds: Hashable, Sendable {
    /// Independent terminals' scans: one may be a slip of the hand or a clearance of one bottle.
    package var votes = 2
    /// Below this share of the floor a price is more likely mistyped than charged; then only an inspector's counts.
    /// detection.md puts the line at 0.8 for a statistical test of many prices; two prices need a wider one.
    package var typingErrorBelow = 0.5
    /// Votes count for so many days: four weeks, the span that detection.md gives a store.
    package var windowDays: Int64 = 28
    /// Matters remembered.
    package var matters = 8_000
    /// When two sightings are two.
    package var independence = Independence()

    /// The standard thresholds.
    package init() {}
  }

  private let thresholds: Thresholds
  private var matters: BoundedMap<PriceRecord>

  /// With an empty memory.
  package init(_ thresholds: Thresholds = Thresholds()) {
    self.thresholds = thresholds
    matters = BoundedMap(limit: thresholds.matters, days: thresholds.windowDays)
  }

  package mutating func observe(_ sighting: Sighting) -> [Clue] { observe(sighting, .everyone) }

  /// As above, but only `reach` may raise; the others are remembered.
  mutating func observe(_ sighting: Sighting, _ reach: Reach) -> [Clue] {
    guard sighting.priceCheck == .belowFloor, let terms = sighting.terms, terms.isEnforced,
      let policy = sighting.policy, let price = sighting.price, price.isLess(than: terms.floor) == true,
      let vote = Vote(sighting), vote.source != .consumer, sighting.isTrustworthy
    else { return [] }
    let ratio = Double(price.scaled) / Double(max(1, terms.floor.scaled))
    guard ratio >= thresholds.typingErrorBelow || vote.source == .inspector else { return [] }
    let place = sighting.region?.prefecture
    let gtin = sighting.code.gtin?.description ?? "-"
    let matter =
      "\(sighting.dealer ?? "-")/\(gtin)/\(place?.description ?? "-")/policy \(policy.id) \(policy.version)"
    return matters.update(matter, at: sighting.clock, make: PriceRecord()) { [thresholds] record in
      guard !record.isRaised,
        record.ballot.admit(vote, window: thresholds.windowDays * millisecondsPerDay, thresholds.independence)
      else { return [] }
      record.note(price, of: vote)
      let tally = Tally(record.ballot.votes)
      guard vote.source == .inspector || reach == .everyone && tally.votes >= thresholds.votes else { return [] }
      record.isRaised = true
      return [Self.clue(matter, sighting, policy, terms, tally, record)]
    }
  }

  package var state: JSONValue { matters.json }

  package mutating func restore(_ state: JSONValue) throws(DetectorStateError) {
    guard matters.restore(state) else { throw DetectorStateError(rule: Self.rule) }
  }

  private static func clue(
    _ matter: String, _ sighting: Sighting, _ policy: PolicyReference, _ terms: PriceTerms, _ tally: Tally,
    _ record: PriceRecord
  ) -> Clue {
    var numbers = tally.numbers
    let lowest = record.lowest ?? terms.floor
    numbers["lowest"] = .string("\(lowest.amount) \(lowest.currency)")
    numbers["floor"] = .string("\(terms.floor.amount) \(terms.floor.currency)")
    // Permille as whole numbers: a fraction would read differently in every language's rounding.
    numbers["lowestPermilleOfFloor"] = .integer(lowest.scaled &* 1000 / max(1, terms.floor.scaled))
    numbers["policy"] = .string(policy.id)
    numbers["policyVersion"] = .integer(policy.version)
    // Forgotten after a quiet window, the matter may come up again: the first scan tells one time from the other.
    return Clue(
      "\(matter)/from \(tally.events.first ?? sighting.event)", rule: rule, kind: .price,
      severity: tally.inspectors > 0 ? .warning : .notice,
      subject: AlertSubject(
        dealer: sighting.dealer, region: sighting.region?.prefecture, gtin: sighting.code.gtin),
      message: tally.inspectors > 0 ? .priceInspector : .priceSeveral, numbers: numbers, scans: tally.events,
      occurredAt: tally.last)
  }
}

/// What is remembered of one dealer's price for one product in one place under one edition of a policy.
struct PriceRecord {
  var ballot = Ballot()
  var isRaised = false
  private(set) var prices: [Int64: Money] = [:]

  /// The lowest of the prices that still vote.
  var lowest: Money? { ballot.votes.compactMap { prices[$0.event] }.min { $0.scaled < $1.scaled } }

  mutating func note(_ price: Money, of vote: Vote) {
    prices[vote.event] = price
    let voting = Set(ballot.votes.map(\.event))
    prices = prices.filter { voting.contains($0.key) }
  }
}

extension PriceRecord: Remembered {
  init?(json: JSONValue) {
    guard let ballot = json["votes"].flatMap(Ballot.init(json:)), let isRaised = json["raised"]?.bool,
      let stored = json["prices"]?.array
    else { return nil }
    self.ballot = ballot
    self.isRaised = isRaised
    for entry in stored {
      guard let event = entry[0]?.int, let amount = entry[1]?.string, let currency = entry[2]?.string,
        let price = Money(amount: amount, currency: currency)
      else { return nil }
      prices[event] = price
    }
  }

  var json: JSONValue {
    let prices = prices.sorted { $0.key < $1.key }
    return [
      "votes": ballot.json, "raised": .bool(isRaised),
      "prices": .array(prices.map { [.integer($0.key), .string($0.value.amount), .string($0.value.currency)] }),
    ]
  }
}
