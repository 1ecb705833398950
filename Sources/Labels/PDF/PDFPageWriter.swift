/// A page of labels, ready to be put into a file: it says nothing that depends on other pages, so pages can be made side
/// by side.
struct PDFPage: Sendable {
  /// The content stream, deflated.
  let content: [UInt8]
  /// The glyphs that it shows, by the names of their fonts.
  let fonts: [String: [UInt32: PDFGlyph]]
}

/// A glyph that a document shows: its shape, and the text that it stands for.
struct PDFGlyph: Sendable {
  let outline: GlyphOutline
  let text: String
}

/// Writes labels on pages: vector codes, and text whose characters are named by the font's own glyph numbers.
struct PDFPageWriter {
  private let sheet: LabelSheet
  private let template: LabelTemplate
  private let deflater: Deflater
  private var page = ByteBuffer()
  private var fonts: [ObjectIdentifier: (face: Face, glyphs: [UInt32: PDFGlyph])] = [:]
  /// What shared texts of this page were written as. The block is kept with it: its identity must not pass on to
  /// another.
  private var written: [ObjectIdentifier: (block: TextBlock, bytes: [UInt8])] = [:]
  private var placed = 0

  /// Throws `.library` when zlib cannot start.
  init(_ template: LabelTemplate, sheet: LabelSheet) throws(LabelError) {
    self.template = template
    self.sheet = sheet
    deflater = try Deflater()
  }

  /// Whether nothing was drawn on the page yet, and whether nothing more goes on it.
  var isEmpty: Bool { placed == 0 }
  var isFull: Bool { placed == sheet.labelsPerPage }
  /// Labels that the page still takes.
  var room: Int { sheet.labelsPerPage - placed }

  /// Draws one more label.
  mutating func add(_ drawing: LabelDrawing) {
    if placed == 0 { openPage() }
    let origin = sheet.origin(of: placed, label: (template.width, template.height))
    // Each label counts from its own corner: what labels share then reads the same, and deflates to almost nothing.
    pushScale(1, 1, origin.x, origin.y)
    for box in drawing.ink { fill(box) }
    if !drawing.ink.isEmpty { page.write("f\n") }
    for symbol in drawing.symbols { draw(symbol) }
    for bars in drawing.bars { draw(bars) }
    for text in drawing.texts { draw(text) }
    page.write("Q\n")
    placed += 1
  }

  /// Hands over the page and begins the next.
  mutating func take() throws(LabelError) -> PDFPage {
    let named = Dictionary(fonts.values.map { ($0.face.name, $0.glyphs) }) { $0.merging($1) { first, _ in first } }
    let done = PDFPage(content: try deflater.deflate(page.bytes), fonts: named)
    page.clear()
    fonts.removeAll(keepingCapacity: true)
    written.removeAll(keepingCapacity: true)
    placed = 0
    return done
  }

  /// Millimetres downwards from the page's top left corner, as templates count.
  private mutating func openPage() {
    page.write(PDFRenderer.points, decimals: 6)
    page.write(" 0 0 ")
    page.write(-PDFRenderer.points, decimals: 6)
    page.write(" 0 ")
    page.write(sheet.pageHeight * PDFRenderer.points, decimals: 3)
    page.write(" cm\n")
  }

  /// Adds a rectangle to the path.
  private mutating func fill(_ box: LabelBox) {
    for value in [box.x, box.y, box.width, box.height] {
      page.write(value, decimals: 3)
      page.write(byte: 32)
    }
    page.write("re\n")
  }

  /// All modules as one path with one fill, counted in modules: no seams between rows, and short numbers.
  private mutating func draw(_ placed: PlacedQR) {
    pushScale(placed.module, placed.module, placed.x, placed.y)
    // A finder pattern is three squares in each other, of which the even-odd rule fills the outer and the inner.
    for finder in placed.symbol.finders {
      for inset in 0..<3 {
        let side = QRSymbol.finderSize - 2 * inset
        run(finder.x + inset, finder.y + inset, side)
        page.write(side)
        page.write(" re\n")
      }
    }
    placed.symbol.forEachRun(besideFinders: true) { x, y, length in
      run(x, y, length)
      page.write("1 re\n")
    }
    page.write("f* Q\n")
  }

