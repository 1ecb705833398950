import Glibc

/// The regions that scans are located in: prefectures, each in one province, with the people who live there.
///
/// Regions are spoken of by their index in ``regions``; a `Geography` never changes, so an index means the same for ever.
package struct Geography: Sendable {
  /// One prefecture.
  package struct Region: Sendable, Equatable {
    /// GB/T 2260 code of six digits.
    package let code: Int32
    /// Code of its province.
    package let province: Int32
    /// Centre in degrees, WGS-84.
    package let latitude: Double, longitude: Double
    /// Inhabitants.
    package let population: Double
    /// Radius of a disc of the same area in kilometres.
    package let radius: Double
    /// Whether it is its province's capital, where look-ups of IP addresses collapse.
    package let isCapital: Bool

    /// Made from its parts.
    package init(
      code: Int32, province: Int32, latitude: Double, longitude: Double, population: Double, radius: Double,
      isCapital: Bool
    ) {
      self.code = code
      self.province = province
      self.latitude = latitude
      self.longitude = longitude
      self.population = population
      self.radius = radius
      self.isCapital = isCapital
    }
  }

  /// The regions in their fixed order.
  package let regions: [Region]
  /// Codes of the provinces, ascending.
  package let provinces: [Int32]
  /// Index into ``provinces`` for every region.
  package let provinceOf: [Int]
  /// Runs of regions of one province, in the order of regions: loops over them sum in a register.
  let runs: [(province: Int, regions: Range<Int>)]
  /// Share of all inhabitants for every region.
  let populationShare: [Double]
  /// Great-circle distances between centres in kilometres, row by row.
  private let distances: [Double]
  /// Changes when the regions change: a stored state knows whether it belongs here.
  let fingerprint: UInt64
  private let indexOf: [Int32: Int]

  /// Measures all distances, once. Of two regions with one code the first is found by it.
  package init(_ regions: [Region]) {
    self.regions = regions
    provinces = Set(regions.map(\.province)).sorted()
    let provinceIndex = Dictionary(uniqueKeysWithValues: provinces.enumerated().map { ($1, $0) })
    provinceOf = regions.map { provinceIndex[$0.province] ?? 0 }
    var runs: [(province: Int, regions: Range<Int>)] = []
    for (index, province) in provinceOf.enumerated() {
      if let last = runs.last, last.province == province {
        runs[runs.count - 1].regions = last.regions.lowerBound..<index + 1
      } else {
        runs.append((province, index..<index + 1))
      }
    }
    self.runs = runs
    let people = max(1, regions.reduce(0) { $0 + $1.population })
    populationShare = regions.map { $0.population / people }
    var matrix: [Double] = []
    matrix.reserveCapacity(regions.count * regions.count)
    for a in regions {
      for b in regions { matrix.append(greatCircle(a.latitude, a.longitude, b.latitude, b.longitude)) }
    }
    distances = matrix
    var hash = StableHash()
    for region in regions {
      hash.add(UInt64(bitPattern: Int64(region.code)))
      hash.add(region.latitude.bitPattern)
      hash.add(region.longitude.bitPattern)
    }
    fingerprint = hash.value
    indexOf = Dictionary(regions.enumerated().map { ($1.code, $0) }) { first, _ in first }
  }

  /// Index of the region with a code; nil for an unknown one.
  package func index(of code: Int32) -> Int? { indexOf[code] }

  /// Kilometres between the centres of two regions.
  func distance(_ a: Int, _ b: Int) -> Double { distances[a * regions.count + b] }

  /// Index into ``provinces`` of a province's code; nil for an unknown one.
  package func provinceIndex(of code: Int32) -> Int? { provinces.firstIndex(of: code) }
}

/// Kilometres on the sphere between two points in degrees.
func greatCircle(_ latitude: Double, _ longitude: Double, _ otherLatitude: Double, _ otherLongitude: Double) -> Double {
  let radian = Double.pi / 180
  let across = sin((otherLatitude - latitude) * radian / 2)
  let along = sin((otherLongitude - longitude) * radian / 2)
  let h = across * across + cos(latitude * radian) * cos(otherLatitude * radian) * along * along
  return 12_742 * asin(min(1, h.squareRoot()))
}
