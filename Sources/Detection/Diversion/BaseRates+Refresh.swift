import Glibc

/// The daily refresh: a gravity model in classes of distance, corrected by what other dealers' goods do at the place, by
/// what this dealer's goods do elsewhere, and by how the two provinces hang together; each estimated without the pair in
/// question, so that an anomaly cannot explain itself.
extension BaseRates {
  /// Renews all rates from the counts. Deterministic, without a look at the clock.
  mutating func refresh() {
    guard !profiles.isEmpty, regions > 0 else { return }
    if cold.isEmpty { cold = (0..<Self.groups).map { coldIntensity($0, of: profiles) } }
    for group in 0..<Self.groups {
      if settings.isLearnt { learn(group) } else { spread(group) }
      for profile in profiles.indices { sum(profile, group) }
    }
  }

  /// Ablation: one share outside for everybody, spread by inhabitants.
  private mutating func spread(_ group: Int) {
    var outside = 20 * settings.outsideShares[group]
    var all = 20.0
    for profile in profiles.indices {
      all += exposure[profile * Self.groups + group]
      let start = offset(profile, group)
      for region in 0..<regions { outside += observed[start + region] }
    }
    for (index, profile) in profiles.enumerated() {
      let people = (0..<regions).reduce(0.0) { $0 + (profile.isAuthorised[$1] ? 0 : map.populationShare[$1]) }
      let start = offset(index, group)
      for region in 0..<regions where !profile.isAuthorised[region] {
        rate[start + region] = outside / all * map.populationShare[region] / max(people, 1e-9)
      }
    }
  }

  private mutating func learn(_ group: Int) {
    let fresh = Refresh.run(self, group, cold[group])
    for index in profiles.indices {
      let start = offset(index, group)
      for region in 0..<regions { rate[start + region] = fresh.rates[index * regions + region] }
    }
    for band in 0..<Bands.count { intensity[group * Bands.count + band] = fresh.intensity[band] }
    if group < 2, settings.learnsDispersion { spreadOf(group) }
  }

  /// Dispersion of the remaining factor by class: moments, shrunk to the default.
  private mutating func spreadOf(_ group: Int) {
    var excess = [Double](repeating: 30 / settings.dispersion, count: Bands.count)
    var weight = [Double](repeating: 30, count: Bands.count)
    for (index, profile) in profiles.enumerated() {
      let n = exposure[index * Self.groups + group]
      let start = offset(index, group)
      let bands = group == 1 ? profile.addressBands : profile.bands
      for region in 0..<regions where !profile.isAuthorised[region] {
        let expected = rate[start + region] * n
        let seen = min(observed[start + region], expected + 5 * expected.squareRoot() + 2)
        let band = Int(bands[region])
        excess[band] += (seen - expected) * (seen - expected) - expected
        weight[band] += expected * expected
      }
    }
    for band in 0..<Bands.count {
      let inverse = min(max(excess[band] / weight[band], 1 / 6.0), 1 / 0.7)
      dispersion[group * Bands.count + band] = 1 / inverse
    }
  }
}

/// Working memory of one group's refresh. Everything is in flat arrays, [profile][region]: this is the one place where
/// time grows with the number of dealers.
private struct Refresh {
  let base: BaseRates
  let group: Int
  let regions: Int, provinces: Int, count: Int
  /// Counts without their anomalies, and what the model says so far.
  var seen: [Double], model: [Double]
  /// Sums over dealers by destination.
  var seenAt: [Double], modelAt: [Double]
  /// Sums over the regions of a province, [profile][province].
  var seenIn: [Double], modelIn: [Double]
  /// The province pairs: factor by [profile][province], 1 for the own.
  var pairs: [Double]
  var intensity: [Double]

  init(_ base: BaseRates, _ group: Int, _ cold: [Double]) {
    self.base = base
    self.group = group
    regions = base.regions
    provinces = base.provinces
    count = base.profiles.count
    intensity = cold
    seen = [Double](repeating: 0, count: count * regions)
    model = seen
    seenAt = [Double](repeating: 0, count: regions)
    modelAt = seenAt
    seenIn = [Double](repeating: 0, count: count * provinces)
    modelIn = seenIn
    pairs = [Double](repeating: 1, count: count * provinces)
  }

  /// All steps. The result holds no part of `base`, which can then be changed in place.
  static func run(_ base: BaseRates, _ group: Int, _ cold: [Double]) -> (rates: [Double], intensity: [Double]) {
    var work = Refresh(base, group, cold)
    let others = work.gravity()
    work.dealers(others)
    work.provincePairs()
    let least = base.settings.floors[group]
    let (regions, provinces, provinceOf) = (work.regions, work.provinces, base.map.provinceOf)
    var rates = work.model
    work.model = []
    for (index, profile) in base.profiles.enumerated() {
      let start = index * regions
      let isAuthorised = profile.isAuthorised
      // The model was kept as an expected number; a dealer without sightings counts as one with the least exposure.
      let n = max(base.exposure[index * BaseRates.groups + group], BaseRates.exposureMin)
      let pairs = Array(work.pairs[index * provinces..<(index + 1) * provinces])
      for region in 0..<regions {
        let rate = rates[start + region] * pairs[provinceOf[region]] / n
        rates[start + region] = isAuthorised[region] ? 0 : min(max(rate, least), 0.5)
      }
    }
    return (rates, work.intensity)
  }

