/// A Global Trade Item Number, held as its 14-digit form: which product.
package struct GTIN: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The 14 digits as a number.
  package let value: UInt64

  /// Reads GTIN-8, GTIN-12, GTIN-13 or GTIN-14. Shorter forms are the 14-digit form without its leading zeros.
  /// - Throws: `wrongLength`, `badAlphabet` or `wrongCheckDigit`, of field `gtin`.
  package init(_ text: some StringProtocol) throws(CodeError) {
    // Bytes are copied out once: a bridged or sliced string would be walked again for every question asked of it.
    try self.init(digits: Array(text.utf8.prefix(32)))
  }

  /// The same of a whole string, and not generic: generic code of another module is not specialised, and slow.
  package init(_ text: String) throws(CodeError) { try self.init(digits: Array(text.utf8.prefix(32))) }

  /// From ASCII digits in place, not generic for the same reason.
  package init(ascii: Slice<UnsafeBufferPointer<UInt8>>) throws(CodeError) { try self.init(digits: ascii) }

  private init(digits: some RandomAccessCollection<UInt8>) throws(CodeError) {
    guard [8, 12, 13, 14].contains(digits.count) else {
      throw .wrongLength(field: "gtin", expected: "8, 12, 13 or 14 digits", found: digits.count)
    }
    guard let value = Digits.value(digits) else { throw .badAlphabet(field: "gtin") }
    guard Digits.isChecked(digits) else { throw .wrongCheckDigit(field: "gtin") }
    self.value = value
  }

  /// The 14 digits, as they stand in (01).
  package var description: String { Digits.text(value, width: 14) }

  /// In the order of the 14-digit form.
  package static func < (left: GTIN, right: GTIN) -> Bool { left.value < right.value }
}
