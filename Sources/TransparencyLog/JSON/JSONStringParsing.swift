// Strings, RFC 8259 §7.
extension JSONParser {
  /// Reads a string from its opening quote to behind its closing one.
  mutating func string() throws(JSONError) -> String {
    position += 1
    let start = position
    guard try skipPlain() == UInt8(ascii: "\"") else { return try stringWithEscapes(from: start) }
    // The common case: no escapes, so the bytes are the text.
    let text = String(decoding: UnsafeBufferPointer(rebasing: input[start..<position]), as: UTF8.self)
    position += 1
    return text
  }

  /// Goes to the next quote or backslash, which it returns; what lies between is then known to be UTF-8. Escapes are
  /// ASCII, so each stretch between them must be well-formed by itself.
  private mutating func skipPlain() throws(JSONError) -> UInt8 {
    let start = position
    var seen: UInt8 = 0
    while let byte = next {
      if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
        // Most texts are ASCII and need no second look.
        if seen >= 0x80, let bad = UTF8Check.firstInvalid(in: input, start..<position) {
          throw JSONError(offset: bad, reason: .invalidUTF8)
        }
        return byte
      }
      guard byte >= 0x20 else { throw error(.controlCharacter) }
      seen |= byte
      position += 1
    }
    throw error(.unexpectedEnd)
  }

  /// The position is at the first backslash of the string whose text began at `start`.
  private mutating func stringWithEscapes(from start: Int) throws(JSONError) -> String {
    scratch.removeAll(keepingCapacity: true)
    var plain = start
    var stop = UInt8(ascii: "\\")
    while true {
      scratch.append(contentsOf: UnsafeBufferPointer(rebasing: input[plain..<position]))
      position += 1
      if stop == UInt8(ascii: "\"") { return String(decoding: scratch, as: UTF8.self) }
      try escape()
      plain = position
      stop = try skipPlain()
    }
  }

  /// Reads what follows a backslash.
  private mutating func escape() throws(JSONError) {
    guard let letter = next else { throw error(.unexpectedEnd) }
    position += 1
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): scratch.append(letter)
    case UInt8(ascii: "b"): scratch.append(0x08)
    case UInt8(ascii: "f"): scratch.append(0x0C)
    case UInt8(ascii: "n"): scratch.append(0x0A)
    case UInt8(ascii: "r"): scratch.append(0x0D)
    case UInt8(ascii: "t"): scratch.append(0x09)
    case UInt8(ascii: "u"): scratch.append(contentsOf: try escapedScalar())
    default: throw JSONError(offset: position - 1, reason: .invalidEscape)
    }
  }

  /// Reads the digits after `\u`, and the whole second escape of a surrogate pair.
  private mutating func escapedScalar() throws(JSONError) -> UTF8.EncodedScalar {
    let start = position - 2
    let lone = JSONError(offset: start, reason: .loneSurrogate)
    let unit = try fourDigits()
    var value = UInt32(unit)
    if UTF16.isLeadSurrogate(unit) {
      guard take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else { throw lone }
      let second = try fourDigits()
      guard UTF16.isTrailSurrogate(second) else { throw lone }
      value = 0x10000 + (UInt32(unit) & 0x3FF) << 10 + UInt32(second) & 0x3FF
    }
    // A second half without a first is no scalar and fails here.
    guard let scalar = Unicode.Scalar(value), let encoded = UTF8.encode(scalar) else { throw lone }
    return encoded
  }

  private mutating func fourDigits() throws(JSONError) -> UInt16 {
    var value: UInt16 = 0
    for _ in 0..<4 {
      guard let byte = next else { throw error(.unexpectedEnd) }
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | UInt16(byte - UInt8(ascii: "0"))
      case UInt8(ascii: "a")...UInt8(ascii: "f"): value = value << 4 | UInt16(byte - UInt8(ascii: "a") + 10)
      case UInt8(ascii: "A")...UInt8(ascii: "F"): value = value << 4 | UInt16(byte - UInt8(ascii: "A") + 10)
      default: throw error(.invalidEscape)
      }
      position += 1
    }
    return value
  }
}
