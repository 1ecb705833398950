import Ledger
import Testing

@testable import Spreadsheets

@Suite("Tables are written")
struct TableTests {
  private let moment = Timestamp(milliseconds: 1_788_253_537_000)

  @Test("each kind of cell comes back as it was")
  func roundTrip() throws {
    let table = Table(
      heads: ["编号", "name", "whole", "decimal", "moment"],
      rows: [
        [.text("06901234567892"), .text("=1+1"), .whole(-7), .decimal("12.50"), .moment(moment)],
        [.text("a\tb\nc"), .empty, .whole(1_234_567_890_123_456), .decimal("1.23456789012345678"), .text("_x0041_")],
        [.text(" x "), .text("\u{7}\u{FFFF}"), .whole(0), .decimal("n/a"), .moment(Timestamp(milliseconds: -1))],
      ])
    let book = try Workbook(table.workbook(sheet: "[预警]: a/b?"))
    #expect(book.sheet == "预警 ab")
    #expect(
      book.rows.map(\.cells) == [
        ["编号", "name", "whole", "decimal", "moment"],
        ["06901234567892", "=1+1", "-7", "12.5", "2026-09-01T17:05:37"],
        ["a\tb\nc", "", "1234567890123456", "1.23456789012345678", "_x0041_"],
        [" x ", "\u{7}\u{FFFF}", "0", "n/a", "1970-01-01T07:59:59"],
      ])
    #expect(book.rows.map(\.number) == [1, 2, 3, 4])
  }

  @Test("a long table is written row by row and reads the same")
  func long() throws {
    let rows = (0..<5_000).map { [Table.Cell.whole(Int64($0)), .text("经销商 \($0 % 7)")] }
    let read = try Workbook(Table(heads: ["n", "name"], rows: rows).workbook(sheet: "S")).rows
    #expect(read.count == 5_001 && read[5_000].cells == ["4999", "经销商 1"])
  }

  @Test("any text comes back")
  func anyText() throws {
    var random = SeededGenerator(seed: 7)
    let letters: [Character] = [
      "a", "_", "x", "0", "A", "\u{0}", "\u{1b}", "<", "&", "\"", "=", "'", "\r", "\n", "中", "😀", "]",
    ]
    let rows = (0..<200).map { _ in
      let length = Int.random(in: 1...30, using: &random)
      return [
        Table.Cell.text(
          "." + String((0..<length).map { _ in letters[Int.random(in: 0..<letters.count, using: &random)] }))
      ]
    }
    let read = try Workbook(Table(heads: ["text"], rows: rows).workbook(sheet: "S")).rows
    #expect(read.dropFirst().map(\.cells) == rows.map { $0.map(\.text) })
  }

  @Test("what the format has no room for is refused by its place, and nothing is cut")
  func limits() {
    let fits = Table(heads: ["a", "b"], rows: [[.empty, .text(String(repeating: "中", count: 32_767))]])
    #expect(throws: Never.self) { _ = try fits.workbook(sheet: "S") }
    let long = Table(heads: ["a", "b"], rows: [[.empty, .text(String(repeating: "x", count: 32_768))]])
    #expect(throws: UnwritableTable.cellTooLong("B2")) { _ = try long.workbook(sheet: "S") }
    let high = Table(heads: ["a"], rows: Array(repeating: [], count: 1_048_576))
    #expect(throws: UnwritableTable.tooManyRows(1_048_576)) { _ = try high.workbook(sheet: "S") }
    let wide = Table(heads: Array(repeating: "a", count: 16_385))
    #expect(throws: UnwritableTable.tooManyColumns(16_384)) { _ = try wide.workbook(sheet: "S") }
  }

  @Test("CSV says the same, and no cell of it is a formula")
  func csv() {
    let table = Table(
      heads: ["a", "b"], rows: [[.text("=1+1"), .moment(moment)], [.decimal("-1.50"), .text("x,\"y\"")]])
    #expect(
      String(decoding: table.csv(), as: UTF8.self)
        == "\u{feff}a,b\r\n\"'=1+1\",2026-09-01 17:05:37\r\n-1.50,\"x,\"\"y\"\"\"\r\n")
  }

  @Test("cells have the names that spreadsheets give them")
  func references() {
    for (column, letters) in [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA"), (16_383, "XFD")] {
      #expect(CellReference(column: column, row: 7).description == letters + "7")
      #expect(CellReference(letters + "7") == CellReference(column: column, row: 7))
    }
    for text in ["", "A", "7", "7A", "A0", "XFE1", "A1048577", "a1", "A1B", "A999999999999999999999"] {
      #expect(CellReference(text) == nil, "\(text)")
    }
  }
}
