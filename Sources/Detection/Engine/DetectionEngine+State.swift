extension DetectionEngine {
  /// Version of the state's form; another is refused.
  package static let stateVersion: UInt64 = 2

  /// Everything that going on needs, in bytes that depend on nothing but the sightings. Settings are not in it: the one
  /// who takes the state up gives them.
  package func state() -> [UInt8] {
    var writer = StateWriter()
    writer.word(Self.stateVersion)
    writer.fixed(map.fingerprint)
    diversion.encode(into: &writer)
    copies.encode(into: &writer)
    prices.encode(into: &writer)
    guessing.encode(into: &writer)
    missing.encode(into: &writer)
    writer.int(clock)
    writer.optional(refreshed == .min ? nil : refreshed)
    writer.optional(turned == .min ? nil : turned)
    writer.int(sightings)
    record.encode(into: &writer)
    return writer.bytes
  }

  /// Takes up a state put down by an engine with the same regions.
  package init(
    state: [UInt8], map: Geography, settings: DetectionSettings = DetectionSettings()
  ) throws(StateError) {
    self.init(map: map, settings: settings)
    var reader = StateReader(state)
    let version = try reader.word()
    guard version == Self.stateVersion else { throw .version(version) }
    guard try reader.fixed() == map.fingerprint else { throw .geography }
    diversion = try DiversionDetector(from: &reader, map, settings)
    let profiles = diversion.base.profiles
    for (index, profile) in profiles.enumerated() {
      profileOf[Self.profileKey(profile.dealer, profile.territory)] = index
    }
    copies = try CopiedCodes(from: &reader, settings.copies, dial: settings.dial, regions: map.regions.count)
    prices = try LowPrices(from: &reader, settings.price, dial: settings.dial)
    guessing = try GuessedCodes(from: &reader, settings.guessing, dial: settings.dial)
    missing = try MissingCodes(from: &reader, settings.missing, dial: settings.dial, profiles: profiles.count)
    clock = try reader.moment()
    refreshed = try reader.optional() ?? .min
    turned = try reader.optional() ?? .min
    sightings = try reader.count()
    record = try DecisionRecord(from: &reader)
    guard reader.isAtEnd else { throw .malformed(at: reader.offset) }
  }
}

extension DiversionDetector {
  func encode(into writer: inout StateWriter) {
    base.encode(into: &writer)
    points.encode(into: &writer)
    writer.recent(votes)
    writer.recent(lots) { $0.lot($1, $2) }
    writer.recent(keys) { $0.key($1, $2) }
    writer.list(seen) { $0.channels($1) }
    writer.list(ordinary) { $0.channels($1) }
    writer.map(matters) { writer, dealer, matters in
      writer.fixed(dealer)
      writer.list(matters) { $0.matter($1) }
    }
    writer.int(lastMatter)
    writer.list(hypotheses) { $0.int($1) }
    writer.list(raised) { $0.int($1) }
    for value in [season.observed, season.expected, season.ratio] { writer.real(value) }
    writer.int(season.latest)
    writer.recent(stores) { $0.store($1, $2) }
    writer.recent(shown)
    writer.reals(shelfLots)
    writer.reals(shelfForeign)
  }

  init(from reader: inout StateReader, _ map: Geography, _ settings: DetectionSettings) throws(StateError) {
    self.init(map, settings)
    base = try BaseRates(from: &reader, map, settings.rates)
    let base = base
    points = try Points(from: &reader)
    votes = try reader.recent()
    lots = try reader.recent { reader throws(StateError) in try reader.lot(base) }
    keys = try reader.recent { reader throws(StateError) in try reader.key(base) }
    seen = try reader.list { reader throws(StateError) in try reader.channels() }
    ordinary = try reader.list { reader throws(StateError) in try reader.channels() }
    matters = try reader.map { reader throws(StateError) in
      let dealer = try reader.fixed()
      return (dealer, try reader.list { reader throws(StateError) in try reader.matter(base) })
    }
    lastMatter = try reader.count()
    hypotheses = try reader.list { reader throws(StateError) in try reader.count() }
    raised = try reader.list { reader throws(StateError) in try reader.count() }
    season.observed = try reader.real()
    season.expected = try reader.real()
    season.ratio = try reader.real()
    season.latest = try reader.moment()
    stores = try reader.recent { reader throws(StateError) in try reader.store(base) }
    shown = try reader.recent()
    shelfLots = try reader.reals(map.regions.count)
    shelfForeign = try reader.reals(map.regions.count)
    let grains = Finding.Grain.allCases.count
    guard seen.count == base.profiles.count, ordinary.count == seen.count, hypotheses.count == grains,
      raised.count == grains
    else { throw .malformed(at: reader.offset) }
  }
}
