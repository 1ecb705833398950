/// A Serial Shipping Container Code, 18 digits: which box or pallet. Anyone can make up a valid one, so an SSCC without
/// a seal proves nothing.
package struct SSCC: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The 18 digits as a number.
  package let value: UInt64

  /// Reads 18 digits.
  /// - Throws: `wrongLength`, `badAlphabet` or `wrongCheckDigit`, of field `sscc`.
  package init(_ text: some StringProtocol) throws(CodeError) {
    let digits = Array(text.utf8.prefix(32))
    guard digits.count == 18 else { throw .wrongLength(field: "sscc", expected: "18 digits", found: digits.count) }
    guard let value = Digits.value(digits) else { throw .badAlphabet(field: "sscc") }
    guard Digits.isChecked(digits) else { throw .wrongCheckDigit(field: "sscc") }
    self.value = value
  }

  /// The SSCC of the 17 digits `body`, which must be below 10^17: its check digit is added.
  init(body: UInt64) {
    value = body * 10 + UInt64(Digits.checkDigit(of: Digits.bytes(body, width: 17)))
  }

  /// The 18 digits, as they stand in (00).
  package var description: String { Digits.text(value, width: 18) }

  /// In numeric order.
  package static func < (left: SSCC, right: SSCC) -> Bool { left.value < right.value }
}
