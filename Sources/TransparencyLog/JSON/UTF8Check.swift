/// Finds where bytes stop being UTF-8 (Unicode §3.9, table 3-7). The standard library only says whether they are.
enum UTF8Check {
  /// The offset of the first byte of the first ill-formed sequence; nil if there is none.
  static func firstInvalid(in input: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Int? {
    var position = range.lowerBound
    while position < range.upperBound {
      let lead = input[position]
      if lead < 0x80 {
        position += 1
        continue
      }
      guard let (length, second) = shape(lead), position + length <= range.upperBound,
        second.contains(input[position + 1]),
        (2..<length).allSatisfy({ input[position + $0] & 0xC0 == 0x80 })
      else { return position }
      position += length
    }
    return nil
  }

  /// How long the sequence is that begins so, and what its second byte may be: that is where overlong forms,
  /// surrogates and what is beyond U+10FFFF are shut out.
  private static func shape(_ lead: UInt8) -> (length: Int, second: ClosedRange<UInt8>)? {
    switch lead {
    case 0xC2...0xDF: (2, 0x80...0xBF)
    case 0xE0: (3, 0xA0...0xBF)
    case 0xE1...0xEC, 0xEE...0xEF: (3, 0x80...0xBF)
    case 0xED: (3, 0x80...0x9F)
    case 0xF0: (4, 0x90...0xBF)
    case 0xF1...0xF3: (4, 0x80...0xBF)
    case 0xF4: (4, 0x80...0x8F)
    default: nil
    }
  }
}
