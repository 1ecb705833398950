/// An amount of money as a decimal, never a binary fraction.
package struct Money: Hashable, Sendable {
  /// Ten-thousandths of the currency's unit.
  package let scaled: Int64
  /// The amount as it was given, such as `129.00`.
  package let amount: String
  /// ISO 4217 alphabetic code.
  package let currency: String

  /// Parses a plain decimal: up to 12 digits, then at most 4 decimals, not negative; nil otherwise.
  package init?(amount: String, currency: String) {
    let bytes = Array(amount.utf8)
    guard currency.utf8.count == 3, currency.utf8.allSatisfy({ (65...90).contains($0) }) else { return nil }
    let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count <= 2, let whole = parts.first, (1...12).contains(whole.count),
      whole.count == 1 || whole.first != 48
    else { return nil }
    let decimals = parts.count == 2 ? parts[1] : []
    guard parts.count == 1 || (1...4).contains(decimals.count) else { return nil }
    guard whole.allSatisfy({ (48...57).contains($0) }), decimals.allSatisfy({ (48...57).contains($0) }) else {
      return nil
    }
    let padded = Array(whole) + Array(decimals) + [UInt8](repeating: 48, count: 4 - decimals.count)
    scaled = padded.reduce(0) { $0 * 10 + Int64($1 - 48) }
    self.amount = amount
    self.currency = currency
  }

  /// Whether this is less than `other`; nil when the currencies differ.
  package func isLess(than other: Money) -> Bool? { currency == other.currency ? scaled < other.scaled : nil }
}
