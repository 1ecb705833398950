import Glibc

/// Classes of prefectures as seen from a territory: how far, adjacent or not, in the own province or not, and for
/// look-ups of IP addresses whether it is a provincial capital. Within a class, people come in proportion to inhabitants.
enum Bands {
  /// Upper edges of the adjacent classes in kilometres: centres nearer than 1.3 times the sum of both radii.
  static let adjacent: [Double] = [30, 45, 60, 80, 105, 140]
  /// Upper edges of the other classes in kilometres.
  static let far: [Double] = [150, 300, 600, 1200]
  /// A distance in the middle of every class, for the cold start.
  static let middles: [Double] = [22, 38, 53, 70, 92, 122, 200, 120, 220, 430, 850, 1700]
  /// First class that is not adjacent.
  static let farStart = adjacent.count + 1
  /// First of the three classes of capitals: the own, others within 600 km, the rest.
  static let capitals = 2 * middles.count
  /// How many there are.
  static let count = capitals + 3
  /// Where goods belong: no class, the number after the last.
  static let inside = count

  /// Largest ratio of distance to the sum of radii for neighbours.
  static let adjacencyRatio = 1.3

  static func band(distance: Double, ratio: Double, isOwnProvince: Bool) -> UInt8 {
    let rank =
      ratio <= adjacencyRatio
      ? adjacent.count(where: { $0 < distance }) : farStart + far.count(where: { $0 < distance })
    return UInt8(rank * 2 + (isOwnProvince ? 1 : 0))
  }

  static func capitalBand(distance: Double, isOwnProvince: Bool) -> UInt8 {
    UInt8(isOwnProvince ? capitals : distance < 600 ? capitals + 1 : capitals + 2)
  }

  /// Relative intensity per inhabitant of a class before anything was seen; group 0 GPS, 1 IP, 2 shelf, 3 shop.
  static func coldStart(group: Int) -> [Double] {
    let exponent = [-1.2, -0.8, -2.0, -2.0][group]
    let sameProvince = [1.5, 3.0, 1.5, 1.5][group]
    var rates = [Double](repeating: 0, count: count)
    for (index, middle) in middles.enumerated() {
      let rate = pow(middle + 30, exponent)
      rates[2 * index] = rate
      rates[2 * index + 1] = rate * sameProvince
    }
    rates[capitals] = rates[2 * farStart + 3] * (group == 1 ? 12 : 2)
    rates[capitals + 1] = rates[2 * farStart + 4] * 3
    rates[capitals + 2] = rates[2 * farStart + 8] * 3
    return rates
  }
}

/// The classes of all prefectures for all profiles in flat arrays, [profile][positions, addresses][prefecture]: what the
/// daily refresh goes through.
struct ClassTable {
  /// The classes.
  private(set) var classes: [UInt8] = []
  /// Prefectures in the order of their classes, and within a class in their own; those where goods belong come last.
  private(set) var order: [UInt16] = []
  /// Where every class ends within its row of `order`, [profile][positions, addresses][class].
  private(set) var ends: [Int] = []

  mutating func append(_ profile: Profile) {
    for bands in [profile.bands, profile.addressBands] {
      classes += bands
      let start = order.count
      for band in 0...Bands.inside {
        for (region, value) in bands.enumerated() where Int(value) == band { order.append(UInt16(region)) }
        if band < Bands.inside { ends.append(order.count - start) }
      }
    }
  }
}

/// A dealer with the territory that goods were dispatched for, and what follows from it for every prefecture. It never
/// changes; a class, because loops over hundreds of them would otherwise count references to all its arrays.
final class Profile: Sendable {
  /// The caller's number of the dealer.
  let dealer: UInt64
  /// Indexes of the authorised prefectures, ascending.
  let territory: [Int]
  /// Whether a prefecture is authorised, one by one.
  let isAuthorised: [Bool]
  /// Index of the province with most of the territory.
  let home: Int
  /// Classes of all prefectures for positions, then for look-ups of IP addresses; ``Bands/inside`` for authorised ones.
  let bands: [UInt8], addressBands: [UInt8]
  /// Shares of all inhabitants by class, in the same order.
  let people: [Double], addressPeople: [Double]

  init(dealer: UInt64, territory: [Int], _ map: Geography) {
    self.dealer = dealer
    let territory = Set(territory).sorted()
    self.territory = territory
    var isAuthorised = [Bool](repeating: false, count: map.regions.count)
    var provinces = [Int](repeating: 0, count: max(1, map.provinces.count))
    for region in territory {
      isAuthorised[region] = true
      provinces[map.provinceOf[region]] += 1
    }
    self.isAuthorised = isAuthorised
    let home = provinces.indices.max { (provinces[$0], -$0) < (provinces[$1], -$1) } ?? 0
    self.home = home
    var bands: [UInt8] = []
    var addressBands: [UInt8] = []
    for (index, region) in map.regions.enumerated() {
      guard !isAuthorised[index] else {
        bands.append(UInt8(Bands.inside))
        addressBands.append(UInt8(Bands.inside))
        continue
      }
      var distance = 1e6
      var ratio = 1e6
      for from in territory {
        let kilometers = map.distance(from, index)
        distance = min(distance, kilometers)
        ratio = min(ratio, kilometers / max(1e-9, map.regions[from].radius + region.radius))
      }
      let own = map.provinceOf[index] == home
      let band = Bands.band(distance: distance, ratio: ratio, isOwnProvince: own)
      bands.append(band)
      addressBands.append(region.isCapital ? Bands.capitalBand(distance: distance, isOwnProvince: own) : band)
    }
    self.bands = bands
    self.addressBands = addressBands
    func sums(_ bands: [UInt8]) -> [Double] {
      var people = [Double](repeating: 0, count: Bands.count + 1)
      for (region, band) in bands.enumerated() { people[Int(band)] += map.populationShare[region] }
      return people
    }
    people = sums(bands)
    addressPeople = sums(addressBands)
  }

  /// Kilometres from the nearest authorised centre.
  func distance(to region: Int, _ map: Geography) -> Double {
    territory.lazy.map { map.distance($0, region) }.min() ?? 0
  }
}
