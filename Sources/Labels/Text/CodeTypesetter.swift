/// Sets codes, numbers and dates: a whole pango layout for each of 100 000 serials costs more than its QR symbol, and
/// digits and capitals need nothing of it. Each character is measured once by pango.
struct CodeTypesetter {
  private struct Measured {
    let face: Face
    let glyph: UInt32
    let width: Double
    let text: String
  }

  private var styles: [FontStyle: [Measured?]] = [:]

  /// Whether a text is made of characters that need no shaping: no lower case, whose pairs are kerned.
  static func accepts(_ text: String) -> Bool {
    text.utf8.allSatisfy { byte in
      switch byte {
      case 0x28...0x3A, 65...90, 32: true  // ( ) * + , - . / 0-9 : A-Z and space
      default: false
      }
    }
  }

  /// Sets a text that `accepts` holds for: in ems, broken at spaces. nil when it needs more lines than allowed,
  /// or a word is longer than a line: then pango shrinks or cuts it.
  mutating func set(
    _ text: String, style: FontStyle, width: Double, lines: Int, book: FontBook
  ) throws(FitFaultError) -> [FontBook.Line]? {
    var set: [FontBook.Line] = []
    var glyphs: [PlacedGlyph] = []
    var faces: [Face] = []
    var x = 0.0
    for word in text.utf8.split(separator: 32, omittingEmptySubsequences: true) {
      var wordWidth = 0.0
      for byte in word { wordWidth += try measured(byte, style, book).width }
      let space = try measured(32, style, book)
      if !glyphs.isEmpty, x + space.width + wordWidth > width {
        set.append(Self.line(glyphs, faces, x))
        (glyphs, faces, x) = ([], [], 0)
      }
      guard wordWidth <= width else { return nil }
      if !glyphs.isEmpty {
        glyphs.append(PlacedGlyph(glyph: space.glyph, x: x, y: 0, text: " "))
        faces.append(space.face)
        x += space.width
      }
      for byte in word {
        let character = try measured(byte, style, book)
        glyphs.append(PlacedGlyph(glyph: character.glyph, x: x, y: 0, text: character.text))
        faces.append(character.face)
        x += character.width
      }
    }
    if !glyphs.isEmpty { set.append(Self.line(glyphs, faces, x)) }
    return set.count <= lines ? set : nil
  }

  private mutating func measured(
    _ byte: UInt8, _ style: FontStyle, _ book: FontBook
  ) throws(FitFaultError) -> Measured {
    let place = Int(byte & 0x7F)
    if let known = styles[style]?[place] { return known }
    let text = String(UnicodeScalar(byte))
    let setting = try book.set(text, style: style, size: 1, width: nil, lines: 1)
    guard let line = setting.lines.first, let run = line.runs.first, let glyph = run.glyphs.first else {
      throw FitFaultError(fault: .noGlyph(UnicodeScalar(byte)))
    }
    let measured = Measured(face: run.face, glyph: glyph.glyph, width: line.width, text: text)
    styles[style, default: Array(repeating: nil, count: 128)][place] = measured
    return measured
  }

  /// A line of one face; of more only where a font lacks a character and another stands in.
  private static func line(_ glyphs: [PlacedGlyph], _ faces: [Face], _ width: Double) -> FontBook.Line {
    var runs: [GlyphRun] = []
    var start = 0
    for index in glyphs.indices.dropFirst() + [glyphs.count]
    where index == glyphs.count || faces[index] !== faces[start] {
      runs.append(GlyphRun(face: faces[start], glyphs: Array(glyphs[start..<index])))
      start = index
    }
    return FontBook.Line(runs: runs, width: width, ink: (0, width, TextMetrics.ascent, TextMetrics.descent))
  }
}
