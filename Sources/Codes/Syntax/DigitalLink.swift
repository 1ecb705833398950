/// A GS1 Digital Link URI, release 1.6, uncompressed: one key, its qualifiers and data attributes. The resolver that it
/// names is not kept: a code says what a thing is, whoever resolves it.
package struct DigitalLink: Hashable, Sendable {
  /// The primary key, for instance (01) or (00).
  package let key: Element
  /// Qualifiers of the key in the order of the standard, for instance (22), (10), (21).
  package let qualifiers: [Element]
  /// Data attributes in ascending order of their identifiers.
  package let attributes: [Element]

  /// Reads a URI of any resolver, with any path stem. A fragment and query parameters that are no application
  /// identifiers are dropped; the worded aliases of the standard's early releases (`/gtin/…`) are refused.
  /// - Throws: `malformedURI`, `unknownAI`, `misplacedAI`, `duplicateAI`, or the error of a value.
  package init(_ uri: some StringProtocol) throws(CodeError) {
    try self.init(parts: DigitalLinkParts(Array(uri.utf8)))
  }

  /// Checks what stood in a path and a query.
  init(parts: DigitalLinkParts) throws(CodeError) {
    guard let first = parts.path.first else { throw .malformedURI(.noKeyInPath) }
    let all = try parts.path.map { (pair) throws(CodeError) in try pair.element() }
    let names = all.dropFirst().map(\.identifier)
    guard let sequences = first.identifier.qualifiers, Self.areInOrder(names, as: sequences) else {
      throw .misplacedAI(names.first ?? first.identifier.digits)
    }
    var taken = parts.query.isEmpty ? [] : Set(all.map(\.identifier))
    for pair in parts.query {
      let identifier = pair.identifier
      guard taken.insert(identifier.digits).inserted else { throw .duplicateAI(identifier.digits) }
      guard identifier.isAttribute, !sequences.joined().contains(identifier.digits) else {
        throw .misplacedAI(identifier.digits)
      }
    }
    key = all[0]
    qualifiers = Array(all.dropFirst())
    attributes = try parts.query.map { (pair) throws(CodeError) in try pair.element() }.sorted(by: Self.precedes)
  }

  /// The link that says the same as an element string: the first key in it, the qualifiers of that key, and all others
  /// as data attributes.
  /// - Throws: `missingIdentifier` without a key; `misplacedAI` for what may be no attribute or no such qualifier.
  package init(_ string: ElementString) throws(CodeError) {
    let found = string.elements.lazy.compactMap { element in
      ApplicationIdentifierTable.find(element.identifier.utf8)?.qualifiers.map { (element, $0) }
    }
    guard let (key, sequences) = found.first else { throw .missingIdentifier }
    let others = string.elements.filter { $0 != key }
    let names = Set(sequences.joined())
    let qualifiers = others.filter { names.contains($0.identifier) }
    guard let order = Self.order(qualifiers.map(\.identifier), as: sequences) else {
      throw .misplacedAI(qualifiers.first?.identifier ?? key.identifier)
    }
    let attributes = others.filter { !names.contains($0.identifier) }
    for attribute in attributes where ApplicationIdentifierTable.find(attribute.identifier.utf8)?.isAttribute != true {
      throw .misplacedAI(attribute.identifier)
    }
    self.key = key
    self.qualifiers = order.compactMap { name in qualifiers.first { $0.identifier == name } }
    self.attributes = attributes.sorted(by: Self.precedes)
  }

  /// The canonical URI: path in the order of the standard, then the attributes in ascending order of their identifiers
  /// as texts, everything but unreserved characters percent-encoded in upper case.
  package func uri(_ resolver: Resolver) -> String {
    let path = ([key] + qualifiers).map { "/\($0.identifier)/\(PercentCoding.encode($0.value.utf8))" }.joined()
    let query = attributes.map { "\($0.identifier)=\(PercentCoding.encode($0.value.utf8))" }.joined(separator: "&")
    return resolver.description + path + (query.isEmpty ? "" : "?" + query)
  }

  /// The same as an element string: key, qualifiers, attributes.
  package var elements: [Element] { [key] + qualifiers + attributes }

  /// Whether `names` stand in the order of one of the sequences, with or without gaps.
  private static func areInOrder(_ names: [String], as sequences: [[String]]) -> Bool {
    names.isEmpty
      || sequences.contains { sequence in
        var rest = names[...]
        for name in sequence where name == rest.first { rest = rest.dropFirst() }
        return rest.isEmpty
      }
  }

  /// `names` in the order of the sequence that holds them all; nil when none does.
  private static func order(_ names: [String], as sequences: [[String]]) -> [String]? {
    guard !names.isEmpty else { return [] }
    let wanted = Set(names)
    guard wanted.count == names.count else { return nil }
    return sequences.lazy.map { $0.filter(wanted.contains) }.first { $0.count == names.count }
  }

  private static func precedes(_ left: Element, _ right: Element) -> Bool { left.identifier < right.identifier }
}
