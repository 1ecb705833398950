import Archives

/// A row of a sheet in which something stands.
package struct SheetRow: Equatable, Sendable {
  /// Its number in the sheet, from 1.
  package let number: Int
  /// What stands in it, from column A; a cell with nothing is empty.
  package private(set) var cells: [String]

  /// Made from its parts.
  package init(number: Int, cells: [String]) {
    self.number = number
    self.cells = cells
  }

  mutating func fill(_ text: String, at column: Int) {
    while cells.count <= column { cells.append("") }
    if cells[column].isEmpty { cells[column] = text }
  }
}

/// The first visible sheet of an XLSX workbook (ECMA-376), as the texts that stand in it: numbers in full, days and times
/// as ISO 8601, formulas by their last result, merged cells in each of their rows.
package struct Workbook: Equatable, Sendable {
  /// The sheet's name.
  package let sheet: String
  /// The rows in which something stands, with their numbers.
  package let rows: [SheetRow]

  /// Whether a file looks like a workbook or is one of an older kind, and not text.
  package static func isOne(_ bytes: [UInt8]) -> Bool {
    bytes.starts(with: zipMark) || bytes.starts(with: oleMark)
  }

  private static let zipMark: [UInt8] = [0x50, 0x4B, 0x03, 0x04]
  private static let oleMark: [UInt8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]

  /// Reads a file.
  /// - Throws: when it is no workbook, is encrypted or damaged, or holds more than `WorkbookLimits` allow.
  package init(_ bytes: [UInt8]) throws(WorkbookFault) {
    if bytes.starts(with: Self.oleMark) { throw Self.isEncrypted(bytes) ? .encrypted : .oldFormat }
    guard bytes.starts(with: Self.zipMark) else { throw .notAWorkbook }
    var package = OpenPackage(bytes)
    let main = try package.mainPart()
    let folder = main.split(separator: "/").dropLast().map { $0 + "/" }.joined()
    let relationsPath = "\(folder)_rels/\(main.dropFirst(folder.count)).rels"
    let top = try package.parts([main, relationsPath])
    guard let bookBytes = top[main.lowercased()], let relationBytes = top[relationsPath.lowercased()] else {
      throw .damaged(main)
    }
    let book = try XMLPart.read(bookBytes, main, BookVisitor())
    let relations = try XMLPart.read(relationBytes, relationsPath, RelationsVisitor()).relations
    func path(_ isMeant: (RelationsVisitor.Relation) -> Bool) -> String? {
      relations.first(where: isMeant).map { RelationsVisitor.path($0.target, in: folder) }
    }
    var found: (name: String, path: String)?
    for sheet in book.sheets where sheet.isVisible && found == nil {
      if let path = path({ $0.id == sheet.relation && $0.type.hasSuffix("/worksheet") }) { found = (sheet.name, path) }
    }
    guard let found else { throw .noSheet }
    let textsPath = path { $0.type.hasSuffix("/sharedStrings") }, stylesPath = path { $0.type.hasSuffix("/styles") }
    let parts = try package.parts(Set([found.path, textsPath, stylesPath].compactMap(\.self)))
    guard let sheetBytes = parts[found.path.lowercased()] else { throw .damaged(found.path) }
    var (texts, shapes): ([String], [NumberShape]) = ([], [])
    if let textsPath, let bytes = parts[textsPath.lowercased()] {
      texts = try XMLPart.read(bytes, textsPath, SharedTextsVisitor()).texts
    }
    if let stylesPath, let bytes = parts[stylesPath.lowercased()] {
      shapes = try XMLPart.read(bytes, stylesPath, StylesVisitor()).shapes
    }
    let around = SheetVisitor.Surroundings(name: found.path, texts: texts, shapes: shapes, is1904: book.is1904)
    let read = try XMLPart.read(sheetBytes, found.path, SheetVisitor(around))
    sheet = found.name
    rows = try Merge.resolved(read.rows, read.merges)
  }

  /// An encrypted workbook is a stream of this name in an OLE container (MS-OFFCRYPTO §2.3.4).
  private static func isEncrypted(_ bytes: [UInt8]) -> Bool {
    let name: [UInt8] = "EncryptedPackage".utf8.flatMap { byte -> [UInt8] in [byte, 0] }
    var place = bytes.startIndex
    while let next = bytes[place...].firstIndex(of: name[0]) {
      if bytes[next...].starts(with: name) { return true }
      place = next + 1
    }
    return false
  }
}

/// The parts of a package (ECMA-376 part 2), unpacked as they are asked for.
private struct OpenPackage {
  private var zip: ZipFile

  init(_ bytes: [UInt8]) {
    zip = ZipFile(
      bytes,
      ZipFile.Bounds(
        parts: WorkbookLimits.partsMax, unpacked: WorkbookLimits.unpackedMax, ratio: WorkbookLimits.ratioMax,
        floor: WorkbookLimits.unpackedFloor))
  }

  mutating func parts(_ names: Set<String>) throws(WorkbookFault) -> [String: [UInt8]] {
    do throws(ZipFault) { return try zip.parts(names) } catch {
      switch error {
      case .damaged: throw .damaged("")
      case .encrypted: throw .encrypted
      case .tooLarge: throw .tooLarge
      }
    }
  }

  /// The workbook's own part, as the package names it.
  mutating func mainPart() throws(WorkbookFault) -> String {
    let name = "_rels/.rels"
    guard let bytes = try parts([name])[name] else { throw .notAWorkbook }
    let relations = try XMLPart.read(bytes, name, RelationsVisitor()).relations
    guard let main = relations.first(where: { $0.type.hasSuffix("/officeDocument") }) else { throw .notAWorkbook }
    let path = RelationsVisitor.path(main.target, in: "")
    guard !path.lowercased().hasSuffix(".bin") else { throw .binary }
    return path
  }
}
