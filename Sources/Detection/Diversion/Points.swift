import Glibc

/// Points of sale, learnt from where goods are seen: a store's terminal or an inspector's visit, or several boxes by
/// several phones in one spot.
///
/// What it is for: 4 in 10 consumers scan in the shop. A fix on a point of sale outside the territory means that the
/// goods were for sale there, which travel, gifts and online orders do not explain.
struct Points {
  /// What is known of one cell of about half a kilometre.
  struct Cell: Equatable {
    /// Boxes counted, up to 255.
    var boxes: UInt8 = 0
    /// Whether a terminal or an inspector was there.
    var isStore = false
    /// Device and box counted last, so that one customer does not make a shop.
    var lastDevice: UInt32 = 0, lastBox: UInt32 = 0
  }

  private(set) var cells = RecentMap<UInt64, Cell>()
  /// Degrees of latitude of a cell.
  static let step = 0.005

  /// Row of a pole, counted from the equator.
  private static let poleRow = 18_000
  /// Degrees of longitude of a cell, by row from the south: all cells are about as wide in metres as they are high.
  private static let widths: [Double] = (-poleRow...poleRow).map {
    step / max(0.1, cos(Double($0) * step * .pi / 180))
  }

  /// Cells that the circle of `radius` metres around a point touches: one to four.
  static func cells(
    _ latitude: Double, _ longitude: Double, radius: Double
  ) -> (keys: InlineArray<4, UInt64>, count: Int) {
    let up = radius / 111_000
    let stretch = max(0.1, cos(latitude * .pi / 180))
    let right = up / stretch
    func row(_ latitude: Double) -> Int64 { Int64((max(-90, min(90, latitude)) / step).rounded(.down)) }
    // Columns are as wide in metres as rows are high at the row's own latitude.
    func column(_ row: Int64, _ longitude: Double) -> Int64 {
      Int64((max(-360, min(360, longitude)) / widths[Int(row) + poleRow]).rounded(.down))
    }
    var keys: InlineArray<4, UInt64> = [0, 0, 0, 0]
    var count = 0
    func add(_ row: Int64, _ column: Int64) {
      keys[count] = UInt64(bitPattern: row &+ 40_000) << 32 | UInt64(bitPattern: column &+ 1_000_000)
      count += 1
    }
    func add(_ row: Int64) {
      let left = column(row, longitude - right), end = column(row, longitude + right)
      add(row, left)
      if end != left { add(row, end) }
    }
    let bottom = row(latitude - up), top = row(latitude + up)
    add(bottom)
    if top != bottom { add(top) }
    return (keys, count)
  }

  /// Whether a fix is on a point of sale, counting it in.
  mutating func visit(_ sighting: Sighting, radius: Double, boxesNeeded: Int) -> Bool {
    let isShelf = sighting.source == .terminal || sighting.source == .inspector
    guard isShelf || sighting.source == .consumerGPS, sighting.accuracy <= radius,
      sighting.latitude.isFinite, sighting.longitude.isFinite
    else { return false }
    let own = Self.cells(sighting.latitude, sighting.longitude, radius: isShelf ? 0 : max(30, sighting.accuracy))
    let device = UInt32(truncatingIfNeeded: mixBits(sighting.device))
    let box = UInt32(truncatingIfNeeded: mixBits(sighting.box))
    var isPoint = false
    for place in 0..<own.count {
      isPoint =
        cells.with(own.keys[place], Cell()) { cell in
          if isShelf {
            cell.isStore = true
          } else if cell.lastDevice != device, cell.lastBox != box {
            cell.boxes = cell.boxes == 255 ? 255 : cell.boxes + 1
            cell.lastDevice = device
            cell.lastBox = box
          }
          return cell.isStore || Int(cell.boxes) >= boxesNeeded
        } || isPoint
    }
    return isPoint
  }

  mutating func turn() { cells.turn() }

  func encode(into writer: inout StateWriter) {
    writer.recent(cells) { writer, key, cell in
      writer.fixed(key)
      writer.word(UInt64(cell.boxes))
      writer.flag(cell.isStore)
      writer.word(UInt64(cell.lastDevice))
      writer.word(UInt64(cell.lastBox))
    }
  }

  init() {}

  init(from reader: inout StateReader) throws(StateError) {
    cells = try reader.recent { reader throws(StateError) in
      let key = try reader.fixed()
      let boxes = try reader.int255()
      let isStore = try reader.flag()
      let device = UInt32(truncatingIfNeeded: try reader.word())
      return (
        key,
        Cell(
          boxes: boxes, isStore: isStore, lastDevice: device, lastBox: UInt32(truncatingIfNeeded: try reader.word()))
      )
    }
  }
}

extension StateReader {
  fileprivate mutating func int255() throws(StateError) -> UInt8 {
    let value = try word()
    guard value < 256 else { throw .malformed(at: offset) }
    return UInt8(value)
  }
}
