/// One application identifier with its value.
package struct Element: Hashable, Sendable {
  /// Two to four digits, listed by GS1.
  package let identifier: String
  /// The value, as its identifier wants it: ASCII, checked.
  package let value: String
}

/// A GS1 element string: identifiers with values, in the order in which they were read. It comes in two spellings,
/// bracketed for people and concatenated with FNC1 for symbols, and both are the same thing here.
package struct ElementString: Hashable, Sendable {
  /// At least one; an identifier that stood twice with the same value is here once.
  package let elements: [Element]

  /// The separator FNC1 as scanners transmit it: GS, 29.
  static let separator: UInt8 = 0x1D

  /// Reads `(01)06901234567892(21)ABC`. A bracket in a value is written `\(`; blanks around values are dropped.
  /// - Throws: `malformedScannerData`, `unknownAI`, `duplicateAI`, or the error of the value.
  package init(bracketed text: some StringProtocol) throws(CodeError) {
    try self.init(pairs: BracketedElements.pairs(in: Array(text.utf8)))
  }

  /// Reads the data of a symbol, symbology identifier already removed: `0106901234567892` `21ABC` GS `10X`.
  /// - Throws: as the other one.
  package init(scannerData text: some StringProtocol) throws(CodeError) {
    try self.init(pairs: Self.pairs(inSymbolData: Array(text.utf8)))
  }

  /// Checks every value and drops repetitions.
  init(pairs: [(identifier: ApplicationIdentifier, value: ArraySlice<UInt8>)]) throws(CodeError) {
    var elements: [Element] = []
    var seen: [String: String] = [:]
    for (identifier, value) in pairs {
      try identifier.check(value)
      let element = Element(identifier: identifier.digits, value: String(decoding: value, as: UTF8.self))
      if let earlier = seen.updateValue(element.value, forKey: element.identifier) {
        guard earlier == element.value else { throw .duplicateAI(element.identifier) }
      } else {
        elements.append(element)
      }
    }
    guard !elements.isEmpty else { throw .malformedScannerData(.empty) }
    self.elements = elements
  }

  /// The value of an identifier, nil when it does not stand here.
  package subscript(identifier: String) -> String? {
    elements.first { $0.identifier == identifier }?.value
  }

  /// For people: `(01)06901234567892(21)ABC`.
  package var bracketed: String {
    elements.map { element in
      let parts = element.value.split(separator: "(", omittingEmptySubsequences: false)
      return "(\(element.identifier))" + parts.joined(separator: #"\("#)
    }.joined()
  }

  /// For symbols: what a scanner transmits after the symbology identifier. FNC1 stands as GS after each value that does
  /// not end by its length, but for the last.
  package var scannerData: String {
    var result = ""
    for (position, element) in elements.enumerated() {
      result += element.identifier + element.value
      let endsByLength = ApplicationIdentifierTable.find(element.identifier.utf8)?.endsByLength ?? false
      if !endsByLength, position < elements.count - 1 { result += "\u{1D}" }
    }
    return result
  }

  /// Cuts symbol data into identifiers and values. Some readers also transmit the FNC1 that opens GS1 data, and one may
  /// stand at the end or after a value that ends by its length.
  private static func pairs(
    inSymbolData data: [UInt8]
  ) throws(CodeError) -> [(identifier: ApplicationIdentifier, value: ArraySlice<UInt8>)] {
    var pairs: [(identifier: ApplicationIdentifier, value: ArraySlice<UInt8>)] = []
    var rest = data[...]
    if rest.first == separator { rest = rest.dropFirst() }
    while !rest.isEmpty {
      guard let identifier = ApplicationIdentifierTable.find(atStartOf: rest) else {
        throw .unknownAI(quoted(rest, upTo: 4))
      }
      rest = rest.dropFirst(identifier.digits.utf8.count)
      let end = rest.firstIndex(of: separator) ?? rest.endIndex
      let value = identifier.endsByLength ? rest[..<end].prefix(identifier.lengths.upperBound) : rest[..<end]
      pairs.append((identifier, value))
      rest = rest.dropFirst(value.count)
      if rest.first == separator { rest = rest.dropFirst() }
      guard rest.first != separator else { throw .malformedScannerData(.emptyElement) }
    }
    return pairs
  }
}

/// The first bytes of something refused, for an error: printable ASCII only, so that no message carries control codes.
func quoted(_ bytes: ArraySlice<UInt8>, upTo count: Int = 8) -> String {
  String(decoding: bytes.prefix(count).map { (0x20...0x7E).contains($0) ? $0 : UInt8(ascii: "?") }, as: UTF8.self)
}
