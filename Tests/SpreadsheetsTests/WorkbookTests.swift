import Testing

@testable import Spreadsheets

@Suite("Workbooks are read")
struct WorkbookTests {
  @Test("one of openpyxl: hidden sheets, a title, a heading of two rows, merged data, days, numbers in full")
  func openpyxl() throws {
    let book = try Workbook(HandMade.fixture("openpyxl.xlsx"))
    #expect(book.sheet == "发货")
    #expect(book.rows.map(\.number) == [4, 6, 7, 9])
    #expect(book.rows[0].cells == ["单号", "经销商", "箱码", "止码", "发货时间"])
    #expect(book.rows[1].cells == ["DN-1", "D001", "106901234500000010", "", "2026-09-01T17:05"])
    #expect(book.rows[2].cells == ["DN-1", "D001", "1.069012345E+17", "", "2026-09-02"])
    #expect(
      book.rows[3].cells
        == ["20260901", "TRUE", "6901234567892", "#CALC!", "0.3", "", "", "A & <b> \n two"])
  }

  @Test("one of XlsxWriter: counted from 1904, texts in place, rich text, formats of its own, formulas with results")
  func xlsxwriter() throws {
    let rows = try Workbook(HandMade.fixture("xlsxwriter.xlsx")).rows
    #expect(
      rows == [
        SheetRow(number: 1, cells: ["code", "name", "since", "at", "gtin"]),
        SheetRow(number: 2, cells: ["=cmd|' /C calc'!A0", "湖南 一号", "2026-09-01", "12:00:05", "06901234567892"]),
        SheetRow(number: 5, cells: ["worked out", "-12.5", "#DIV/0!"]),
      ])
  }

  @Test("cells may be anywhere, and rows and cells may leave their names away")
  func sparse() throws {
    let rows =
      "<row r=\"3\"><c r=\"C3\"><v>1</v></c><c><v>2</v></c><c r=\"XFD3\" s=\"0\"/></row><row><c t=\"str\"><v> </v></c></row>"
      + "<row><c t=\"d\"><v>2026-09-01</v></c></row>"
    #expect(
      try HandMade.read(rows) == [
        SheetRow(number: 3, cells: ["", "", "1", "2"]), SheetRow(number: 5, cells: ["2026-09-01"]),
      ])
  }

  @Test("shared texts: runs are joined, what says how they sound is left out, escapes are resolved")
  func sharedTexts() throws {
    let texts =
      "<si><r><t>湖</t></r><r><rPr><b/></rPr><t xml:space=\"preserve\">南 </t></r><rPh sb=\"0\" eb=\"1\"><t>hunan</t></rPh></si>"
      + "<si><t>a_x000D_b&amp;&#x4E00;<![CDATA[<c>]]></t></si><si/>"
    let rows = "<row><c t=\"s\"><v>0</v></c><c t=\"s\"><v>1</v></c><c t=\"s\"><v>2</v></c></row>"
    #expect(try HandMade.read(rows, texts: texts).map(\.cells) == [["湖南 ", "a\rb&一<c>"]])
  }

  @Test("elements may have a prefix")
  func prefixes() throws {
    let parts = HandMade.parts(rows: "").map { part in
      part.name.hasSuffix("sheet1.xml")
        ? (
          name: part.name,
          content: Array(
            "<x:worksheet xmlns:x=\"x\"><x:sheetData><x:row r=\"1\"><x:c t=\"inlineStr\"><x:is><x:t>a</x:t></x:is></x:c></x:row></x:sheetData></x:worksheet>"
              .utf8)
        )
        : part
    }
    #expect(try Workbook(HandMade.zip(parts)).rows.map(\.cells) == [["a"]])
  }

  @Test(
    "numbers stand in full, unless their last digits are lost",
    arguments: [
      ("6901234567892", "6901234567892"), ("6.901234567892E12", "6901234567892"),
      ("999999999999999", "999999999999999"),
      ("1000000000000000", "1E+15"), ("106901234500000010", "1.069012345E+17"), ("1.5E-7", "0.00000015"),
      ("-0.30000000000000004", "-0.3"), ("12.50", "12.5"), ("-0", "0"), ("1e300", "1E+300"),
    ])
  func numbers(_ written: String, _ shown: String) throws {
    #expect(try HandMade.read("<row><c><v>\(written)</v></c></row>").map(\.cells) == [[shown]])
  }

  @Test(
    "days and times are known by their format",
    arguments: [
      ("14", "", "46266", "2026-09-01"), ("22", "", "46266.711805555556", "2026-09-01T17:05"),
      ("20", "", "0.5", "12:00"), ("57", "", "46266", "2026-09-01"), ("0", "", "46266", "46266"),
      ("164", "yyyy/m/d h:mm:ss", "46266.000011574", "2026-09-01T00:00:01"), ("164", "[h]:mm", "1.5", "36:00"),
      ("164", "#,##0.00\\ \"days\"", "46266", "46266"), ("164", "[Red]0.00", "1.5", "1.5"),
      ("164", "General\"年\"", "7", "7"), ("164", "m\"月\"d\"日\"", "46266", "2026-09-01"), ("14", "", "1", "1900-01-01"),
      ("14", "", "59", "1900-02-28"), ("14", "", "61", "1900-03-01"), ("14", "", "-1", "-1"),
      ("14", "", "3e9", "3000000000"),
      ("164", "0000000", "42", "0000042"),
    ])
  func moments(_ id: String, _ code: String, _ number: String, _ shown: String) throws {
    let code = code.replacing("\"", with: "&quot;")
    let styles =
      "<numFmts><numFmt numFmtId=\"164\" formatCode=\"\(code)\"/></numFmts><cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs>"
      + "<cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"\(id)\"/></cellXfs>"
    #expect(try HandMade.read("<row><c s=\"1\"><v>\(number)</v></c></row>", styles: styles).map(\.cells) == [[shown]])
  }

  @Test("from 1904 the same number is another day")
  func count1904() throws {
    let styles = "<cellXfs><xf numFmtId=\"14\"/></cellXfs>"
    let rows = "<row><c s=\"0\"><v>44804</v></c></row>"
    #expect(
      try HandMade.read(rows, styles: styles, book: "<workbookPr date1904=\"1\"/>").map(\.cells) == [["2026-09-01"]])
  }

  @Test("a list without heading keeps its first row, also where it is merged downwards")
  func mergedData() throws {
    let rows =
      "<row r=\"1\"><c r=\"A1\" t=\"str\"><v>DN</v></c><c r=\"B1\" t=\"str\"><v>a</v></c></row>"
      + "<row r=\"2\"><c r=\"B2\" t=\"str\"><v>b</v></c></row>"
    #expect(
      try HandMade.read(rows, after: "<mergeCells><mergeCell ref=\"A1:A2\"/></mergeCells>").map(\.cells)
        == [["DN", "a"], ["DN", "b"]])
  }

  @Test("a sheet of more than ten megabytes is read to its end")
  func long() throws {
    let cells = (0..<8).map { "<c t=\"str\"><v>\($0) \(String(repeating: "中", count: 60))</v></c>" }.joined()
    let rows = (1...8_000).map { "<row r=\"\($0 * 2)\">\(cells)</row>" }.joined()
    let read = try HandMade.read(rows)
    #expect(read.count == 8_000 && read.last?.number == 16_000 && read.last?.cells.count == 8)
  }
}
