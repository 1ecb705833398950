/// Where a scan was, as far as it is known: parsed once, then judged against any territory.
package struct Place: Hashable, Sendable {
  /// What the place rests on.
  package enum Certainty: Hashable, Sendable {
    /// Someone said so.
    case declared
    /// The terminal is registered there.
    case registered
    /// A device measured it; the true place is within so many metres, the tolerance of the boundaries included.
    case measured(radiusMeters: Double)
    /// Only an IP address: the city it gives is a guess, within 200 km at best.
    case coarse
  }

  /// The region said, or the one that holds the point measured; nil where nothing is known or the point is off the map.
  package let region: RegionCode?
  /// All regions that it may be, the deepest known, sorted; includes `region`.
  package let candidates: [RegionCode]
  package let certainty: Certainty
  /// Whether the circle reaches places outside all boundaries: the sea, another country.
  package let reachesBeyond: Bool

  /// No place was given. Unlike a point off the map, it does not even reach beyond.
  package static let unknown = Place(region: nil, candidates: [], certainty: .coarse, reachesBeyond: false)

  /// A place given by its code.
  package static func declared(_ region: RegionCode) -> Place {
    Place(region: region, candidates: [region], certainty: .declared, reachesBeyond: false)
  }

  /// The place where a terminal is registered.
  package static func registered(_ region: RegionCode) -> Place {
    Place(region: region, candidates: [region], certainty: .registered, reachesBeyond: false)
  }

  /// A place from coordinates: converted to WGS-84, located, and surrounded by its accuracy circle, to which the
  /// tolerance of the boundaries is added.
  ///
  /// For a point off the map with nothing in its circle, the candidates are the regions within ``offshoreMeters``:
  /// coastlines here leave out piers, bridges and islets, and nobody is to be accused for standing on one.
  package static func from(position: Position, atlas: RegionAtlas) -> Place {
    let point = position.datum.toWGS84(position.point)
    let radius = position.reckonedAccuracyMeters + atlas.boundaryToleranceMeters
    let region = atlas.leaf(at: point).map { atlas.boundaries.leaves[$0] }
    var touched = atlas.touched(by: GeoCircle(trustedCenter: point, radiusMeters: radius))
    if touched.leaves.isEmpty {
      touched = atlas.touched(by: GeoCircle(trustedCenter: point, radiusMeters: radius + offshoreMeters))
    }
    return Place(
      region: region,
      candidates: touched.leaves.map { atlas.boundaries.leaves[$0] }.sorted(),
      certainty: position.source == .ip ? .coarse : .measured(radiusMeters: radius),
      reachesBeyond: touched.reachesBeyond)
  }

  /// How far off the map a point still belongs to the coast before it, in metres.
  package static let offshoreMeters = 30_000.0
}
