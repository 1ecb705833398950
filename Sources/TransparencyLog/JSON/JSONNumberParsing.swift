// Numbers, RFC 8259 §6.
extension JSONParser {
  /// More characters than any exact value of 64-bit floating point has.
  private static let maxNumberBytes = 1024

  /// Reads a number, whose first character is at the position.
  mutating func number() throws(JSONError) -> JSONValue {
    let start = position
    let isNegative = take(UInt8(ascii: "-"))
    var magnitude: UInt64? = 0
    let firstDigit = position
    try digits { digit in
      // Nil once it does not fit: then it is floating point.
      magnitude = magnitude.flatMap { Self.append(digit, to: $0) }
    }
    guard position - firstDigit == 1 || input[firstDigit] != UInt8(ascii: "0") else {
      throw JSONError(offset: start, reason: .invalidNumber)
    }
    var isWhole = true
    if take(UInt8(ascii: ".")) {
      isWhole = false
      try digits { _ in }
    }
    if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
      isWhole = false
      if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
      try digits { _ in }
    }
    if isWhole, let integer = magnitude.flatMap({ Self.signed($0, isNegative: isNegative) }) {
      return .integer(integer)
    }
    return .number(try floatingPoint(start..<position))
  }

  /// Reads one digit or more.
  private mutating func digits(_ body: (UInt8) -> Void) throws(JSONError) {
    let start = position
    while let byte = next, let digit = Decimal.digit(byte) {
      body(digit)
      position += 1
    }
    guard position > start else { throw error(position < input.count ? .invalidNumber : .unexpectedEnd) }
  }

  private func floatingPoint(_ range: Range<Int>) throws(JSONError) -> Double {
    let start = range.lowerBound
    guard range.count <= Self.maxNumberBytes else { throw JSONError(offset: start, reason: .numberTooLong) }
    let text = String(decoding: input[range], as: UTF8.self)
    // The grammar is checked, so the conversion, which rounds correctly, can only overflow.
    guard let number = Double(text), number.isFinite else {
      throw JSONError(offset: start, reason: .numberOutOfRange)
    }
    return number
  }

  private static func append(_ digit: UInt8, to magnitude: UInt64) -> UInt64? {
    let (scaled, tooLarge) = magnitude.multipliedReportingOverflow(by: 10)
    let (sum, overflow) = scaled.addingReportingOverflow(UInt64(digit))
    return tooLarge || overflow ? nil : sum
  }

  private static func signed(_ magnitude: UInt64, isNegative: Bool) -> Int64? {
    guard isNegative else { return Int64(exactly: magnitude) }
    // Int64.min has no positive twin.
    return magnitude <= Int64.min.magnitude ? Int64(truncatingIfNeeded: 0 &- magnitude) : nil
  }
}
