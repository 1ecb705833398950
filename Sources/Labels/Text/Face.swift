import CPango
import Fonts

/// A typeface that glyphs are drawn from: cairo's font face, held for as long as this object lives.
final class Face {
  /// A name fit for a PDF: letters, digits and a hyphen.
  let name: String
  /// cairo's face, for the raster to set.
  let native: OpaquePointer
  private let context: OpaquePointer?
  private let surface: OpaquePointer?
  private var outlines: [UInt32: GlyphOutline] = [:]

  /// Takes a share of `native`.
  init(_ native: OpaquePointer, name: String) {
    self.name = name
    self.native = cairo_font_face_reference(native) ?? native
    // Outlines need a drawing context, but no pixels.
    surface = cairo_image_surface_create(CAIRO_FORMAT_A8, 1, 1)
    context = cairo_create(surface)
    cairo_set_font_face(context, native)
    cairo_set_font_size(context, GlyphOutline.unitsPerEm)
    FontOptions.unhinted { cairo_set_font_options(context, $0) }
  }

  deinit {
    FontLibrary.exclusively {
      cairo_destroy(context)
      cairo_surface_destroy(surface)
      cairo_font_face_destroy(native)
    }
  }

  /// How many glyphs' shapes are kept.
  var knownGlyphs: Int { outlines.count }

  /// The shape of a glyph, read once.
  func outline(_ glyph: UInt32) -> GlyphOutline {
    if let known = outlines[glyph] { return known }
    let outline = FontLibrary.exclusively { GlyphOutline(glyph, in: context) }
    outlines[glyph] = outline
    return outline
  }
}

/// The one set of font options used everywhere: a label measured for PDF must be laid out the same for a printer.
enum FontOptions {
  /// Calls `body` with options that switch off every hint; they are freed afterwards.
  static func unhinted(_ body: (OpaquePointer?) -> Void) {
    let options = cairo_font_options_create()
    defer { cairo_font_options_destroy(options) }
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE)
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF)
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY)
    body(options)
  }
}
