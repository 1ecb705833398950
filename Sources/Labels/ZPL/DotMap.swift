/// Dots, eight to a byte, the leftmost in the highest bit; a row begins at a byte.
struct DotMap: Equatable {
  let width: Int
  let height: Int
  /// Bytes in a row.
  let stride: Int
  private(set) var bytes: [UInt8]

  /// An empty map.
  init(width: Int, height: Int) {
    self.width = max(0, width)
    self.height = max(0, height)
    stride = (self.width + 7) / 8
    bytes = Array(repeating: 0, count: stride * self.height)
  }

  /// The dots of an area of a raster; half-tones become ink from a little below the middle on, so that thin strokes
  /// of small ideographs hold together.
  init(_ raster: Raster, _ area: DotBox) {
    self.init(width: area.width, height: area.height)
    raster.withRows { row in
      for y in 0..<height {
        let dots = row(area.y + y)
        for x in 0..<width where dots.indices.contains(area.x + x) && dots[area.x + x] >= 112 {
          bytes[y * stride + x >> 3] |= 0x80 >> UInt8(x & 7)
        }
      }
    }
  }

  /// Inks dots of one row.
  mutating func ink(columns: Range<Int>, row: Int) {
    guard (0..<height).contains(row) else { return }
    for x in columns.clamped(to: 0..<width) { bytes[row * stride + x >> 3] |= 0x80 >> UInt8(x & 7) }
  }

  /// Copies rows 0, n, 2n … over the n - 1 rows below each.
  mutating func repeatRows(every count: Int) {
    guard count > 1 else { return }
    for row in 0..<height where !row.isMultiple(of: count) {
      let above = (row - 1) * stride
      for place in 0..<stride { bytes[row * stride + place] = bytes[above + place] }
    }
  }

  /// The bytes of a row.
  func row(_ row: Int) -> ArraySlice<UInt8> { bytes[(row * stride)..<((row + 1) * stride)] }

  /// The map without empty rows above and below and empty bytes left and right, and where it lay; nil without ink.
  func trimmed() -> (map: DotMap, x: Int, y: Int)? {
    let inkedRows = (0..<height).filter { row($0).contains { $0 != 0 } }
    guard let top = inkedRows.first, let bottom = inkedRows.last else { return nil }
    let inkedColumns = (0..<stride).filter { column in
      inkedRows.contains { bytes[$0 * stride + column] != 0 }
    }
    guard let left = inkedColumns.first, let right = inkedColumns.last else { return nil }
    var map = DotMap(width: min(width, (right + 1) * 8) - left * 8, height: bottom - top + 1)
    for row in 0..<map.height {
      for column in 0..<map.stride {
        map.bytes[row * map.stride + column] = bytes[(row + top) * stride + column + left]
      }
    }
    return (map, left * 8, top)
  }
}
