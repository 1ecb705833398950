/// The distances from a point to the cells of one row, to take or leave a cell as a whole.
///
/// Both bounds are on the safe side: the nearest is never too far, the farthest never too near.
struct RowBand {
  private let center: Double
  private let nearestNorth: Double
  private let farthestNorth: Double
  private let eastScales: (least: Double, most: Double)

  /// The row from `south` upwards, in units of the boundaries.
  init(_ meters: LocalMeters, south: Double, height: Double) {
    let unit = Boundaries.unitsPerDegree
    let low = meters.offset(latitude: south / unit, longitude: meters.longitude + 1)
    let high = meters.offset(latitude: (south + height) / unit, longitude: meters.longitude + 1)
    center = meters.longitude * unit
    nearestNorth = low.north <= 0 && high.north >= 0 ? 0 : min(abs(low.north), abs(high.north))
    farthestNorth = max(abs(low.north), abs(high.north))
    eastScales = (min(low.east, high.east) / unit, max(low.east, high.east) / unit)
  }

  /// Metres to the nearest and to the farthest point of the cell that begins at `west`.
  func reach(west: Double, width: Double) -> (nearest: Double, farthest: Double) {
    let (from, to) = (west - center, west + width - center)
    let near = from <= 0 && to >= 0 ? 0 : min(abs(from), abs(to)) * eastScales.least
    let far = max(abs(from), abs(to)) * eastScales.most
    return (
      (near * near + nearestNorth * nearestNorth).squareRoot(), (far * far + farthestNorth * farthestNorth).squareRoot()
    )
  }
}
