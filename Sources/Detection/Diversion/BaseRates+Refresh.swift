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
    finish(Refresh.run(self, group, cold[group]), group)
  }

  /// 5: rates within their bounds, and the dispersion of the remaining factor by class: moments, shrunk to the default.
  private mutating func finish(_ work: Learnt, _ group: Int) {
    let (regions, provinces, least) = (regions, provinces, settings.floors[group])
    let learnsSpread = group < 2 && settings.learnsDispersion
    var excess = [Double](repeating: 30 / settings.dispersion, count: Bands.count + 1)
    var weight = [Double](repeating: 30, count: Bands.count + 1)
    // Spans rest on copies of the arrays' references: nothing else of the value is held while they are used.
    let (counts, map, profiles) = (observed, map, profiles)
    let model = work.model.span, pairs = work.pairs.span, observed = counts.span
    var excesses = excess.mutableSpan, weights = weight.mutableSpan
    var rates: [Double] = []
    swap(&rate, &rates)
    var rate = rates.mutableSpan
    for (index, profile) in profiles.enumerated() {
      let bands = bands(profile, group).span
      // The model was kept as an expected number.
      let exposure = exposure[index * Self.groups + group]
      let n = max(exposure, Self.exposureMin)
      let target = (index * Self.groups + group) * regions
      for run in map.runs {
        let pair = pairs[index * provinces + run.province]
        for region in run.regions {
          let learnt = model[unchecked: index * regions + region] * pair / n
          rate[unchecked: target + region] = bands[unchecked: region] == Bands.inside ? 0 : min(max(learnt, least), 0.5)
        }
      }
      guard learnsSpread else { continue }
      for region in 0..<regions {
        let expected = rate[unchecked: target + region] * exposure
        // Most places have seen nothing.
        let count = observed[unchecked: target + region]
        let seen = count == 0 ? 0 : min(count, expected + 5 * expected.squareRoot() + 2)
        let band = Int(bands[unchecked: region])
        excesses[unchecked: band] += (seen - expected) * (seen - expected) - expected
        weights[unchecked: band] += expected * expected
      }
    }
    swap(&self.rate, &rates)
    for band in 0..<Bands.count {
      intensity[group * Bands.count + band] = work.intensity[band]
      guard learnsSpread else { continue }
      let inverse = min(max(excess[band] / weight[band], 1 / 6.0), 1 / 0.7)
      dispersion[group * Bands.count + band] = 1 / inverse
    }
  }
}

/// What a refresh found out: expected numbers, factors of province pairs, intensities by class. It holds no part of the
/// rates, which can then be changed in place.
private struct Learnt {
  let model: [Double], pairs: [Double], intensity: [Double]
}

