/// A stretch of a QR symbol's text in one encoding mode (ISO/IEC 18004, 7.4).
package struct QRSegment: Equatable, Sendable {
  /// Encoding modes, the densest first.
  package enum Mode: Int, CaseIterable, Sendable {
    /// Digits: 10 bits for three.
    case numeric
    /// Digits, upper-case letters and `$%*+-./:` and space: 11 bits for two.
    case alphanumeric
    /// Anything: 8 bits each.
    case byte
  }

  /// The mode.
  package let mode: Mode
  /// The text, ASCII.
  package let bytes: ArraySlice<UInt8>
}

/// Cuts a text into segments so that the symbol is as small as can be: for an item code that is byte mode for
/// `https://id.example.cn`, whose letters are lower case because some phones do not open upper-case URLs, and
/// alphanumeric mode for the rest.
enum QRSegments {
  /// Costs are kept in sixths of a bit, so that 3⅓ bits a digit and 5½ bits a letter stay whole numbers.
  private static let sixths = 6

  /// What a new segment must save beyond its own header, bits. Without it, an item code would be cut about its GTIN
  /// for six bits; hardly a symbol gets smaller by so little, and two segments are what our format promises.
  private static let reluctance = 8

  /// The cheapest cut for symbols whose length fields are those of `version` (1 … 40).
  ///
  /// Goes through the text once, keeping for each mode the cost of the cheapest way to be in it. Three variables and
  /// not an array: this runs for every label.
  static func cut(_ text: [UInt8], version: Int) -> [QRSegment] {
    guard !text.isEmpty else { return [] }
    let header = Costs(
      numeric: header(.numeric, version: version), alphanumeric: header(.alphanumeric, version: version),
      byte: header(.byte, version: version))
    var costs = header
    // For each place and mode: the mode of the character before it on the cheapest way.
    var previous: [UInt8] = []
    previous.reserveCapacity(text.count * 3)
    for byte in text {
      let ended = Costs(
        numeric: isDigit(byte) ? costs.numeric + 20 : unreachable,
        alphanumeric: isAlphanumeric(byte) ? costs.alphanumeric + 33 : unreachable, byte: costs.byte + 48)
      let best = ended.cheapest
      // A new segment begins at a whole bit.
      let switched = (best.cost + sixths - 1) / sixths * sixths
      let (numeric, fromNumeric) = stay(ended.numeric, 0, or: switched + header.numeric, best.mode)
      let (alphanumeric, fromAlphanumeric) = stay(ended.alphanumeric, 1, or: switched + header.alphanumeric, best.mode)
      let (bytes, fromByte) = stay(ended.byte, 2, or: switched + header.byte, best.mode)
      costs = Costs(numeric: numeric, alphanumeric: alphanumeric, byte: bytes)
      previous.append(fromNumeric)
      previous.append(fromAlphanumeric)
      previous.append(fromByte)
    }
    return trace(text, previous, cheapest: Int(costs.cheapest.mode))
  }

  /// Costs of the three modes, sixths of a bit: 3⅓ bits a digit, 5½ a letter, 8 a byte.
  private struct Costs {
    var numeric: Int
    var alphanumeric: Int
    var byte: Int

    var cheapest: (cost: Int, mode: UInt8) {
      if numeric <= alphanumeric, numeric <= byte { return (numeric, 0) }
      return alphanumeric <= byte ? (alphanumeric, 1) : (byte, 2)
    }
  }

  private static let unreachable = Int.max / 4

  private static func stay(_ own: Int, _ mode: UInt8, or other: Int, _ best: UInt8) -> (Int, UInt8) {
    other < own ? (other, best) : (own, mode)
  }

  /// Walks back from the cheapest end. `previous[3 i + m]` is the mode in which character i stands when the text
  /// after it goes on in mode m.
  private static func trace(_ text: [UInt8], _ previous: [UInt8], cheapest: Int) -> [QRSegment] {
    var segments: [QRSegment] = []
    var mode = cheapest
    var end = text.count
    for place in stride(from: text.count - 1, through: 0, by: -1) {
      let own = Int(previous[3 * place + mode])
      if own != mode, end > place + 1 {
        segments.append(segment(text[(place + 1)..<end], mode))
        end = place + 1
      }
      mode = own
    }
    segments.append(segment(text[0..<end], mode))
    return segments.reversed()
  }

  private static func segment(_ bytes: ArraySlice<UInt8>, _ mode: Int) -> QRSegment {
    QRSegment(mode: QRSegment.Mode(rawValue: mode) ?? .byte, bytes: bytes)
  }

  /// Mode indicator and length field (ISO/IEC 18004, tables 2 and 3), with the reluctance; sixths of a bit.
  private static func header(_ mode: QRSegment.Mode, version: Int) -> Int {
    let column = version < 10 ? 0 : version < 27 ? 1 : 2
    let bits =
      switch mode {
      case .numeric: [10, 12, 14][column]
      case .alphanumeric: [9, 11, 13][column]
      case .byte: [8, 16, 16][column]
      }
    return (4 + bits + reluctance) * sixths
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }

  /// The 45 characters of alphanumeric mode (ISO/IEC 18004, table 5).
  static func isAlphanumeric(_ byte: UInt8) -> Bool {
    switch byte {
    case 48...58, 65...90: true  // 0-9, colon, A-Z
    case 32, 36, 37, 42, 43, 45, 46, 47: true  // space $ % * + - . /
    default: false
    }
  }
}
