/// The borders of all leaf regions (counties, and prefectures without counties) as arcs.
///
/// An arc is a chain of points with one region on its left and one on its right, so that a shared border exists once:
/// neighbours neither overlap nor leave a gap. Coordinates are integers of 10^-5 degree (1.1 m).
struct Boundaries: Sendable {
  /// Units per degree.
  static let unitsPerDegree = 100_000.0
  /// No segment is longer than this many units (4 degrees; the longest there is has 2): bounds the work of the index.
  private static let segmentMax = 400_000
  /// China lies within 70° to 140° E, 0° to 60° N: bounds the size of the index.
  private static let box = (x: 7_000_000...14_000_000, y: 0...6_000_000)

  /// The leaf regions; their position in here plus one is the number used below, 0 being "no region".
  let leaves: [RegionCode]
  /// Points of all arcs, one after the other.
  private(set) var xs: [Int32] = []
  private(set) var ys: [Int32] = []
  /// For the point with this index: the arc it belongs to.
  private(set) var arcOfPoint: [UInt16] = []
  /// For each arc: where its points begin, and (one past the last) where they end.
  private(set) var arcStarts: [Int] = [0]
  /// For each arc: the leaf on its left and on its right, walking in the order of its points.
  private(set) var lefts: [UInt16] = []
  private(set) var rights: [UInt16] = []

  /// Reads the sections of leaves and arcs.
  init(_ reader: inout ResourceReader) throws(RegionError) {
    var leaves: [RegionCode] = []
    for _ in 0..<(try reader.count(ofSize: 3)) { leaves.append(try reader.code()) }
    self.leaves = leaves
    let arcCount = try reader.count(ofSize: 7)
    guard leaves.count < Int(UInt16.max), arcCount < Int(UInt16.max) else { throw reader.damaged(.badIndex) }
    var (x, y) = (0, 0)
    for arc in 0..<arcCount {
      lefts.append(UInt16(truncatingIfNeeded: try reader.index(below: leaves.count + 1)))
      rights.append(UInt16(truncatingIfNeeded: try reader.index(below: leaves.count + 1)))
      let segmentCount = try reader.count(ofSize: 2)
      guard segmentCount >= 1 else { throw reader.damaged(.badIndex) }
      for step in 0...segmentCount {
        let (dx, dy) = (try reader.signedNumber(), try reader.signedNumber())
        (x, y) = (x + dx, y + dy)
        let isNear = step == 0 || max(abs(dx), abs(dy)) <= Self.segmentMax
        guard isNear, Self.box.x.contains(x), Self.box.y.contains(y) else { throw reader.damaged(.badCoordinate) }
        xs.append(Int32(truncatingIfNeeded: x))
        ys.append(Int32(truncatingIfNeeded: y))
        arcOfPoint.append(UInt16(truncatingIfNeeded: arc))
      }
      arcStarts.append(xs.count)
    }
  }

  var arcCount: Int { lefts.count }

  /// The points of an arc, as indexes.
  func points(ofArc arc: Int) -> Range<Int> { arcStarts[arc]..<arcStarts[arc + 1] }

  /// The point with this index in degrees.
  func point(_ index: Int) -> GeoPoint {
    GeoPoint(
      trustedLatitude: Double(ys[index]) / Self.unitsPerDegree,
      longitude: Double(xs[index]) / Self.unitsPerDegree)
  }
}
