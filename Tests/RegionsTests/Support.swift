import Foundation
import Regions

/// The atlas, read once for all tests.
enum World {
  static let loaded = Result { () throws(RegionError) in try RegionAtlas.load() }

  static func atlas() throws -> RegionAtlas { try loaded.get() }
}

/// Test data made by others, beside the repository; tests that need it are skipped where it is absent.
enum Conformance {
  static let folder = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("../shared/conformance/geo").standardizedFileURL

  static var isThere: Bool { FileManager.default.fileExists(atPath: folder.path) }

  static func cases<Case: Decodable>(_ file: String, _ type: Case.Type) throws -> [Case] {
    let data = try Data(contentsOf: folder.appendingPathComponent(file))
    return try JSONDecoder().decode(ConformanceDocument<Case>.self, from: data).cases
  }
}

private struct ConformanceDocument<Case: Decodable>: Decodable {
  let cases: [Case]
}

/// SplitMix64: the same numbers on every machine for one seed.
struct Seeded: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}

func code(_ text: String) throws -> RegionCode { try RegionCode(text) }

func point(_ latitude: Double, _ longitude: Double) throws -> GeoPoint {
  try GeoPoint(latitude: latitude, longitude: longitude)
}

/// Great-circle distance in metres; good to 0.5 %.
func meters(_ a: GeoPoint, _ b: GeoPoint) -> Double {
  let (latitude1, latitude2) = (a.latitude * .pi / 180, b.latitude * .pi / 180)
  let half = (b.longitude - a.longitude) * .pi / 360
  let square = pow(sin((latitude2 - latitude1) / 2), 2) + cos(latitude1) * cos(latitude2) * pow(sin(half), 2)
  return 2 * 6_371_008.8 * asin(min(1, square.squareRoot()))
}
