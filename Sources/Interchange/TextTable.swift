/// A table out of a spreadsheet (RFC 4180), of which only the columns' meaning is left to tell: UTF-8 or GB18030, parted
/// by comma, tab or semicolon.
package struct TextTable: Sendable {
  /// A row that says something.
  package struct Row: Sendable, Equatable {
    /// The line it begins on, from 1; a quoted cell may make it several lines long.
    package let line: Int
    /// Its cells, without blanks at their ends. Codes and numbers that were typed in full-width forms are ASCII; names
    /// keep their brackets.
    package let cells: [String]
  }

  /// The rows, the heading among them; blank ones are left out.
  package let rows: [Row]

  /// Reads a table.
  package init(_ bytes: [UInt8]) throws(TextTableFault) {
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

/// A line of a table that cannot be read: a quote that is never closed, text after one, far too many columns, characters
/// of another encoding.
package struct TextTableFault: Error, Equatable, Sendable {
  /// Where, from 1.
  package let line: Int

  /// Made from its line.
  package init(line: Int) { self.line = line }
}