  /// 0 and 1: anomalies cut off; intensity per inhabitant by class. Returns the sums of the model by destination.
  mutating func gravity() -> [Double] {
    let k = base.settings.gravityPrior
    var above = [Double](repeating: k * 0.05, count: Bands.count)
    var below = intensity.map { k * 0.05 / $0 }
    let (people, observed, rate) = (base.map.populationShare, base.observed, base.rate)
    // Arrays are taken out of the value while loops run over them: no check of exclusive access a cell.
    var (seen, model, at) = (self.seen, self.model, modelAt)
    (self.seen, self.model) = ([], [])
    for (index, profile) in base.profiles.enumerated() {
      let n = max(base.exposure[index * BaseRates.groups + group], BaseRates.exposureMin)
      let source = base.offset(index, group)
      let start = index * regions
      let bands = group == 1 ? profile.addressBands : profile.bands
      let isAuthorised = profile.isAuthorised
      for region in 0..<regions where !isAuthorised[region] {
        let reach = n * people[region]
        model[start + region] = reach
        below[Int(bands[region])] += reach
        let count = observed[source + region]
        guard count > 0 else { continue }
        let expected = rate[source + region] * n
        let value = min(count, expected + 3 * expected.squareRoot() + 1)
        seen[start + region] = value
        above[Int(bands[region])] += value
        seenAt[region] += value
        seenIn[index * provinces + base.map.provinceOf[region]] += value
      }
    }
    for band in 0..<Bands.count { intensity[band] = above[band] / below[band] }
    let intensity = intensity
    for (index, profile) in base.profiles.enumerated() {
      let bands = group == 1 ? profile.addressBands : profile.bands
      let start = index * regions
      for region in 0..<regions {
        let value = model[start + region] * intensity[Int(bands[region])]
        model[start + region] = value
        at[region] += value
      }
    }
    (self.seen, self.model, modelAt) = (seen, model, at)
    return at
  }

  /// 2 and 3: what other dealers' goods do at the place, and what this dealer's goods do elsewhere: an online seller is
  /// outside everywhere.
  mutating func dealers(_ others: [Double]) {
    let nuPlace = base.settings.destinationPrior
    let nu = base.settings.dealerPrior
    let provinceOf = base.map.provinceOf
    let (seen, seenAt, seenIn, regions, provinces) = (self.seen, self.seenAt, self.seenIn, regions, provinces)
    var (model, modelIn) = (self.model, self.modelIn)
    (self.model, self.modelIn) = ([], [])
    var inProvince = [Double](repeating: 0, count: provinces)
    for (index, profile) in base.profiles.enumerated() {
      let start = index * regions
      for province in 0..<provinces { inProvince[province] = 0 }
      for region in 0..<regions {
        let own = model[start + region]
        let value = own * (nuPlace + seenAt[region] - seen[start + region]) / (nuPlace + others[region] - own)
        model[start + region] = value
        inProvince[provinceOf[region]] += value
      }
      let first = index * provinces
      let allSeen = (first..<first + provinces).reduce(0.0) { $0 + seenIn[$1] }
      let allModel = inProvince.reduce(0, +)
      for province in 0..<provinces { modelIn[first + province] = 0 }
      for region in 0..<regions {
        let province = provinceOf[region]
        let value = model[start + region]
        let factor =
          province == profile.home
          ? (nu + seenIn[first + province] - seen[start + region]) / (nu + max(0, inProvince[province] - value))
          : (nu + allSeen - seenIn[first + province]) / (nu + allModel - inProvince[province])
        model[start + region] = value * factor
        modelIn[first + province] += value * factor
      }
    }
    (self.model, self.modelIn) = (model, modelIn)
  }

  /// 4: how the two provinces hang together: work, families.
  mutating func provincePairs() {
    let nu = base.settings.provincePrior
    var seenPair = [Double](repeating: 0, count: provinces * provinces)
    var modelPair = seenPair
    for (index, profile) in base.profiles.enumerated() {
      for province in 0..<provinces {
        seenPair[profile.home * provinces + province] += seenIn[index * provinces + province]
        modelPair[profile.home * provinces + province] += modelIn[index * provinces + province]
      }
    }
    for (index, profile) in base.profiles.enumerated() {
      for province in 0..<provinces where province != profile.home {
        let pair = profile.home * provinces + province
        let own = index * provinces + province
        pairs[own] = (nu + seenPair[pair] - seenIn[own]) / (nu + modelPair[pair] - modelIn[own])
      }
    }
  }
}
