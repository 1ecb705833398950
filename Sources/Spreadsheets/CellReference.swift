/// The name of a cell as spreadsheets show it, such as `B7` (ECMA-376 part 1, §18.3.1.4).
package struct CellReference: Equatable, Sendable, CustomStringConvertible {
  /// The column from 0, the row from 1.
  package let column: Int, row: Int

  /// Columns and rows that the format has.
  package static let columnsMax = 16_384, rowsMax = 1_048_576

  /// Made from its parts.
  package init(column: Int, row: Int) {
    self.column = column
    self.row = row
  }

  /// Reads `B7` or `$B$7`; nil for what is no cell of a sheet.
  init?(_ text: some StringProtocol) {
    var (column, row, hasDigits) = (0, 0, false)
    for byte in text.utf8 where byte != UInt8(ascii: "$") {
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z") where !hasDigits: column = column * 26 + Int(byte) - 64
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        hasDigits = true
        row = row * 10 + Int(byte) - 48
      default: return nil
      }
      guard column <= Self.columnsMax, row <= Self.rowsMax else { return nil }
    }
    guard column > 0, row > 0 else { return nil }
    self.init(column: column - 1, row: row)
  }

  /// `B7`.
  package var description: String { Self.letters(column) + String(row) }

  /// The letters of a column, from 0: A … Z, AA …
  package static func letters(_ column: Int) -> String {
    var (rest, letters) = (column + 1, "")
    while rest > 0 {
      letters = String(Unicode.Scalar(UInt8(65 + (rest - 1) % 26))) + letters
      rest = (rest - 1) / 26
    }
    return letters
  }
}
