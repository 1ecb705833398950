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

  /// What a new segment must save beyond its own header, bits. Without it, an item code would be cut in four for
  /// three bits; no symbol gets smaller by so little, and every reader handles two segments.
  private static let reluctance = 4

  /// The cheapest cut for symbols whose length fields are those of `version` (1 … 40).
  static func cut(_ text: [UInt8], version: Int) -> [QRSegment] {
    guard !text.isEmpty else { return [] }
    let headers = QRSegment.Mode.allCases.map { (header($0, version: version) + reluctance) * sixths }
    let unreachable = Int.max / 4
    var costs = headers
    // For each place and mode: the mode of the character before it on the cheapest way.
    var previous: [UInt8] = []
    previous.reserveCapacity(text.count * 3)
    for byte in text {
      let ended = zip(costs, QRSegment.Mode.allCases).map { before, mode in
        canEncode(byte, mode) ? before + cost(ofCharacterIn: mode) : unreachable
      }
      for (mode, header) in headers.enumerated() {
        var best = ended[mode]
        var from = mode
        for (other, cost) in ended.enumerated() where other != mode {
          let switched = roundedUp(cost) + header
          if switched < best { (best, from) = (switched, other) }
        }
        costs[mode] = best
        previous.append(UInt8(truncatingIfNeeded: from))
      }
    }
    return trace(text, previous, cheapest: costs.indices.min { costs[$0] < costs[$1] } ?? 2)
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

  /// Mode indicator and length field, bits (ISO/IEC 18004, tables 2 and 3).
  private static func header(_ mode: QRSegment.Mode, version: Int) -> Int {
    let column = version < 10 ? 0 : version < 27 ? 1 : 2
    return switch mode {
    case .numeric: 4 + [10, 12, 14][column]
    case .alphanumeric: 4 + [9, 11, 13][column]
    case .byte: 4 + [8, 16, 16][column]
    }
  }

  private static func cost(ofCharacterIn mode: QRSegment.Mode) -> Int {
    switch mode {
    case .numeric: 20
    case .alphanumeric: 33
    case .byte: 48
    }
  }

  private static func roundedUp(_ cost: Int) -> Int { (cost + sixths - 1) / sixths * sixths }

  private static func canEncode(_ byte: UInt8, _ mode: QRSegment.Mode) -> Bool {
    switch mode {
    case .numeric: (48...57).contains(byte)
    case .alphanumeric: isAlphanumeric(byte)
    case .byte: true
    }
  }

  /// The 45 characters of alphanumeric mode (ISO/IEC 18004, table 5).
  static func isAlphanumeric(_ byte: UInt8) -> Bool {
    switch byte {
    case 48...58, 65...90: true  // 0-9, colon, A-Z
    case 32, 36, 37, 42, 43, 45, 46, 47: true  // space $ % * + - . /
    default: false
    }
  }
}
