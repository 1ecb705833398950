import CPango

/// The shape of a glyph, in thousandths of the em, y upwards.
struct GlyphOutline {
  /// One step of the outline; all are absolute.
  enum Step {
    case move(Point)
    case line(Point)
    case curve(Point, Point, Point)
  }

  /// A point, thousandths of the em.
  struct Point: Equatable {
    let x: Int
    let y: Int
  }

  /// Thousandths of the em that the outlines are scaled to.
  static let unitsPerEm = 1000.0

  /// Natural advance, thousandths of the em.
  let advance: Int
  /// The contours, each begun by a `move` and closed without saying so.
  let steps: [Step]

  /// Nothing, with no advance.
  static let none = GlyphOutline(advance: 0, steps: [])

  private init(advance: Int, steps: [Step]) {
    self.advance = advance
    self.steps = steps
  }

  /// Reads the outline from a drawing context whose font is set at 1000 units, unhinted.
  init(_ glyph: UInt32, in context: OpaquePointer?) {
    var place = cairo_glyph_t(index: UInt(glyph), x: 0, y: 0)
    var extents = cairo_text_extents_t()
    cairo_glyph_extents(context, &place, 1, &extents)
    advance = Self.whole(extents.x_advance)
    cairo_new_path(context)
    cairo_glyph_path(context, &place, 1)
    guard let path = cairo_copy_path(context) else {
      steps = []
      return
    }
    defer { cairo_path_destroy(path) }
    steps = Self.steps(of: path)
  }

  /// cairo lays a path out as headers, each followed by its points; its length counts both.
  private static func steps(of path: UnsafeMutablePointer<cairo_path_t>) -> [Step] {
    guard path.pointee.status == CAIRO_STATUS_SUCCESS, let start = path.pointee.data else { return [] }
    let data = UnsafeBufferPointer(start: start, count: Int(path.pointee.num_data))
    var steps: [Step] = []
    var place = 0
    while place < data.count {
      let header = data[place].header
      let length = Int(header.length)
      guard length > 0, place + length <= data.count else { break }
      let points = data[(place + 1)..<(place + length)].map {
        Point(x: whole($0.point.x), y: -whole($0.point.y))
      }
      switch header.type {
      case CAIRO_PATH_MOVE_TO where points.count == 1: steps.append(.move(points[0]))
      case CAIRO_PATH_LINE_TO where points.count == 1: steps.append(.line(points[0]))
      case CAIRO_PATH_CURVE_TO where points.count == 3: steps.append(.curve(points[0], points[1], points[2]))
      default: break
      }
      place += length
    }
    return withoutEmptyContours(steps)
  }

  /// cairo begins a new contour after each that it closes, the last one too.
  private static func withoutEmptyContours(_ steps: [Step]) -> [Step] {
    var kept: [Step] = []
    for step in steps {
      if case .move = step, case .move? = kept.last { kept.removeLast() }
      kept.append(step)
    }
    if case .move? = kept.last { kept.removeLast() }
    return kept
  }

  private static func whole(_ value: Double) -> Int {
    // A damaged font must not trap the conversion.
    guard value.isFinite else { return 0 }
    return Int(max(-32_000, min(32_000, value)).rounded())
  }

  /// The smallest box about the points of some outlines; at least a point.
  static func bounds(of outlines: [GlyphOutline]) -> (low: Point, high: Point) {
    var low = Point(x: 0, y: 0)
    var high = low
    for step in outlines.lazy.flatMap(\.steps) {
      let points: [Point] =
        switch step {
        case .move(let point), .line(let point): [point]
        case .curve(let first, let second, let end): [first, second, end]
        }
      for point in points {
        low = Point(x: min(low.x, point.x), y: min(low.y, point.y))
        high = Point(x: max(high.x, point.x), y: max(high.y, point.y))
      }
    }
    return (low, high)
  }
}
