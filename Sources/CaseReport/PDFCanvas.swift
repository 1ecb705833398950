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

/// cairo's PDF pages, drawn with texts that a `Typesetter` set. C is called here and there only; what it gives depends on
/// nothing but what is drawn and on the installed fonts.
final class PDFCanvas {
  /// A4, points.
  static let width = 595.28, height = 841.89

  /// What a document says of itself.
  struct Metadata {
    let title: String
    let author: String
    let madeAt: String
  }

  /// Sets the texts.
  let type: Typesetter
  private let surface: OpaquePointer?
  /// Nil where nothing is drawn.
  private let cairo: OpaquePointer?
  private let output = Output()

  private final class Output {
    var bytes: [UInt8] = []
  }

  /// A canvas on which everything has its size and leaves no trace: for counting pages.
  init(measuringWith type: Typesetter) {
    self.type = type
    surface = nil
    cairo = nil
  }

  /// Begins a document.
  init(_ type: Typesetter, _ metadata: Metadata) {
    self.type = type
    let closure = Unmanaged.passUnretained(output).toOpaque()
    surface = cairo_pdf_surface_create_for_stream(
      { closure, data, count in
        guard let closure, let data else { return CAIRO_STATUS_WRITE_ERROR }
        let bytes = UnsafeBufferPointer(start: data, count: Int(count))
        Unmanaged<Output>.fromOpaque(closure).takeUnretainedValue().bytes.append(contentsOf: bytes)
        return CAIRO_STATUS_SUCCESS
      }, closure, Self.width, Self.height)
    cairo = cairo_create(surface)
    for (field, text) in [
      (CAIRO_PDF_METADATA_TITLE, metadata.title), (CAIRO_PDF_METADATA_AUTHOR, metadata.author),
      (CAIRO_PDF_METADATA_CREATOR, "Yima"),
      // Without these cairo asks the clock.
      (CAIRO_PDF_METADATA_CREATE_DATE, metadata.madeAt), (CAIRO_PDF_METADATA_MOD_DATE, metadata.madeAt),
    ] {
      cairo_pdf_surface_set_metadata(surface, field, text)
    }
  }

  deinit {
    if let cairo { cairo_destroy(cairo) }
    if let surface { cairo_surface_destroy(surface) }
  }

  /// Ends a page.
  func showPage() {
    if let cairo { cairo_show_page(cairo) }
  }

  /// Ends the document; nil when cairo failed, or nothing was to be drawn.
  func finish() -> [UInt8]? {
    guard let cairo, let surface else { return nil }
    cairo_surface_finish(surface)
    guard cairo_status(cairo) == CAIRO_STATUS_SUCCESS, cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS else {
      return nil
    }
    return output.bytes
  }
}

extension PDFCanvas {
  /// Draws lines of a text, the first one's top at `y`.
  func draw(_ text: SetText, lines: Range<Int>? = nil, x: Double, y: Double, ink: Ink = .black) {
    guard let cairo else { return }
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

  /// Draws a straight line.
  func line(from: (Double, Double), to: (Double, Double), ink: Ink = .line, width: Double = 0.6, isDashed: Bool = false)
  {
    guard let cairo else { return }
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
    guard let cairo else { return }
    cairo_rectangle(cairo, box.x, box.y, box.width, box.height)
    paint(fill: fill, frame: frame, width: width)
  }

  /// Fills or frames a circle.
  func circle(_ x: Double, _ y: Double, radius: Double, fill: Ink? = nil, opacity: Double = 1, frame: Ink? = nil) {
    guard let cairo else { return }
    cairo_new_sub_path(cairo)
    cairo_arc(cairo, x, y, max(radius, 0), 0, 2 * Double.pi)
    paint(fill: fill, opacity: opacity, frame: frame, width: 0.8)
  }

  /// Fills and frames rings of points, even-odd.
  func rings(_ rings: [[(Double, Double)]], fill: Ink, opacity: Double, frame: Ink, isDashed: Bool = false) {
    guard let cairo else { return }
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
    guard let cairo else { return body() }
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
