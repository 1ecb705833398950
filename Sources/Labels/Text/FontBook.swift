import CPango
import Fonts

/// Shapes text with pango. One book serves one document at a time and is not shared between tasks: pango's font
/// maps are not made for that.
final class FontBook {
  /// A line as pango set it, its places in ems.
  struct Line {
    let runs: [GlyphRun]
    /// Advance width, ems.
    let width: Double
    /// The ink's reach: left and right of the line's start, above and below the baseline, ems.
    let ink: (left: Double, right: Double, above: Double, below: Double)
  }

  /// A text set in lines.
  struct Setting {
    let lines: [Line]
    let isCut: Bool
  }

  /// pango measures in whole 1/1024 of a pixel; with 100 pixels a millimetre nothing is rounded visibly.
  private static let pixelsPerMillimetre = 100.0

  /// Glyphs whose shapes a book may know and still be kept for other documents: some 20 MB.
  static let glyphLimit = 20_000

  /// Characters measured one by one; see `CodeTypesetter`.
  var codes = CodeTypesetter()
  private let map: UnsafeMutablePointer<PangoFontMap>?
  private let context: OpaquePointer?
  private let layout: OpaquePointer?
  private var faces: [OpaquePointer: Face] = [:]

  /// Opens the installed fonts.
  init() {
    (map, context, layout) = FontLibrary.exclusively { Self.open() }
  }

