/// Douglas Crockford's base 32: digits and capitals without I, L, O and U, so that a person can read it out.
enum CrockfordBase32 {
  /// The character of each value 0–31.
  static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

  /// The two characters of each value 0–1023, the first in the low byte: halves the look-ups when printing in bulk.
  static let pairs: [UInt16] = (0..<1024).map { value in
    UInt16(alphabet[value >> 5]) | UInt16(alphabet[value & 31]) << 8
  }

  /// The value of each byte, 255 where it is no character of the alphabet. Lower case counts, and so do O for 0, I and
  /// L for 1, as Crockford says; U does not.
  private static let values: [UInt8] = {
    var table = [UInt8](repeating: 255, count: 256)
    for (value, character) in alphabet.enumerated() {
      table[Int(character)] = UInt8(value)
      table[Int(character | 0x20)] = UInt8(value)  // digits have this bit set already
    }
    for (alias, value) in zip("OoIiLl".utf8, [0, 0, 1, 1, 1, 1] as [UInt8]) { table[Int(alias)] = value }
    return table
  }()

  /// The number written in `text`, at most 12 characters; nil when one is outside the alphabet.
  static func value(_ text: some Collection<UInt8>) -> UInt64? {
    var result: UInt64 = 0
    for character in text {
      let value = values[Int(character)]
      guard value < 32 else { return nil }
      result = result << 5 | UInt64(value)
    }
    return result
  }

  /// The low `5 * length` bits of `value` as `length` characters.
  static func text(_ value: UInt64, length: Int) -> String {
    String(decoding: (0..<length).reversed().map { alphabet[Int(value >> UInt64(5 * $0)) & 31] }, as: UTF8.self)
  }
}
