import Foundation

/// The system that coordinates are in.
///
/// China's maps do not use WGS-84: AMap, Tencent and WeChat give GCJ-02, Baidu BD-09, some 100 to 700 m (1.3 km) away.
/// A GPS chip and Tianditu give WGS-84 (CGCS2000 is the same for our use).
package enum Datum: String, Sendable, CaseIterable, Codable {
  case wgs84 = "WGS84"
  case gcj02 = "GCJ02"
  case bd09 = "BD09"

  /// `point`, given in this datum, in WGS-84; good to 0.1 m within China, unchanged where the datum has no offset.
  package func toWGS84(_ point: GeoPoint) -> GeoPoint {
    switch self {
    case .wgs84: point
    case .gcj02: wgsFromGCJ(point)
    case .bd09: wgsFromGCJ(gcjFromBD(point))
    }
  }

  /// `point`, given in WGS-84, in this datum: for drawing on a map that uses it.
  package func fromWGS84(_ point: GeoPoint) -> GeoPoint {
    switch self {
    case .wgs84: point
    case .gcj02: gcjFromWGS(point)
    case .bd09: bdFromGCJ(gcjFromWGS(point))
    }
  }
}

// The formulas have never been published by their owner. These are the constants that all public implementations
// share (e.g. googollee/eviltransform, wandergis/coordtransform; "China GPS shift problem"): Krasovsky 1940 ellipsoid
// and a sum of sines around 105° E, 35° N.
private let semiMajorAxis = 6_378_245.0
private let eccentricitySquared = 0.006_693_421_622_965_943_23

/// The usual rule: outside this box the shift is not applied. It also covers neighbours of China, where map services
/// that shift nothing there would be shifted; the error then is that of the shift, some 500 m.
private func isShifted(_ point: GeoPoint) -> Bool {
  (0.8293...55.8271).contains(point.latitude) && (72.004...137.8347).contains(point.longitude)
}

private func gcjFromWGS(_ point: GeoPoint) -> GeoPoint {
  guard isShifted(point) else { return point }
  let (north, east) = shift(x: point.longitude - 105, y: point.latitude - 35)
  let radians = point.latitude * .pi / 180
  let shape = 1 - eccentricitySquared * sin(radians) * sin(radians)
  let meridian = semiMajorAxis * (1 - eccentricitySquared) / (shape * shape.squareRoot())
  let parallel = semiMajorAxis / shape.squareRoot() * cos(radians)
  return GeoPoint(
    trustedLatitude: point.latitude + north * 180 / (meridian * .pi),
    longitude: point.longitude + east * 180 / (parallel * .pi))
}

/// The shift in metres (north, east) at `x`, `y` degrees from 105° E, 35° N.
private func shift(x: Double, y: Double) -> (north: Double, east: Double) {
  let common = (20 * sin(6 * x * .pi) + 20 * sin(2 * x * .pi)) * 2 / 3
  var north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * abs(x).squareRoot() + common
  north += (20 * sin(y * .pi) + 40 * sin(y / 3 * .pi)) * 2 / 3
  north += (160 * sin(y / 12 * .pi) + 320 * sin(y * .pi / 30)) * 2 / 3
  var east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * abs(x).squareRoot() + common
  east += (20 * sin(x * .pi) + 40 * sin(x / 3 * .pi)) * 2 / 3
  east += (150 * sin(x / 12 * .pi) + 300 * sin(x / 30 * .pi)) * 2 / 3
  return (north, east)
}

/// The inverse has no closed form. The shift changes by under 1 % per step, so each round divides the error by more
/// than a hundred: after five it is below the rounding of the formula.
private func wgsFromGCJ(_ point: GeoPoint) -> GeoPoint {
  guard isShifted(point) else { return point }
  var guess = point
  for _ in 0..<5 {
    let image = gcjFromWGS(guess)
    guess = clamped(
      latitude: guess.latitude + point.latitude - image.latitude,
      longitude: guess.longitude + point.longitude - image.longitude)
  }
  return guess
}

private let baiduTwist = Double.pi * 3000 / 180

private func bdFromGCJ(_ point: GeoPoint) -> GeoPoint {
  guard isShifted(point) else { return point }
  let (x, y) = (point.longitude, point.latitude)
  let length = (x * x + y * y).squareRoot() + 0.000_02 * sin(y * baiduTwist)
  let angle = atan2(y, x) + 0.000_003 * cos(x * baiduTwist)
  return GeoPoint(trustedLatitude: length * sin(angle) + 0.006, longitude: length * cos(angle) + 0.0065)
}

/// As for GCJ-02: the published closed form is off by up to a metre, so it is iterated.
private func gcjFromBD(_ point: GeoPoint) -> GeoPoint {
  guard isShifted(point) else { return point }
  var guess = clamped(latitude: point.latitude - 0.006, longitude: point.longitude - 0.0065)
  for _ in 0..<5 {
    let image = bdFromGCJ(guess)
    guess = clamped(
      latitude: guess.latitude + point.latitude - image.latitude,
      longitude: guess.longitude + point.longitude - image.longitude)
  }
  return guess
}

private func clamped(latitude: Double, longitude: Double) -> GeoPoint {
  GeoPoint(trustedLatitude: max(-90, min(90, latitude)), longitude: max(-180, min(180, longitude)))
}
