/// Where a point lies.
package struct Placement: Hashable, Sendable {
  /// The deepest region that holds the point: a county, or a prefecture that has none (东莞), or 810000 to 820000, 710000.
  package let region: RegionCode
  /// The prefecture, nil in a municipality, in a county that its province administers, or where only the province is sure.
  package let prefecture: RegionCode?
  package let province: RegionCode

  init?(_ region: RegionCode) {
    guard let province = region.province else { return nil }
    self.region = region
    self.province = province
    let above = region.level == .prefecture ? region : region.parent
    prefecture = above?.level == .prefecture ? above : nil
  }
}

extension RegionAtlas {
  /// The region at a WGS-84 point in degrees; nil beyond all boundaries (sea, abroad) and for numbers that are no place.
  package func locate(latitude: Double, longitude: Double) -> Placement? {
    guard let point = try? GeoPoint(latitude: latitude, longitude: longitude) else { return nil }
    return leaf(at: point).flatMap { Placement(boundaries.leaves[$0]) }
  }

  /// The leaf at a point: the east side of the nearest border to the west. Looks at one cell, and goes on to the west
  /// only while the cells it passes have segments but none that it crosses.
  func leaf(at point: GeoPoint) -> Int? {
    let (x, y) = (point.longitude * Boundaries.unitsPerDegree, point.latitude * Boundaries.unitsPerDegree)
    guard let cell = index.cell(x: x, y: y) else { return nil }
    var crossing = Crossing(y: y, west: .greatestFiniteMagnitude * -1, east: x)
    for column in stride(from: cell.column, through: 0, by: -1) {
      let segments = index.segments(column: column, row: cell.row)
      if segments.isEmpty { return number(index.filling(column: column, row: cell.row)) }
      for segment in segments { crossing.take(Int(segment), boundaries) }
      if crossing.x >= index.westernEdge(column) { return number(crossing.leaf) }
    }
    return nil
  }

  private func number(_ leaf: UInt16) -> Int? { leaf == 0 ? nil : Int(leaf) - 1 }
}
