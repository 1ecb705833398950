import CPango

/// Sizes in points, downwards from the top left corner of a page.
struct Box {
  var x: Double
  var y: Double
  var width: Double
  var height: Double

  var right: Double { x + width }
  var bottom: Double { y + height }
}

/// A colour on paper.
struct Ink: Hashable {
  let red: Double, green: Double, blue: Double

  static let black = Ink(red: 0.08, green: 0.09, blue: 0.12)
  static let grey = Ink(red: 0.40, green: 0.42, blue: 0.46)
  static let line = Ink(red: 0.78, green: 0.80, blue: 0.83)
  static let shade = Ink(red: 0.945, green: 0.95, blue: 0.96)
  static let blue = Ink(red: 0.10, green: 0.28, blue: 0.52)
  static let red = Ink(red: 0.72, green: 0.13, blue: 0.13)
}

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
  fileprivate let layout: OpaquePointer

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
}

/// cairo's PDF pages and pango's text on them. The only place where C is called; what it gives depends on nothing but what
/// is drawn and on the installed fonts.
final class PDFCanvas {
  /// A4, points.
  static let width = 595.28, height = 841.89

  private let surface: OpaquePointer?
  private let cairo: OpaquePointer?
  private let context: OpaquePointer?
  private let map: UnsafeMutablePointer<PangoFontMap>?
  private let output = Output()

  private final class Output {
    var bytes: [UInt8] = []
  }

  /// Begins a document.
  init(title: String, author: String, madeAt: String) {
    let closure = Unmanaged.passUnretained(output).toOpaque()
    surface = cairo_pdf_surface_create_for_stream(
      { closure, data, count in
        guard let closure, let data else { return CAIRO_STATUS_WRITE_ERROR }
        let bytes = UnsafeBufferPointer(start: data, count: Int(count))
        Unmanaged<Output>.fromOpaque(closure).takeUnretainedValue().bytes.append(contentsOf: bytes)
        return CAIRO_STATUS_SUCCESS
      }, closure, Self.width, Self.height)
    cairo = cairo_create(surface)
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
    for (field, text) in [
      (CAIRO_PDF_METADATA_TITLE, title), (CAIRO_PDF_METADATA_AUTHOR, author), (CAIRO_PDF_METADATA_CREATOR, "Yima"),
      // Without these cairo asks the clock.
      (CAIRO_PDF_METADATA_CREATE_DATE, madeAt), (CAIRO_PDF_METADATA_MOD_DATE, madeAt),
    ] {
      cairo_pdf_surface_set_metadata(surface, field, text)
    }
  }

  deinit {
    cairo_destroy(cairo)
    if let context { g_object_unref(UnsafeMutableRawPointer(context)) }
    if let map { g_object_unref(map) }
    cairo_surface_destroy(surface)
  }

  /// Ends a page.
  func showPage() { cairo_show_page(cairo) }

  /// Ends the document; nil when cairo failed.
  func finish() -> [UInt8]? {
    cairo_surface_finish(surface)
    guard cairo_status(cairo) == CAIRO_STATUS_SUCCESS, cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS else {
      return nil
    }
    return output.bytes
  }
}

