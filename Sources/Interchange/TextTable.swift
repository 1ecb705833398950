import Spreadsheets

/// A table out of a spreadsheet, of which only the columns' meaning is left to tell: RFC 4180 in UTF-8 or GB18030, parted
/// by comma, tab or semicolon; or the first visible sheet of an XLSX workbook.
package struct TextTable: Sendable {
  /// A row that says something.
  package struct Row: Sendable, Equatable {
    /// The line it begins on, from 1; a quoted cell may make it several lines long. In a workbook the sheet's row.
    package let line: Int
    /// Its cells, without blanks at their ends. Codes and numbers that were typed in full-width forms are ASCII; names
    /// keep their brackets.
    package let cells: [String]
  }

  /// The rows, the heading among them; blank ones are left out.
  package let rows: [Row]
  /// The name of the sheet that they stand in; nil when they came as text.
  package let sheet: String?

  /// Reads a table.
  package init(_ bytes: [UInt8]) throws(TextTableFault) {
    if Workbook.isOne(bytes) {
      let book: Workbook
      do throws(WorkbookFault) { book = try Workbook(bytes) } catch { throw TextTableFault(error) }
      rows = book.rows.map { Row(line: $0.number, cells: $0.cells.map(Self.cell)) }
      sheet = book.sheet
      return
    }
    let text: [UInt8]
    do throws(UnreadableText) { text = try TextDecoding.utf8(bytes) } catch { throw TextTableFault(line: error.line) }
    var reader = CSVReader(text, delimiter: .detect(text))
    var rows: [Row] = []
    do throws(CSVFault) {
      while let record = try reader.next() {
        if !record.isBlank { rows.append(Row(line: record.line, cells: record.fields.map(Self.cell))) }
      }
    } catch { throw TextTableFault(line: error.line) }
    self.rows = rows
    sheet = nil
  }

  /// The table as RFC 4180 in which each row stands on its own line: a preview of it can be sent again, and its lines
  /// mean the same. Line breaks within cells are blanks.
  package var text: String {
    var (lines, line): ([String], Int) = ([], 1)
    for row in rows {
      lines += repeatElement("", count: max(row.line - line, 0))
      lines.append(row.cells.map(Self.field).joined(separator: ","))
      line = row.line + 1
    }
    return lines.map { $0 + "\n" }.joined()
  }

  private static func field(_ cell: String) -> String {
    let cell = String(cell.map { $0.isNewline ? " " : $0 })
    guard cell.contains(where: { ",;\t\"，".contains($0) }) else { return cell }
    return "\"" + cell.replacing("\"", with: "\"\"") + "\""
  }

  /// What is wrong with a cell before anybody asks what it means; nil when nothing is.
  package static func fault(of cell: String) -> CellFault? {
    if cell.hasLostDigits { return .lostDigits }
    return SheetError.isOne(cell) ? .error : nil
  }

  private static func cell(_ field: String) -> String {
    let folded = field.folded
    if folded.utf8.allSatisfy({ $0 < 0x80 }) { return folded }
    let isBlank: (Character) -> Bool = { $0.isWhitespace || $0 == "\u{feff}" || $0 == "\u{200b}" }
    var text = field.drop(while: isBlank)
    while let last = text.last, isBlank(last) { text.removeLast() }
    return String(text)
  }
}

/// What a spreadsheet did to a cell.
package enum CellFault: Equatable, Sendable {
  /// It keeps 15 digits of a number; the others are gone.
  case lostDigits
  /// It shows `#N/A` or another error where a value should be.
  case error
}

/// A table that cannot be read.
package struct TextTableFault: Error, Equatable, Sendable {
  /// Where, from 1: a quote that is never closed, text after one, far too many columns, characters of another encoding.
  package let line: Int
  /// Of a workbook, why; nil of a text.
  package let workbook: WorkbookFault?

  /// A line of a text.
  package init(line: Int) {
    self.line = line
    workbook = nil
  }

  /// A workbook.
  package init(_ fault: WorkbookFault) {
    line = fault.row
    workbook = fault
  }
}
