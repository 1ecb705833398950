import CPango

/// A typeface at a size.
struct Typeface: Hashable {
  let family: String
  let size: Double
  var isBold = false

  static let body = Typeface(family: "Noto Serif CJK SC, Noto Serif, DejaVu Serif", size: 10.5)
  static let small = Typeface(family: "Noto Sans CJK SC, Noto Sans, DejaVu Sans", size: 8)
  static let table = Typeface(family: "Noto Sans CJK SC, Noto Sans, DejaVu Sans", size: 8.5)
  static let label = Typeface(family: "Noto Sans CJK SC, Noto Sans, DejaVu Sans", size: 9.5, isBold: true)
  static let heading = Typeface(family: "Noto Sans CJK SC, Noto Sans, DejaVu Sans", size: 13, isBold: true)
  static let title = Typeface(family: "Noto Sans CJK SC, Noto Sans, DejaVu Sans", size: 21, isBold: true)
  static let code = Typeface(family: "Noto Sans Mono CJK SC, DejaVu Sans Mono, monospace", size: 8.5)
}

/// A text set in lines of one width.
final class SetText {
  /// The height of each line, from its top to the next one's.
  let heights: [Double]
  /// pango's own, for `PDFCanvas` to draw.
  let layout: OpaquePointer

  fileprivate init(_ layout: OpaquePointer) {
    self.layout = layout
    heights = (0..<max(pango_layout_get_line_count(layout), 0)).map { place in
      var logical = PangoRectangle()
      pango_layout_line_get_extents(pango_layout_get_line_readonly(layout, place), nil, &logical)
      return Double(logical.height) / Double(PANGO_SCALE)
    }
  }

  deinit { g_object_unref(UnsafeMutableRawPointer(layout)) }

  var height: Double { heights.reduce(0, +) }

  /// The width of the widest line.
  var width: Double {
    var logical = PangoRectangle()
    pango_layout_get_extents(layout, nil, &logical)
    return Double(logical.width) / Double(PANGO_SCALE)
  }
}

/// Sets texts in lines with pango and remembers them: a report is set to count its pages before it is drawn, and what its
/// languages share (dates, names, answers) stands in each of them. It lives as long as one report is being made.
final class Typesetter {
  private let context: OpaquePointer?
  private let map: UnsafeMutablePointer<PangoFontMap>?
  private var done: [Setting: SetText] = [:]

  /// A text and how it is set.
  struct Setting: Hashable {
    let text: String
    let face: Typeface
    /// Points; nil is one line of any length.
    let width: Double?
    /// More end in an ellipsis; nil is as many as it takes.
    let lines: Int?
    let isCentred: Bool
    /// From line to line, in sizes of the face.
    let spacing: Double
  }

  init() {
    map = pango_cairo_font_map_new()
    context = pango_font_map_create_context(map)
    let options = cairo_font_options_create()
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE)
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF)
    pango_cairo_context_set_font_options(context, options)
    cairo_font_options_destroy(options)
    pango_context_set_round_glyph_positions(context, 0)
    pango_cairo_context_set_resolution(context, 72)
    pango_context_set_language(context, pango_language_from_string("zh-cn"))
  }

  deinit {
    if let context { g_object_unref(UnsafeMutableRawPointer(context)) }
    if let map { g_object_unref(map) }
  }

  /// The text in lines; nil when pango has no memory.
  func set(_ setting: Setting) -> SetText? {
    if let set = done[setting] { return set }
    guard let layout = pango_layout_new(context) else { return nil }
    pango_layout_set_auto_dir(layout, 0)
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR)
    if setting.isCentred { pango_layout_set_alignment(layout, PANGO_ALIGN_CENTER) }
    choose(setting.face, for: layout)
    if let width = setting.width {
      pango_layout_set_width(layout, Int32(clamping: Int64(max(width, 1) * Double(PANGO_SCALE))))
    }
    if let lines = setting.lines {
      pango_layout_set_height(layout, -Int32(clamping: max(lines, 1)))
      pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END)
    }
    // Fonts differ in the room they ask for; lines must not.
    let attributes = pango_attr_list_new()
    let pitch = setting.face.size * setting.spacing * 1.12 * Double(PANGO_SCALE)
    if let attribute = pango_attr_line_height_new_absolute(Int32(pitch)) {
      pango_attr_list_insert(attributes, attribute)
    }
    pango_layout_set_attributes(layout, attributes)
    pango_attr_list_unref(attributes)
    let bytes = Array(setting.text.utf8)
    bytes.withUnsafeBytes { bytes in
      let start = bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
      pango_layout_set_text(layout, start, Int32(clamping: bytes.count))
    }
    let set = SetText(layout)
    done[setting] = set
    return set
  }

  private func choose(_ face: Typeface, for layout: OpaquePointer) {
    let description = pango_font_description_new()
    pango_font_description_set_family(description, face.family)
    pango_font_description_set_weight(description, face.isBold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL)
    pango_font_description_set_absolute_size(description, face.size * Double(PANGO_SCALE))
    pango_layout_set_font_description(layout, description)
    pango_font_description_free(description)
  }
}

extension PDFCanvas {
  /// Sets a text in lines of a width; nil width is one line of any length. More than `lines` end in an ellipsis.
  func set(
    _ text: String, _ face: Typeface, width: Double?, lines: Int? = nil, isCentred: Bool = false, spacing: Double = 1.25
  ) -> SetText? {
    type.set(
      Typesetter.Setting(text: text, face: face, width: width, lines: lines, isCentred: isCentred, spacing: spacing))
  }
}
