/// For text that is laid out byte by byte because that is done for every scan.
extension [UInt8] {
  /// Adds a literal.
  package mutating func put(_ text: StaticString) { text.withUTF8Buffer { append(contentsOf: $0) } }

  /// Adds a word as it is: one that needs no escaping where it goes.
  package mutating func put(word: String) { append(contentsOf: word.utf8) }

  /// Adds an integer in decimal digits.
  package mutating func put(number: Int64) {
    // As many as the longest has: a sign and 19 digits.
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
      var start = 20
      var rest = number.magnitude
      repeat {
        start -= 1
        digits[start] = UInt8(ascii: "0") + UInt8(rest % 10)
        rest /= 10
      } while rest > 0
      if number < 0 {
        start -= 1
        digits[start] = UInt8(ascii: "-")
      }
      append(contentsOf: UnsafeBufferPointer(rebasing: digits[start...]))
    }
  }
}
