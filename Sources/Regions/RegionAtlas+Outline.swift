extension RegionAtlas {
  /// The rings of a region, each closed (first point = last), the interior on the left: outer rings run counter-
  /// clockwise, holes clockwise. For drawing, with the even-odd rule. Empty for a region without boundaries.
  package func outline(of region: RegionCode) -> [[GeoPoint]] {
    var chains = borderArcs(of: region)
    var startingAt: [Corner: [Int]] = [:]
    for (position, chain) in chains.enumerated() {
      if let first = chain.first { startingAt[Corner(boundaries, first), default: []].append(position) }
    }
    var rings: [[GeoPoint]] = []
    for start in chains.indices where !chains[start].isEmpty {
      var ring: [Int] = []
      var next: Int? = start
      while let position = next {
        ring += ring.isEmpty ? chains[position] : Array(chains[position].dropFirst())
        chains[position] = []
        guard let end = ring.last, let first = ring.first else { break }
        let corner = Corner(boundaries, end)
        next = corner == Corner(boundaries, first) ? nil : startingAt[corner]?.first { !chains[$0].isEmpty }
      }
      rings.append(ring.map(boundaries.point))
    }
    return rings
  }

  /// The arcs between the region and what is not it, as indexes of points, turned so that the region is on the left.
  private func borderArcs(of region: RegionCode) -> [[Int]] {
    (0..<boundaries.arcCount).compactMap { arc in
      let inside = (holds(region, boundaries.lefts[arc]), holds(region, boundaries.rights[arc]))
      guard inside.0 != inside.1 else { return nil }
      let points = Array(boundaries.points(ofArc: arc))
      return inside.0 ? points : points.reversed()
    }
  }

  /// The area in square metres and the centre of gravity of a region; nil for one without boundaries.
  package func centroid(of region: RegionCode) -> (point: GeoPoint, squareMeters: Double)? {
    let rings = outline(of: region)
    guard let origin = rings.first?.first else { return nil }
    var (area, east, north) = (0.0, 0.0, 0.0)
    for ring in rings {
      for (a, b) in zip(ring, ring.dropFirst()) {
        let (ax, ay) = (a.longitude - origin.longitude, a.latitude - origin.latitude)
        let (bx, by) = (b.longitude - origin.longitude, b.latitude - origin.latitude)
        let cross = ax * by - bx * ay
        area += cross / 2
        east += (ax + bx) * cross / 6
        north += (ay + by) * cross / 6
      }
    }
    guard area > 0 else { return nil }
    let center = GeoPoint(
      trustedLatitude: origin.latitude + north / area, longitude: origin.longitude + east / area)
    let unit = LocalMeters(around: center).offset(latitude: center.latitude + 0.01, longitude: center.longitude + 0.01)
    return (center, area * unit.east * unit.north * 10_000)
  }
}

/// Where two arcs meet.
private struct Corner: Hashable {
  let x: Int32
  let y: Int32

  init(_ boundaries: Boundaries, _ point: Int) {
    x = boundaries.xs[point]
    y = boundaries.ys[point]
  }
}
