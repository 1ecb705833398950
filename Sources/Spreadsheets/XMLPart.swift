import Foundation

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// What looks at the elements of a part, one after the other.
protocol XMLVisitor {
  /// An element begins. Names are without their prefix; attributes keep theirs.
  mutating func begin(_ name: String, _ attributes: [String: String]) throws(WorkbookFault)
  /// An element ends.
  mutating func end(_ name: String) throws(WorkbookFault)
  /// Text; that of one element may come in several pieces.
  mutating func text(_ text: String) throws(WorkbookFault)
}

/// A part of a workbook, read as a stream of elements by libxml2 through Foundation.
enum XMLPart {
  /// Shows every element to a visitor, and answers the visitor.
  /// - Parameter name: the part's, for errors.
  /// - Throws: when it is not well-formed, is not UTF-8 or declares a document type, and what the visitor throws.
  static func read<Visitor: XMLVisitor>(
    _ bytes: [UInt8], _ name: String, _ visitor: Visitor
  ) throws(WorkbookFault) -> Visitor {
    guard isPlain(bytes) else { throw .forbidden(name) }
    let walker = XMLWalker(visitor)
    // As a stream: given at once, libxml2 refuses what is longer than 10 MB.
    let parser = XMLParser(stream: InputStream(data: Data(bytes)))
    parser.shouldResolveExternalEntities = false
    parser.delegate = walker
    let isGood = parser.parse()
    if let fault = walker.fault { throw fault }
    // Of a few bytes that are no document Foundation's parser says nothing.
    guard isGood, parser.parserError == nil, walker.isWhole else { throw .damaged(name) }
    return walker.visitor
  }

  /// Whether it is UTF-8 without a document type: without one there are no entities, within or without.
  private static func isPlain(_ bytes: [UInt8]) -> Bool {
    guard String(validating: bytes, as: UTF8.self) != nil, !bytes.contains(0) else { return false }
    let declaration = String(decoding: bytes.prefix(200), as: UTF8.self).prefix { $0 != ">" }.lowercased()
    if let place = declaration.range(of: "encoding")?.upperBound {
      let value = declaration[place...].drop { " =\t\r\n\"'".contains($0) }.prefix { $0 != "\"" && $0 != "'" }
      guard value == "utf-8" || value == "us-ascii" else { return false }
    }
    // In a well-formed document `<!` begins a comment, a character section, or a declaration.
    var place = bytes.startIndex
    while let next = bytes[place...].firstIndex(of: UInt8(ascii: "<")) {
      place = next + 1
      guard bytes[place...].first == UInt8(ascii: "!") else { continue }
      let rest = bytes[(place + 1)...]
      guard rest.starts(with: "--".utf8) || rest.starts(with: "[CDATA[".utf8) else { return false }
    }
    return true
  }
}

/// Hands what the parser finds to a visitor, until that has a fault.
private final class XMLWalker<Visitor: XMLVisitor>: NSObject, XMLParserDelegate {
  private(set) var visitor: Visitor
  private(set) var fault: WorkbookFault?
  private var (begun, ended) = (0, 0)

  /// Whether there was an element, and each has ended.
  var isWhole: Bool { begun > 0 && begun == ended }

  init(_ visitor: Visitor) { self.visitor = visitor }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String] = [:]
  ) {
    begun += 1
    step(parser) { visitor throws(WorkbookFault) in try visitor.begin(Self.local(name), attributes) }
  }

  func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
    ended += 1
    step(parser) { visitor throws(WorkbookFault) in try visitor.end(Self.local(name)) }
  }

  func parser(_ parser: XMLParser, foundCharacters text: String) {
    step(parser) { visitor throws(WorkbookFault) in try visitor.text(text) }
  }

  func parser(_ parser: XMLParser, foundCDATA block: Data) {
    step(parser) { visitor throws(WorkbookFault) in try visitor.text(String(decoding: block, as: UTF8.self)) }
  }

  private func step(_ parser: XMLParser, _ body: (inout Visitor) throws(WorkbookFault) -> Void) {
    guard fault == nil else { return }
    do throws(WorkbookFault) { try body(&visitor) } catch {
      fault = error
      parser.abortParsing()
    }
  }

  /// Without the prefix that some programs write: `x:row`.
  private static func local(_ name: String) -> String {
    guard let colon = name.utf8.lastIndex(of: UInt8(ascii: ":")) else { return name }
    return String(name[name.index(after: colon)...])
  }
}
