/// The last border crossed on the way east along a parallel: what lies east of it is where one stands.
///
/// A segment counts when one end is above the parallel and the other on or below it. So a corner on the parallel is
/// crossed exactly once, and a horizontal segment never; all in numbers that doubles hold exactly.
struct Crossing {
  let y: Double
  /// Crossings east of this are beyond where one stands.
  let east: Double
  /// Where the last border is crossed; stays at its first value while none is.
  private(set) var x: Double
  /// The leaf east of it, 0 for none.
  private(set) var leaf: UInt16 = 0
  private var slope = 0.0

  init(y: Double, west: Double, east: Double) {
    self.y = y
    self.east = east
    x = west
  }

  /// Takes a segment into account.
  mutating func take(_ segment: Int, _ boundaries: Boundaries) {
    let (y1, y2) = (Double(boundaries.ys[segment]), Double(boundaries.ys[segment + 1]))
    guard (y1 <= y) != (y2 <= y) else { return }
    let (x1, x2) = (Double(boundaries.xs[segment]), Double(boundaries.xs[segment + 1]))
    let crossing = x1 + (y - y1) * (x2 - x1) / (y2 - y1)
    guard crossing <= east, crossing >= x else { return }
    let slope = (x2 - x1) / (y2 - y1)
    // Several borders may leave one corner northwards: the one leaning farthest east is the last.
    if crossing == x && slope <= self.slope { return }
    x = crossing
    self.slope = slope
    let arc = Int(boundaries.arcOfPoint[segment])
    leaf = y2 > y1 ? boundaries.rights[arc] : boundaries.lefts[arc]
  }
}
