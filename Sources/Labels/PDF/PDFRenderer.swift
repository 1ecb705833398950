/// Writes labels as PDF: vector codes, real text in embedded fonts. Pages leave as they fill, so that memory does not
/// grow with the number of labels but for a few bytes a page.
///
/// Written by hand because cairo's PDF surface records every page, replays it twice and formats each rectangle of a
/// symbol at length: it reaches a tenth of this speed.
struct PDFRenderer: LabelRenderer {
  /// Points in a millimetre.
  private static let points = 72 / 25.4
  /// Shared texts remembered.
  private static let kept = 512

  private var file: PDFFile
  private var pages: PDFPages
  private let template: LabelTemplate
  private let sheet: LabelSheet
  private let resources: Int
  private var fonts: [PDFFont] = []
  private var page = ByteBuffer()
  /// What shared texts were written as. The block is kept with it: its identity must not pass on to another.
  private var written: [ObjectIdentifier: (block: TextBlock, bytes: [UInt8])] = [:]
  private var placed = 0

  /// Begins a document whose labels lie on `sheet`.
  init(_ template: LabelTemplate, sheet: LabelSheet) throws(LabelError) {
    self.template = template
    self.sheet = sheet
    file = try PDFFile()
    resources = file.reserve()
    pages = PDFPages(
      width: sheet.pageWidth * Self.points, height: sheet.pageHeight * Self.points, resources: resources, file: &file)
  }

  mutating func add(_ drawing: LabelDrawing) throws(LabelError) {
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
    if placed == sheet.labelsPerPage { try closePage() }
  }

  mutating func finish() throws(LabelError) {
    // A document without pages is not a PDF.
    if placed > 0 || pages.isEmpty { try closePage() }
    for font in fonts { try font.write(to: &file) }
    file.write(resources) { out in
      out.write("<</Font<<")
      for font in fonts {
        out.write("/F")
        out.write(font.number)
        out.write(" ")
        out.write(font.object)
        out.write(" 0 R")
      }
      out.write(">>>>")
    }
    let root = pages.close(&file)
    let info = file.reserve()
    file.write(info) { $0.write("<</Producer(Yima)>>") }
    file.close(root: root, info: info)
  }

  mutating func take() -> [UInt8] { file.take() }

  /// Millimetres downwards from the page's top left corner, as templates count.
  private mutating func openPage() {
    page.write(Self.points, decimals: 6)
    page.write(" 0 0 ")
    page.write(-Self.points, decimals: 6)
    page.write(" 0 ")
    page.write(sheet.pageHeight * Self.points, decimals: 3)
    page.write(" cm\n")
  }

  private mutating func closePage() throws(LabelError) {
    try pages.add(page.bytes, to: &file)
    page.clear()
    placed = 0
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
    placed.symbol.forEachRun { x, y, length in
      page.write(x)
      page.write(byte: 32)
      page.write(y)
      page.write(byte: 32)
      page.write(length)
      page.write(" 1 re\n")
    }
    page.write("f Q\n")
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
    if written.count >= Self.kept { written.removeAll(keepingCapacity: true) }
    written[ObjectIdentifier(text)] = (text, Array(page.bytes[start...]))
  }

  private mutating func draw(_ line: TextLine) {
    page.write("BT\n")
    for run in line.runs {
      let font = font(of: run.face)
      page.write("/F")
      page.write(font)
      page.write(" 1 Tf\n")
      var rest = run.glyphs[...]
      while let first = rest.first {
        // Glyphs that are raised or lowered (marks) start anew at their own height.
        let level = rest.prefix { $0.y == first.y }
        rest = rest.dropFirst(level.count)
        moveText(line.size, line.x + first.x * line.size, line.baseline + first.y * line.size)
        show(level, font)
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
  private mutating func show(_ glyphs: ArraySlice<PlacedGlyph>, _ font: Int) {
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
      page.write(hex16: fonts[font].identifier(glyph))
      expected += Double(fonts[font].face.outline(glyph.glyph).advance) / 1_000
    }
    page.write(">]TJ\n")
  }

  private mutating func font(of face: Face) -> Int {
    if let known = fonts.firstIndex(where: { $0.face === face }) { return known }
    fonts.append(PDFFont(face, number: fonts.count, object: file.reserve()))
    return fonts.count - 1
  }
}
