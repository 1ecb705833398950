/// A run of SSCCs that belong together: one extension digit and one GS1 company prefix. The boxes of a series are
/// numbered from 0, so a batch keeps a range of numbers instead of a list of boxes.
package struct BoxSeries: Hashable, Sendable {
  /// First digit of every SSCC of the series, 0–9; the company gives it any meaning it likes.
  package let extensionDigit: Int
  /// GS1 company prefix, 7 to 12 digits.
  package let companyPrefix: String
  /// How many boxes the series can number: 10 to the power of the digits left beside prefix and check digit.
  package let capacity: UInt64
  /// The 17 digits of box 0 without its check digit.
  private let base: UInt64

  /// - Throws: `badAlphabet` or `wrongLength` of field `extensionDigit` or `companyPrefix`.
  package init(extensionDigit: Int, companyPrefix: String) throws(CodeError) {
    guard (0...9).contains(extensionDigit) else { throw .badAlphabet(field: "extensionDigit") }
    guard (7...12).contains(companyPrefix.utf8.count) else {
      throw .wrongLength(field: "companyPrefix", expected: "7 to 12 digits", found: companyPrefix.utf8.count)
    }
    guard companyPrefix.utf8.allSatisfy(Digits.isDigit) else { throw .badAlphabet(field: "companyPrefix") }
    self.extensionDigit = extensionDigit
    self.companyPrefix = companyPrefix
    capacity = (0..<(16 - companyPrefix.utf8.count)).reduce(1) { power, _ in power * 10 }
    base = (Digits.value(Array("\(extensionDigit)\(companyPrefix)".utf8)) ?? 0) * capacity
  }

  /// Reads what `key` gives, for instance `1.6901234`.
  /// - Throws: `badAlphabet` of field `boxSeries` when it is not a digit, a point and a prefix; else as the other
  ///   `init`.
  package init(key: String) throws(CodeError) {
    let parts = key.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0].utf8.count == 1, let digit = Digits.value(parts[0].utf8) else {
      throw .badAlphabet(field: "boxSeries")
    }
    try self.init(extensionDigit: Int(digit), companyPrefix: String(parts[1]))
  }

  /// The name of the series in a database or a URL; two series are equal when their keys are.
  package var key: String { "\(extensionDigit).\(companyPrefix)" }

  /// The SSCC of box number `serial`.
  /// - Throws: `indexOutOfRange` from `capacity` on.
  package func sscc(_ serial: UInt64) throws(CodeError) -> SSCC {
    guard serial < capacity else { throw .indexOutOfRange }
    return SSCC(body: base + serial)
  }

  /// The number of box `sscc` in this series, nil when it belongs to another one.
  package func serial(of sscc: SSCC) -> UInt64? {
    let body = sscc.value / 10
    guard body >= base, body - base < capacity else { return nil }
    return body - base
  }

  /// The company prefix that GS1 China gave out with `gtin`: 7 digits of the 13-digit form for 690 and 691, 8 for 692
  /// to 699 (GB 12904, annex A), and 7 for all others, whose true length only their GS1 office knows.
  package static func companyPrefix(ofGTIN gtin: GTIN) -> String {
    let thirteen = gtin.description.dropFirst()
    let national = Int(thirteen.prefix(3)) ?? 0
    return String(thirteen.prefix((692...699).contains(national) ? 8 : 7))
  }
}
