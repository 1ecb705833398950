import Interchange
import Ledger
import Spreadsheets
import Testing

@Suite("Lists as workbooks")
struct WorkbookListTests {
  private static let heads = ["单号", "经销商", "区域", "编码", "发货时间"]

  private func file(_ rows: [[Table.Cell]], heads: [String] = heads) throws -> [UInt8] {
    try Table(heads: heads, rows: rows).workbook(sheet: "发货")
  }

  private func bad(_ bytes: [UInt8]) -> [BadLine] {
    do throws(DispatchListError) {
      _ = try DispatchList(workbook: bytes)
      return []
    } catch { return error.lines }
  }

  @Test("a workbook gives the dispatches of the same list as text")
  func same() throws {
    let moment = try #require(Timestamp(rfc3339: "2026-09-01T17:05:00+08:00"))
    let rows: [[Table.Cell]] = [
      [.whole(20_260_901), .text("D001"), .whole(430_000), .text(Box.first), .moment(moment)],
      [], [.whole(20_260_901), .text("D001"), .whole(430_000), .text(Box.second), .moment(moment)],
      [.text("DN-2"), .text("D001"), .text("430100;430200"), .text(Box.uri.replacing("010", with: "034")), .empty],
    ]
    let book = try DispatchList(workbook: try file(rows))
    let text = try DispatchList(csv: Table(heads: Self.heads, rows: rows).csv())
    #expect(book.dispatches.map(\.number) == ["20260901", "DN-2"])
    #expect(book.dispatches.map(\.at) == [moment, nil] && text.dispatches.map(\.at) == [moment, nil])
    #expect(book.dispatches.map { "\($0.units)" } == text.dispatches.map { "\($0.units)" })
    #expect(book.line(request: 0, unit: 1) == 4 && book.line(request: 1, unit: nil) == 5)
  }

  @Test("bad rows have the sheet's numbers and name their cells")
  func badRows() throws {
    let rows: [[Table.Cell]] = [
      [.text("DN-1"), .text("D001"), .text("430000"), .text("1.0690123E+17")], [],
      [.decimal("2.5"), .text("D001"), .text("99"), .text(Box.first)],
      [.text("1.23456E+16"), .text("D001"), .text("430000"), .text(Box.second)],
      [.text("DN-1"), .text("#N/A"), .text("430000"), .text(Box.third)],
    ]
    #expect(
      bad(try file(rows)) == [
        BadLine(line: 2, column: .code, cell: "D2", .roundedNumber),
        BadLine(line: 4, column: .territories, cell: "C4", .notARegion("99")),
        BadLine(line: 5, column: .number, cell: "A5", .roundedNumber),
        BadLine(line: 6, column: .dealer, cell: "B6", .sheetError("#N/A")),
      ])
    #expect(bad(try file([], heads: ["单号", "经销商"])).map(\.line) == [1, 1])
    #expect(bad(try file([])) == [BadLine(line: 1, .emptyFile)])
  }

  @Test("what is no workbook says so")
  func faults() {
    #expect(bad(Array("number,dealer\n".utf8)) == [BadLine(line: 1, .workbook(.notAWorkbook))])
    #expect(bad([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]) == [BadLine(line: 1, .workbook(.oldFormat))])
    #expect(BadLineReason.workbook(.damaged("x")).slug == "damaged")
    #expect(throws: TextTableFault(.damaged(""))) { _ = try TextTable([0x50, 0x4B, 0x03, 0x04, 1, 2]) }
  }

  @Test("a table of a workbook is a text that says the same on the same lines")
  func text() throws {
    let rows: [[Table.Cell]] = [
      [.text("D1"), .text("湖南, \"一\"\n号")], [], [], [.text("D2;x"), .empty], [.text("'=1"), .text("=cmd")],
    ]
    let book = try TextTable(try file(rows, heads: ["code", "name"]))
    #expect(book.sheet == "发货" && book.rows.map(\.line) == [1, 2, 5, 6])
    let text = try TextTable(Array(book.text.utf8))
    #expect(text.sheet == nil && text.rows.map(\.line) == [1, 2, 5, 6])
    #expect(text.rows[1].cells == ["D1", "湖南, \"一\" 号"])
    #expect(text.rows[2].cells.first == "D2;x" && text.rows[3].cells == ["'=1", "=cmd"])
  }

  @Test("what a spreadsheet lost is told of any cell")
  func cellFaults() {
    #expect(TextTable.fault(of: "1.06901E+17") == .lostDigits && TextTable.fault(of: "#REF!") == .error)
    for cell in ["12E3", "6901234567892", "", "E+17", "#1", "2E+5"] {
      #expect(TextTable.fault(of: cell) == nil, "\(cell)")
    }
  }
}
