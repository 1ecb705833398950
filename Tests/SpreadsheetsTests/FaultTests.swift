import Testing

@testable import Spreadsheets

@Suite("Workbooks that are refused")
struct FaultTests {
  private func fault(_ bytes: [UInt8]) -> WorkbookFault? {
    do throws(WorkbookFault) {
      _ = try Workbook(bytes)
      return nil
    } catch { return error }
  }

  private func fault(rows: String, after: String = "", texts: String = "", head: String = "") -> WorkbookFault? {
    fault(HandMade.zip(HandMade.parts(rows: rows, after: after, texts: texts, head: head)))
  }

  @Test("old, binary, encrypted files and none at all are told apart")
  func kinds() {
    let ole: [UInt8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1] + [UInt8](repeating: 0, count: 512)
    #expect(fault(ole) == .oldFormat)
    #expect(fault(ole + "EncryptedPackage".utf8.flatMap { byte -> [UInt8] in [byte, 0] }) == .encrypted)
    #expect(fault([]) == .notAWorkbook && fault(Array("code,name\n".utf8)) == .notAWorkbook)
    #expect(fault(HandMade.zip([(name: "a.txt", content: [65])])) == .notAWorkbook)
    let binary = HandMade.parts(rows: "").map { part in
      (
        name: part.name,
        content: Array(
          String(decoding: part.content, as: UTF8.self).replacing("workbook.xml\"", with: "workbook.bin\"").utf8)
      )
    }
    #expect(fault(HandMade.zip(binary)) == .binary)
  }

