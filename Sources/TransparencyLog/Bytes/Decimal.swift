/// Decimal numbers as the C2SP texts write them: ASCII digits, no sign, no leading zero.
enum Decimal {
  /// The number; nil for `+1`, `01`, `-0`, the empty text and what exceeds 64 bits.
  static func parse(_ text: some Collection<UInt8>) -> UInt64? {
    guard let first = text.first, first != UInt8(ascii: "0") || text.count == 1 else { return nil }
    var number: UInt64 = 0
    for character in text {
      guard let value = digit(character) else { return nil }
      let (scaled, tooLarge) = number.multipliedReportingOverflow(by: 10)
      let (sum, overflow) = scaled.addingReportingOverflow(UInt64(value))
      guard !tooLarge, !overflow else { return nil }
      number = sum
    }
    return number
  }

  /// The value of one ASCII digit.
  static func digit(_ character: UInt8) -> UInt8? {
    let value = character &- UInt8(ascii: "0")
    return value < 10 ? value : nil
  }
}
