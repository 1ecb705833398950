import CQREncode

/// How much of a QR symbol may be damaged and still be read.
package enum ErrorCorrection: String, CaseIterable, Sendable {
  /// 7 %.
  case low = "L"
  /// 15 %, the default.
  case medium = "M"
  /// 25 %.
  case quartile = "Q"
  /// 30 %.
  case high = "H"

  fileprivate var native: QRecLevel {
    switch self {
    case .low: QR_ECLEVEL_L
    case .medium: QR_ECLEVEL_M
    case .quartile: QR_ECLEVEL_Q
    case .high: QR_ECLEVEL_H
    }
  }
}

/// A QR Code symbol (ISO/IEC 18004) as a square of dark and light modules, without its quiet zone.
package struct QRSymbol: Equatable, Sendable {
  /// Modules that must stay light on each side.
  package static let quietZone = 4

  /// 1 … 40; a symbol has 17 + 4 × version modules a side.
  package let version: Int
  /// Modules a side.
  package let size: Int
  /// Its error correction.
  package let level: ErrorCorrection
  /// How the text was cut.
  package let segments: [QRSegment]
  /// Row by row, 1 for dark.
  let modules: [UInt8]

  /// Encodes an ASCII text in the smallest symbol. Throws `.notEncodable` when it is empty, not ASCII, or too long.
  package init(_ text: String, level: ErrorCorrection = .medium) throws(LabelError) {
    let bytes = Array(text.utf8)
    // Readers disagree about the character set of other bytes, and a URI has none.
    guard !bytes.isEmpty, bytes.allSatisfy({ $0 < 0x80 }) else { throw .notEncodable(bytes: bytes.count) }
    // The best cut depends on the length fields, they on the version, the version on the cut.
    for last in [9, 26, 40] {
      let segments = QRSegments.cut(bytes, version: last)
      guard let code = EncodedQR(segments, level: level) else { continue }
      guard code.version <= last else { continue }
      (version, size, modules) = (code.version, code.size, code.modules)
      (self.level, self.segments) = (level, segments)
      return
    }
    throw .notEncodable(bytes: bytes.count)
  }

  /// Whether a module is dark; those outside the symbol are light.
  package func isDark(x: Int, y: Int) -> Bool {
    guard (0..<size).contains(x), (0..<size).contains(y) else { return false }
    return modules[y * size + x] != 0
  }

  /// Modules a side of a finder pattern, of which one lies in each corner but the last.
  static let finderSize = 7

  /// The left top modules of the finder patterns.
  var finders: [(x: Int, y: Int)] { [(0, 0), (size - Self.finderSize, 0), (0, size - Self.finderSize)] }

  /// Calls `body` with every horizontal run of dark modules, or with those that are not in a finder pattern: its left
  /// module, its row and its length.
  func forEachRun(besideFinders: Bool = false, _ body: (_ x: Int, _ y: Int, _ length: Int) -> Void) {
    let edge = size - Self.finderSize
    for y in 0..<size {
      // A light module parts a finder pattern from the rest, so no run is cut.
      let isCut = besideFinders && (y < Self.finderSize || y >= edge)
      let (first, end) = (isCut ? Self.finderSize : 0, isCut && y < Self.finderSize ? edge : size)
      var start = -1
      for x in first..<end {
        let dark = modules[y * size + x] != 0
        if dark, start < 0 { start = x }
        if !dark, start >= 0 {
          body(start, y, x - start)
          start = -1
        }
      }
      if start >= 0 { body(start, y, end - start) }
    }
  }
}

/// What libqrencode makes of segments; its memory is freed before `init` returns.
private struct EncodedQR {
  let version: Int
  let size: Int
  let modules: [UInt8]

  /// nil when the segments do not fit the largest symbol.
  init?(_ segments: [QRSegment], level: ErrorCorrection) {
    guard let input = QRinput_new2(0, level.native) else { return nil }
    defer { QRinput_free(input) }
    for segment in segments {
      let mode: QRencodeMode =
        switch segment.mode {
        case .numeric: QR_MODE_NUM
        case .alphanumeric: QR_MODE_AN
        case .byte: QR_MODE_8
        }
      let status = segment.bytes.withUnsafeBufferPointer { bytes in
        QRinput_append(input, mode, Int32(clamping: bytes.count), bytes.baseAddress)
      }
      guard status == 0 else { return nil }
    }
    guard let code = QRcode_encodeInput(input) else { return nil }
    defer { QRcode_free(code) }
    guard let data = code.pointee.data, code.pointee.width > 0 else { return nil }
    version = Int(code.pointee.version)
    size = Int(code.pointee.width)
    // The lowest bit is the colour; the others are the encoder's own notes.
    modules = UnsafeBufferPointer(start: data, count: size * size).map { $0 & 1 }
  }
}
