/// What a circle touches: leaves by their number, ascending, and whether it reaches beyond all boundaries.
struct Touched {
  var leaves: [Int]
  var reachesBeyond: Bool
}

extension RegionAtlas {
  /// The counties and prefectures whose area the circle touches, exactly against the boundaries here; a tolerance for
  /// the boundaries themselves is the caller's to add. Where no county or prefecture is known, the province.
  package func regions(touching circle: GeoCircle) -> Set<RegionCode> {
    let leaves = touched(by: circle).leaves.map { boundaries.leaves[$0] }
    return Set(leaves.flatMap { [$0, $0.parent].compactMap(\.self) }.filter { $0.level >= .prefecture } + leaves)
  }

  /// A circle touches the region its centre is in, and those on both sides of every border that comes near enough.
  func touched(by circle: GeoCircle) -> Touched {
    // A flag for each leaf, and one (the first) for what is beyond: a wide circle meets every border hundreds of times.
    var seen = [Bool](repeating: false, count: boundaries.leaves.count + 1)
    seen[leaf(at: circle.center).map { $0 + 1 } ?? 0] = true
    let near = nearbyCells(circle.center, circle.radiusMeters)
    let meters = LocalMeters(around: circle.center)
    for row in near.rows {
      let band = RowBand(meters, south: index.southernEdge(row), height: BoundaryIndex.cellSize)
      for column in near.columns {
        let segments = index.segments(column: column, row: row)
        if segments.isEmpty { continue }
        let reach = band.reach(west: index.westernEdge(column), width: BoundaryIndex.cellSize)
        if reach.nearest > circle.radiusMeters { continue }
        let isWithin = reach.farthest + 2 < circle.radiusMeters
        for segment in segments {
          let arc = Int(boundaries.arcOfPoint[Int(segment)])
          let (left, right) = (Int(boundaries.lefts[arc]), Int(boundaries.rights[arc]))
          if seen[left] && seen[right] { continue }
          if isWithin || distance(Int(segment), meters) <= circle.radiusMeters {
            (seen[left], seen[right]) = (true, true)
          }
        }
      }
    }
    let leaves = seen.indices.dropFirst().filter { seen[$0] }.map { $0 - 1 }
    return Touched(leaves: leaves, reachesBeyond: seen[0])
  }

  /// The distance in metres from a point to the nearest border of `region` (nil: of any county); nil if there is none
  /// within `limit` metres. The point may lie on either side.
  package func distanceToBoundary(from point: GeoPoint, of region: RegionCode? = nil, limit: Double = 300_000)
    -> Double?
  {
    let meters = LocalMeters(around: point)
    var best = limit.nextUp
    // Search wider and wider: what a box of this reach found nearer than the reach cannot be beaten from outside it.
    var reach = min(8_000, limit)
    while true {
      let near = nearbyCells(point, reach)
      for row in near.rows {
        for column in near.columns {
          for segment in index.segments(column: column, row: row) where isBorder(Int(segment), of: region) {
            best = min(best, distance(Int(segment), meters))
          }
        }
      }
      if best <= reach || reach >= limit { return best <= limit ? best : nil }
      reach = min(reach * 4, limit)
    }
  }

  private func isBorder(_ segment: Int, of region: RegionCode?) -> Bool {
    guard let region else { return true }
    let arc = Int(boundaries.arcOfPoint[segment])
    return holds(region, boundaries.lefts[arc]) != holds(region, boundaries.rights[arc])
  }

  /// Whether the leaf with this number (0 for none) lies in `region`.
  func holds(_ region: RegionCode, _ leaf: UInt16) -> Bool {
    leaf != 0 && region.contains(boundaries.leaves[Int(leaf) - 1])
  }

  private func nearbyCells(_ point: GeoPoint, _ radius: Double) -> (columns: Range<Int>, rows: Range<Int>) {
    let reach = LocalMeters(around: point).reach(radius)
    func units(_ center: Double, _ reach: Double) -> ClosedRange<Double> {
      let unit = Boundaries.unitsPerDegree
      return max(-360, center - reach) * unit...min(360, center + reach) * unit
    }
    return index.cells(x: units(point.longitude, reach.east), y: units(point.latitude, reach.north))
  }

  private func distance(_ segment: Int, _ meters: LocalMeters) -> Double {
    let (a, b) = (boundaries.point(segment), boundaries.point(segment + 1))
    return distanceToSegment(
      meters.offset(latitude: a.latitude, longitude: a.longitude),
      meters.offset(latitude: b.latitude, longitude: b.longitude))
  }
}
