import Interchange
import Issuing
import Testing

@Suite("Dispatch lists with bad lines")
struct BadLineTests {
  private static let heading = "number,dealer,territories,code,last,range,date\n"

  @Test(
    "each fault is named with its line, column and reason",
    arguments: [
      (",D001,430000,B,,,", .number, .empty), ("D N,D001,430000,B,,,", .number, .badCharacter),
      (String(repeating: "9", count: 65) + ",D001,430000,B,,,", .number, .tooLong(64)),
      ("DN-1,,430000,B,,,", .dealer, .empty), ("DN-1,D001,,B,,,", .territories, .empty),
      ("DN-1,D001,43000,B,,,", .territories, .notARegion("43000")),
      ("DN-1,D001,430000;990000,B,,,", .territories, .notARegion("990000")),
      ("DN-1,D001,湖南,B,,,", .territories, .notARegion("湖南")), ("DN-1,D001,430000,,,,", .code, .empty),
      ("DN-1,D001,430000,106901234500000011,,,", .code, .notACode("wrong-check-digit")),
      ("DN-1,D001,430000,xello,,,", .code, .notACode("malformed-scanner-data")),
      ("DN-1,D001,430000,06901234567892,,,", .code, .notACode("missing-identifier")),
      ("DN-1,D001,430000,1.06901E+17,,,", .code, .roundedNumber),
      ("DN-1,D001,430000,B,,B1/box/0-9,", .range, .codeAndRange),
      ("DN-1,D001,430000,,,B1/pallet/0-9,", .range, .notARange), ("DN-1,D001,430000,,,B1/box/-9,", .range, .notARange),
      ("DN-1,D001,430000,,,B1/box/0-9999999999999999,", .range, .notARange),
      ("DN-1,D001,430000,,,B1/box/9-0,", .range, .backwards), ("DN-1,D001,430000,C,B,,", .lastCode, .backwards),
      ("DN-1,D001,430000,B1/box/9,B1/box/0,,", .lastCode, .backwards),
      ("DN-1,D001,430000,B1/box/0,B2/box/9,,", .lastCode, .notARange),
      ("DN-1,D001,430000,B,(01)06901234567892(21)A,,", .lastCode, .ofDifferentKinds),
      ("DN-1,D001,430000,(01)06901234567892(21)A,(01)06901234567892(21)B,,", .lastCode, .ofDifferentKinds),
      ("DN-1,D001,430000,B,,,yesterday", .dispatchedAt, .notATime),
      ("DN-1,D001,430000,B,,,2026-02-30", .dispatchedAt, .notATime),
    ] as [(String, ListColumn, BadLineReason)])
  func fields(_ row: String, _ column: ListColumn, _ reason: BadLineReason) {
    let row = row.replacing(",B,", with: ",\(Box.first),").replacing(
      ",C,\(Box.first)", with: ",\(Box.third),\(Box.first)")
    #expect(badLines(Self.heading + row + "\n") == [BadLine(line: 2, column: column, reason)])
  }

  @Test(
    "rows of one dispatch must agree",
    arguments: [
      ("DN-1,D002,430000,C,,,2026-09-01", ListColumn.dealer), ("DN-1,D001,440000,C,,,2026-09-01", .territories),
      ("DN-1,D001,430000,C,,,2026-09-02", .dispatchedAt), ("DN-1,D001,430000,C,,,", .dispatchedAt),
    ])
  func agreement(_ row: String, _ column: ListColumn) {
    let first = "DN-1,D001,430000,\(Box.first),,,2026-09-01\n"
    let bad = badLines(Self.heading + first + row.replacing(",C,", with: ",\(Box.second),"))
    #expect(bad == [BadLine(line: 3, column: column, .differs(fromLine: 2))])
  }

