import CQREncode

/// The dark modules of a QR code.
struct QRModules {
  let size: Int
  private let dark: [Bool]

  /// Encodes a text; nil when it is empty or too long.
  init?(_ text: String) {
    guard let code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M) else { return nil }
    defer { QRcode_free(code) }
    let size = Int(code.pointee.width)
    guard size > 0, let data = code.pointee.data else { return nil }
    self.size = size
    // The lowest bit is the colour.
    dark = UnsafeBufferPointer(start: data, count: size * size).map { $0 & 1 == 1 }
  }

  func isDark(_ x: Int, _ y: Int) -> Bool { dark[y * size + x] }
}
