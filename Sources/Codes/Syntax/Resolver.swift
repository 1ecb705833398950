/// The address that all of a brand's codes begin with, for instance `https://id.example.cn`: scheme, host, perhaps a
/// port and a path stem. Scheme and host are kept in lower case, because some phones do not open upper-case URLs.
package struct Resolver: Hashable, Sendable, CustomStringConvertible {
  /// The address without a slash at its end.
  package let description: String

  /// - Throws: `malformedURI`, with the part that is wrong. A stem may hold letters, digits, `-`, `.`, `_` and `~`.
  package init(_ text: some StringProtocol) throws(CodeError) {
    let bytes = Array(text.utf8.prefix(256))
    guard bytes.count <= 200, let scheme = URIParts.scheme(of: bytes) else { throw .malformedURI(.badScheme) }
    let rest = bytes[scheme.count...]
    let slash = rest.firstIndex(of: UInt8(ascii: "/")) ?? rest.endIndex
    try URIParts.checkAuthority(rest[..<slash])
    var stem = rest[slash...]
    if stem.last == UInt8(ascii: "/") { stem.removeLast() }
    let segments =
      stem.isEmpty ? [] : stem.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    guard segments.allSatisfy({ !$0.isEmpty && $0.allSatisfy(PercentCoding.isUnreserved) }) else {
      throw .malformedURI(.badResolver)
    }
    let address = String(decoding: bytes[..<slash], as: UTF8.self).lowercased()
    description = address + String(decoding: stem, as: UTF8.self)
  }

  /// The URI of an item of any brand: reserved characters of `serial` are percent-encoded.
  package func uri(of gtin: GTIN, serial: some StringProtocol) -> String {
    itemPrefix(gtin) + PercentCoding.encode(serial.utf8)
  }

  /// The URI of one of our items.
  package func uri(of gtin: GTIN, serial: ItemSerial) -> String {
    itemPrefix(gtin) + serial.description
  }

  /// The URI of a box.
  package func uri(of box: SSCC) -> String { boxPrefix + box.description }

  /// The URI of what a code names.
  package func uri(of subject: ScannedCode.Subject) -> String {
    switch subject {
    case .item(let gtin, let serial): uri(of: gtin, serial: serial)
    case .box(let box): uri(of: box)
    }
  }

  /// Everything before the SSCC in the URIs of boxes.
  var boxPrefix: String { description + "/00/" }

  /// Everything before the serial in the URIs of one product.
  func itemPrefix(_ gtin: GTIN) -> String { "\(description)/01/\(gtin)/21/" }
}
