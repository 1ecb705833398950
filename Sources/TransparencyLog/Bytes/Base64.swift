/// Base 64 (RFC 4648) in its one canonical form, so that equal bytes have equal text and no signed text can be respelt.
///
/// Refused, where others are lenient: white space, missing or excess padding, and spare bits that are not zero.
package struct Base64: Sendable {
  private let character62: UInt8
  private let character63: UInt8
  private let padded: Bool

  /// RFC 4648 §4: `+`, `/`, with padding.
  package static let standard = Base64(
    character62: UInt8(ascii: "+"), character63: UInt8(ascii: "/"), padded: true)
  /// RFC 4648 §5: `-`, `_`, without padding (§3.2).
  package static let url = Base64(
    character62: UInt8(ascii: "-"), character63: UInt8(ascii: "_"), padded: false)

  /// The text of the bytes.
  package func encode(_ bytes: some Collection<UInt8>) -> String {
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count + 2) / 3 * 4)
    add(bytes, to: &text)
    return String(decoding: text, as: UTF8.self)
  }

  /// Adds the ASCII text of `bytes` to `text`. Not generic: generic code of another module is not specialised, and slow.
  package func append(_ bytes: [UInt8], to text: inout [UInt8]) { add(bytes, to: &text) }

  private func add(_ bytes: some Collection<UInt8>, to text: inout [UInt8]) {
    var pending: UInt32 = 0
    var bits = 0
    for byte in bytes {
      pending = (pending << 8 | UInt32(byte)) & 0xFFFF
      bits += 8
      while bits >= 6 {
        bits -= 6
        text.append(character(UInt8(truncatingIfNeeded: pending >> UInt32(bits)) & 63))
      }
    }
    if bits > 0 { text.append(character(UInt8(truncatingIfNeeded: pending << UInt32(6 - bits)) & 63)) }
    guard padded, bits > 0 else { return }
    text.append(contentsOf: repeatElement(UInt8(ascii: "="), count: bits == 2 ? 2 : 1))
  }

  /// The bytes of an ASCII text; nil unless it is exactly what ``encode(_:)`` writes.
  package func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
    let count = text.count
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count / 4 * 3 + 2)
    var pending: UInt32 = 0
    var bits = 0
    var digits = 0
    for byte in text {
      guard let value = value(byte) else { break }
      digits += 1
      pending = (pending << 6 | UInt32(value)) & 0x3FFF
      bits += 6
      guard bits >= 8 else { continue }
      bits -= 8
      bytes.append(UInt8(truncatingIfNeeded: pending >> UInt32(bits)))
    }
    // Six bits left over are half a byte's worth: no byte string ends so.
    guard bits < 6, pending & (1 << UInt32(bits) - 1) == 0 else { return nil }
    let padding = padded ? (4 - digits % 4) % 4 : 0
    guard count == digits + padding else { return nil }
    return text.suffix(padding).allSatisfy({ $0 == UInt8(ascii: "=") }) ? bytes : nil
  }

  private func character(_ value: UInt8) -> UInt8 {
    switch value {
    case 0..<26: UInt8(ascii: "A") + value
    case 26..<52: UInt8(ascii: "a") + (value - 26)
    case 52..<62: UInt8(ascii: "0") + (value - 52)
    case 62: character62
    default: character63
    }
  }

  private func value(_ character: UInt8) -> UInt8? {
    switch character {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): character - UInt8(ascii: "A")
    case UInt8(ascii: "a")...UInt8(ascii: "z"): character - UInt8(ascii: "a") + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0") + 52
    case character62: 62
    case character63: 63
    default: nil
    }
  }
}
