import CPango
import CTurboJPEG

/// A picture drawn anew for people to look at: decoded, made smaller where it is large, and encoded as JPEG. Whatever
/// else was in the file (metadata, a second format, a script behind the picture) is not in what is shown. The original
/// stays as it was sent.
package enum DisplayImage {
  /// The longest side shown, in pixels, and the quality of 100.
  package static let sideMax: Int32 = 1600, quality: Int32 = 85
  /// The most pixels of a picture that is decoded at all: 100 megapixels.
  package static let pixelsMax = 100_000_000

  /// The picture as JPEG; nil for what is no picture that can be decoded.
  package static func jpeg(of bytes: [UInt8], _ type: AttachmentType) -> [UInt8]? {
    switch type {
    case .jpeg: decoded(jpeg: bytes).flatMap(encoded)
    case .png: decoded(png: bytes).flatMap(encoded)
    case .pdf: nil
    }
  }

  /// Pixels, four bytes each: blue, green, red, unused.
  private struct Raster {
    var pixels: [UInt8]
    let width: Int32, height: Int32, pitch: Int32
  }

  /// The decoder scales by eighths by itself, so that a large photo costs little memory.
  private static func decoded(jpeg bytes: [UInt8]) -> Raster? {
    guard let decoder = tjInitDecompress() else { return nil }
    defer { tjDestroy(decoder) }
    var (width, height, subsampling, colors): (Int32, Int32, Int32, Int32) = (0, 0, 0, 0)
    guard
      tjDecompressHeader3(decoder, bytes, UInt(bytes.count), &width, &height, &subsampling, &colors) == 0,
      width > 0, height > 0, Int(width) * Int(height) <= pixelsMax
    else { return nil }
    var (wide, high) = (width, height)
    if let eighths = (1...8).last(where: { max(width, height) * Int32($0) / 8 <= sideMax }) {
      wide = (width * Int32(eighths) + 7) / 8
      high = (height * Int32(eighths) + 7) / 8
    } else {
      (wide, high) = ((width + 7) / 8, (height + 7) / 8)
    }
    var pixels = [UInt8](repeating: 0, count: Int(wide) * Int(high) * 4)
    let code = tjDecompress2(
      decoder, bytes, UInt(bytes.count), &pixels, wide, wide * 4, high, Int32(TJPF_BGRX.rawValue), 0)
    // What is only warned of (bytes between the picture and its end, a photo cut short) is drawn all the same.
    guard code == 0 || tjGetErrorCode(decoder) == Int32(TJERR_WARNING.rawValue) else { return nil }
    return Raster(pixels: pixels, width: wide, height: high, pitch: wide * 4)
  }

  /// What is left to read of a PNG.
  private struct Input {
    let bytes: [UInt8]
    var place = 0
  }

  private static func decoded(png bytes: [UInt8]) -> Raster? {
    // Width and height stand in the header, whose place the type has been told by.
    guard bytes.count > 24 else { return nil }
    let size = stride(from: 16, to: 24, by: 4).map { start in
      bytes[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
    }
    guard size.allSatisfy({ (1...32_000).contains($0) }), size[0] * size[1] <= pixelsMax else { return nil }
    var input = Input(bytes: bytes)
    let image = withUnsafeMutablePointer(to: &input) { pointer in
      cairo_image_surface_create_from_png_stream(
        { closure, target, count in
          guard let input = closure?.assumingMemoryBound(to: Input.self), let target,
            input.pointee.place + Int(count) <= input.pointee.bytes.count
          else { return CAIRO_STATUS_READ_ERROR }
          let start = input.pointee.place
          for offset in 0..<Int(count) { target[offset] = input.pointee.bytes[start + offset] }
          input.pointee.place += Int(count)
          return CAIRO_STATUS_SUCCESS
        }, pointer)
    }
    defer { cairo_surface_destroy(image) }
    guard cairo_surface_status(image) == CAIRO_STATUS_SUCCESS else { return nil }
    let (width, height) = (cairo_image_surface_get_width(image), cairo_image_surface_get_height(image))
    let scale = min(1, Double(sideMax) / Double(max(width, height, 1)))
    func scaled(_ side: Int32) -> Int32 { max(1, Int32((Double(side) * scale).rounded())) }
    let (wide, high) = (scaled(width), scaled(height))
    let canvas = cairo_image_surface_create(CAIRO_FORMAT_RGB24, wide, high)
    defer { cairo_surface_destroy(canvas) }
    let context = cairo_create(canvas)
    cairo_set_source_rgb(context, 1, 1, 1)
    cairo_paint(context)
    cairo_scale(context, scale, scale)
    cairo_set_source_surface(context, image, 0, 0)
    cairo_paint(context)
    let isPainted = cairo_status(context) == CAIRO_STATUS_SUCCESS
    cairo_destroy(context)
    cairo_surface_flush(canvas)
    let pitch = cairo_image_surface_get_stride(canvas)
    guard isPainted, let data = cairo_image_surface_get_data(canvas) else { return nil }
    let pixels = Array(UnsafeBufferPointer(start: data, count: Int(pitch) * Int(high)))
    return Raster(pixels: pixels, width: wide, height: high, pitch: pitch)
  }

  private static func encoded(_ raster: Raster) -> [UInt8]? {
    guard let encoder = tjInitCompress() else { return nil }
    defer { tjDestroy(encoder) }
    var buffer: UnsafeMutablePointer<UInt8>?
    var count: UInt = 0
    let code = tjCompress2(
      encoder, raster.pixels, raster.width, raster.pitch, raster.height, Int32(TJPF_BGRX.rawValue), &buffer, &count,
      Int32(TJSAMP_420.rawValue), quality, 0)
    defer { tjFree(buffer) }
    guard code == 0, let buffer else { return nil }
    return Array(UnsafeBufferPointer(start: buffer, count: Int(count)))
  }
}
