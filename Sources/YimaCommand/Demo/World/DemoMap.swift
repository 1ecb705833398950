import Foundation
import Regions

/// Places where a demo's people are: some counties of every prefecture, with how many people they stand for.
struct DemoMap: Sendable {
  /// A county as a circle of the same area.
  struct Spot: Hashable, Sendable {
    let region: RegionCode
    let center: GeoPoint
    let radiusMeters: Double
    /// People that it stands for, in millions.
    let people: Double
  }

  let atlas: RegionAtlas
  let spots: [Spot]

  /// The first counties of a prefecture's list are those of its city.
  private static let countiesOfPrefecture = 3

  init(_ atlas: RegionAtlas) {
    self.atlas = atlas
    spots = atlas.provinces.flatMap { Self.spots(of: $0, atlas) }
  }

  /// The spots in a territory.
  func spots(in territory: Territory) -> [Spot] { spots.filter { territory.contains($0.region) } }

  /// A point somewhere in a county's built-up middle, rounded to a metre.
  func point(in spot: Spot, _ random: inout DemoRandom) -> GeoPoint {
    for _ in 0..<6 {
      let reach = spot.radiusMeters * 0.5 * random.fraction().squareRoot()
      let point = Self.move(spot.center, meters: reach, direction: random.between(0, 2 * .pi))
      if atlas.locate(latitude: point.latitude, longitude: point.longitude)?.region == spot.region { return point }
    }
    return spot.center
  }

  /// A point some way off; good enough for the length of a county.
  static func move(_ point: GeoPoint, meters: Double, direction: Double) -> GeoPoint {
    let north = meters * cos(direction) / 111_200
    let east = meters * sin(direction) / (111_200 * max(0.1, cos(point.latitude * .pi / 180)))
    func rounded(_ degrees: Double) -> Double { (degrees * 1e5).rounded() / 1e5 }
    let moved = try? GeoPoint(latitude: rounded(point.latitude + north), longitude: rounded(point.longitude + east))
    return moved ?? point
  }

  private static func spots(of province: RegionCode, _ atlas: RegionAtlas) -> [Spot] {
    guard let people = peopleOfProvince[province.description.prefix(2).description] else { return [] }
    let counties = atlas.children(of: province).flatMap { child in
      let below = atlas.children(of: child)
      return below.isEmpty ? [child] : Array(below.prefix(countiesOfPrefecture))
    }
    return counties.compactMap { county in
      guard let area = atlas.centroid(of: county),
        atlas.locate(latitude: area.point.latitude, longitude: area.point.longitude)?.region == county
      else { return nil }
      return Spot(
        region: county, center: area.point, radiusMeters: (area.squareMeters / .pi).squareRoot(),
        people: people / Double(counties.count))
    }
  }

  /// Census of 2020, in millions, by the first two digits of the province.
  static let peopleOfProvince: [String: Double] = [
    "11": 21.9, "12": 13.9, "13": 74.6, "14": 34.9, "15": 24.0, "21": 42.6, "22": 24.1, "23": 31.9, "31": 24.9,
    "32": 84.7, "33": 64.6, "34": 61.0, "35": 41.5, "36": 45.2, "37": 101.5, "41": 99.4, "42": 57.8, "43": 66.4,
    "44": 126.0, "45": 50.1, "46": 10.1, "50": 32.1, "51": 83.7, "52": 38.6, "53": 47.2, "54": 3.6, "61": 39.5,
    "62": 25.0, "63": 5.9, "64": 7.2, "65": 25.9,
  ]
}
