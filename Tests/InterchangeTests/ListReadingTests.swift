import Interchange
import Issuing
import Testing

/// A dispatch list reads the same however the ERP wrote it, or names every line that is wrong.
@Suite struct ListReadingTests {
  private let plain =
    "number,dealer,territories,code\nDN-1,D001,430000;440100,B1/box/0-49\nDN-2,D002,430000,B1/box/50-59\n"

  private func read(_ bytes: [UInt8]) throws -> [NewDispatch] { try DispatchList(csv: bytes).dispatches }

  @Test("comma, tab and semicolon, BOM, CRLF, full-width digits and Chinese headings all read the same")
  func dialects() throws {
    let expected = try read(Array(plain.utf8))
    #expect(expected.map(\.number) == ["DN-1", "DN-2"])
    #expect(expected.first?.territory.description == "430000,440100")
    #expect(expected.first?.units == [.range(batch: 1, level: .box, first: 0, last: 49)])
    let spellings = [
      "\u{FEFF}" + plain, plain.replacing("\n", with: "\r\n"),
      plain.replacing(";", with: "|").replacing(",", with: ";"), plain.replacing(",", with: "\t"),
      plain.replacing("number,dealer,territories,code", with: "单号,经销商,区域,号段"),
      plain.replacing("430000", with: "４３００００"),
    ]
    for spelling in spellings {
      let found = try read(Array(spelling.utf8))
      #expect(found.map(\.number) == expected.map(\.number), "\(spelling)")
      #expect(found.map(\.territory) == expected.map(\.territory), "\(spelling)")
      #expect(found.map(\.units) == expected.map(\.units), "\(spelling)")
    }
  }

  @Test("GB18030 is recognised") func gb18030() throws {
    // 单号,经销商,区域,号段 in GB18030
    let heading: [UInt8] = [
      0xB5, 0xA5, 0xBA, 0xC5, 0x2C, 0xBE, 0xAD, 0xCF, 0xFA, 0xC9, 0xCC, 0x2C, 0xC7, 0xF8, 0xD3, 0xF2, 0x2C, 0xBA,
      0xC5, 0xB6, 0xCE, 0x0A,
    ]
    let found = try read(heading + Array("DN-1,D001,430000,B1/box/0-49\n".utf8))
    #expect(found.map(\.dealer) == ["D001"])
  }

  @Test("every bad line is named with its reason, not only the first") func badLines() throws {
    let list =
      plain
      + "DN-3,D001,43000,B1/box/1-2\nDN-4,,430000,B1/box/3-4\nDN-2,D001,430000,B1/box/5-6\nDN-5,D001,430000,what\n"
    let error = #expect(throws: DispatchListError.self) { try read(Array(list.utf8)) }
    #expect(error?.lines.map(\.line) == [4, 5, 6, 7])
    #expect(error?.lines.map(\.reason.slug) == ["notARegion", "empty", "differs", "notACode"])
  }

  @Test("an empty file is refused") func empty() {
    let error = #expect(throws: DispatchListError.self) { try read([]) }
    #expect(error?.lines.map(\.reason) == [.emptyFile])
  }

  @Test("arbitrary bytes never trap") func fuzz() {
    var state: UInt64 = 7
    for length in 0..<3000 {
      let bytes = (0..<(length % 97)).map { _ -> UInt8 in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return UInt8(truncatingIfNeeded: state >> 33)
      }
      _ = try? read(Array(plain.utf8.prefix(length % 60)) + bytes)
    }
  }
}
