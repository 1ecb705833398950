import CXLSXWriter
import Foundation
import Ledger

/// Why a table cannot be given as a workbook; nothing of it is cut.
package enum UnwritableTable: Error, Equatable, Sendable {
  /// More rows or columns than the format has.
  case tooManyRows(Int), tooManyColumns(Int)
  /// A cell, by its name, has more than 32 767 characters.
  case cellTooLong(String)
  /// The library or the disk failed; with the library's number.
  case failed(Int)

  /// The sentence that people read.
  package var sentence: (zh: String, en: String) {
    switch self {
    case .tooManyRows(let max):
      (
        "表格超过 XLSX 格式允许的 \(max) 行，请缩小筛选范围或导出 CSV",
        "the table has more than the \(max) rows that XLSX allows; filter it, or take CSV"
      )
    case .tooManyColumns(let max):
      ("表格超过 XLSX 格式允许的 \(max) 列", "the table has more than the \(max) columns that XLSX allows")
    case .cellTooLong(let cell):
      (
        "单元格 \(cell) 超过 XLSX 格式允许的 32767 个字符，请导出 CSV",
        "cell \(cell) has more than the 32 767 characters that XLSX allows; take CSV"
      )
    case .failed: ("无法生成 XLSX 文件", "the XLSX file could not be made")
    }
  }
}

extension Table {
  /// The media type of a workbook.
  package static let workbookType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

  /// Rows from which on the library keeps only one of them in memory.
  private static let streamedRows = 2_000

