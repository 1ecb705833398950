import Glibc

/// Finds goods outside their territory: by lot and by dealer, in prefectures and provinces, and store by store.
struct DiversionDetector: Sendable {
  let settings: DetectionSettings
  /// Of `settings`, at hand: they are asked several times a sighting.
  let rules: DetectionSettings.Diversion
  var base: BaseRates
  var points = Points()
  /// Votes cast: one for a box and prefecture, a device and lot, a store and dealer in four weeks.
  var votes = RecentSet()
  var lots = RecentMap<UInt64, LotState>()
  var keys = RecentMap<KeyID, KeyState>()
  /// Sightings of every profile's goods anywhere: raw, and in units of ordinary days.
  var seen: [Channels] = [], ordinary: [Channels] = []
  /// Open cases by dealer.
  var matters: [UInt64: [Matter]] = [:]
  var lastMatter = 0
  /// Hypotheses and alerts by grain.
  var hypotheses = [Int](repeating: 0, count: Finding.Grain.allCases.count)
  var raised = [Int](repeating: 0, count: Finding.Grain.allCases.count)
  var season = Season()
  var stores = RecentMap<UInt64, StoreState>()
  /// Lots that a store has shown, as pairs.
  var shown = RecentSet()
  /// Lots seen in stores and foreign ones (at most two a store) by prefecture.
  var shelfLots: [Double], shelfForeign: [Double]

  init(_ map: Geography, _ settings: DetectionSettings) {
    self.settings = settings
    rules = settings.diversion
    base = BaseRates(map, settings.rates)
    shelfLots = [Double](repeating: 0, count: map.regions.count)
    shelfForeign = shelfLots
  }

  mutating func admit(_ profile: Profile) {
    base.admit(profile)
    seen.append(Channels())
    ordinary.append(Channels())
  }

  /// Takes in one sighting of genuine goods; `clock` is the latest time seen.
  mutating func observe(_ sighting: Sighting, clock: Int64, _ findings: inout [Finding]) {
    let isOutside = !base.profiles[sighting.profile].isAuthorised[sighting.region]
    var isOnSale = points.visit(sighting, radius: rules.shopRadius, boxesNeeded: rules.shopBoxes)
    isOnSale = isOnSale && rules.usesShops && sighting.source == .consumerGPS
    guard !isExcepted(sighting) else { return }
    if sighting.source.isShelf, sighting.store != 0 { visitStore(sighting, isOutside, &findings) }
    if rules.usesVotes, !castVote(sighting, isOutside) { return }
    let channel = isOnSale ? 4 : rules.usesSources ? Int(sighting.source.rawValue) : 0
    let weight = channel < 2 && rules.usesSeason ? season.weigh(sighting, isOutside, channel, clock, base, rules) : 1
    count(sighting, channel, weight)
    guard isOutside else { return }
    base.count(sighting.profile, BaseRates.groupOf[channel], sighting.region)
    // A box that is carried through a province is one box there, in however many of its prefectures.
    let province = UInt64(base.map.provinceOf[sighting.region])
    let isNewInProvince = !rules.usesVotes || votes.insert(pairBits(sighting.box, province << 2 | 2))
    test(sighting, channel, isNewInProvince: isNewInProvince, &findings)
  }

  private mutating func count(_ sighting: Sighting, _ channel: Int, _ weight: Double) {
    let profile = sighting.profile
    seen[profile][channel] += 1
    ordinary[profile][channel] += weight
    let group = profile * BaseRates.groups + BaseRates.groupOf[channel]
    base.exposure[group] += weight
    let expected = weight * base.totalRate[group]
    lots.with(sighting.lot, LotState(profile: profile)) { lot in
      lot.seen[channel] += 1
      lot.ordinary[channel] += weight
      lot.expectedOutside += expected
    }
  }

  /// One vote for a box and prefecture, for a device and lot, for a store and dealer within four weeks. Inspectors
  /// always count.
  private mutating func castVote(_ sighting: Sighting, _ isOutside: Bool) -> Bool {
    let box = pairBits(sighting.box, UInt64(sighting.region) << 2)
    if sighting.source != .inspector, votes.contains(box) { return false }
    switch sighting.source {
    case .consumerGPS, .consumerIP:
      // A phone that gives no name is one of many, not one for all.
      if sighting.device != 0, !votes.insert(pairBits(sighting.device, sighting.lot)) { return false }
    case .terminal:
      if isOutside, rules.suspectsStores, isSuspect(sighting.store) {
        stores.with(sighting.store, StoreState(region: sighting.region)) { $0.leftOut += 1 }
        return false
      }
      let period = UInt64(bitPattern: sighting.time / (28 * day))
      let shelf = pairBits(pairBits(sighting.store, UInt64(sighting.profile)), period << 2 | 1)
      if !votes.insert(shelf), isOutside { return false }
    case .inspector: break
    }
    votes.insert(box)
    return true
  }

  private func isExcepted(_ sighting: Sighting) -> Bool {
    guard !settings.whitelist.isEmpty else { return false }
    let region = base.map.regions[sighting.region]
    let dealer = base.profiles[sighting.profile].dealer
    return settings.whitelist.contains { exception in
      exception.from <= sighting.time && sighting.time < exception.until
        && (exception.dealer ?? dealer) == dealer && (exception.lot ?? sighting.lot) == sighting.lot
        && (exception.region == nil || exception.region == region.code || exception.region == region.province)
    }
  }

  /// Forgets what is older than two generations, by the sightings' own clock.
  mutating func turn() {
    points.turn()
    votes.turn()
    lots.turn()
    keys.turn()
    stores.turn()
    shown.turn()
  }

  mutating func refresh(daysPassed: Int64) {
    if settings.rates.halfLifeDays > 0 {
      let factor = exp2(-Double(daysPassed) / settings.rates.halfLifeDays)
      for index in base.observed.indices { base.observed[index] *= factor }
      for index in base.exposure.indices { base.exposure[index] *= factor }
    }
    base.refresh()
  }
}

extension Source {
  /// Whether goods are seen where they are for sale.
  var isShelf: Bool { self == .terminal || self == .inspector }
}

/// Holidays: everybody travels. A running ratio of all consumers' sightings outside to the expected.
struct Season {
  var observed = 0.0, expected = 0.0
  var latest: Int64 = 0
  /// The ratio after the latest sighting.
  var ratio = 1.0

  /// Returns the ratio before the sighting, then takes it in.
  mutating func weigh(
    _ sighting: Sighting, _ isOutside: Bool, _ channel: Int, _ clock: Int64, _ base: BaseRates,
    _ rules: DetectionSettings.Diversion
  ) -> Double {
    let before = ratio
    let days = Double(max(0, clock - latest)) / Double(day)
    let keep = exp2(-days / max(0.01, rules.seasonHalfLifeDays))
    latest = max(latest, clock)
    observed = observed * keep + (isOutside ? 1 : 0)
    expected = expected * keep + base.totalRate[sighting.profile * BaseRates.groups + BaseRates.groupOf[channel]]
    let value = (observed + rules.seasonPrior) / (expected + rules.seasonPrior)
    ratio = min(rules.seasonMax, max(rules.seasonMin, value))
    return before
  }
}