  private static func open() -> (UnsafeMutablePointer<PangoFontMap>?, OpaquePointer?, OpaquePointer?) {
    let map = pango_cairo_font_map_new()
    let context = pango_font_map_create_context(map)
    FontOptions.unhinted { pango_cairo_context_set_font_options(context, $0) }
    pango_context_set_round_glyph_positions(context, 0)
    // Chinese forms of characters that Japanese and Korean draw differently.
    pango_context_set_language(context, pango_language_from_string("zh-cn"))
    let layout = pango_layout_new(context)
    pango_layout_set_auto_dir(layout, 0)
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR)
    pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END)
    return (map, context, layout)
  }

  /// How many glyphs' shapes are kept.
  var knownGlyphs: Int { faces.values.reduce(0) { $0 + $1.knownGlyphs } }

  deinit {
    FontLibrary.exclusively {
      for object in [layout, context].compactMap({ $0 }) { g_object_unref(UnsafeMutableRawPointer(object)) }
      if let map { g_object_unref(map) }
    }
  }

  /// Sets a text in at most `lines` lines of `width` mm at `size` mm; what does not fit is cut with an ellipsis.
  /// A nil width means one line of any length. Throws `.noGlyph` when a character has no outline in any font.
  func set(
    _ text: String, style: FontStyle, size: Double, width: Double?, lines: Int
  ) throws(FitFaultError) -> Setting {
    try FontLibrary.exclusively { () throws(FitFaultError) in
      try lay(text, style: style, size: size, width: width, lines: lines)
    }
  }

  private func lay(
    _ text: String, style: FontStyle, size: Double, width: Double?, lines: Int
  ) throws(FitFaultError) -> Setting {
    choose(style, size: size)
    pango_layout_set_width(layout, width.map { Self.units($0) } ?? -1)
    pango_layout_set_height(layout, -Int32(clamping: max(lines, 1)))
    let bytes = Array(text.utf8)
    bytes.withUnsafeBytes { bytes in
      pango_layout_set_text(
        layout, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(clamping: bytes.count))
    }
    keepNamesWhole(bytes)
    let count = min(pango_layout_get_line_count(layout), Int32(clamping: max(lines, 1)))
    let em = size * Self.pixelsPerMillimetre * Double(PANGO_SCALE)
    var set: [Line] = []
    for index in 0..<count {
      guard let line = pango_layout_get_line_readonly(layout, index) else { break }
      set.append(try read(line, bytes, em: em))
    }
    return Setting(lines: set, isCut: pango_layout_is_ellipsized(layout) != 0)
  }

  /// In a list of names joined by `、`, lines break between names and not within them.
  private func keepNamesWhole(_ text: [UInt8]) {
    let comma = Array("、".utf8)
    let attributes = pango_attr_list_new()
    defer { pango_attr_list_unref(attributes) }
    var start = 0
    for end in text.indices where text[end...].starts(with: comma) {
      // Longer names may have to be broken, or they would leave the box.
      if (1...36).contains(end - start), let attribute = pango_attr_allow_breaks_new(0) {
        attribute.pointee.start_index = UInt32(clamping: start)
        attribute.pointee.end_index = UInt32(clamping: end)
        pango_attr_list_insert(attributes, attribute)
      }
      start = end + comma.count
    }
    pango_layout_set_attributes(layout, attributes)
  }

  private func choose(_ style: FontStyle, size: Double) {
    let description = pango_font_description_new()
    defer { pango_font_description_free(description) }
    pango_font_description_set_family(description, style.family)
    let weight: PangoWeight =
      switch style.weight {
      case .regular: PANGO_WEIGHT_NORMAL
      case .medium: PANGO_WEIGHT_MEDIUM
      case .bold: PANGO_WEIGHT_BOLD
      }
    pango_font_description_set_weight(description, weight)
    pango_font_description_set_absolute_size(
      description, size * Self.pixelsPerMillimetre * Double(PANGO_SCALE))
    pango_layout_set_font_description(layout, description)
  }

  private static func units(_ millimetres: Double) -> Int32 {
    Int32(clamping: Int64(millimetres * pixelsPerMillimetre * Double(PANGO_SCALE)))
  }

  private func read(
    _ line: UnsafeMutablePointer<PangoLayoutLine>, _ text: [UInt8], em: Double
  ) throws(FitFaultError) -> Line {
    var ink = PangoRectangle()
    var logical = PangoRectangle()
    pango_layout_line_get_extents(line, &ink, &logical)
    var runs: [GlyphRun] = []
    var x = 0.0
    var node = line.pointee.runs
    while let link = node {
      if let item = link.pointee.data?.assumingMemoryBound(to: PangoGlyphItem.self) {
        let run = try PangoRun(item.pointee, text: text, em: em)
        if let face = face(of: run.font) { runs.append(try run.placed(face, from: &x)) }
      }
      node = link.pointee.next
    }
    let left = Double(ink.x) / em
    let top = Double(ink.y) / em
    return Line(
      runs: runs, width: Double(logical.width) / em,
      ink: (left, left + Double(ink.width) / em, -top, top + Double(ink.height) / em))
  }

  /// The same cairo face serves every size, so a document has one face for each font file that it uses.
  private func face(of font: UnsafeMutablePointer<PangoFont>?) -> Face? {
    guard let font else { return nil }
    let scaled = pango_cairo_font_get_scaled_font(OpaquePointer(font))
    guard let native = cairo_scaled_font_get_font_face(scaled) else { return nil }
    if let known = faces[native] { return known }
    let face = Face(native, name: Self.name(of: font))
    faces[native] = face
    return face
  }
}

extension FontBook {
  /// `NotoSansCJKSC-Bold` for a bold Noto Sans CJK SC: other fonts have other names, in every document alike.
  fileprivate static func name(of font: UnsafeMutablePointer<PangoFont>) -> String {
    guard let description = pango_font_describe(font) else { return "Label" }
    defer { pango_font_description_free(description) }
    let family = pango_font_description_get_family(description).map { String(cString: $0) } ?? ""
    let plain = String(family.filter { $0.isASCII && ($0.isLetter || $0.isNumber) }.prefix(50))
    // A name that is not written in Latin letters is told by its bytes.
    let mark = family.utf8.reduce(UInt32(2_166_136_261)) { ($0 ^ UInt32($1)) &* 16_777_619 }
    let weight = pango_font_description_get_weight(description)
    let suffix =
      switch weight {
      case PANGO_WEIGHT_NORMAL: "Regular"
      case PANGO_WEIGHT_BOLD: "Bold"
      case PANGO_WEIGHT_MEDIUM: "Medium"
      default: "W\(weight.rawValue)"
      }
    return (plain.isEmpty ? "Label" + String(mark, radix: 16) : plain) + "-" + suffix
  }
}

/// A fit fault on its way to the element that knows its own path.
struct FitFaultError: Error {
  let fault: FitFault
}