extension PDFCanvas {
  /// Sets a text in lines of a width; nil width is one line of any length. More than `lines` end in an ellipsis.
  func set(
    _ text: String, _ face: Typeface, width: Double?, lines: Int? = nil, isCentred: Bool = false, spacing: Double = 1.25
  ) -> SetText? {
    guard let layout = pango_layout_new(context) else { return nil }
    pango_layout_set_auto_dir(layout, 0)
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR)
    if isCentred { pango_layout_set_alignment(layout, PANGO_ALIGN_CENTER) }
    let description = pango_font_description_new()
    pango_font_description_set_family(description, face.family)
    pango_font_description_set_weight(description, face.isBold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL)
    pango_font_description_set_absolute_size(description, face.size * Double(PANGO_SCALE))
    pango_layout_set_font_description(layout, description)
    pango_font_description_free(description)
    if let width { pango_layout_set_width(layout, Int32(clamping: Int64(max(width, 1) * Double(PANGO_SCALE)))) }
    if let lines {
      pango_layout_set_height(layout, -Int32(clamping: max(lines, 1)))
      pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END)
    }
    // Fonts differ in the room they ask for; lines must not.
    let attributes = pango_attr_list_new()
    if let attribute = pango_attr_line_height_new_absolute(Int32(face.size * spacing * 1.12 * Double(PANGO_SCALE))) {
      pango_attr_list_insert(attributes, attribute)
    }
    pango_layout_set_attributes(layout, attributes)
    pango_attr_list_unref(attributes)
    let bytes = Array(text.utf8)
    bytes.withUnsafeBytes { bytes in
      let start = bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
      pango_layout_set_text(layout, start, Int32(clamping: bytes.count))
    }
    return SetText(layout)
  }

  /// Draws lines of a text, the first one's top at `y`.
  func draw(_ text: SetText, lines: Range<Int>? = nil, x: Double, y: Double, ink: Ink = .black) {
    choose(ink)
    var top = y
    let shown = lines ?? text.heights.indices
    for place in shown {
      guard let line = pango_layout_get_line_readonly(text.layout, Int32(place)) else { continue }
      var logical = PangoRectangle()
      pango_layout_line_get_extents(line, nil, &logical)
      let width = Double(pango_layout_get_width(text.layout)) / Double(PANGO_SCALE)
      let isCentred = pango_layout_get_alignment(text.layout) == PANGO_ALIGN_CENTER && width > 0
      let indent = isCentred ? (width - Double(logical.width) / Double(PANGO_SCALE)) / 2 : 0
      cairo_move_to(cairo, x + indent, top - Double(logical.y) / Double(PANGO_SCALE))
      pango_cairo_show_layout_line(cairo, line)
      top += text.heights[place]
    }
    cairo_new_path(cairo)
  }

  /// The width of the widest line.
  func width(of text: SetText) -> Double {
    var logical = PangoRectangle()
    pango_layout_get_extents(text.layout, nil, &logical)
    return Double(logical.width) / Double(PANGO_SCALE)
  }

  /// Draws a straight line.
  func line(from: (Double, Double), to: (Double, Double), ink: Ink = .line, width: Double = 0.6, isDashed: Bool = false)
  {
    choose(ink)
    cairo_set_line_width(cairo, width)
    cairo_set_dash(cairo, [3, 2], isDashed ? 2 : 0, 0)
    cairo_move_to(cairo, from.0, from.1)
    cairo_line_to(cairo, to.0, to.1)
    cairo_stroke(cairo)
    cairo_set_dash(cairo, [], 0, 0)
  }

  /// Fills or frames a rectangle.
  func rectangle(_ box: Box, fill: Ink? = nil, frame: Ink? = nil, width: Double = 0.6) {
    cairo_rectangle(cairo, box.x, box.y, box.width, box.height)
    paint(fill: fill, frame: frame, width: width)
  }

  /// Fills or frames a circle.
  func circle(_ x: Double, _ y: Double, radius: Double, fill: Ink? = nil, opacity: Double = 1, frame: Ink? = nil) {
    cairo_new_sub_path(cairo)
    cairo_arc(cairo, x, y, max(radius, 0), 0, 2 * Double.pi)
    paint(fill: fill, opacity: opacity, frame: frame, width: 0.8)
  }

  /// Fills and frames rings of points, even-odd.
  func rings(_ rings: [[(Double, Double)]], fill: Ink, opacity: Double, frame: Ink, isDashed: Bool = false) {
    cairo_set_fill_rule(cairo, CAIRO_FILL_RULE_EVEN_ODD)
    for ring in rings {
      for (place, point) in ring.enumerated() {
        if place == 0 { cairo_move_to(cairo, point.0, point.1) } else { cairo_line_to(cairo, point.0, point.1) }
      }
      cairo_close_path(cairo)
    }
    cairo_set_dash(cairo, [3, 2], isDashed ? 2 : 0, 0)
    paint(fill: fill, opacity: opacity, frame: frame, width: 0.9)
    cairo_set_dash(cairo, [], 0, 0)
  }

  /// Draws within a rectangle only.
  func clipped(to box: Box, _ body: () -> Void) {
    cairo_save(cairo)
    cairo_rectangle(cairo, box.x, box.y, box.width, box.height)
    cairo_clip(cairo)
    body()
    cairo_restore(cairo)
  }

  private func paint(fill: Ink?, opacity: Double = 1, frame: Ink?, width: Double) {
    if let fill {
      choose(fill, opacity: opacity)
      cairo_fill_preserve(cairo)
    }
    if let frame {
      choose(frame)
      cairo_set_line_width(cairo, width)
      cairo_stroke_preserve(cairo)
    }
    cairo_new_path(cairo)
  }

  private func choose(_ ink: Ink, opacity: Double = 1) {
    cairo_set_source_rgba(cairo, ink.red, ink.green, ink.blue, opacity)
  }
}
