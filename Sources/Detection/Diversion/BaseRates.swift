/// How many sightings outside are innocent: for every dealer, way of seeing and prefecture outside, the chance that the
/// next independent sighting of the dealer's goods lands there without anything being wrong.
///
/// Learnt from all dealers together, once a day; in between only counts grow.
struct BaseRates {
  /// Ways of seeing that share rates: GPS, IP, shelf (terminals and inspectors), shop (GPS on a point of sale).
  static let groups = 4
  /// Group of a channel of ``Channels``.
  static let groupOf = [0, 1, 2, 2, 3]

  let map: Geography
  var settings: DetectionSettings.Rates
  private(set) var profiles: [Profile] = []
  /// Sightings outside, [profile][group][region].
  var observed: [Double] = []
  /// Where `observed` may not be 0, bit by bit, [profile][group][word]; derived.
  private(set) var marks: [UInt64] = []
  /// The profiles' classes, side by side; derived.
  private(set) var table = ClassTable()
  /// Sightings anywhere, in units of ordinary days, [profile][group].
  var exposure: [Double] = []
  /// The rates, [profile][group][region].
  var rate: [Double] = []
  /// Sums of `rate` over provinces, [profile][group][province], and over everything, [profile][group].
  var provinceRate: [Double] = [], totalRate: [Double] = []
  /// Intensity per inhabitant of every class, [group][band].
  var intensity: [Double]
  /// Dispersion ν of the pair's own factor by class, [group 0 and 1][band].
  var dispersion: [Double]
  /// What people's decisions taught: factors of the rates of a profile (upper bits) and a region (lower 16).
  var taught: [UInt64: Double] = [:]
  /// Intensities before anything was seen, by group; derived from the profiles, empty when they changed.
  var cold: [[Double]] = []
  /// Exposure below which a dealer counts as one with so much: rates stay defined without any sighting.
  static let exposureMin = 1e-6

  init(_ map: Geography, _ settings: DetectionSettings.Rates) {
    self.map = map
    self.settings = settings
    intensity = [Double](repeating: 0, count: Self.groups * Bands.count)
    dispersion = [Double](repeating: settings.dispersion, count: 2 * Bands.count)
  }

  var regions: Int { map.regions.count }
  var provinces: Int { map.provinces.count }
  /// Words of a row of `marks`.
  var words: Int { (regions + 63) / 64 }

  func offset(_ profile: Int, _ group: Int) -> Int { (profile * Self.groups + group) * regions }

  /// Adds a dealer's territory, with rates from distance alone until the next refresh.
  mutating func admit(_ profile: Profile) {
    profiles.append(profile)
    table.append(profile)
    cold = []
    observed.append(contentsOf: repeatElement(0, count: Self.groups * regions))
    marks.append(contentsOf: repeatElement(0, count: Self.groups * words))
    exposure.append(contentsOf: repeatElement(0, count: Self.groups))
    rate.append(contentsOf: repeatElement(0, count: Self.groups * regions))
    provinceRate.append(contentsOf: repeatElement(0, count: Self.groups * provinces))
    totalRate.append(contentsOf: repeatElement(0, count: Self.groups))
    let index = profiles.count - 1
    for group in 0..<Self.groups {
      let cold = coldIntensity(group, of: [profile])
      for region in 0..<regions where !profile.isAuthorised[region] {
        rate[offset(index, group) + region] = max(
          cold[Int(band(profile, group, region))] * map.populationShare[region], settings.floors[group])
      }
      sum(index, group)
    }
  }

  /// Classes of all prefectures as a group sees them.
  func bands(_ profile: Profile, _ group: Int) -> [UInt8] { group == 1 ? profile.addressBands : profile.bands }

  /// Shares of all inhabitants by class as a group sees it.
  func people(_ profile: Profile, _ group: Int) -> [Double] { group == 1 ? profile.addressPeople : profile.people }

  func band(_ profile: Profile, _ group: Int, _ region: Int) -> UInt8 { bands(profile, group)[region] }

  /// Sightings in units of ordinary days; a dealer without any counts as one with the least.
  func exposure(ofProfile profile: Int, _ group: Int) -> Double {
    max(exposure[profile * Self.groups + group], Self.exposureMin)
  }

