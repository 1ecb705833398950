import Foundation

extension GeoPoint {
  /// The distance in metres over a sphere of the mean radius of the earth (haversine); off by at most 0.6 %.
  package func distanceMeters(to other: GeoPoint) -> Double {
    let radians = Double.pi / 180
    let (from, to) = (latitude * radians, other.latitude * radians)
    let half = (sin((to - from) / 2), sin((other.longitude - longitude) * radians / 2))
    let haversine = half.0 * half.0 + cos(from) * cos(to) * half.1 * half.1
    return 2 * 6_371_008.8 * asin(min(1, haversine.squareRoot()))
  }
}
