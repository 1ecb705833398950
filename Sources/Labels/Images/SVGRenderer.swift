/// Writes labels as one SVG 1.1 image, mm as its unit. Text is drawn as outlines: it looks the same where the fonts
/// are not installed; its words are kept in `aria-label`.
struct SVGRenderer: LabelRenderer {
  private let template: LabelTemplate
  private var drawings: [LabelDrawing] = []
  private var out = ByteBuffer()
  private var body = ByteBuffer()
  private var definitions = ByteBuffer()
  private var defined: Set<GlyphKey> = []

  /// The faces used, numbered in the order of first use.
  private var faces: [ObjectIdentifier: Int] = [:]

  private struct GlyphKey: Hashable {
    let face: Int
    let glyph: UInt32
  }

  init(_ template: LabelTemplate) {
    self.template = template
  }

  mutating func add(_ drawing: LabelDrawing) throws(LabelError) {
    guard drawings.count < LabelLimits.imageLabels else { throw .tooManyLabels(limit: LabelLimits.imageLabels) }
    drawings.append(drawing)
  }

  mutating func finish() throws(LabelError) {
    let sheet = ImageSheet(template, count: drawings.count)
    for (index, drawing) in drawings.enumerated() { draw(drawing, at: sheet.origin(of: index)) }
    out.write("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" ")
    out.write("xmlns:xlink=\"http://www.w3.org/1999/xlink\" version=\"1.1\" ")
    attribute("width", sheet.width, "mm")
    attribute("height", sheet.height, "mm")
    out.write("viewBox=\"0 0 ")
    out.write(sheet.width, decimals: 3)
    out.write(" ")
    out.write(sheet.height, decimals: 3)
    out.write("\">\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n<defs>\n")
    out.write(definitions.bytes)
    out.write("</defs>\n")
    out.write(body.bytes)
    out.write("</svg>\n")
  }

  mutating func take() -> [UInt8] { out.take() }

  private mutating func attribute(_ name: StaticString, _ value: Double, _ unit: StaticString) {
    out.write(name)
    out.write("=\"")
    out.write(value, decimals: 3)
    out.write(unit)
    out.write("\" ")
  }

  private mutating func draw(_ drawing: LabelDrawing, at origin: (x: Double, y: Double)) {
    body.write("<g transform=\"translate(")
    body.write(origin.x, decimals: 4)
    body.write(" ")
    body.write(origin.y, decimals: 4)
    body.write(")\">\n")
    for box in drawing.ink { draw(box) }
    for symbol in drawing.symbols { draw(symbol) }
    for bars in drawing.bars { draw(bars) }
    for text in drawing.texts { draw(text.lines) }
    body.write("</g>\n")
  }

  private mutating func draw(_ box: LabelBox) {
    body.write("<rect x=\"")
    body.write(box.x, decimals: 3)
    body.write("\" y=\"")
    body.write(box.y, decimals: 3)
    body.write("\" width=\"")
    body.write(box.width, decimals: 3)
    body.write("\" height=\"")
    body.write(box.height, decimals: 3)
    body.write("\"/>\n")
  }

  private mutating func draw(_ placed: PlacedQR) {
    pushScale("qr", placed.x, placed.y, placed.module, placed.module)
    placed.symbol.forEachRun { x, y, length in run(x, y, length) }
    body.write("\"/>\n")
  }

  private mutating func draw(_ placed: PlacedBars) {
    pushScale("gs1-128", placed.x, placed.y, placed.module, placed.height)
    placed.symbol.forEachBar { x, width in run(x, 0, width) }
    body.write("\"/>\n")
  }

  private mutating func run(_ x: Int, _ y: Int, _ length: Int) {
    body.write("M")
    body.write(x)
    body.write(" ")
    body.write(y)
    body.write("h")
    body.write(length)
    body.write("v1h")
    body.write(-length)
    body.write("z")
  }

  /// Opens a path that counts in modules.
  private mutating func pushScale(_ kind: StaticString, _ x: Double, _ y: Double, _ sx: Double, _ sy: Double) {
    body.write("<path class=\"")
    body.write(kind)
    body.write("\" transform=\"translate(")
    body.write(x, decimals: 4)
    body.write(" ")
    body.write(y, decimals: 4)
    body.write(") scale(")
    body.write(sx, decimals: 6)
    body.write(" ")
    body.write(sy, decimals: 6)
    body.write(")\" d=\"")
  }

  private mutating func draw(_ lines: [TextLine]) {
    body.write("<g class=\"text\" role=\"img\" aria-label=\"")
    let words = lines.map { line in line.runs.flatMap(\.glyphs).map(\.text).joined() }
    XML.write(words.joined(separator: " "), to: &body)
    body.write("\">\n")
    for line in lines {
      for run in line.runs {
        for glyph in run.glyphs { draw(glyph, of: run.face, in: line) }
      }
    }
    body.write("</g>\n")
  }

  private mutating func draw(_ glyph: PlacedGlyph, of face: Face, in line: TextLine) {
    let outline = face.outline(glyph.glyph)
    guard !outline.steps.isEmpty else { return }
    let number = faces[ObjectIdentifier(face)] ?? faces.count
    faces[ObjectIdentifier(face)] = number
    let key = GlyphKey(face: number, glyph: glyph.glyph)
    if defined.insert(key).inserted { define(key, outline) }
    body.write("<use xlink:href=\"#g")
    body.write(key.face)
    body.write("-")
    body.write(Int(key.glyph))
    body.write("\" transform=\"translate(")
    body.write(line.x + glyph.x * line.size, decimals: 3)
    body.write(" ")
    body.write(line.baseline + glyph.y * line.size, decimals: 3)
    body.write(") scale(")
    body.write(line.size / GlyphOutline.unitsPerEm, decimals: 6)
    body.write(")\"/>\n")
  }

  private mutating func define(_ key: GlyphKey, _ outline: GlyphOutline) {
    definitions.write("<path id=\"g")
    definitions.write(key.face)
    definitions.write("-")
    definitions.write(Int(key.glyph))
    definitions.write("\" d=\"")
    for step in outline.steps {
      switch step {
      case .move(let point): write("M", point)
      case .line(let point): write("L", point)
      case .curve(let first, let second, let end):
        write("C", first)
        write(" ", second)
        write(" ", end)
      }
    }
    definitions.write("z\"/>\n")
  }

  /// A point of an outline, y turned downwards.
  private mutating func write(_ command: StaticString, _ point: GlyphOutline.Point) {
    definitions.write(command)
    definitions.write(point.x)
    definitions.write(" ")
    definitions.write(-point.y)
  }
}

/// Text in XML.
enum XML {
  /// Writes a text escaped for an attribute in double quotes.
  static func write(_ text: String, to out: inout ByteBuffer) {
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "&"): out.write("&amp;")
      case UInt8(ascii: "<"): out.write("&lt;")
      case UInt8(ascii: ">"): out.write("&gt;")
      case UInt8(ascii: "\""): out.write("&quot;")
      default: out.write(byte: byte)
      }
    }
  }
}