  /// Rate by channel of one prefecture, or of a province (`province` true).
  func rates(_ profile: Int, _ place: Int, isProvince: Bool) -> Channels {
    var value = Channels()
    let allowance = isProvince ? 1 : taught.isEmpty ? 1 : taught[UInt64(profile) << 16 | UInt64(place)] ?? 1
    for channel in 0..<Channels.count {
      let group = Self.groupOf[channel]
      value[channel] =
        isProvince
        ? provinceRate[(profile * Self.groups + group) * provinces + place]
        : rate[offset(profile, group) + place] * allowance
    }
    value.inspector *= settings.inspectorFactor
    return value
  }

  /// ν for the pair of a profile and a prefecture: the wider spread of positions and addresses.
  func pairDispersion(_ profile: Int, _ region: Int) -> Double {
    min(
      dispersion[Int(profiles[profile].bands[region])],
      dispersion[Bands.count + Int(profiles[profile].addressBands[region])])
  }

  /// Intensities before anything was seen, scaled so that the mean share outside is the group's default.
  func coldIntensity(_ group: Int, of profiles: [Profile]) -> [Double] {
    let rates = Bands.coldStart(group: group)
    var total = 0.0
    for profile in profiles {
      for region in 0..<regions where !profile.isAuthorised[region] {
        total += rates[Int(band(profile, group, region))] * map.populationShare[region]
      }
    }
    guard total > 0 else { return rates }
    let factor = settings.outsideShares[group] * Double(profiles.count) / total
    return rates.map { $0 * factor }
  }

  /// Counts a sighting outside.
  mutating func count(_ profile: Int, _ group: Int, _ region: Int) {
    observed[offset(profile, group) + region] += 1
    mark(profile * Self.groups + group, region)
  }

  private mutating func mark(_ row: Int, _ region: Int) { marks[row * words + region / 64] |= 1 << UInt64(region % 64) }

  /// Renews the sums of one profile's rates.
  mutating func sum(_ profile: Int, _ group: Int) {
    let start = offset(profile, group)
    let provinceStart = (profile * Self.groups + group) * provinces
    for province in 0..<provinces { provinceRate[provinceStart + province] = 0 }
    var total = 0.0
    for run in map.runs {
      var ofProvince = provinceRate[provinceStart + run.province]
      for region in run.regions {
        ofProvince += rate[start + region]
        total += rate[start + region]
      }
      provinceRate[provinceStart + run.province] = ofProvince
    }
    totalRate[profile * Self.groups + group] = total
  }
}

extension BaseRates {
  func encode(into writer: inout StateWriter) {
    writer.list(profiles) { writer, profile in
      writer.fixed(profile.dealer)
      writer.list(profile.territory) { $0.int($1) }
    }
    for values in [observed, exposure, rate, intensity, dispersion] { writer.reals(values) }
    writer.map(taught) { writer, key, value in
      writer.fixed(key)
      writer.real(value)
    }
  }

  init(from reader: inout StateReader, _ map: Geography, _ settings: DetectionSettings.Rates) throws(StateError) {
    self.init(map, settings)
    let last = map.regions.count - 1
    profiles = try reader.list { reader throws(StateError) in
      let dealer = try reader.fixed()
      let territory = try reader.list { reader throws(StateError) in try reader.int(0...max(0, last)) }
      return Profile(dealer: dealer, territory: territory, map)
    }
    for profile in profiles { table.append(profile) }
    guard profiles.count * Self.groups * max(1, regions) <= 1 << 31 else { throw .malformed(at: reader.offset) }
    let cells = profiles.count * Self.groups
    observed = try reader.reals(cells * regions)
    marks = [UInt64](repeating: 0, count: cells * words)
    for (place, count) in observed.enumerated() where count > 0 { mark(place / regions, place % regions) }
    exposure = try reader.reals(cells)
    rate = try reader.reals(cells * regions)
    intensity = try reader.reals(Self.groups * Bands.count)
    dispersion = try reader.reals(2 * Bands.count)
    taught = try reader.map { reader throws(StateError) in (try reader.fixed(), try reader.real()) }
    provinceRate = [Double](repeating: 0, count: cells * provinces)
    totalRate = [Double](repeating: 0, count: cells)
    for profile in profiles.indices {
      for group in 0..<Self.groups { sum(profile, group) }
    }
  }
}
