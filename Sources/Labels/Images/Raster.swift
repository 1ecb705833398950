import CPango
import Fonts

/// A grid of dots, one byte each: 0 is paper, 255 is ink. Wraps a cairo image surface.
final class Raster {
  let width: Int
  let height: Int
  private let surface: OpaquePointer
  private let context: OpaquePointer

  /// Throws `.library` when cairo cannot make a surface of that size.
  init(width: Int, height: Int) throws(LabelError) {
    self.width = width
    self.height = height
    guard let surface = cairo_image_surface_create(CAIRO_FORMAT_A8, Int32(clamping: width), Int32(clamping: height)),
      let context = cairo_create(surface)
    else { throw .library("cairo: out of memory") }
    self.surface = surface
    self.context = context
    let status = cairo_surface_status(surface)
    guard status == CAIRO_STATUS_SUCCESS else { throw .library(Self.words(status)) }
    FontOptions.unhinted { cairo_set_font_options(context, $0) }
  }

  deinit {
    FontLibrary.exclusively { cairo_destroy(context) }
    cairo_surface_destroy(surface)
  }

  /// Inks a rectangle of whole dots; what lies outside is left out.
  func fill(x: Int, y: Int, width: Int, height: Int, ink: UInt8 = 255) {
    let columns = max(0, x)..<max(max(0, x), min(self.width, x + width))
    let rows = max(0, y)..<max(max(0, y), min(self.height, y + height))
    withRows { row in
      for y in rows {
        for x in columns { row(y)[x] = ink }
      }
    }
  }

  /// Draws a line of text whose label has its corner at (x, y), in dots.
  func draw(_ line: TextLine, x: Double, y: Double, dotsPerMillimetre: Double) {
    let size = line.size * dotsPerMillimetre
    let left = x + line.x * dotsPerMillimetre
    let baseline = y + line.baseline * dotsPerMillimetre
    cairo_set_font_size(context, size)
    for run in line.runs {
      cairo_set_font_face(context, run.face.native)
      let glyphs = run.glyphs.map {
        cairo_glyph_t(index: UInt($0.glyph), x: left + $0.x * size, y: baseline + $0.y * size)
      }
      FontLibrary.exclusively { cairo_show_glyphs(context, glyphs, Int32(clamping: glyphs.count)) }
    }
  }

  /// Calls `body` with a function that gives each row's bytes. Rows are padded at their end.
  func withRows<Result>(_ body: ((Int) -> UnsafeMutableBufferPointer<UInt8>) -> Result) -> Result {
    cairo_surface_flush(surface)
    defer { cairo_surface_mark_dirty(surface) }
    let stride = Int(cairo_image_surface_get_stride(surface))
    let data = cairo_image_surface_get_data(surface)
    let (width, height) = (width, height)
    return body { row in
      guard let data, (0..<height).contains(row) else { return UnsafeMutableBufferPointer(start: nil, count: 0) }
      return UnsafeMutableBufferPointer(start: data + row * stride, count: width)
    }
  }

  /// The picture as a grey PNG, black on white. The raster holds the negative afterwards.
  /// Throws `.library` with cairo's status.
  func png() throws(LabelError) -> [UInt8] {
    withRows { row in
      for y in 0..<height {
        let bytes = row(y)
        for x in bytes.indices { bytes[x] = ~bytes[x] }
      }
    }
    var bytes: [UInt8] = []
    let status = withUnsafeMutablePointer(to: &bytes) { bytes in
      cairo_surface_write_to_png_stream(
        surface,
        { closure, data, length in
          guard let target = closure?.assumingMemoryBound(to: [UInt8].self) else { return CAIRO_STATUS_WRITE_ERROR }
          target.pointee.append(contentsOf: UnsafeBufferPointer(start: data, count: Int(length)))
          return CAIRO_STATUS_SUCCESS
        }, bytes)
    }
    guard status == CAIRO_STATUS_SUCCESS else { throw .library(Self.words(status)) }
    return bytes
  }

  private static func words(_ status: cairo_status_t) -> String {
    "cairo: " + (cairo_status_to_string(status).map { String(cString: $0) } ?? "\(status.rawValue)")
  }
}
