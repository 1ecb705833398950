/// What a reader read, understood: the door for every code that comes from outside. It takes Digital Link URIs of any
/// resolver, bracketed element strings, raw scanner data and bare SSCCs, and says which item or box is meant.
package struct ScannedCode: Equatable, Sendable {
  /// What a code names.
  package enum Subject: Hashable, Sendable {
    /// One item. The serial is the text on the code, of whatever brand; `ItemSerial` reads it as one of ours.
    case item(gtin: GTIN, serial: String)
    /// One box or pallet.
    case box(SSCC)
  }

  /// The longest code that is looked at, in bytes; a QR code holds at most 2 953.
  package static let longest = 2048

  /// The item or box.
  package let subject: Subject
  /// The other identifiers of the code with their values, for instance `91` and `8030`.
  package let attributes: [String: String]

  /// Reads what a reader sent, in time linear in its length; white space around it is dropped.
  /// - Throws: `wrongLength` of field `code` above 2 048 bytes; `missingIdentifier` when it names no item and no box;
  ///   else what its form is refused for.
  package init(_ raw: String) throws(CodeError) {
    let length = raw.utf8.count
    guard length <= Self.longest else {
      throw .wrongLength(field: "code", expected: "at most \(Self.longest) bytes", found: length)
    }
    let text = Self.trimmed(Array(raw.utf8)[...])
    guard !text.isEmpty else { throw .malformedScannerData(.empty) }
    try self.init(elements: Self.elements(text))
  }

  /// Decides which of the elements name the subject. An SSCC wins: a box label may also say what is inside.
  private init(elements: [Element]) throws(CodeError) {
    var values = Dictionary(elements.map { ($0.identifier, $0.value) }, uniquingKeysWith: { first, _ in first })
    if let sscc = values.removeValue(forKey: "00") {
      subject = .box(try SSCC(sscc))
    } else {
      guard let gtin = values.removeValue(forKey: "01"), let serial = values.removeValue(forKey: "21") else {
        throw .missingIdentifier
      }
      subject = .item(gtin: try GTIN(gtin), serial: serial)
    }
    attributes = values
  }

  /// Reads an item code that is written exactly as we print it, which nearly all are: the resolver's address, GTIN-14, a
  /// serial of digits and capitals; nil for all else. It gives what the general way gives (tested), at a fraction of its
  /// cost.
  package init?(printed text: String, by resolver: Resolver) {
    let base = resolver.description.utf8
    let item = text.utf8.withContiguousStorageIfAvailable { bytes -> Subject? in
      // `/01/`, 14 digits, `/21/`: 22 characters, and a serial of 16 or 20.
      let tail = bytes.count - base.count
      guard tail == 38 || tail == 42, bytes.starts(with: base) else { return nil }
      let (key, serial) = (bytes[base.count...], bytes[(base.count + 22)...])
      guard key.starts(with: "/01/".utf8), key.dropFirst(18).starts(with: "/21/".utf8),
        serial.allSatisfy({ (48...57).contains($0) || (65...90).contains($0) }),
        let gtin = try? GTIN(ascii: key.dropFirst(4).prefix(14))
      else { return nil }
      return .item(gtin: gtin, serial: String(decoding: serial, as: UTF8.self))
    }
    guard let item = item ?? nil else { return nil }
    subject = item
    attributes = [:]
  }

  /// Finds out the form of `text`, which is not empty, and reads it.
  private static func elements(_ text: ArraySlice<UInt8>) throws(CodeError) -> [Element] {
    guard text.first == UInt8(ascii: "]") else { return try unmarked(text) }
    guard let symbology = SymbologyIdentifier(text.prefix(3)) else { throw .malformedScannerData(.unknownSymbology) }
    let data = trimmed(text.dropFirst(3))
    guard !data.isEmpty else { throw .malformedScannerData(.empty) }
    switch symbology.content {
    case .elementString: return try ElementString(scannerData: String(decoding: data, as: UTF8.self)).elements
    case .text: return try unmarked(data)
    case .tradeItem:
      _ = try GTIN(String(decoding: data, as: UTF8.self))
      throw .missingIdentifier  // a till barcode names a product, never one item of it
    }
  }

  /// Reads data that came without a symbology identifier, or with one that says nothing about it.
  private static func unmarked(_ bytes: ArraySlice<UInt8>) throws(CodeError) -> [Element] {
    let text = String(decoding: bytes, as: UTF8.self)
    switch bytes.first {
    case UInt8(ascii: "("): return try ElementString(bracketed: text).elements
    case UInt8(ascii: "h"), UInt8(ascii: "H"): return try DigitalLink(text).elements
    case ElementString.separator: return try ElementString(scannerData: text).elements
    case .some(let byte) where Digits.isDigit(byte): return try digitsFirst(bytes, text)
    default: throw .malformedScannerData(.unrecognised)
    }
  }

  /// Data that begins with a digit: a bare SSCC, a till barcode, or an element string without FNC1 at its front.
  private static func digitsFirst(_ bytes: ArraySlice<UInt8>, _ text: String) throws(CodeError) -> [Element] {
    if bytes.allSatisfy(Digits.isDigit) {
      if bytes.count == 18 { return [Element(identifier: "00", value: try SSCC(text).description)] }
      if [8, 12, 13, 14].contains(bytes.count), Digits.isChecked(bytes) { throw .missingIdentifier }
    }
    return try ElementString(scannerData: text).elements
  }

  /// Without blanks, tabs, carriage returns and line feeds at both ends; GS is data and stays.
  private static func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let isSpace: (UInt8) -> Bool = { $0 == 0x20 || (0x09...0x0D).contains($0) }
    let front = text.drop(while: isSpace)
    return front.dropLast(front.reversed().prefix(while: isSpace).count)
  }
}

extension ScannedCode.Subject: CustomStringConvertible {
  /// The bracketed element string of the identifiers alone; what a seal signs.
  package var description: String {
    switch self {
    case .item(let gtin, let serial): "(01)\(gtin)(21)\(serial)"
    case .box(let box): "(00)\(box)"
    }
  }
}
