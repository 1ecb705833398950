/// A grid over the boundaries: which segments pass through which cell, and for cells without any, which leaf fills them.
///
/// A segment is named by the index of its first point. A cell is a tenth of a degree, some 11 by 9 km: half of all
/// cells hold no segment, the others a dozen.
struct BoundaryIndex: Sendable {
  static let cellSize = 10_000.0

  let firstColumn: Int
  let firstRow: Int
  let columns: Int
  let rows: Int
  /// For each cell: where its segments begin in `segments`, and (one past the last) where they end.
  private var starts: [Int32]
  private var segments: [Int32]
  /// For each cell: the leaf at its eastern edge, half-way up; fills the cell if no segment is in it.
  private var fillings: [UInt16]

  init(_ boundaries: Boundaries) {
    let (xs, ys) = (boundaries.xs, boundaries.ys)
    firstColumn = Self.cell(Double(xs.min() ?? 0)) - 1
    firstRow = Self.cell(Double(ys.min() ?? 0)) - 1
    columns = Self.cell(Double(xs.max() ?? 0)) - firstColumn + 2
    rows = Self.cell(Double(ys.max() ?? 0)) - firstRow + 2
    starts = Array(repeating: 0, count: columns * rows + 1)
    segments = []
    fillings = Array(repeating: 0, count: columns * rows)
    sortSegmentsIntoCells(boundaries)
    fillCells(boundaries)
  }

  private static func cell(_ coordinate: Double) -> Int { Int((coordinate / cellSize).rounded(.down)) }

  /// Column and row of a place, nil outside the grid. `x` and `y` must be within ±10^9.
  func cell(x: Double, y: Double) -> (column: Int, row: Int)? {
    let (column, row) = (Self.cell(x) - firstColumn, Self.cell(y) - firstRow)
    return (0..<columns).contains(column) && (0..<rows).contains(row) ? (column, row) : nil
  }

  /// The cells that a box touches, cut to the grid.
  func cells(x: ClosedRange<Double>, y: ClosedRange<Double>) -> (columns: Range<Int>, rows: Range<Int>) {
    func cut(_ range: ClosedRange<Double>, _ first: Int, _ count: Int) -> Range<Int> {
      let from = max(0, min(count, Self.cell(range.lowerBound) - first))
      return from..<max(from, min(count, Self.cell(range.upperBound) - first + 1))
    }
    return (cut(x, firstColumn, columns), cut(y, firstRow, rows))
  }

  /// The segments of a cell.
  func segments(column: Int, row: Int) -> ArraySlice<Int32> {
    let cell = row * columns + column
    return segments[Int(starts[cell])..<Int(starts[cell + 1])]
  }

  /// The leaf that fills a cell without segments, 0 for none.
  func filling(column: Int, row: Int) -> UInt16 { fillings[row * columns + column] }

  /// The western edge of a column.
  func westernEdge(_ column: Int) -> Double { Double(column + firstColumn) * Self.cellSize }

  /// The southern edge of a row.
  func southernEdge(_ row: Int) -> Double { Double(row + firstRow) * Self.cellSize }

  // MARK: Building

  /// Counts, then places: the cells' lists lie one after the other without a gap.
  private mutating func sortSegmentsIntoCells(_ boundaries: Boundaries) {
    var counts = [Int32](repeating: 0, count: columns * rows + 1)
    forEachCell(of: boundaries) { cell, _ in counts[cell + 1] += 1 }
    for cell in 1..<counts.count { counts[cell] += counts[cell - 1] }
    starts = counts
    var placed = [Int32](repeating: 0, count: Int(counts[counts.count - 1]))
    forEachCell(of: boundaries) { cell, segment in
      placed[Int(counts[cell])] = Int32(truncatingIfNeeded: segment)
      counts[cell] += 1
    }
    segments = placed
  }

  private func forEachCell(of boundaries: Boundaries, _ visit: (_ cell: Int, _ segment: Int) -> Void) {
    for arc in 0..<boundaries.arcCount {
      for segment in boundaries.points(ofArc: arc).dropLast() {
        forEachCell(
          from: (Double(boundaries.xs[segment]), Double(boundaries.ys[segment])),
          to: (Double(boundaries.xs[segment + 1]), Double(boundaries.ys[segment + 1]))
        ) { visit($0, segment) }
      }
    }
  }

  /// Row by row, the columns between where the segment enters the row and where it leaves it; a unit more on either
  /// side, so that rounding never loses a cell.
  private func forEachCell(from a: (x: Double, y: Double), to b: (x: Double, y: Double), _ visit: (Int) -> Void) {
    let (low, high) = a.y <= b.y ? (a, b) : (b, a)
    let slope = high.y > low.y ? (high.x - low.x) / (high.y - low.y) : 0
    for row in Self.cell(low.y)...Self.cell(high.y) {
      let from = max(low.y, Double(row) * Self.cellSize)
      let to = min(high.y, Double(row + 1) * Self.cellSize)
      let ends = high.y > low.y ? (low.x + (from - low.y) * slope, low.x + (to - low.y) * slope) : (low.x, high.x)
      let first = Self.cell(min(ends.0, ends.1) - 1) - firstColumn
      let last = Self.cell(max(ends.0, ends.1) + 1) - firstColumn
      for column in first...last { visit((row - firstRow) * columns + column) }
    }
  }

  /// Walks each row from the west, where there is nothing, and keeps what the last border crossed leads into.
  private mutating func fillCells(_ boundaries: Boundaries) {
    for row in 0..<rows {
      let y = (Double(row + firstRow) + 0.5) * Self.cellSize + 0.5
      var current: UInt16 = 0
      for column in 0..<columns {
        var crossing = Crossing(y: y, west: .greatestFiniteMagnitude * -1, east: westernEdge(column + 1))
        for segment in segments(column: column, row: row) { crossing.take(Int(segment), boundaries) }
        if crossing.x >= westernEdge(column) { current = crossing.leaf }
        fillings[row * columns + column] = current
      }
    }
  }
}
