/// Paints one label's drawing on a raster at a place of whole dots.
struct LabelPainter {
  let raster: Raster
  let dotsPerMillimetre: Double
  /// Left edge of the label, dots.
  let x: Int
  /// Top edge of the label, dots.
  let y: Int

  /// Paints everything.
  func draw(_ drawing: LabelDrawing) {
    for line in drawing.texts.lazy.flatMap(\.lines) {
      raster.draw(line, x: Double(x), y: Double(y), dotsPerMillimetre: dotsPerMillimetre)
    }
    for box in drawing.ink { fill(DotBox(box, dotsPerMillimetre: dotsPerMillimetre)) }
    for placed in drawing.symbols { draw(placed) }
    for bars in drawing.bars { draw(bars) }
  }

  private func fill(_ box: DotBox) {
    raster.fill(x: x + box.x, y: y + box.y, width: box.width, height: box.height)
  }

  private func draw(_ placed: PlacedQR) {
    // The composer put them on whole dots; rounding only takes the division back.
    let (left, top, module) = (dots(placed.x), dots(placed.y), dots(placed.module))
    placed.symbol.forEachRun { column, row, length in
      fill(DotBox(x: left + column * module, y: top + row * module, width: length * module, height: module))
    }
  }

  private func draw(_ bars: PlacedBars) {
    let (left, top, module, height) = (dots(bars.x), dots(bars.y), dots(bars.module), dots(bars.height))
    bars.symbol.forEachBar { column, width in
      fill(DotBox(x: left + column * module, y: top, width: width * module, height: height))
    }
  }

  private func dots(_ millimetres: Double) -> Int { Int((millimetres * dotsPerMillimetre).rounded()) }
}

/// A rectangle of whole dots.
struct DotBox: Equatable {
  let x: Int
  let y: Int
  let width: Int
  let height: Int

  init(x: Int, y: Int, width: Int, height: Int) {
    (self.x, self.y, self.width, self.height) = (x, y, width, height)
  }

  /// The nearest dots of a box in mm; a rule never vanishes, however thin.
  init(_ box: LabelBox, dotsPerMillimetre dots: Double) {
    x = Int((box.x * dots).rounded())
    y = Int((box.y * dots).rounded())
    width = max(1, Int((box.width * dots).rounded()))
    height = max(1, Int((box.height * dots).rounded()))
  }
}
