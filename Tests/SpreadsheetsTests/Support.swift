import CArchive
import Foundation

@testable import Spreadsheets

/// Workbooks that tests make by hand.
enum HandMade {
  /// A container of these parts.
  static func zip(_ parts: [(name: String, content: [UInt8])]) -> [UInt8] {
    let archive = archive_write_new()
    defer { archive_write_free(archive) }
    archive_write_set_format_zip(archive)
    let room = parts.reduce(65_536) { $0 + $1.content.count + 512 }
    var (out, used) = ([UInt8](repeating: 0, count: room), 0)
    out.withUnsafeMutableBytes { space in
      archive_write_open_memory(archive, space.baseAddress, space.count, &used)
      for part in parts {
        let entry = archive_entry_new()
        defer { archive_entry_free(entry) }
        archive_entry_set_pathname(entry, part.name)
        archive_entry_set_filetype(entry, 0o100000)
        archive_entry_set_size(entry, Int64(part.content.count))
        archive_write_header(archive, entry)
        part.content.withUnsafeBytes { _ = archive_write_data(archive, $0.baseAddress, $0.count) }
      }
      archive_write_close(archive)
    }
    return Array(out.prefix(used))
  }

  private static let relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
  private static let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"

  /// The parts of a workbook of one sheet.
  static func parts(
    rows: String, after: String = "", texts: String = "", styles: String = "", book: String = "", head: String = ""
  ) -> [(name: String, content: [UInt8])] {
    let all = [
      (
        "_rels/.rels",
        "<Relationships><Relationship Id=\"a\" Type=\"\(relations)/officeDocument\" Target=\"/xl/workbook.xml\"/>"
          + "</Relationships>"
      ),
      (
        "xl/workbook.xml",
        "<workbook xmlns=\"\(main)\" xmlns:r=\"\(relations)\">\(book)<sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"s\"/>"
          + "</sheets></workbook>"
      ),
      (
        "xl/_rels/workbook.xml.rels",
        "<Relationships><Relationship Id=\"s\" Type=\"\(relations)/worksheet\" Target=\"worksheets/sheet1.xml\"/>"
          + "<Relationship Id=\"t\" Type=\"\(relations)/sharedStrings\" Target=\"sharedStrings.xml\"/>"
          + "<Relationship Id=\"y\" Type=\"\(relations)/styles\" Target=\"../xl/styles.xml\"/></Relationships>"
      ),
      ("xl/sharedStrings.xml", "<sst xmlns=\"\(main)\">\(texts)</sst>"),
      ("xl/styles.xml", "<styleSheet xmlns=\"\(main)\">\(styles)</styleSheet>"),
      (
        "xl/worksheets/sheet1.xml",
        "\(head)<worksheet xmlns=\"\(main)\"><sheetData>\(rows)</sheetData>\(after)</worksheet>"
      ),
    ]
    return all.map { (name: $0.0, content: Array($0.1.utf8)) }
  }

  /// What is read of a workbook of one sheet.
  static func read(
    _ rows: String, after: String = "", texts: String = "", styles: String = "", book: String = "", head: String = ""
  ) throws(WorkbookFault) -> [SheetRow] {
    try Workbook(zip(parts(rows: rows, after: after, texts: texts, styles: styles, book: book, head: head))).rows
  }

  /// A workbook of another program.
  static func fixture(_ name: String) throws -> [UInt8] {
    let url = Bundle.module.url(forResource: "Fixtures/" + name, withExtension: nil)
    guard let url else { throw CocoaError(.fileNoSuchFile) }
    return Array(try Data(contentsOf: url))
  }
}

/// A small generator, the same on every machine for the same seed (splitmix64).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
