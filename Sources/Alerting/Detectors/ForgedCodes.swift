import Codes
import Ledger
import Regions
import TransparencyLog

/// Codes that were never issued: many from one source within an hour (somebody guesses), one and the same text at
/// several places (somebody prints), or many texts of one product in one place from several people (somebody sells).
package struct ForgedCodes: Detector {
  package static let rule = RuleVersion("forged-codes", 1)

  /// What it takes.
  package struct Thresholds: Hashable, Sendable {
    /// Different failing texts of one product from one source within `burstMilliseconds`: a damaged label or a foreign
    /// code fails once or twice, nobody meets ten by accident.
    package var burstCodes = 10
    /// One hour.
    package var burstMilliseconds: Int64 = 3_600_000
    /// Places where one failing text was read: twice may be one person on the way, thrice is print.
    package var placesOfOneText = 3
    /// Different failing texts of one product in one prefecture, and the people who met them.
    package var codesOfOneProduct = 10
    package var observersOfOneProduct = 3
    /// Texts count for so many days: four weeks.
    package var windowDays: Int64 = 28
    /// Sources, texts and product-and-place pairs remembered, each. A flood of made-up texts pushes out texts only.
    package var matters = 8_000
    /// When two sightings are two.
    package var independence = Independence()

    /// The standard thresholds.
    package init() {}
  }

  private let thresholds: Thresholds
  private var sources: BoundedMap<RaisableBallot>
  private var texts: BoundedMap<RaisableBallot>
  private var products: BoundedMap<RaisableBallot>

  /// With an empty memory.
  package init(_ thresholds: Thresholds = Thresholds()) {
    self.thresholds = thresholds
    sources = BoundedMap(limit: thresholds.matters, days: thresholds.windowDays)
    texts = BoundedMap(limit: thresholds.matters, days: thresholds.windowDays)
    products = BoundedMap(limit: thresholds.matters, days: thresholds.windowDays)
  }

  package mutating func observe(_ sighting: Sighting) -> [Clue] {
    guard sighting.authenticity == .forged, let vote = Vote(sighting) else { return [] }
    return [burst(sighting, vote), copies(sighting, vote), wave(sighting, vote)].compactMap(\.self)
  }

  package var state: JSONValue { ["sources": sources.json, "texts": texts.json, "products": products.json] }

  package mutating func restore(_ state: JSONValue) throws(DetectorStateError) {
    var copy = self
    guard copy.sources.restore(state["sources"]), copy.texts.restore(state["texts"]),
      copy.products.restore(state["products"])
    else { throw DetectorStateError(rule: Self.rule) }
    self = copy
  }
}

extension ForgedCodes {
  /// Many texts from one source. A phone that its app names is the engine's affair; all other people without a key in
  /// one prefecture are one source: they cannot be told apart.
  private mutating func burst(_ sighting: Sighting, _ vote: Vote) -> Clue? {
    guard sighting.source != .consumer || sighting.device == nil else { return nil }
    var source = vote.observer.label
    if vote.observer.isAnonymous { source = "anonymous \(sighting.region?.prefecture.description ?? "-")" }
    let matter = "burst/\(source)/\(sighting.code.gtin?.description ?? "-")"
    return sources.update(matter, at: sighting.clock, make: RaisableBallot()) { [thresholds] record in
      guard record.take(vote, window: thresholds.burstMilliseconds, unless: { $0.code == $1.code }),
        record.ballot.votes.count >= thresholds.burstCodes
      else { return nil }
      var numbers: [String: JSONValue] = ["windowMinutes": .integer(thresholds.burstMilliseconds / 60_000)]
      numbers["source"] = .string(source)
      return record.raise(matter, sighting, .forgedBurst, .warning, numbers)
    }
  }

  /// One text at several places: counties, or terminals where no place is known.
  private mutating func copies(_ sighting: Sighting, _ vote: Vote) -> Clue? {
    guard vote.region != nil || !vote.observer.isAnonymous else { return nil }
    let matter = "text/\(vote.code)"
    let window = thresholds.windowDays * millisecondsPerDay
    return texts.update(matter, at: sighting.clock, make: RaisableBallot()) { [thresholds] record in
      let isSamePlace: (Vote, Vote) -> Bool = {
        $0.region == $1.region && ($0.region != nil || $0.observer == $1.observer)
      }
      guard record.take(vote, window: window, unless: isSamePlace),
        record.ballot.votes.count >= thresholds.placesOfOneText
      else { return nil }
      var numbers: [String: JSONValue] = ["windowDays": .integer(thresholds.windowDays)]
      numbers["places"] = .integer(Int64(record.ballot.votes.count))
      return record.raise(matter, sighting, .forgedText, .serious, numbers, code: sighting.code)
    }
  }

  /// Many texts of one product in one prefecture, from several people.
  private mutating func wave(_ sighting: Sighting, _ vote: Vote) -> Clue? {
    guard let gtin = sighting.code.gtin, let place = sighting.region?.prefecture else { return nil }
    let matter = "product/\(gtin)/\(place)"
    let window = thresholds.windowDays * millisecondsPerDay
    return products.update(matter, at: sighting.clock, make: RaisableBallot()) { [thresholds] record in
      guard record.take(vote, window: window, unless: { $0.code == $1.code }) else { return nil }
      let votes = record.ballot.votes
      guard votes.count >= thresholds.codesOfOneProduct,
        Self.observers(votes, thresholds.independence) >= thresholds.observersOfOneProduct
      else { return nil }
      let numbers: [String: JSONValue] = ["windowDays": .integer(thresholds.windowDays)]
      return record.raise(matter, sighting, .forgedProduct, .serious, numbers)
    }
  }

  /// Independent people among the votes, counted from the first on.
  private static func observers(_ votes: [Vote], _ independence: Independence) -> Int {
    var kept: [Vote] = []
    for vote in votes
    where kept.allSatisfy({ $0.observer.isAnonymous || $0.observer != vote.observer })
      && kept.allSatisfy({ independence.holds(vote, $0) })
    {
      kept.append(vote)
    }
    return kept.count
  }
}

extension RaisableBallot {
  /// Takes a vote into the window before it, unless one in there is the same by `isSame`; false then, and once raised.
  fileprivate mutating func take(_ vote: Vote, window: Int64, unless isSame: (Vote, Vote) -> Bool) -> Bool {
    guard !isRaised else { return false }
    return ballot.admit(vote, window: window, unless: isSame)
  }

  /// Raises a matter of forged codes.
  fileprivate mutating func raise(
    _ matter: String, _ sighting: Sighting, _ message: AlertMessage, _ severity: Severity, _ more: [String: JSONValue],
    code: SightedCode? = nil
  ) -> Clue {
    let tally = Tally(ballot.votes)
    isRaised = true
    var numbers = tally.numbers.merging(more) { $1 }
    numbers["codes"] = .integer(Int64(Set(ballot.votes.map(\.code)).count))
    // Forgotten after a quiet window, the matter may come up again: the first scan tells one time from the other.
    return Clue(
      "\(matter)/from \(tally.events.first ?? sighting.event)", rule: ForgedCodes.rule, kind: .forgery,
      severity: severity,
      subject: AlertSubject(region: sighting.region?.prefecture, gtin: sighting.code.gtin, code: code),
      message: message, numbers: numbers, scans: tally.events, occurredAt: tally.last)
  }
}
