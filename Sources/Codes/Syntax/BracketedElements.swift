/// The bracketed spelling of an element string, `(01)06901234567892(21)ABC`.
enum BracketedElements {
  private static let open = UInt8(ascii: "(")
  private static let close = UInt8(ascii: ")")
  private static let escape = UInt8(ascii: "\\")
  private static let blank = UInt8(ascii: " ")

  /// Cuts `text` into identifiers and values, in one pass.
  /// - Throws: `malformedScannerData(.brokenBrackets)` or `unknownAI`.
  static func pairs(
    in text: [UInt8]
  ) throws(CodeError) -> [(identifier: ApplicationIdentifier, value: ArraySlice<UInt8>)] {
    var pairs: [(identifier: ApplicationIdentifier, value: ArraySlice<UInt8>)] = []
    var rest = text[...]
    while !rest.isEmpty {
      guard rest.first == open, let end = rest.prefix(6).firstIndex(of: close) else {
        throw .malformedScannerData(.brokenBrackets)
      }
      let digits = rest[(rest.startIndex + 1)..<end]
      guard (2...4).contains(digits.count), digits.allSatisfy(Digits.isDigit) else {
        throw .malformedScannerData(.brokenBrackets)
      }
      guard let identifier = ApplicationIdentifierTable.find(digits) else { throw .unknownAI(quoted(digits)) }
      let (value, length) = value(rest[(end + 1)...])
      pairs.append((identifier, trimmed(value)))
      rest = rest[(end + 1)...].dropFirst(length)
    }
    return pairs
  }

  /// The value up to the next bracket that is not escaped, and how many bytes it took.
  private static func value(_ rest: ArraySlice<UInt8>) -> (value: ArraySlice<UInt8>, length: Int) {
    var value: [UInt8] = []
    var place = rest.startIndex
    while place < rest.endIndex, rest[place] != open {
      if rest[place] == escape, place + 1 < rest.endIndex, rest[place + 1] == open { place += 1 }
      value.append(rest[place])
      place += 1
    }
    return (value[...], place - rest.startIndex)
  }

  /// People write a blank after a bracket; no value may contain one, so nothing is lost.
  private static func trimmed(_ value: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let front = value.drop { $0 == blank }
    return front.dropLast(front.reversed().prefix { $0 == blank }.count)
  }
}
