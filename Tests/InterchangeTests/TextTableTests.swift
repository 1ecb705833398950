import Interchange
import Testing

@Suite("Tables out of spreadsheets")
struct TextTableTests {
  private func cells(_ text: String) throws -> [[String]] { try TextTable(Array(text.utf8)).rows.map(\.cells) }

  @Test("comma, semicolon and tab part cells, whatever ends the lines; blank rows are left out")
  func delimiters() throws {
    for text in ["a,b\n1,2", "a;b\r\n1;2\r\n\r\n", "a\tb\r1\t2\r", "\u{feff}a,b\n , \n1,2\n"] {
      #expect(try cells(text) == [["a", "b"], ["1", "2"]], "\(text.debugDescription)")
    }
  }

  @Test("GB18030 is read like UTF-8")
  func encodings() throws {
    // 编码,湖南
    let bytes: [UInt8] = [0xb1, 0xe0, 0xc2, 0xeb, 0x2c, 0xba, 0xfe, 0xc4, 0xcf]
    #expect(try TextTable(bytes).rows.map(\.cells) == [["编码", "湖南"]])
  }

  @Test("codes and numbers are ASCII however they were typed, names stay as they are")
  func folding() throws {
    #expect(
      try cells("Ｄ００１, 湖南（示例） ,４３００００；４４００００\n") == [["D001", "湖南（示例）", "430000;440000"]])
  }

  @Test("a fault names its line", arguments: [("a,b\n\"c,d\n", 2), ("a,b\n1,2\n\"x\"y,2\n", 3)])
  func faults(_ text: String, _ line: Int) {
    #expect(throws: TextTableFault(line: line)) { try TextTable(Array(text.utf8)) }
  }

  @Test("what is no text at all is refused")
  func binary() {
    #expect(throws: TextTableFault.self) { try TextTable([0x61, 0x00, 0x2c, 0x62]) }
    #expect(throws: TextTableFault.self) { try TextTable([0xff, 0xff, 0x2c]) }
  }
}