  private mutating func run(_ x: Int, _ y: Int, _ length: Int) {
    page.write(x)
    page.write(byte: 32)
    page.write(y)
    page.write(byte: 32)
    page.write(length)
    page.write(byte: 32)
  }

  private mutating func draw(_ placed: PlacedBars) {
    pushScale(placed.module, placed.height, placed.x, placed.y)
    placed.symbol.forEachBar { x, width in
      page.write(x)
      page.write(" 0 ")
      page.write(width)
      page.write(" 1 re\n")
    }
    page.write("f Q\n")
  }

  private mutating func pushScale(_ scaleX: Double, _ scaleY: Double, _ x: Double, _ y: Double) {
    page.write("q ")
    page.write(scaleX, decimals: 6)
    page.write(" 0 0 ")
    page.write(scaleY, decimals: 6)
    page.write(byte: 32)
    page.write(x, decimals: 4)
    page.write(byte: 32)
    page.write(y, decimals: 4)
    page.write(" cm\n")
  }

  private mutating func draw(_ text: TextBlock) {
    if let known = written[ObjectIdentifier(text)] { return page.write(known.bytes) }
    let start = page.count
    for line in text.lines { draw(line) }
    guard text.isShared else { return }
    written[ObjectIdentifier(text)] = (text, Array(page.bytes[start...]))
  }

  private mutating func draw(_ line: TextLine) {
    page.write("BT\n")
    for run in line.runs {
      page.write("/")
      page.write(text: run.face.name)
      page.write(" 1 Tf\n")
      var rest = run.glyphs[...]
      while let first = rest.first {
        // Glyphs that are raised or lowered (marks) start anew at their own height.
        let level = rest.prefix { $0.y == first.y }
        rest = rest.dropFirst(level.count)
        moveText(line.size, line.x + first.x * line.size, line.baseline + first.y * line.size)
        show(level, run.face)
      }
    }
    page.write("ET\n")
  }

  /// The text matrix: size, and y turned back upwards.
  private mutating func moveText(_ size: Double, _ x: Double, _ y: Double) {
    page.write(size, decimals: 3)
    page.write(" 0 0 ")
    page.write(-size, decimals: 3)
    page.write(byte: 32)
    page.write(x, decimals: 3)
    page.write(byte: 32)
    page.write(y, decimals: 3)
    page.write(" Tm\n")
  }

  /// Shows glyphs of one height; what pango set closer or wider than their advance is told in thousandths.
  private mutating func show(_ glyphs: ArraySlice<PlacedGlyph>, _ face: Face) {
    var expected = glyphs.first?.x ?? 0
    page.write("[<")
    for glyph in glyphs {
      let shift = Int(((expected - glyph.x) * 1_000).rounded())
      if shift != 0 {
        page.write(">")
        page.write(shift)
        page.write("<")
        expected -= Double(shift) / 1_000
      }
      page.write(hex16: UInt16(truncatingIfNeeded: glyph.glyph))
      expected += Double(use(glyph, of: face)) / 1_000
    }
    page.write(">]TJ\n")
  }

  /// Notes that a glyph is used; its advance.
  private mutating func use(_ glyph: PlacedGlyph, of face: Face) -> Int {
    let key = ObjectIdentifier(face)
    if let known = fonts[key]?.glyphs[glyph.glyph] { return known.outline.advance }
    let outline = face.outline(glyph.glyph)
    fonts[key, default: (face, [:])].glyphs[glyph.glyph] = PDFGlyph(outline: outline, text: glyph.text)
    return outline.advance
  }
}
