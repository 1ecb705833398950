/// The identifiers and raw values in the path and the query of a Digital Link URI, before their values are checked.
struct DigitalLinkParts {
  /// An identifier with its value, percent sequences resolved.
  struct Pair {
    let identifier: ApplicationIdentifier
    let value: [UInt8]

    /// - Throws: the error of the value.
    func element() throws(CodeError) -> Element {
      try identifier.check(value[...])
      return Element(identifier: identifier.digits, value: String(decoding: value, as: UTF8.self))
    }
  }

  /// Key and qualifiers, in the order of the path.
  let path: [Pair]
  /// Attributes, in the order of the query.
  let query: [Pair]

  private static let slash = UInt8(ascii: "/")
  /// Words that early releases of the standard allowed instead of digits.
  private static let aliases: Set<String> = [
    "gtin", "itip", "cpid", "gln", "party", "gsrnp", "gsrn", "gcn", "sscc", "gdti", "ginc", "gsin", "grai", "giai",
    "gmn",
  ]

  /// Takes a URI apart.
  /// - Throws: `malformedURI` or `unknownAI`.
  init(_ uri: [UInt8]) throws(CodeError) {
    guard let scheme = URIParts.scheme(of: uri) else { throw .malformedURI(.badScheme) }
    guard uri.allSatisfy(Self.mayStandInURI) else { throw .malformedURI(.badCharacter) }
    var rest = uri[scheme.count...]
    if let fragment = rest.firstIndex(of: UInt8(ascii: "#")) { rest = rest[..<fragment] }
    var query: ArraySlice<UInt8> = []
    if let mark = rest.firstIndex(of: UInt8(ascii: "?")) {
      query = rest[(mark + 1)...]
      rest = rest[..<mark]
    }
    guard let path = rest.firstIndex(of: Self.slash) else { throw .malformedURI(.noKeyInPath) }
    try URIParts.checkAuthority(rest[..<path])
    self.path = try Self.pairs(inPath: rest[(path + 1)...])
    self.query = try Self.pairs(inQuery: query)
  }

  /// Looks from the end of the path for the pair that is a key; what stands before it is a stem of the resolver's.
  private static func pairs(inPath path: ArraySlice<UInt8>) throws(CodeError) -> [Pair] {
    let segments = path.split(separator: slash, omittingEmptySubsequences: false)
    var pairs: [Pair] = []
    var place = segments.count
    while place >= 2 {
      let name = segments[place - 2]
      guard let identifier = ApplicationIdentifierTable.find(name) else {
        guard (2...4).contains(name.count), name.allSatisfy(Digits.isDigit) else { break }
        throw .unknownAI(quoted(name))
      }
      let value = PercentCoding.decode(segments[place - 1], plusIsSpace: false)
      guard !value.isEmpty else { throw .malformedURI(.emptyValue) }
      pairs.append(Pair(identifier: identifier, value: value))
      if identifier.qualifiers != nil { return pairs.reversed() }
      place -= 2
    }
    let words = segments.map { String(decoding: $0, as: UTF8.self) }
    throw .malformedURI(words.contains(where: aliases.contains) ? .aliasInPath : .noKeyInPath)
  }

  /// The parameters whose names are digits; others, such as `linkType`, belong to resolvers.
  private static func pairs(inQuery query: ArraySlice<UInt8>) throws(CodeError) -> [Pair] {
    var pairs: [Pair] = []
    for parameter in query.split(separator: UInt8(ascii: "&")) {
      guard let equals = parameter.firstIndex(of: UInt8(ascii: "=")) else { continue }
      let name = parameter[..<equals]
      guard !name.isEmpty, name.allSatisfy(Digits.isDigit) else { continue }
      guard let identifier = ApplicationIdentifierTable.find(name) else { throw .unknownAI(quoted(name)) }
      let value = PercentCoding.decode(parameter[(equals + 1)...], plusIsSpace: true)
      guard !value.isEmpty else { throw .malformedURI(.emptyValue) }
      pairs.append(Pair(identifier: identifier, value: value))
    }
    return pairs
  }

  /// Unreserved and reserved characters and `%` (RFC 3986, section 2): printable ASCII but for these.
  private static func mayStandInURI(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\\"), UInt8(ascii: "^"),
      UInt8(ascii: "`"), UInt8(ascii: "{"), UInt8(ascii: "|"), UInt8(ascii: "}"):
      false
    default: (0x21...0x7E).contains(byte)
    }
  }
}
