/// Working memory of a refresh. This is the one place where time grows with the number of dealers: half a million rates
/// a day in a country. So arrays are flat, [profile][region], and gone through row by row in the order of memory; what was
/// seen, which is little, is kept apart from what is expected, which is everywhere; and loops run over spans whose
/// indexes, those of regions and classes, are not checked again.
struct Refresh {
  /// A place where anything was seen: how much, and what of it is no anomaly.
  private struct Seen {
    let region: Int
    let all: Double, count: Double
  }

  private let map: Geography
  private let settings: DetectionSettings.Rates
  private let profiles: [Profile]
  private let observed: [Double], exposures: [Double], marks: [UInt64]
  private let table: ClassTable
  private let regions: Int, provinces: Int, words: Int
  /// What is renewed, of all groups.
  var rate: [Double] = [], provinceRate: [Double] = [], totalRate: [Double] = []
  /// As above, by class.
  var intensity: [Double] = [], dispersion: [Double] = []
  /// The group at hand.
  private var group = 0
  /// What was seen, and where that of every profile ends.
  private var seen: [Seen] = [], ends: [Int] = []
  /// Sums over dealers by destination.
  private var seenAt: [Double] = [], modelAt: [Double] = []
  /// Sums over the regions of a province, [profile][province].
  private var seenIn: [Double] = [], modelIn: [Double] = []
  /// Intensity by class; nobody comes from outside to where goods belong.
  private var strength: [Double] = []

  init(_ base: BaseRates) {
    map = base.map
    settings = base.settings
    profiles = base.profiles
    observed = base.observed
    exposures = base.exposure
    marks = base.marks
    table = base.table
    regions = base.regions
    provinces = base.provinces
    words = base.words
  }

  /// Row of a profile in the group at hand.
  private func row(_ profile: Int) -> Int { profile * BaseRates.groups + group }

  /// Sightings in units of ordinary days; a dealer without any counts as one with the least.
  private func exposure(_ profile: Int) -> Double { max(exposures[row(profile)], BaseRates.exposureMin) }

  /// Row of a profile in the table of classes, as the group sees it.
  private func classRow(_ profile: Int) -> Int { 2 * profile + (group == 1 ? 1 : 0) }

  /// All steps for one group.
  mutating func learn(_ group: Int, _ cold: [Double]) {
    self.group = group
    gravity(cold)
    spread()
    dealers()
    finish(provincePairs())
  }

  /// 0 and 1: anomalies cut off; intensity per inhabitant by class.
  private mutating func gravity(_ cold: [Double]) {
    let k = settings.gravityPrior
    var above = [Double](repeating: k * 0.05, count: Bands.count)
    var below = cold.map { k * 0.05 / $0 }
    // Spans rest on copies of the arrays' references: nothing else of the value is held while they are used.
    let (counts, rates, places, table, group) = (
      self.observed, self.rate, map.provinceOf, self.table.classes, self.group
    )
    let observed = counts.span, rate = rates.span, provinceOf = places.span, classes = table.span
    var (cells, ends) = (seen, self.ends)
    (seen, self.ends) = ([], [])
    cells.removeAll(keepingCapacity: true)
    ends.removeAll(keepingCapacity: true)
    var atRegion = [Double](repeating: 0, count: regions)
    var inProvince = [Double](repeating: 0, count: profiles.count * provinces)
    var sums = atRegion.mutableSpan, provinceSums = inProvince.mutableSpan, overs = above.mutableSpan
    for (index, profile) in profiles.enumerated() {
      let n = exposure(index)
      let people = group == 1 ? profile.addressPeople : profile.people
      for band in 0..<Bands.count { below[band] += n * people[band] }
      let (start, classStart, first) = (row(index) * regions, classRow(index) * regions, index * provinces)
      for word in 0..<words {
        var bits = marks[row(index) * words + word]
        while bits != 0 {
          let region = word * 64 + bits.trailingZeroBitCount
          bits &= bits - 1
          let count = observed[start + region]
          guard count > 0 else { continue }
          let expected = rate[start + region] * n
          let value = min(count, expected + 3 * expected.squareRoot() + 1)
          cells.append(Seen(region: region, all: count, count: value))
          let band = Int(classes[classStart + region])
          if band < Bands.inside { overs[band] += value }
          sums[region] += value
          provinceSums[first + provinceOf[region]] += value
        }
      }
      ends.append(cells.count)
    }
    (seen, seenAt, seenIn, self.ends) = (cells, atRegion, inProvince, ends)
    strength = zip(above, below).map { $0 / $1 } + [0]
    for band in 0..<Bands.count { intensity[group * Bands.count + band] = strength[band] }
  }

