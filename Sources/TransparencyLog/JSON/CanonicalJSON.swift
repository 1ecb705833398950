extension JSONValue {
  /// The one spelling of the value (RFC 8785, JCS): what is hashed, committed to and signed.
  ///
  /// Total where RFC 8785 refuses: integers beyond ±2^53, which other programs may round, are printed with all their
  /// digits (events contain none); NaN and infinities are printed as `null`, as ECMAScript's `JSON.stringify` does.
  package var canonicalBytes: [UInt8] {
    var writer = JSONWriter(isPretty: false)
    writer.write(self, depth: 0)
    return writer.bytes
  }

  /// The same order and spelling with line breaks and two spaces a level, for people.
  package var prettyBytes: [UInt8] {
    var writer = JSONWriter(isPretty: true)
    writer.write(self, depth: 0)
    return writer.bytes + [UInt8(ascii: "\n")]
  }
}

extension JSONValue: CustomStringConvertible {
  /// The canonical text.
  package var description: String { String(decoding: canonicalBytes, as: UTF8.self) }
}

/// Writes JSON with members in the order of RFC 8785 §3.2.3.
struct JSONWriter {
  private(set) var bytes: [UInt8] = []
  private let isPretty: Bool

  init(isPretty: Bool) {
    self.isPretty = isPretty
  }

  mutating func write(_ value: JSONValue, depth: Int) {
    switch value {
    case .null: bytes.append(contentsOf: "null".utf8)
    case .bool(let value): bytes.append(contentsOf: (value ? "true" : "false").utf8)
    case .integer(let number): write(number)
    case .number(let number): ECMAScriptNumber.append(number, to: &bytes)
    case .string(let text): write(text)
    case .array(let elements): write(elements, depth: depth)
    case .object(let members): write(members, depth: depth)
    }
  }

  private mutating func write(_ elements: [JSONValue], depth: Int) {
    bytes.append(UInt8(ascii: "["))
    for (place, element) in elements.enumerated() {
      if place > 0 { bytes.append(UInt8(ascii: ",")) }
      breakLine(depth: depth + 1)
      write(element, depth: depth + 1)
    }
    if !elements.isEmpty { breakLine(depth: depth) }
    bytes.append(UInt8(ascii: "]"))
  }

  private mutating func write(_ members: [String: JSONValue], depth: Int) {
    bytes.append(UInt8(ascii: "{"))
    var isFirst = true
    for (name, value) in members.sorted(by: { UTF16Order.precedes($0.key, $1.key) }) {
      if !isFirst { bytes.append(UInt8(ascii: ",")) }
      isFirst = false
      breakLine(depth: depth + 1)
      write(name)
      bytes.append(UInt8(ascii: ":"))
      if isPretty { bytes.append(UInt8(ascii: " ")) }
      write(value, depth: depth + 1)
    }
    if !members.isEmpty { breakLine(depth: depth) }
    bytes.append(UInt8(ascii: "}"))
  }

  private mutating func breakLine(depth: Int) {
    guard isPretty else { return }
    bytes.append(UInt8(ascii: "\n"))
    bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * depth))
  }

  /// RFC 8785 §3.2.2.2: nothing is escaped that need not be.
  private mutating func write(_ text: String) {
    bytes.append(UInt8(ascii: "\""))
    var text = text
    text.withUTF8 { buffer in
      var plain = 0
      for (place, byte) in buffer.enumerated() where byte < 0x20 || byte == 0x22 || byte == 0x5C {
        bytes.append(contentsOf: UnsafeBufferPointer(rebasing: buffer[plain..<place]))
        escape(byte)
        plain = place + 1
      }
      bytes.append(contentsOf: UnsafeBufferPointer(rebasing: buffer[plain...]))
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private mutating func escape(_ byte: UInt8) {
    bytes.append(UInt8(ascii: "\\"))
    switch byte {
    case 0x08: bytes.append(UInt8(ascii: "b"))
    case 0x09: bytes.append(UInt8(ascii: "t"))
    case 0x0A: bytes.append(UInt8(ascii: "n"))
    case 0x0C: bytes.append(UInt8(ascii: "f"))
    case 0x0D: bytes.append(UInt8(ascii: "r"))
    case 0..<0x20:
      bytes.append(contentsOf: "u00".utf8)
      bytes.append(Hex.digit(byte >> 4))
      bytes.append(Hex.digit(byte & 15))
    default: bytes.append(byte)
    }
  }

  private mutating func write(_ number: Int64) {
    bytes.append(contentsOf: String(number).utf8)
  }
}
