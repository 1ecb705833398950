/// What GS1 says about one application identifier: how its value is built, and where it may stand. A class because the
/// table holds one of each, and passing a reference is all that reading a code then costs.
final class ApplicationIdentifier: Sendable {
  /// Two to four digits.
  let digits: String
  /// Its value ends by its length, so no FNC1 need follow (GS1 General Specifications, section 7.8.4).
  let endsByLength: Bool
  /// It may be a data attribute in the query of a Digital Link URI.
  let isAttribute: Bool
  /// For a Digital Link key: the qualifiers it may have, each alternative in its order. nil for all others.
  let qualifiers: [[String]]?
  /// Characters of the shortest and of the longest value.
  let lengths: ClosedRange<Int>
  private let components: [ValueComponent]

  /// - Parameters:
  ///   - flags: `*` and `?` as in the table.
  ///   - columns: the components, then perhaps `dlpkey`.
  init(digits: String, flags: Substring, columns: ArraySlice<Substring>) {
    self.digits = digits
    endsByLength = flags.contains("*")
    isAttribute = flags.contains("?")
    let key = columns.first { $0.hasPrefix("dlpkey") }
    qualifiers = key.map { key in
      key.dropFirst("dlpkey=".count).split(separator: "|").map { $0.split(separator: ",").map(String.init) }
    }
    components = columns.filter { !$0.hasPrefix("dlpkey") }.compactMap(ValueComponent.init)
    let least = components.reduce(0) { $0 + ($1.isOptional ? 0 : $1.lengths.lowerBound) }
    lengths = least...max(least, components.reduce(0) { $0 + $1.lengths.upperBound })
  }

  /// The identifier in brackets: the name of the field in errors.
  var field: String { "(\(digits))" }

  /// Checks length, characters, check digit and dates of `value`.
  /// - Throws: `wrongLength`, `badAlphabet`, `wrongCheckDigit` or `badDate` of this field.
  func check(_ value: ArraySlice<UInt8>) throws(CodeError) {
    guard lengths.contains(value.count) else { throw wrongLength(value.count) }
    var rest = value
    for component in components where !(rest.isEmpty && component.isOptional) {
      let part = rest.prefix(component.lengths.upperBound)
      guard part.count >= component.lengths.lowerBound else { throw wrongLength(value.count) }
      try component.check(part, field: field)
      rest = rest.dropFirst(part.count)
    }
    guard rest.isEmpty else { throw wrongLength(value.count) }
  }

  private func wrongLength(_ found: Int) -> CodeError {
    let (least, most) = (lengths.lowerBound, lengths.upperBound)
    let expected = least == most ? "\(least) characters" : "\(least) to \(most) characters"
    return .wrongLength(field: field, expected: expected, found: found)
  }
}
