import Foundation
import Regions
import Synchronization
import TransparencyLog

/// Shapes are made once: China's provinces alone have some hundred thousand points.
final class OutlineCache: Sendable {
  private let features = Mutex<[String: JSONValue]>([:])

  static let codesMax = 400, entriesMax = 4_000

  func feature(of code: RegionCode, metres: Double, _ atlas: RegionAtlas) -> JSONValue {
    let key = "\(code) \(metres)"
    if let known = features.withLock({ $0[key] }) { return known }
    let feature = Self.make(code, metres, atlas)
    features.withLock {
      if $0.count >= Self.entriesMax { $0.removeAll() }
      $0[key] = feature
    }
    return feature
  }

  private static func make(_ code: RegionCode, _ metres: Double, _ atlas: RegionAtlas) -> JSONValue {
    // One polygon a ring: holes are drawn over, which is right for islands and wrong by a few enclaves.
    let rings = atlas.outline(of: code).compactMap { thinned($0, degrees: metres / 111_000) }
    let polygons = rings.map { ring in
      JSONValue.array([.array(ring.map { [.number(rounded($0.longitude)), .number(rounded($0.latitude))] })])
    }
    var properties: [String: JSONValue] = [
      "region": .string(code.description), "zh": .string(atlas.name(of: code, .zh) ?? code.description),
      "en": .string(atlas.name(of: code, .en) ?? code.description),
    ]
    if let center = atlas.centroid(of: code)?.point {
      properties["center"] = [.number(rounded(center.latitude)), .number(rounded(center.longitude))]
    }
    return [
      "type": "Feature", "properties": .object(properties),
      "geometry": ["type": "MultiPolygon", "coordinates": .array(polygons)],
    ]
  }

  private static func rounded(_ degrees: Double) -> Double { (degrees * 1000).rounded() / 1000 }

  /// Leaves out points that lie close to the one before; rings that shrink to nothing are left out too.
  private static func thinned(_ ring: [GeoPoint], degrees: Double) -> [GeoPoint]? {
    guard let first = ring.first else { return nil }
    var kept = [first]
    for point in ring.dropFirst() {
      let last = kept[kept.count - 1]
      if max(abs(point.longitude - last.longitude), abs(point.latitude - last.latitude)) >= degrees {
        kept.append(point)
      }
    }
    guard kept.count >= 4 else { return nil }
    if kept[kept.count - 1] != first { kept.append(first) }
    return kept
  }
}
