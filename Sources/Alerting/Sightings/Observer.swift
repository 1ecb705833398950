import Regions
import TransparencyLog

/// Who is taken to be one witness.
enum Observer: Hashable {
  /// A registered terminal: it stands where it stands, whoever holds it.
  case terminal(String)
  /// Whoever scans under this API key.
  case key(Int64)
  /// Somebody without a key, at a spot if the phone told one.
  case anonymous(Spot?)

  init(_ sighting: Sighting) {
    if let terminal = sighting.terminal {
      self = .terminal(terminal)
    } else if sighting.key != 0 {
      self = .key(sighting.key)
    } else {
      // An IP address puts a phone 200 km off: no spot to tell people apart by.
      self = .anonymous(sighting.certainty == .measured ? sighting.position.map(Spot.init) : nil)
    }
  }

  init?(json: JSONValue?) {
    if let terminal = json?["t"]?.string {
      self = .terminal(terminal)
    } else if let key = json?["k"]?.int {
      self = .key(key)
    } else if let spot = json?["a"] {
      self = .anonymous(Spot(json: spot))
    } else {
      return nil
    }
  }

  var json: JSONValue {
    switch self {
    case .terminal(let code): ["t": .string(code)]
    case .key(let key): ["k": .integer(key)]
    case .anonymous(let spot): ["a": spot?.json ?? .null]
    }
  }

  var isAnonymous: Bool { if case .anonymous = self { true } else { false } }

  /// The observer as a text, to count or to index by.
  var label: String {
    switch self {
    case .terminal(let code): "terminal \(code)"
    case .key(let key): "key \(key)"
    case .anonymous(let spot): spot.map { "anonymous \($0.north) \($0.east)" } ?? "anonymous"
    }
  }
}

/// When two sightings are the word of two, and not the same person twice.
package struct Independence: Hashable, Sendable {
  /// One terminal or key speaks once in so many milliseconds: 24 h, so that a session is one vote, and a shop that goes
  /// on selling is heard again the next day.
  package var sessionMilliseconds: Int64 = 86_400_000
  /// People without a key within so many metres of each other are one household, whatever the day: 2 km, twice the
  /// coarsening of a spot. A gift of six bottles drunk at one table is one vote.
  package var householdMeters = 2_000.0
  /// People without a key and without a spot in the same county are one for so many milliseconds: 3 days, the length
  /// of a visit.
  package var placelessMilliseconds: Int64 = 3 * 86_400_000

  /// The standard distances.
  package init() {}

  /// Whether `one` and `other` are two voices.
  func holds(_ one: Vote, _ other: Vote) -> Bool {
    // An inspector's word stands beside a consumer's about the very same bottle: it is why the inspector went.
    if (one.source == .inspector) != (other.source == .inspector) { return true }
    if one.code == other.code { return false }
    let apart = (one.clock &- other.clock).magnitude
    guard case .anonymous(let left) = one.observer, case .anonymous(let right) = other.observer else {
      return one.observer != other.observer || apart >= sessionMilliseconds.magnitude
    }
    if let left, let right { return left.meters(to: right) > householdMeters }
    return one.region != other.region || apart >= placelessMilliseconds.magnitude
  }
}