  /// The table as a workbook of one sheet (ECMA-376, by libxlsxwriter): a bold heading that stays in sight, columns as
  /// wide as what stands in them, text as text, numbers as numbers and moments as date-times of Beijing.
  /// - Throws: when the format has no room for it, before anything is written; or when the disk fails.
  package func workbook(sheet: String) throws(UnwritableTable) -> [UInt8] {
    try check()
    let folder = FileManager.default.temporaryDirectory.appending(path: "yima-xlsx-" + UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    do {
      try FileManager.default.createDirectory(
        at: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    } catch { throw .failed(Int(LXW_ERROR_CREATING_TMPFILE.rawValue)) }
    let path = folder.appending(path: "table.xlsx").path
    let code = folder.path.withCString { temporary in
      var options = lxw_workbook_options(
        constant_memory: rows.count > Self.streamedRows ? 1 : 0, tmpdir: UnsafeMutablePointer(mutating: temporary),
        use_zip64: 0)
      guard let book = workbook_new_opt(path, &options) else { return LXW_ERROR_MEMORY_MALLOC_FAILED }
      let written = write(into: book, sheet: sheet)
      let closed = workbook_close(book)
      return written == LXW_NO_ERROR ? closed : written
    }
    guard code == LXW_NO_ERROR, let data = FileManager.default.contents(atPath: path) else {
      throw .failed(Int(code.rawValue))
    }
    return Array(data)
  }

  /// What the format has no room for.
  private func check() throws(UnwritableTable) {
    guard rows.count < CellReference.rowsMax else { throw .tooManyRows(CellReference.rowsMax) }
    for (place, row) in ([heads.map(Cell.text)] + rows).enumerated() {
      guard row.count <= CellReference.columnsMax else { throw .tooManyColumns(CellReference.columnsMax) }
      for (column, cell) in row.enumerated() {
        guard case .text(let text) = cell, text.utf8.count > Self.charactersMax else { continue }
        // What is escaped counts as it is written.
        guard text.escapedForSheet.utf16.count <= Self.charactersMax else {
          throw .cellTooLong(CellReference(column: column, row: place + 1).description)
        }
      }
    }
  }

  /// UTF-16 units of a cell.
  private static let charactersMax = 32_767

  private func write(into book: UnsafeMutablePointer<lxw_workbook>, sheet: String) -> lxw_error {
    guard let target = workbook_add_worksheet(book, Self.sheetName(sheet)), let bold = workbook_add_format(book) else {
      return LXW_ERROR_PARAMETER_VALIDATION
    }
    format_set_bold(bold)
    var pen = Pen(book: book, sheet: target)
    for (column, width) in widths.enumerated() {
      let place = lxw_col_t(column)
      guard worksheet_set_column(target, place, place, width, nil) == LXW_NO_ERROR else {
        return LXW_ERROR_PARAMETER_VALIDATION
      }
    }
    worksheet_freeze_panes(target, 1, 0)
    for (column, head) in heads.enumerated() { pen.write(.text(head), row: 0, column: column, format: bold) }
    for (place, row) in rows.enumerated() {
      for (column, cell) in row.enumerated() { pen.write(cell, row: place + 1, column: column) }
      guard pen.fault == LXW_NO_ERROR else { break }
    }
    return pen.fault
  }

  /// How wide each column is, in characters of the normal font; ideographs take two.
  private var widths: [Double] {
    let sample = [heads.map(Cell.text)] + rows.prefix(1_000)
    return heads.indices.map { column in
      let widest = sample.lazy.map { $0.indices.contains(column) ? Self.width($0[column].text) : 0 }.max() ?? 0
      return Double(min(max(widest + 2, 8), 60))
    }
  }

  private static func width(_ text: String) -> Int {
    text.unicodeScalars.prefix(100).reduce(0) { $0 + ($1.value >= 0x1100 ? 2 : 1) }
  }

  /// A name that a sheet may have: at most 31 characters, none of `[]:*?/\`, no apostrophe at its ends.
  static func sheetName(_ name: String) -> String {
    var text = String(name.filter { !"[]:*?/\\'".contains($0) && !$0.isNewline })
    while text.utf16.count > 31 { text.removeLast() }
    return text.isEmpty ? "Yima" : text
  }
}

/// Writes cells, and keeps the first fault.
private struct Pen {
  let book: UnsafeMutablePointer<lxw_workbook>
  let sheet: UnsafeMutablePointer<lxw_worksheet>
  private(set) var fault = LXW_NO_ERROR
  private var formats: [String: UnsafeMutablePointer<lxw_format>] = [:]

  init(book: UnsafeMutablePointer<lxw_workbook>, sheet: UnsafeMutablePointer<lxw_worksheet>) {
    self.book = book
    self.sheet = sheet
  }

  /// - Parameter format: of a text; numbers and moments have their own.
  mutating func write(
    _ cell: Table.Cell, row: Int, column: Int, format: UnsafeMutablePointer<lxw_format>? = nil
  ) {
    let (row, column) = (lxw_row_t(row), lxw_col_t(column))
    let code: lxw_error
    switch cell {
    case .empty: return
    case .whole(let number) where abs(Double(number)) < 1e15:
      code = worksheet_write_number(sheet, row, column, Double(number), nil)
    case .decimal(let digits) where Self.isExact(digits):
      let fraction = digits.split(separator: ".", omittingEmptySubsequences: false).dropFirst().first?.count ?? 0
      let code0 = fraction == 0 ? "0" : "0." + String(repeating: "0", count: fraction)
      code = worksheet_write_number(sheet, row, column, Double(digits) ?? 0, self.format(code0))
    case .moment(let time) where SheetTime.serial(of: time) != nil:
      let serial = SheetTime.serial(of: time) ?? 0
      code = worksheet_write_number(sheet, row, column, serial, self.format("yyyy-mm-dd hh:mm:ss"))
    default:
      // Never a formula: this call writes text whatever it begins with.
      code =
        cell.text.isEmpty
        ? LXW_NO_ERROR : worksheet_write_string(sheet, row, column, cell.text.escapedForSheet, format)
    }
    if fault == LXW_NO_ERROR { fault = code }
  }

  /// Whether a double holds these digits: at most 15 of them, with a sign and a point.
  private static func isExact(_ digits: String) -> Bool {
    let bare = digits.hasPrefix("-") ? digits.dropFirst() : digits[...]
    let parts = bare.split(separator: ".", omittingEmptySubsequences: false)
    return (1...2).contains(parts.count) && bare.utf8.count <= 16 && bare.filter({ $0 != "." }).count <= 15
      && parts.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy { (48...57).contains($0) } }
  }

  private mutating func format(_ code: String) -> UnsafeMutablePointer<lxw_format>? {
    if let known = formats[code] { return known }
    let made = workbook_add_format(book)
    format_set_num_format(made, code)
    formats[code] = made
    return made
  }
}

extension String {
  /// As a cell's text is written: what XML cannot hold stands as `_x0007_`, and a text that looks like that is told
  /// apart by an escaped underscore (ECMA-376 part 1, §22.9.2.19).
  var escapedForSheet: String {
    var result = String.UnicodeScalarView()
    let scalars = Array(unicodeScalars)
    for (place, scalar) in scalars.enumerated() {
      switch scalar.value {
      case 0x5F where Self.isEscape(scalars[place...]): result.append(contentsOf: "_x005F_".unicodeScalars)
      case 0x09, 0x0A: result.append(scalar)
      case 0..<0x20, 0xFFFE, 0xFFFF:
        let digits = String(scalar.value, radix: 16, uppercase: true)
        result.append(contentsOf: "_x\(String(repeating: "0", count: 4 - digits.count))\(digits)_".unicodeScalars)
      default: result.append(scalar)
      }
    }
    return String(result)
  }

  /// The text of a cell with its escapes resolved.
  var unescapedFromSheet: String {
    guard contains("_x") else { return self }
    var result = String.UnicodeScalarView()
    var rest = Array(unicodeScalars)[...]
    while let scalar = rest.first {
      if Self.isEscape(rest) {
        let digits = String(String.UnicodeScalarView(rest.dropFirst(2).prefix(4)))
        result.append(UInt32(digits, radix: 16).flatMap(Unicode.Scalar.init) ?? "\u{fffd}")
        rest = rest.dropFirst(7)
      } else {
        result.append(scalar)
        rest = rest.dropFirst()
      }
    }
    return String(result)
  }

  private static func isEscape(_ scalars: ArraySlice<Unicode.Scalar>) -> Bool {
    guard scalars.count >= 7 else { return false }
    let start = scalars.startIndex
    return scalars[start] == "_" && scalars[start + 1] == "x" && scalars[start + 6] == "_"
      && scalars[(start + 2)..<(start + 6)].allSatisfy { $0.properties.isASCIIHexDigit }
  }
}
