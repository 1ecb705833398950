import Foundation
import Interchange
import Issuing
import Ledger
import Testing

@Suite("Characters of dispatch lists")
struct EncodingTests {
  /// Written by Python's `gb18030` codec: headings 发货单号, 经销商编码, 授权销售区域, 箱码, 发货日期, 经销商名称; numbers
  /// 出库〇一 and 出库〇二; a full-width SSCC; names with 廣, 龘 and 𠮷, which takes four bytes.
  private static let gb18030 = """
    t6K79bWlusUsvq3P+snMseDC6yzK2sioz/rK28f40/Isz+TC6yy3orv1yNXG2iy+rc/6yczD+7PGDQqz9r/iqZbSuyxEMDAxLDQzMDEwMKGiNDMwMjAw\
    LCgwMCkxMDY5MDEyMzQ1MDAwMDAwMTAsMjAyNsTqOdTCMcjVLLr+xM/KvsD9yczDs9PQz965q8u+DQqz9r/iqZbSuyxEMDAxLDQzMDEwMKGiNDMwMjAw\
    LKOxo7CjtqO5o7CjsaOyo7OjtKO1o7CjsKOwo7CjsKOwo7KjtywyMDI2xOo51MIxyNUsuv7Ez8q+wP3JzMOz09DP3rmry74NCrP2v+Kplrb+LEQwMDIs\
    NDQwMDAwLEI3L2JveC8wLTk5LDIwMjbE6jnUwjLI1SyPVpZ8lTSyNc/po6j9k6OpvsaYSQ0K
    """

  private static func bytes() throws -> [UInt8] { Array(try #require(Data(base64Encoded: gb18030))) }

  @Test("a list in GB18030 is read, with characters of four bytes")
  func chinese() throws {
    let list = try DispatchList(csv: Self.bytes())
    #expect(list.dispatches.map(\.number) == ["出库〇一", "出库〇二"])
    #expect(list.dispatches[0].units == [.code("(00)\(Box.first)"), .code(Box.second)])
    #expect(list.dispatches[0].territory.description == "430100,430200")
    #expect(list.dispatches[1].units == [.range(batch: 7, level: .box, first: 0, last: 99)])
    #expect(list.dispatches[0].at == Timestamp(rfc3339: "2026-09-01T00:00:00+08:00"))
  }

  @Test("the same list in UTF-8, with and without mark, and in UTF-16 is the same")
  func otherEncodings() throws {
    let expected = try DispatchList(csv: Self.bytes()).dispatches
    let text = "发货单号,经销商编码,授权销售区域,箱码,发货日期\n出库〇一,D001,430100、430200,(00)\(Box.first),2026年9月1日\n"
    let utf8 = Array(text.utf8)
    let little = text.utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
    let big = text.utf16.flatMap { [UInt8(truncatingIfNeeded: $0 >> 8), UInt8(truncatingIfNeeded: $0)] }
    for bytes in [utf8, [0xEF, 0xBB, 0xBF] + utf8, [0xFF, 0xFE] + little, [0xFE, 0xFF] + big] {
      let dispatch = try #require(try DispatchList(csv: bytes).dispatches.first)
      #expect(dispatch.number == "出库〇一" && dispatch.territory == expected[0].territory)
      #expect(dispatch.at == expected[0].at)
    }
  }

  @Test("the byte order mark of GB18030 is passed over")
  func gbMark() throws {
    let list = try DispatchList(csv: [0x84, 0x31, 0x95, 0x33] + Self.bytes())
    #expect(list.dispatches.count == 2)
  }

  @Test("bytes that are no text are refused on their line")
  func noText() {
    let good = Array("number,dealer,territories,code\nDN-1,D001,430000,\(Box.first)\n".utf8)
    #expect(badLines(good + [0xFF, 0x0A]) == [BadLine(line: 3, .unreadable)])
    #expect(badLines(good + [0x81]) == [BadLine(line: 3, .unreadable)])
    #expect(badLines([0xEF, 0xBB, 0xBF, 0xC3]) == [BadLine(line: 1, .unreadable)])
    #expect(badLines(good + [0x41, 0x00, 0x42]) == [BadLine(line: 3, .unreadable)])
  }
}
