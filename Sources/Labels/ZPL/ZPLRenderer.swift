/// Writes labels in ZPL II, the language of Zebra printers and most of their rivals. Few printers hold a Chinese font,
/// so text goes as dots; the QR symbol too, because `^BQ` would choose segments and version by itself; the linear
/// symbol goes as `^BC`, which every printer draws exactly.
struct ZPLRenderer: LabelRenderer {
  private let template: LabelTemplate
  private let dots: Double
  private var out = ByteBuffer()
  /// One label's dots, where text is drawn before it is cut out.
  private let raster: Raster

  init(_ template: LabelTemplate, dotsPerInch: Int) throws(LabelError) {
    self.template = template
    dots = Double(dotsPerInch) / 25.4
    raster = try Raster(
      width: Int((template.width * dots).rounded()), height: Int((template.height * dots).rounded()))
  }

  mutating func add(_ drawing: LabelDrawing) throws(LabelError) {
    out.write("^XA\n^PW")
    out.write(raster.width)
    out.write("^LL")
    out.write(raster.height)
    out.write("^LH0,0^LS0\n")
    for box in drawing.ink { draw(DotBox(box, dotsPerMillimetre: dots)) }
    for symbol in drawing.symbols { draw(symbol) }
    for bars in drawing.bars { draw(bars) }
    for text in drawing.texts { draw(text.lines) }
    out.write("^XZ\n")
  }

  mutating func finish() throws(LabelError) {}

  mutating func take() -> [UInt8] { out.take() }

  private func whole(_ millimetres: Double) -> Int { Int((millimetres * dots).rounded()) }

  private mutating func moveTo(_ x: Int, _ y: Int) {
    out.write("^FO")
    out.write(x)
    out.write(",")
    out.write(y)
  }

  /// `^GB`: a box whose line is as thick as its shorter side is a filled rectangle.
  private mutating func draw(_ box: DotBox) {
    moveTo(box.x, box.y)
    out.write("^GB")
    out.write(box.width)
    out.write(",")
    out.write(box.height)
    out.write(",")
    out.write(min(box.width, box.height))
    out.write("^FS\n")
  }

  private mutating func draw(_ placed: PlacedQR) {
    let module = whole(placed.module)
    let side = placed.symbol.size * module
    var bitmap = DotMap(width: side, height: side)
    placed.symbol.forEachRun { x, y, length in
      bitmap.ink(columns: x * module..<(x + length) * module, row: y * module)
    }
    // A row of modules is drawn once; ZPL repeats it in one character a line.
    bitmap.repeatRows(every: module)
    moveTo(whole(placed.x), whole(placed.y))
    GraphicField.write(bitmap, to: &out)
  }

  private mutating func draw(_ bars: PlacedBars) {
    out.write("^BY")
    out.write(whole(bars.module))
    moveTo(whole(bars.x), whole(bars.y))
    out.write("^BCN,")
    out.write(whole(bars.height))
    // No line of the printer's own, no check digit of its own; start in set C, then FNC1.
    out.write(",N,N,N,N^FD>;>8")
    out.write(text: bars.symbol.identifier.rawValue)
    out.write(text: bars.symbol.digits)
    out.write("^FS\n")
  }

  /// Draws lines on the raster, cuts them out as a bitmap, and leaves the raster clean.
  private mutating func draw(_ lines: [TextLine]) {
    guard let first = lines.first, let last = lines.last else { return }
    let left = lines.map(\.x).min() ?? 0
    let right = lines.map { $0.x + $0.width }.max() ?? 0
    // Half an em about, for ink that reaches beyond the line's own room; white margins are cut off again.
    let margin = first.size / 2
    let x = max(0, whole(left - margin))
    let y = max(0, whole(first.baseline - first.size * TextMetrics.ascent - margin))
    let width = min(raster.width, whole(right + margin)) - x
    let height = min(raster.height, whole(last.baseline + last.size * TextMetrics.descent + margin)) - y
    guard width > 0, height > 0 else { return }
    for line in lines { raster.draw(line, x: 0, y: 0, dotsPerMillimetre: dots) }
    let area = DotBox(x: x, y: y, width: width, height: height)
    let bitmap = DotMap(raster, area)
    raster.fill(x: x, y: y, width: width, height: height, ink: 0)
    guard let cut = bitmap.trimmed() else { return }
    moveTo(x + cut.x, y + cut.y)
    GraphicField.write(cut.map, to: &out)
  }
}
