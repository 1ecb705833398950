import TransparencyLog

/// What is remembered of one item code: the latest scan of each witness.
struct CodeRecord {
  /// A scan by somebody of whom nothing is known: event and Unix milliseconds.
  struct Glimpse: Hashable {
    let event: Int64, clock: Int64
  }

  /// Why a code is taken to be copied.
  enum Finding {
    case leap(Leap)
    case observers(Int)
    case placeless(Int)
  }

  private(set) var visits: [Visit] = []
  private(set) var placeless: [Glimpse] = []
  var isRaised = false

  /// Visits kept; more than any threshold asks for.
  static let visitsMax = 16
  /// Scans of unknown people kept.
  static let placelessMax = 32

  mutating func expire(before start: Int64) {
    visits.removeAll { $0.clock < start }
    placeless.removeAll { $0.clock < start }
  }

  mutating func take(_ visit: Visit, _ thresholds: CopiedCode.Thresholds) {
    if visit.isPlaceless { return glimpse(visit, thresholds) }
    if let known = visits.firstIndex(where: { visit.isRepeat(of: $0, thresholds.independence) }) {
      // Scans taken offline arrive late: only a later one moves the witness.
      if visit.clock >= visits[known].clock { visits[known] = visit }
      return
    }
    visits.append(visit)
    if visits.count > Self.visitsMax { visits.removeFirst() }
  }

  private mutating func glimpse(_ visit: Visit, _ thresholds: CopiedCode.Thresholds) {
    let session = thresholds.placelessMilliseconds.magnitude
    guard placeless.allSatisfy({ ($0.clock &- visit.clock).magnitude >= session }) else { return }
    placeless.append(Glimpse(event: visit.event, clock: visit.clock))
    if placeless.count > Self.placelessMax { placeless.removeFirst() }
  }

  /// More witnesses than one item has; nil while they are few enough.
  func crowd(_ thresholds: CopiedCode.Thresholds) -> Finding? {
    let named = Set(visits.lazy.map(\.observer).filter { !$0.isAnonymous }).count
    let observers = named + visits.count { $0.observer.isAnonymous }
    if observers > thresholds.observers { return .observers(observers) }
    return placeless.count > thresholds.placelessSessions ? .placeless(placeless.count) : nil
  }
}

extension CodeRecord: Remembered {
  init?(json: JSONValue) {
    guard let stored = json[0]?.array, let glimpses = json[1]?.array, let isRaised = json[2]?.bool else { return nil }
    self.isRaised = isRaised
    visits = stored.compactMap(Visit.init(json:))
    placeless = glimpses.compactMap { pair in
      guard let event = pair[0]?.int, let clock = pair[1]?.int else { return nil }
      return Glimpse(event: event, clock: clock)
    }
    guard visits.count == stored.count, placeless.count == glimpses.count else { return nil }
  }

  var json: JSONValue {
    [
      .array(visits.map(\.json)),
      .array(placeless.map { [.integer($0.event), .integer($0.clock)] }), .bool(isRaised),
    ]
  }
}