  /// Everybody's expected numbers by class of distance and inhabitants, summed by destination.
  private mutating func spread() {
    let (classes, shares, strengths) = (table.classes, map.populationShare, self.strength)
    let bands = classes.span, people = shares.span, strength = strengths.span
    var numbers = [Double](repeating: 0, count: regions)
    var sums = numbers
    var own = numbers.mutableSpan, at = sums.mutableSpan
    for index in profiles.indices {
      Self.expect(exposure(index), bands, classRow(index) * regions, people, strength, &own)
      for region in 0..<regions { at[unchecked: region] += own[unchecked: region] }
    }
    modelAt = sums
  }

  /// One profile's expected numbers by class of distance and inhabitants.
  private static func expect(
    _ n: Double, _ bands: Span<UInt8>, _ start: Int, _ people: Span<Double>, _ strength: Span<Double>,
    _ own: inout MutableSpan<Double>
  ) {
    for region in 0..<people.count {
      own[unchecked: region] =
        n * people[unchecked: region] * strength[unchecked: Int(bands[unchecked: start &+ region])]
    }
  }

  /// 2 and 3: what other dealers' goods do at the place, and what this dealer's goods do elsewhere: an online seller is
  /// outside everywhere. The numbers stand where the rates were: those were needed for anomalies only.
  private mutating func dealers() {
    var (rates, modelIn) = ([Double](), [Double](repeating: 0, count: profiles.count * provinces))
    swap(&rate, &rates)
    let nu = settings.destinationPrior
    let (classes, shares, strengths) = (table.classes, map.populationShare, self.strength)
    let (seenThere, modelThere) = (seenAt.map { nu + $0 }, modelAt.map { nu + $0 })
    let bands = classes.span, people = shares.span, strength = strengths.span
    let seenAt = seenThere.span, modelAt = modelThere.span
    let zeros = [Double](repeating: 0, count: regions)
    var (numbers, counts, sums) = (zeros, zeros, [Double](repeating: 0, count: provinces))
    var own = numbers.mutableSpan, ownSeen = counts.mutableSpan, inProvince = sums.mutableSpan
    var model = rates.mutableSpan, modelSums = modelIn.mutableSpan
    for (index, profile) in profiles.enumerated() {
      let mine = (index == 0 ? 0 : ends[index - 1])..<ends[index]
      for cell in mine { ownSeen[seen[cell].region] = seen[cell].count }
      Self.expect(exposure(index), bands, classRow(index) * regions, people, strength, &own)
      let start = row(index) * regions
      for region in 0..<regions {
        let number = own[unchecked: region]
        model[unchecked: start &+ region] =
          number * (seenAt[unchecked: region] - ownSeen[unchecked: region]) / (modelAt[unchecked: region] - number)
      }
      elsewhere(index, profile.home, ownSeen, &inProvince, &model, &modelSums)
      for cell in mine { ownSeen[seen[cell].region] = 0 }
    }
    swap(&rate, &rates)
    self.modelIn = modelIn
  }

  /// 3: times what this dealer's goods do elsewhere, in other provinces or, in the own one, in its other prefectures.
  private func elsewhere(
    _ index: Int, _ home: Int, _ ownSeen: borrowing MutableSpan<Double>, _ inProvince: inout MutableSpan<Double>,
    _ model: inout MutableSpan<Double>, _ modelSums: inout MutableSpan<Double>
  ) {
    let nu = settings.dealerPrior
    let (start, first) = (row(index) * regions, index * provinces)
    for province in 0..<provinces { inProvince[province] = 0 }
    for run in map.runs {
      var sum = inProvince[run.province]
      for region in run.regions { sum += model[unchecked: start &+ region] }
      inProvince[run.province] = sum
    }
    var (allSeen, allModel) = (0.0, 0.0)
    for province in 0..<provinces {
      allSeen += seenIn[first + province]
      allModel += inProvince[province]
    }
    for run in map.runs {
      let (seenHere, modelHere) = (seenIn[first + run.province], inProvince[run.province])
      var sum = modelSums[first + run.province]
      let factor = (nu + allSeen - seenHere) / (nu + allModel - modelHere)
      if run.province != home {
        for region in run.regions {
          let value = model[unchecked: start &+ region] * factor
          model[unchecked: start &+ region] = value
          sum += value
        }
      } else {
        for region in run.regions {
          let value = model[unchecked: start &+ region]
          let product = value * ((nu + seenHere - ownSeen[region]) / (nu + max(0, modelHere - value)))
          model[unchecked: start &+ region] = product
          sum += product
        }
      }
      modelSums[first + run.province] = sum
    }
  }

  /// 4: how the two provinces hang together: work, families. Factors by [profile][province], 1 for the own.
  private func provincePairs() -> [Double] {
    let nu = settings.provincePrior
    var pairs = [Double](repeating: 1, count: profiles.count * provinces)
    var seenPair = [Double](repeating: 0, count: provinces * provinces)
    var modelPair = seenPair
    let seen = seenIn.span, model = modelIn.span
    for (index, profile) in profiles.enumerated() {
      let (pair, own) = (profile.home * provinces, index * provinces)
      for province in 0..<provinces {
        seenPair[pair + province] += seen[own + province]
        modelPair[pair + province] += model[own + province]
      }
    }
    for (index, profile) in profiles.enumerated() {
      let (pair, own) = (profile.home * provinces, index * provinces)
      for province in 0..<provinces where province != profile.home {
        pairs[own + province] =
          (nu + seenPair[pair + province] - seen[own + province])
          / (nu + modelPair[pair + province] - model[own + province])
      }
    }
    return pairs
  }