  @Test("a unit named twice is found whatever its spelling, also in another dispatch")
  func repetition() {
    let bad = badLines(
      Self.heading
        + "DN-1,D001,430000,\(Box.first),,,\nDN-2,D001,430000,\(Box.uri),,,\nDN-1,D001,430000,,,B1/box/0-9,\n"
        + "DN-1,D001,430000,,,b1/BOX/0-9,\n")
    #expect(
      bad == [
        BadLine(line: 3, column: .code, .repeats(line: 2)), BadLine(line: 5, column: .code, .repeats(line: 4)),
      ])
  }

  @Test("all bad lines are told, not just the first")
  func all() {
    let rows = (0..<50).map { $0 % 2 == 0 ? "DN-\($0),D001,430000,B\($0)/box/0-9" : "DN-\($0),D001,43,x" }
    let bad = badLines("number,dealer,territories,code\n" + rows.joined(separator: "\n"))
    #expect(bad.map(\.line) == (0..<50).filter { $0 % 2 == 1 }.map { $0 + 2 })
  }

  @Test("beyond a thousand, bad lines are counted only")
  func many() {
    let text = "number,dealer,territories,code\n" + String(repeating: "DN,D,430000,x\n", count: 1500)
    let error = #expect(throws: DispatchListError.self) { try list(text) }
    #expect(error?.lines.count == 1000 && error?.count == 1500)
  }

  @Test("a heading without its columns, or with one twice, is refused as a whole")
  func headings() {
    #expect(
      badLines("number,dealer\nDN-1,D001\n") == [
        BadLine(line: 1, column: .territories, .columnMissing), BadLine(line: 1, column: .code, .columnMissing),
      ])
    #expect(
      badLines("单号,发货单号,经销商,区域,码\n") == [BadLine(line: 1, column: .number, .columnTwice)])
  }

  @Test("a file without a dispatch is refused", arguments: ["", "\n\n", "number,dealer,territories,code\n", ",,,\n"])
  func empty(_ text: String) {
    #expect(badLines(text) == [BadLine(line: 1, .emptyFile)])
  }

  @Test("a broken table is refused where it breaks")
  func tables() {
    #expect(badLines(Self.heading + "DN-1,\"D001,430000\nx\n") == [BadLine(line: 2, .unclosedQuote)])
    #expect(badLines(Self.heading + "DN-1,\"D001\"x,430000\n") == [BadLine(line: 2, .textAfterQuote)])
    let wide = Self.heading + String(repeating: ",", count: 300)
    #expect(badLines(wide) == [BadLine(line: 2, .tooManyColumns(256))])
  }

  @Test("files beyond the limits are refused")
  func limits() {
    let long = Self.heading + String(repeating: "\n", count: ListLimits.linesMax)
    #expect(badLines(long) == [BadLine(line: ListLimits.linesMax + 1, .tooManyLines(ListLimits.linesMax))])
    let large = [UInt8](repeating: 0x20, count: ListLimits.bytesMax + 1)
    #expect(badLines(large) == [BadLine(line: 1, .fileTooLarge(bytes: ListLimits.bytesMax))])
    let span = Self.heading + "DN-1,D001,430000,106901234500000010,10690123999999999x,,\n".checked
    #expect(badLines(span) == [BadLine(line: 2, column: .lastCode, .tooManyUnits(ListLimits.unitsMax))])
    let spans = (0..<3).map { "DN-1,D001,430000,1069012345\(3 * $0)000000x,1069012345\(3 * $0)099999x,,\n".checked }
    let bad = badLines(Self.heading + spans.joined())
    #expect(bad == [BadLine(line: 4, column: .code, .tooManyUnits(ListLimits.unitsMax))])
  }

  @Test("every reason has a slug of its own and a sentence in both languages")
  func sentences() {
    let reasons: [BadLineReason] = [
      .fileTooLarge(bytes: 1), .tooManyLines(1), .unreadable, .emptyFile, .unclosedQuote, .textAfterQuote,
      .tooManyColumns(1), .columnMissing, .columnTwice, .empty, .tooLong(1), .badCharacter, .notARegion("1"),
      .notACode("x"), .roundedNumber, .notARange, .backwards, .tooManyUnits(1), .ofDifferentKinds, .codeAndRange,
      .notATime, .differs(fromLine: 1), .repeats(line: 1),
    ]
    #expect(Set(reasons.map(\.slug)).count == reasons.count)
    #expect(reasons.allSatisfy { !$0.sentence.zh.isEmpty && !$0.sentence.en.isEmpty })
    #expect(ListColumn.allCases.allSatisfy { !$0.name.zh.isEmpty && !$0.name.en.isEmpty })
    #expect(BadLineReason.notACode("x").slug == "notACode" && BadLineReason.empty.slug == "empty")
  }
}

extension String {
  /// Replaces each `x` after digits by the GS1 check digit of the 17 before it.
  fileprivate var checked: String {
    var out = ""
    for character in self {
      guard character == "x" else { out.append(character); continue }
      let sum = out.suffix(17).enumerated().reduce(0) {
        $0 + ($1.element.wholeNumberValue ?? 0) * ($1.offset % 2 == 0 ? 3 : 1)
      }
      out += String((10 - sum % 10) % 10)
    }
    return out
  }
}
