/// Names a hypothesis: goods of a lot or dealer in a prefecture or province.
struct KeyID: TableKey, Comparable {
  let grain: Finding.Grain
  /// The lot, or the profile's index.
  let goods: UInt64
  /// Index of the prefecture or province.
  let place: Int

  var bits: UInt64 { pairBits(goods, UInt64(truncatingIfNeeded: place) << 8 | UInt64(grain.order)) }

  static func < (a: KeyID, b: KeyID) -> Bool {
    (a.grain.order, a.goods, a.place) < (b.grain.order, b.goods, b.place)
  }
}

/// The bounded memory of one hypothesis.
struct KeyState {
  /// Sightings since it began, by channel.
  var seen = Channels()
  /// Sightings of the goods anywhere when it began: raw, and in units of ordinary days.
  var since = Channels(), sinceOrdinary = Channels()
  /// Number in the order of its grain; 0 before it was first tested.
  var ordinal = 0
  /// When it was last raised or its case last grew; nil before.
  var raised: Int64?
  /// The case that it belongs to.
  var matter = 0
  /// Whether it was restarted, and the sightings before the restart.
  var hasRestarted = false, before = 0.0
  /// All sightings of the goods at the place, ever.
  var history = 0.0
}

/// What is remembered of a lot.
struct LotState {
  /// Its profile.
  var profile: Int
  /// Sightings anywhere: raw, and in units of ordinary days.
  var seen = Channels(), ordinary = Channels()
  /// Sightings outside, and how many are normal.
  var outside = 0.0, expectedOutside = 0.0
}

/// An open case of a dealer: what is near it is more evidence, not a new alert.
struct Matter {
  let id: Int
  var latest: Int64
  /// Prefecture or province, and whether it is a prefecture.
  let place: Int, isPrefecture: Bool
  let province: Int
}

/// What is remembered of a store.
struct StoreState {
  /// Index of the prefecture where it is registered.
  var region: Int
  /// Sightings by profile.
  var profiles: [UInt64: Int] = [:]
  /// Different lots seen, foreign ones among them, and those by profile.
  var lots = 0, foreign = 0
  var foreignOf: [UInt64: Int] = [:]
  var ordinal = 0
  var raised: Int64?
  /// Whether its registration was reported as misplaced.
  var isReported = false
  /// Scans left out because of it, by profile, are what the explanation counts.
  var leftOut = 0
}

extension StateWriter {
  mutating func optional(_ value: Int64?) {
    flag(value != nil)
    if let value { int(value) }
  }

  mutating func counts(_ counts: [UInt64: Int]) {
    map(counts) { writer, key, value in
      writer.fixed(key)
      writer.int(value)
    }
  }

  mutating func key(_ id: KeyID, _ state: KeyState) {
    word(UInt64(id.grain.order))
    fixed(id.goods)
    int(id.place)
    channels(state.seen)
    channels(state.since)
    channels(state.sinceOrdinary)
    int(state.ordinal)
    optional(state.raised)
    int(state.matter)
    flag(state.hasRestarted)
    real(state.before)
    real(state.history)
  }

  mutating func lot(_ id: UInt64, _ lot: LotState) {
    fixed(id)
    int(lot.profile)
    channels(lot.seen)
    channels(lot.ordinary)
    real(lot.outside)
    real(lot.expectedOutside)
  }

  mutating func store(_ id: UInt64, _ store: StoreState) {
    fixed(id)
    int(store.region)
    counts(store.profiles)
    int(store.lots)
    int(store.foreign)
    counts(store.foreignOf)
    int(store.ordinal)
    optional(store.raised)
    flag(store.isReported)
    int(store.leftOut)
  }

  mutating func matter(_ matter: Matter) {
    int(matter.id)
    int(matter.latest)
    int(matter.place)
    flag(matter.isPrefecture)
    int(matter.province)
  }
}

extension StateReader {
  mutating func optional() throws(StateError) -> Int64? { try flag() ? try moment() : nil }

  mutating func grain() throws(StateError) -> Finding.Grain {
    let order = try word()
    guard order < UInt64(Finding.Grain.allCases.count) else { throw .malformed(at: offset) }
    return Finding.Grain.allCases[Int(order)]
  }

  mutating func counts() throws(StateError) -> [UInt64: Int] {
    try map { reader throws(StateError) in (try reader.fixed(), try reader.count()) }
  }

  mutating func key(_ bounds: BaseRates) throws(StateError) -> (KeyID, KeyState) {
    let id = KeyID(
      grain: try grain(), goods: try fixed(), place: try int(0...max(bounds.regions, bounds.provinces)))
    var state = KeyState()
    state.seen = try channels()
    state.since = try channels()
    state.sinceOrdinary = try channels()
    state.ordinal = try count()
    state.raised = try optional()
    state.matter = try count()
    state.hasRestarted = try flag()
    state.before = try real()
    state.history = try real()
    return (id, state)
  }

  mutating func lot(_ bounds: BaseRates) throws(StateError) -> (UInt64, LotState) {
    let id = try fixed()
    var lot = LotState(profile: try int(0...max(0, bounds.profiles.count - 1)))
    lot.seen = try channels()
    lot.ordinary = try channels()
    lot.outside = try real()
    lot.expectedOutside = try real()
    return (id, lot)
  }

  /// Profiles named in a map must exist.
  private mutating func profileCounts(_ bounds: BaseRates) throws(StateError) -> [UInt64: Int] {
    let counts = try counts()
    guard counts.keys.allSatisfy({ $0 < UInt64(bounds.profiles.count) }) else { throw .malformed(at: offset) }
    return counts
  }

  mutating func store(_ bounds: BaseRates) throws(StateError) -> (UInt64, StoreState) {
    let id = try fixed()
    var store = StoreState(region: try int(0...max(0, bounds.regions - 1)))
    store.profiles = try profileCounts(bounds)
    store.lots = try count()
    store.foreign = try count()
    store.foreignOf = try profileCounts(bounds)
    store.ordinal = try count()
    store.raised = try optional()
    store.isReported = try flag()
    store.leftOut = try count()
    return (id, store)
  }

  mutating func matter(_ bounds: BaseRates) throws(StateError) -> Matter {
    Matter(
      id: try count(), latest: try moment(), place: try int(0...max(0, max(bounds.regions, bounds.provinces) - 1)),
      isPrefecture: try flag(), province: try int(0...max(0, bounds.provinces - 1)))
  }
}