  /// 5: rates within their bounds, their sums, and the dispersion of the remaining factor by class.
  private mutating func finish(_ pairs: [Double]) {
    let learnsSpread = group < 2 && settings.learnsDispersion
    let least = settings.floors[group]
    var moments = Moments(prior: settings.dispersion, regions)
    var floors = [Double](repeating: least, count: regions)
    var rates: [Double] = []
    swap(&rate, &rates)
    for (index, profile) in profiles.enumerated() {
      let row = row(index)
      // Where goods belong the model is 0, and so is the least rate.
      for region in profile.territory { floors[region] = 0 }
      bound(index, pairs, floors, &rates)
      for region in profile.territory { floors[region] = least }
      guard learnsSpread else { continue }
      moments.expect(rates, from: row * regions, exposures[row])
      for cell in seen[(index == 0 ? 0 : ends[index - 1])..<ends[index]] {
        moments.see(cell.all, at: cell.region)
      }
      moments.add(table, classRow(index))
    }
    swap(&rate, &rates)
    guard learnsSpread else { return }
    for band in 0..<Bands.count { dispersion[group * Bands.count + band] = moments.dispersion(band) }
  }

  /// The rates of one profile from its expected numbers, and their sums: the same as ``BaseRates/sum(_:_:)`` gives.
  private mutating func bound(_ index: Int, _ pairs: [Double], _ least: [Double], _ rates: inout [Double]) {
    let row = row(index)
    let (start, n) = (row * regions, exposure(index))
    let floors = least.span
    var rate = rates.mutableSpan
    for province in 0..<provinces { provinceRate[row * provinces + province] = 0 }
    var total = 0.0
    for run in map.runs {
      let factor = pairs[index * provinces + run.province] / n
      for region in run.regions {
        let value = rate[unchecked: start &+ region] * factor
        rate[unchecked: start &+ region] = min(max(value, floors[unchecked: region]), 0.5)
      }
      var ofProvince = provinceRate[row * provinces + run.province]
      for region in run.regions {
        ofProvince += rate[unchecked: start &+ region]
        total += rate[unchecked: start &+ region]
      }
      provinceRate[row * provinces + run.province] = ofProvince
    }
    totalRate[row] = total
  }
}

/// Moments of the factor that remains between seen and expected, by class, shrunk to the default.
private struct Moments {
  private var excess: [Double], weight: [Double]
  /// The row at hand: expected numbers, and what they add to both.
  private var expected: [Double], excesses: [Double], weights: [Double]

  init(prior dispersion: Double, _ regions: Int) {
    excess = [Double](repeating: 30 / dispersion, count: Bands.count)
    weight = [Double](repeating: 30, count: Bands.count)
    expected = [Double](repeating: 0, count: regions)
    excesses = expected
    weights = expected
  }

  /// Takes a row where nothing was seen.
  mutating func expect(_ rates: [Double], from start: Int, _ exposure: Double) {
    let count = expected.count
    var (numbers, beyond, squares) = (expected, excesses, weights)
    (expected, excesses, weights) = ([], [], [])
    let rate = rates.span
    var expected = numbers.mutableSpan, excess = beyond.mutableSpan, weight = squares.mutableSpan
    for region in 0..<count {
      let value = rate[unchecked: start &+ region] * exposure
      expected[unchecked: region] = value
      weight[unchecked: region] = value * value
      excess[unchecked: region] = value * value - value
    }
    (self.expected, excesses, weights) = (numbers, beyond, squares)
  }

  /// Something was seen at a place of the row; anomalies count a little.
  mutating func see(_ count: Double, at region: Int) {
    let expected = expected[region]
    let seen = min(count, expected + 5 * expected.squareRoot() + 2)
    excesses[region] = (seen - expected) * (seen - expected) - expected
  }

  /// Adds the row up.
  mutating func add(_ table: ClassTable, _ row: Int) {
    let order = table.order.span, ends = table.ends.span
    let (beyond, mass) = (excesses, weights)
    let excesses = beyond.span, weights = mass.span
    let first = row * excesses.count
    var start = 0
    for band in 0..<Bands.count {
      var (sum, squares) = (excess[band], weight[band])
      let end = ends[row * Bands.count + band]
      for place in start..<end {
        let region = Int(order[unchecked: first &+ place])
        sum += excesses[unchecked: region]
        squares += weights[unchecked: region]
      }
      (excess[band], weight[band]) = (sum, squares)
      start = end
    }
  }

  /// ν of a class.
  func dispersion(_ band: Int) -> Double { 1 / min(max(excess[band] / weight[band], 1 / 6.0), 1 / 0.7) }
}
