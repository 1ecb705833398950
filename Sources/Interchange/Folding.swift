extension String {
  /// The text with the full-width forms of ASCII (U+FF01 … U+FF5E, which Chinese input methods type) replaced by ASCII,
  /// as NFKC does for them, and without blanks of any width and zero-width marks at its ends.
  var folded: String {
    var scalars = String.UnicodeScalarView()
    for scalar in unicodeScalars {
      switch scalar.value {
      case 0xFF01...0xFF5E: scalars.append(Unicode.Scalar(UInt8(truncatingIfNeeded: scalar.value - 0xFEE0)))
      case 0x3000, 0xA0: scalars.append(" ")
      default: scalars.append(scalar)
      }
    }
    let isSpace: (Unicode.Scalar) -> Bool = { [0x20, 0x09, 0x0A, 0x0D, 0x200B, 0xFEFF].contains($0.value) }
    var trimmed = scalars[...].drop(while: isSpace)
    while let last = trimmed.last, isSpace(last) { trimmed.removeLast() }
    return String(trimmed)
  }

  /// A folded text without the dress in which spreadsheets keep long numbers as texts: `="106…"` and `'106…`.
  var undressed: String {
    if hasPrefix("=\""), hasSuffix("\""), count >= 3 { return String(dropFirst(2).dropLast()).folded }
    return hasPrefix("'") ? String(dropFirst()).folded : self
  }

  /// Whether a spreadsheet has rounded a long number: `1.06901E+17`.
  var isRoundedNumber: Bool {
    let upper = uppercased()
    guard let mark = upper.range(of: "E+")?.lowerBound ?? upper.firstIndex(of: "E") else { return false }
    let digits = upper[..<mark], exponent = upper[mark...].dropFirst().drop { $0 == "+" }
    return !digits.isEmpty && digits.allSatisfy { "0123456789.".contains($0) } && (1...3).contains(exponent.count)
      && exponent.allSatisfy(\.isNumber)
  }

  /// Whether a spreadsheet has lost the last digits of a number of more than 15: it writes `1.06901E+17` then, where
  /// `12E3` may well be somebody's code.
  var hasLostDigits: Bool {
    guard isRoundedNumber, let exponent = uppercased().split(separator: "E").last, exponent.hasPrefix("+") else {
      return false
    }
    return (Int(exponent.dropFirst()) ?? 0) >= 11
  }
}
