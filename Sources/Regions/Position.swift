/// How a position was found, as the contract's JSON names it.
package enum PositionSource: String, Sendable, CaseIterable, Codable {
  case gps, wifi, cell, ip, terminal, declared

  /// The accuracy assumed when none is given, in metres. Deliberately wide: a circle too large makes `uncertain`, one
  /// too small makes an accusation. IP look-ups of mobile networks are off by about 200 km at the median.
  package var assumedAccuracyMeters: Double {
    switch self {
    case .gps, .terminal: 100
    case .wifi: 200
    case .cell: 5_000
    case .ip: Self.ipRadiusMin
    case .declared: 1_000
    }
  }

  /// An IP position is never taken to be better than this, whatever the look-up claims.
  package static let ipRadiusMin = 200_000.0
}

/// Where a device says it is.
package struct Position: Hashable, Sendable {
  /// In `datum`, as given.
  package let point: GeoPoint
  /// Radius of the accuracy circle in metres; nil when the device did not say.
  package let accuracyMeters: Double?
  package let source: PositionSource
  package let datum: Datum

  /// - Throws: ``RegionError/outOfRange(_:)`` naming the field.
  package init(
    point: GeoPoint, accuracyMeters: Double?, source: PositionSource, datum: Datum = .wgs84
  ) throws(RegionError) {
    if let accuracyMeters, !(0...GeoCircle.radiusMax).contains(accuracyMeters) { throw .outOfRange(.accuracyMeters) }
    self.point = point
    self.accuracyMeters = accuracyMeters
    self.source = source
    self.datum = datum
  }

  /// As the other, from plain numbers.
  /// - Throws: ``RegionError/outOfRange(_:)`` naming the field.
  package init(
    latitude: Double, longitude: Double, accuracyMeters: Double?, source: PositionSource, datum: Datum = .wgs84
  ) throws(RegionError) {
    let point = try GeoPoint(latitude: latitude, longitude: longitude)
    try self.init(point: point, accuracyMeters: accuracyMeters, source: source, datum: datum)
  }

  /// The accuracy to reckon with, in metres: as given, or assumed for the source, and for an IP never under 200 km.
  package var reckonedAccuracyMeters: Double {
    let accuracy = accuracyMeters ?? source.assumedAccuracyMeters
    return source == .ip ? max(accuracy, PositionSource.ipRadiusMin) : accuracy
  }
}