  @Test("a document type, and with it every entity, is refused, in whatever encoding it is written")
  func documentTypes() {
    let name = "xl/worksheets/sheet1.xml"
    let bomb = "<!DOCTYPE w [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;\">]>"
    #expect(fault(rows: "<row><c t=\"str\"><v>&b;</v></c></row>", head: bomb) == .forbidden(name))
    #expect(fault(rows: "", head: "<!DOCTYPE w SYSTEM \"file:///etc/passwd\">") == .forbidden(name))
    #expect(fault(rows: "", head: "<?xml version=\"1.0\" encoding=\"UTF-7\"?>") == .forbidden(name))
    var parts = HandMade.parts(rows: "")
    parts[5].content = [0xFF, 0xFE] + "<a/>".utf8.flatMap { byte -> [UInt8] in [byte, 0] }
    #expect(fault(HandMade.zip(parts)) == .forbidden(name))
    #expect(
      fault(rows: "<row/>", head: "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?><!-- x -->") == nil)
  }

  @Test("a bomb is not unpacked")
  func bomb() {
    var parts = HandMade.parts(rows: "")
    parts[5].content = [UInt8](repeating: 0x20, count: 16 * 1024 * 1024)
    let bytes = HandMade.zip(parts)
    #expect(bytes.count < 100_000 && fault(bytes) == .tooLarge)
    parts[5].content = [65]
    let many = parts + (0..<WorkbookLimits.partsMax).map { (name: "x/\($0)", content: []) }
    #expect(fault(HandMade.zip(many)) == .tooLarge)
  }

  @Test("one shared text in many cells is not multiplied without end")
  func sharedBomb() {
    let texts = "<si><t>\(String(repeating: "x", count: 32_000))</t></si>"
    let row = "<row>" + String(repeating: "<c t=\"s\"><v>0</v></c>", count: 250) + "</row>"
    #expect(fault(rows: String(repeating: row, count: 20), texts: texts) == .tooLarge)
  }

  @Test("columns are bounded, with the row that has too many")
  func columns() {
    #expect(fault(rows: "<row r=\"7\"><c r=\"IW7\"><v>1</v></c></row>") == .tooManyColumns(256, row: 7))
    #expect(WorkbookFault.tooManyColumns(256, row: 7).row == 7)
  }

  @Test(
    "what contradicts itself is damaged",
    arguments: [
      "<row r=\"2\"/><row r=\"1\"/>", "<row r=\"1\"><c r=\"B1\"/><c r=\"A1\"><v>1</v></c></row>",
      "<row r=\"1\"><c r=\"A2\"><v>1</v></c></row>", "<row><c t=\"s\"><v>3</v></c></row>",
      "<row><c t=\"s\"><v>-1</v></c></row>", "<row><c><v>twelve</v></c></row>", "<row><c><v>nan</v></c></row>",
      "<row><c><v>1e999</v></c></row>", "<row r=\"99999999\"/>", "<row r=\"x\"/>", "<row><c r=\"ZZZZ1\"/></row>",
      "<row><c t=\"q\"><v>1</v></c></row>", "<row>", "</row>", "<row a=1/>", "\u{1}",
    ])
  func damaged(_ rows: String) {
    #expect(fault(rows: rows) == .damaged("xl/worksheets/sheet1.xml"))
  }

  @Test("a part of a few bytes that is no document is damaged", arguments: ["", "x", "<a>", "<a/><b/>"])
  func tiny(_ text: String) {
    var parts = HandMade.parts(rows: "")
    parts[5].content = Array(text.utf8)
    #expect(fault(HandMade.zip(parts)) == .damaged("xl/worksheets/sheet1.xml"))
  }

  @Test("merged ranges that are none, or cover more than there is")
  func merges() {
    #expect(fault(rows: "", after: "<mergeCell ref=\"B2:A1\"/>") == .damaged("xl/worksheets/sheet1.xml"))
    #expect(fault(rows: "", after: String(repeating: "<mergeCell ref=\"A1\"/>", count: 20_001)) == .tooLarge)
    let rows = (1...300).map { "<row r=\"\($0)\"><c r=\"A\($0)\"><v>1</v></c></row>" }.joined()
    let ranges = String(repeating: "<mergeCell ref=\"A1:A300\"/>", count: 7_000)
    #expect(fault(rows: rows, after: ranges) == .tooManyCells(WorkbookLimits.cellsMax))
  }

  @Test("a sheet must be seen")
  func noSheet() {
    let hidden = HandMade.parts(rows: "").map { part in
      (
        name: part.name,
        content: Array(
          String(decoding: part.content, as: UTF8.self).replacing("<sheet ", with: "<sheet state=\"veryHidden\" ").utf8)
      )
    }
    #expect(fault(HandMade.zip(hidden)) == .noSheet)
  }

  @Test("every truncation is refused")
  func truncated() throws {
    for name in ["openpyxl.xlsx", "xlsxwriter.xlsx"] {
      let whole = try HandMade.fixture(name)
      for count in stride(from: 0, to: whole.count, by: 37) {
        #expect(fault(Array(whole.prefix(count))) != nil, "the first \(count) bytes of \(name) are taken")
      }
    }
  }

  @Test("no damage to a container or to a part stops the program")
  func fuzz() throws {
    var random = SeededGenerator(seed: 20_260_901)
    let whole = try HandMade.fixture("openpyxl.xlsx")
    for _ in 0..<400 {
      var bytes = whole
      for _ in 0..<Int.random(in: 1...8, using: &random) {
        bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      _ = fault(bytes)
    }
    let parts = HandMade.parts(
      rows: "<row r=\"1\"><c r=\"A1\" t=\"s\" s=\"1\"><v>0</v></c><c r=\"C1\" s=\"1\"><v>46266.5</v></c></row>"
        + "<row r=\"2\"><c r=\"A2\" t=\"inlineStr\"><is><t>a_x0041_</t></is></c><c t=\"b\"><f>1</f><v>1</v></c></row>",
      after: "<mergeCells><mergeCell ref=\"A1:B2\"/></mergeCells>", texts: "<si><r><t>x</t></r></si>",
      styles:
        "<numFmts><numFmt numFmtId=\"164\" formatCode=\"[h]:mm\"/></numFmts><cellXfs><xf/><xf numFmtId=\"164\"/></cellXfs>"
    )
    let pieces = Array("<>\"=/:;&#x0123456789-eE+ACZ[]\\_ar".utf8)
    var isRead = 0
    for _ in 0..<3_000 {
      var mutant = parts
      let place = Int.random(in: 0..<mutant.count, using: &random)
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let letter = pieces[Int.random(in: 0..<pieces.count, using: &random)]
        let at = Int.random(in: 0..<mutant[place].content.count, using: &random)
        if Bool.random(using: &random) {
          mutant[place].content[at] = letter
        } else {
          mutant[place].content.insert(letter, at: at)
        }
      }
      if fault(HandMade.zip(mutant)) == nil { isRead += 1 }
    }
    #expect((1..<3_000).contains(isRead), "some mutants are still workbooks, and some are not")
  }

  @Test("every reason has its words")
  func sentences() {
    for fault: WorkbookFault in [
      .oldFormat, .binary, .notAWorkbook, .encrypted, .damaged(""), .damaged("x"), .forbidden("x"), .tooLarge,
      .tooManyRows(1), .tooManyColumns(1, row: 1), .tooManyCells(1), .noSheet,
    ] {
      #expect(!fault.sentence.zh.isEmpty && !fault.sentence.en.isEmpty && fault.slug.allSatisfy(\.isLetter))
    }
  }
}
