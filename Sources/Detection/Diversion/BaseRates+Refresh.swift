import Glibc

/// The daily refresh: a gravity model in classes of distance, corrected by what other dealers' goods do at the place, by
/// what this dealer's goods do elsewhere, and by how the two provinces hang together; each estimated without the pair in
/// question, so that an anomaly cannot explain itself.
extension BaseRates {
  /// Renews all rates from the counts. Deterministic, without a look at the clock.
  mutating func refresh() {
    guard !profiles.isEmpty, regions > 0 else { return }
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
    let fresh = Refresh.run(self, group, coldIntensity(group, of: profiles))
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

/// Working memory of one group's refresh.
private struct Refresh {
  let base: BaseRates
  let group: Int
  let regions: Int, provinces: Int, count: Int
  /// Counts without their anomalies, and what the model says so far, [profile][region].
  var seen: [Double], model: [Double]
  /// Sum over dealers by destination.
  var seenAt: [Double], modelAt: [Double]
  /// The province pairs: factor by [profile][province], 1 for the own.
  var pairs: [Double] = []
  var intensity: [Double]
  /// Product of the factors that do not depend on the exposure, [profile][region].
  var factor: [Double]

  init(_ base: BaseRates, _ group: Int, _ cold: [Double]) {
    self.base = base
    self.group = group
    regions = base.regions
    provinces = base.provinces
    count = base.profiles.count
    intensity = cold
    seen = [Double](repeating: 0, count: count * regions)
    model = seen
    factor = [Double](repeating: 1, count: count * regions)
    seenAt = [Double](repeating: 0, count: regions)
    modelAt = seenAt
  }

  /// All steps. The result holds no part of `base`, which can then be changed in place.
  static func run(_ base: BaseRates, _ group: Int, _ cold: [Double]) -> (rates: [Double], intensity: [Double]) {
    var work = Refresh(base, group, cold)
    work.gravity()
    work.destinations()
    work.dealers()
    work.provincePairs()
    var rates = [Double](repeating: 0, count: work.count * work.regions)
    let least = base.settings.floors[group]
    for (index, profile) in base.profiles.enumerated() {
      for region in 0..<work.regions where !profile.isAuthorised[region] {
        rates[index * work.regions + region] = min(max(work.rate(index, region), least), 0.5)
      }
    }
    return (rates, work.intensity)
  }

  private func rate(_ profile: Int, _ region: Int) -> Double {
    let cell = profile * regions + region
    let band = Int(base.band(base.profiles[profile], group, region))
    return intensity[band] * base.map.populationShare[region] * factor[cell]
      * pairs[profile * provinces + base.map.provinceOf[region]]
  }

  /// 0 and 1: anomalies cut off; intensity per inhabitant by class.
  mutating func gravity() {
    let k = base.settings.gravityPrior
    var above = [Double](repeating: k * 0.05, count: Bands.count)
    var below = intensity.map { k * 0.05 / $0 }
    for (index, profile) in base.profiles.enumerated() {
      let n = base.exposure[index * BaseRates.groups + group]
      let start = base.offset(index, group)
      let bands = group == 1 ? profile.addressBands : profile.bands
      for region in 0..<regions where !profile.isAuthorised[region] {
        let expected = base.rate[start + region] * n
        let value = min(base.observed[start + region], expected + 3 * expected.squareRoot() + 1)
        let reach = n * base.map.populationShare[region]
        seen[index * regions + region] = value
        model[index * regions + region] = reach
        above[Int(bands[region])] += value
        below[Int(bands[region])] += reach
      }
    }
    for band in 0..<Bands.count { intensity[band] = above[band] / below[band] }
    for (index, profile) in base.profiles.enumerated() {
      let bands = group == 1 ? profile.addressBands : profile.bands
      for region in 0..<regions {
        let cell = index * regions + region
        model[cell] *= intensity[Int(bands[region])]
        seenAt[region] += seen[cell]
        modelAt[region] += model[cell]
      }
    }
  }

  /// 2: what other dealers' goods do at the place.
  mutating func destinations() {
    let nu = base.settings.destinationPrior
    for index in 0..<count {
      for region in 0..<regions {
        let cell = index * regions + region
        let value = (nu + seenAt[region] - seen[cell]) / (nu + modelAt[region] - model[cell])
        factor[cell] = value
        model[cell] *= value
      }
    }
  }

  /// 3: what this dealer's goods do elsewhere: an online seller is outside everywhere.
  mutating func dealers() {
    let nu = base.settings.dealerPrior
    for (index, profile) in base.profiles.enumerated() {
      let (seenIn, modelIn) = byProvince(index)
      let allSeen = seenIn.reduce(0, +)
      let allModel = modelIn.reduce(0, +)
      for region in 0..<regions {
        let cell = index * regions + region
        let province = base.map.provinceOf[region]
        let value =
          province == profile.home
          ? (nu + seenIn[province] - seen[cell]) / (nu + max(0, modelIn[province] - model[cell]))
          : (nu + allSeen - seenIn[province]) / (nu + allModel - modelIn[province])
        factor[cell] *= value
        model[cell] *= value
      }
    }
  }

  /// 4: how the two provinces hang together: work, families.
  mutating func provincePairs() {
    let nu = base.settings.provincePrior
    var seenPair = [Double](repeating: 0, count: provinces * provinces)
    var modelPair = seenPair
    var sums: [(seen: [Double], model: [Double])] = []
    for (index, profile) in base.profiles.enumerated() {
      let sum = byProvince(index)
      for province in 0..<provinces {
        seenPair[profile.home * provinces + province] += sum.seen[province]
        modelPair[profile.home * provinces + province] += sum.model[province]
      }
      sums.append(sum)
    }
    pairs = [Double](repeating: 1, count: count * provinces)
    for (index, profile) in base.profiles.enumerated() {
      for province in 0..<provinces where province != profile.home {
        let pair = profile.home * provinces + province
        pairs[index * provinces + province] =
          (nu + seenPair[pair] - sums[index].seen[province]) / (nu + modelPair[pair] - sums[index].model[province])
      }
    }
  }

  private func byProvince(_ profile: Int) -> (seen: [Double], model: [Double]) {
    var seenIn = [Double](repeating: 0, count: provinces)
    var modelIn = seenIn
    for region in 0..<regions {
      seenIn[base.map.provinceOf[region]] += seen[profile * regions + region]
      modelIn[base.map.provinceOf[region]] += model[profile * regions + region]
    }
    return (seenIn, modelIn)
  }
}
