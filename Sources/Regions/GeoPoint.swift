/// A point on the Earth in degrees. Which datum it is in is said beside it; inside this target it is WGS-84.
package struct GeoPoint: Hashable, Sendable {
  /// Degrees north, -90...90.
  package let latitude: Double
  /// Degrees east, -180...180.
  package let longitude: Double

  /// - Throws: ``RegionError/outOfRange(_:)`` naming the field that is not finite or outside its range.
  package init(latitude: Double, longitude: Double) throws(RegionError) {
    guard (-90.0...90.0).contains(latitude) else { throw .outOfRange(.latitude) }
    guard (-180.0...180.0).contains(longitude) else { throw .outOfRange(.longitude) }
    self.init(trustedLatitude: latitude, longitude: longitude)
  }

  /// For points made here (boundaries, datum conversion), which are in range or clamped into it.
  init(trustedLatitude latitude: Double, longitude: Double) {
    self.latitude = latitude
    self.longitude = longitude
  }
}

/// A circle on the ground, for asking what it touches.
package struct GeoCircle: Hashable, Sendable {
  /// WGS-84.
  package let center: GeoPoint
  package let radiusMeters: Double

  /// Half the Earth's circumference: beyond it a radius means nothing.
  package static let radiusMax = 20_037_508.0

  /// - Throws: ``RegionError/outOfRange(_:)`` when the radius is negative, not finite or beyond ``radiusMax``.
  package init(center: GeoPoint, radiusMeters: Double) throws(RegionError) {
    guard (0...Self.radiusMax).contains(radiusMeters) else { throw .outOfRange(.radiusMeters) }
    self.init(trustedCenter: center, radiusMeters: radiusMeters)
  }

  init(trustedCenter center: GeoPoint, radiusMeters: Double) {
    self.center = center
    self.radiusMeters = radiusMeters
  }
}
