import Regions
import Synchronization

/// What detectors and explanations ask about regions: where one lies, and what people call it.
package struct Gazetteer: Sendable {
  /// A region shrunk to a point.
  package struct Area: Hashable, Sendable {
    /// Degrees of WGS-84.
    package let latitude: Double, longitude: Double
    /// How far from the point someone in the region may be, in metres.
    package let radiusMeters: Double

    /// Made from its parts.
    package init(latitude: Double, longitude: Double, radiusMeters: Double) {
      self.latitude = latitude
      self.longitude = longitude
      self.radiusMeters = radiusMeters
    }
  }

  /// The representative point of a region; nil where the map has none.
  package let area: @Sendable (RegionCode) -> Area?
  /// The full name of a region; nil where none is known.
  package let name: @Sendable (RegionCode, Language) -> String?

  /// Made from its answers.
  package init(
    area: @escaping @Sendable (RegionCode) -> Area?, name: @escaping @Sendable (RegionCode, Language) -> String?
  ) {
    self.area = area
    self.name = name
  }

  /// Knows no map and no name.
  package static let empty = Gazetteer(area: { _ in nil }, name: { _, _ in nil })

  /// Over the atlas. Centres of gravity are worked out once a region and kept.
  package init(_ atlas: RegionAtlas) {
    let areas = AreaCache(atlas)
    self.init(area: areas.area, name: { atlas.name(of: $0, $1) })
  }

  /// The name and the code: 湖南省 (430000); the code alone where there is no name.
  func label(_ code: RegionCode, _ language: Language) -> String {
    name(code, language).map { "\($0) (\(code))" } ?? code.description
  }
}

/// Remembers centres of gravity, each of which is a walk over the whole map's borders.
private final class AreaCache: Sendable {
  private let atlas: RegionAtlas
  private let known = Mutex<[RegionCode: Gazetteer.Area?]>([:])

  init(_ atlas: RegionAtlas) { self.atlas = atlas }

  /// The radius is that of a circle of the same area; callers take three times it, which covers all but the longest
  /// provinces' ends.
  @Sendable func area(_ code: RegionCode) -> Gazetteer.Area? {
    if let area = known.withLock({ $0[code] }) { return area }
    let area = atlas.centroid(of: code).map {
      Gazetteer.Area(
        latitude: $0.point.latitude, longitude: $0.point.longitude,
        radiusMeters: ($0.squareMeters / .pi).squareRoot())
    }
    known.withLock { $0[code] = .some(area) }
    return area
  }
}
