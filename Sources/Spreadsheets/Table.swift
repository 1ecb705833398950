import Ledger

/// A table that is given away as a file: headings, and rows of cells that know what they are.
package struct Table: Sendable {
  /// The headings, in the language of whoever takes it.
  package let heads: [String]
  /// The rows; a short one ends with empty cells.
  package var rows: [[Cell]]

  /// Made from its parts.
  package init(heads: [String], rows: [[Cell]] = []) {
    self.heads = heads
    self.rows = rows
  }

  /// One cell.
  package enum Cell: Sendable, Equatable {
    /// Words and codes; never a formula, whatever they begin with.
    case text(String)
    /// A count or a number.
    case whole(Int64)
    /// A number with a fraction, exactly as it is written: `12.50`. What is no number is shown as text.
    case decimal(String)
    /// A moment, which is shown in Beijing time to the second.
    case moment(Timestamp)
    /// Nothing.
    case empty

    /// Words, or nothing.
    package init(_ text: String?) { self = text.map { $0.isEmpty ? .empty : .text($0) } ?? .empty }
  }
}

extension Table.Cell {
  /// Beijing is eight hours ahead of UTC, in milliseconds.
  static let ahead: Int64 = 8 * 3_600_000

  /// As a text: `2026-09-01 17:05:00` for a moment.
  package var text: String {
    switch self {
    case .text(let text): text
    case .whole(let number): String(number)
    case .decimal(let digits): digits
    case .moment(let time): String(time.advanced(by: Self.ahead).description.prefix(19)).replacing("T", with: " ")
    case .empty: ""
    }
  }
}

extension Table {
  /// The table as RFC 4180: UTF-8 with a mark so that Excel reads Chinese, and no cell that a spreadsheet would take for
  /// a formula.
  package func csv() -> [UInt8] {
    let lines = [heads.map(Cell.text)] + rows
    return [0xef, 0xbb, 0xbf] + Array(lines.map { $0.map(\.csv).joined(separator: ",") + "\r\n" }.joined().utf8)
  }
}

extension Table.Cell {
  /// What begins like a formula gets an apostrophe before it; numbers keep their sign.
  package var csv: String {
    var text = text
    if let first = text.first, "=+-@\t\r\n＝＋－＠".contains(first), Double(text) == nil { text = "'" + text }
    guard text.contains(where: { ",\"\r\n'".contains($0) || $0 == "\r\n" }) else { return text }
    return "\"" + text.replacing("\"", with: "\"\"") + "\""
  }
}