/// Working memory of one group's refresh. Everything is in flat arrays, [profile][region]: this is the one place where
/// time grows with the number of dealers, so loops run over spans, in the order of memory, and their indexes, which are
/// those of regions and classes, are not checked again.
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
  /// By class; nobody comes from outside to where goods belong.
  var intensity: [Double]

  init(_ base: BaseRates, _ group: Int, _ cold: [Double]) {
    self.base = base
    self.group = group
    regions = base.regions
    provinces = base.provinces
    count = base.profiles.count
    intensity = cold + [0]
    seen = [Double](repeating: 0, count: count * regions)
    model = seen
    seenAt = [Double](repeating: 0, count: regions)
    modelAt = seenAt
    seenIn = [Double](repeating: 0, count: count * provinces)
    modelIn = seenIn
    pairs = [Double](repeating: 1, count: count * provinces)
  }

  /// All steps but the last.
  static func run(_ base: BaseRates, _ group: Int, _ cold: [Double]) -> Learnt {
    var work = Refresh(base, group, cold)
    let others = work.gravity()
    work.dealers(others)
    work.provincePairs()
    return Learnt(model: work.model, pairs: work.pairs, intensity: work.intensity)
  }

  /// 0 and 1: anomalies cut off; intensity per inhabitant by class. Returns the sums of the model by destination.
  mutating func gravity() -> [Double] {
    let k = base.settings.gravityPrior
    var above = [Double](repeating: k * 0.05, count: Bands.count)
    var below = intensity.map { k * 0.05 / $0 }
    below[Bands.inside] = 0
    let (base, group, regions, provinces) = (base, group, regions, provinces)
    let observed = base.observed.span, rate = base.rate.span
    var (seen, seenAt, seenIn) = (self.seen, self.seenAt, self.seenIn)
    (self.seen, self.seenAt, self.seenIn) = ([], [], [])
    for (index, profile) in base.profiles.enumerated() {
      let n = base.exposure(ofProfile: index, group)
      let source = base.offset(index, group)
      let start = index * regions
      let bands = base.bands(profile, group).span
      let people = base.people(profile, group)
      for band in 0..<Bands.count { below[band] += n * people[band] }
      for region in 0..<regions where observed[unchecked: source + region] > 0 {
        let band = Int(bands[unchecked: region])
        let count = observed[unchecked: source + region]
        let expected = rate[unchecked: source + region] * n
        let value = min(count, expected + 3 * expected.squareRoot() + 1)
        seen[start + region] = value
        above[band] += value
        seenAt[region] += value
        seenIn[index * provinces + base.map.provinceOf[region]] += value
      }
    }
    (self.seen, self.seenAt, self.seenIn) = (seen, seenAt, seenIn)
    for band in 0..<Bands.count { intensity[band] = above[band] / below[band] }
    spread()
    return modelAt
  }

  /// Everybody's expected numbers by class of distance and inhabitants.
  private mutating func spread() {
    let (base, group, regions, intensities) = (base, group, regions, intensity)
    let people = base.map.populationShare.span, intensity = intensities.span
    var (numbers, sums) = (self.model, modelAt)
    (self.model, modelAt) = ([], [])
    var model = numbers.mutableSpan
    var at = sums.mutableSpan
    for (index, profile) in base.profiles.enumerated() {
      let n = base.exposure(ofProfile: index, group)
      let bands = base.bands(profile, group).span
      let start = index * regions
      for region in 0..<regions {
        let value = n * people[unchecked: region] * intensity[unchecked: Int(bands[unchecked: region])]
        model[unchecked: start + region] = value
        at[unchecked: region] += value
      }
    }
    (self.model, modelAt) = (numbers, sums)
  }

  /// 2 and 3: what other dealers' goods do at the place, and what this dealer's goods do elsewhere: an online seller is
  /// outside everywhere.
  mutating func dealers(_ others: [Double]) {
    let nuPlace = base.settings.destinationPrior
    let nu = base.settings.dealerPrior
    let (base, counts, places, seenIn) = (base, self.seen, self.seenAt, self.seenIn)
    let (regions, provinces) = (regions, provinces)
    let seen = counts.span, seenAt = places.span, others = others.span
    var (numbers, modelIn) = (self.model, self.modelIn)
    (self.model, self.modelIn) = ([], [])
    var model = numbers.mutableSpan
    var inProvince = [Double](repeating: 0, count: provinces)
    var factors = inProvince
    for (index, profile) in base.profiles.enumerated() {
      let start = index * regions
      for province in 0..<provinces { inProvince[province] = 0 }
      for run in base.map.runs {
        var sum = inProvince[run.province]
        for region in run.regions {
          let own = model[unchecked: start + region]
          let value =
            own * (nuPlace + seenAt[unchecked: region] - seen[unchecked: start + region])
            / (nuPlace + others[unchecked: region] - own)
          model[unchecked: start + region] = value
          sum += value
        }
        inProvince[run.province] = sum
      }
      let first = index * provinces
      let allSeen = (first..<first + provinces).reduce(0.0) { $0 + seenIn[$1] }
      let allModel = inProvince.reduce(0, +)
      for province in 0..<provinces {
        factors[province] = (nu + allSeen - seenIn[first + province]) / (nu + allModel - inProvince[province])
      }
      for run in base.map.runs {
        let isHome = run.province == profile.home
        var (sum, factor) = (modelIn[first + run.province], factors[run.province])
        for region in run.regions {
          let value = model[unchecked: start + region]
          if isHome {
            factor =
              (nu + seenIn[first + run.province] - seen[unchecked: start + region])
              / (nu + max(0, inProvince[run.province] - value))
          }
          model[unchecked: start + region] = value * factor
          sum += value * factor
        }
        modelIn[first + run.province] = sum
      }
    }
    (self.model, self.modelIn) = (numbers, modelIn)
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
