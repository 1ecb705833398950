import Foundation
import Regions
import TransparencyLog

/// A place coarsened to hundredths of a degree (about 1 km): what a detector may remember of a person's whereabouts.
///
/// The exact place is personal and erased on schedule; a detector's memory is a copy that no schedule reaches.
struct Spot: Hashable {
  /// Hundredths of a degree north and east.
  let north: Int64, east: Int64

  /// Half the diagonal of a cell, in metres: what coarsening adds to every accuracy.
  static let coarseningMeters = 800.0

  init(_ position: SightedPosition) {
    north = Int64((position.latitude * 100).rounded())
    east = Int64((position.longitude * 100).rounded())
  }

  init?(json: JSONValue?) {
    guard let north = json?[0]?.int, let east = json?[1]?.int, (-9_000...9_000).contains(north),
      (-18_000...18_000).contains(east)
    else { return nil }
    self.north = north
    self.east = east
  }

  var json: JSONValue { [.integer(north), .integer(east)] }

  /// Great-circle distance in metres.
  func meters(to other: Spot) -> Double {
    greatCircle(
      (Double(north) / 100, Double(east) / 100), (Double(other.north) / 100, Double(other.east) / 100))
  }
}

/// The great-circle distance in metres between two points in degrees (haversine formula, mean Earth radius of
/// IUGG 1980). The sphere is off by up to 0.5 %, which three times the accuracy covers many times over.
func greatCircle(
  _ from: (latitude: Double, longitude: Double), _ to: (latitude: Double, longitude: Double)
) -> Double {
  let radians = Double.pi / 180
  let rise = sin((to.latitude - from.latitude) * radians / 2)
  let turn = sin((to.longitude - from.longitude) * radians / 2)
  let chord = rise * rise + cos(from.latitude * radians) * cos(to.latitude * radians) * turn * turn
  return 2 * 6_371_008.8 * asin(min(1, chord.squareRoot()))
}
