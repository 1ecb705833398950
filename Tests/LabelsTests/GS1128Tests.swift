import Labels
import Testing

@Suite("GS1-128 symbols")
struct GS1128Tests {
  @Test("an SSCC is start C, FNC1, ten pairs, check and stop: 156 modules")
  func sscc() throws {
    let symbol = try GS1128(.sscc, digits: "106901234500000010")
    // 11 + 11 + 10 × 11 + 11 + 13, ISO/IEC 15417.
    #expect(symbol.moduleCount == 156)
    #expect(symbol.widths.reduce(0, +) == 156)
    #expect(Array(symbol.widths.prefix(12)) == [2, 1, 1, 2, 3, 2, 4, 1, 1, 1, 3, 1])
    #expect(Array(symbol.widths.suffix(7)) == [2, 3, 3, 1, 1, 1, 2])
  }

  @Test("the widths decode to the digits, and the check character holds, for 500 random codes")
  func decode() throws {
    var random = Seeded(21)
    for _ in 0..<500 {
      let sscc = Sample.checked(random.text(17, of: "0123456789"))
      let symbol = try GS1128(.sscc, digits: sscc)
      #expect(try Code128Reader.values(symbol.widths) == "00" + sscc, "seed \(random.seed)")
      let gtin = Sample.checked(random.text(13, of: "0123456789"))
      #expect(try Code128Reader.values(GS1128(.gtin, digits: gtin).widths) == "01" + gtin)
    }
  }

  @Test("the line for people shows the identifier in brackets and all digits")
  func humanReadable() throws {
    let line = try GS1128(.sscc, digits: "106901234500000010").humanReadable
    #expect(line == "(00) 1 0690123 450000001 0")
    #expect(try GS1128(.gtin, digits: "06901234567892").humanReadable == "(01) 06901234567892")
  }

  @Test("wrong lengths, letters and wrong check digits are refused")
  func refused() {
    for digits in ["", "10690123450000001", "1069012345000000100", "10690123450000001X", "１０６９０１２３４５０００００００１０"] {
      #expect(throws: LabelError.linearData(.digits(expected: 18))) { try GS1128(.sscc, digits: digits) }
    }
    #expect(throws: LabelError.linearData(.checkDigit)) { try GS1128(.sscc, digits: "106901234500000011") }
    #expect(throws: LabelError.linearData(.checkDigit)) { try GS1128(.gtin, digits: "06901234567890") }
  }
}

/// Reads the widths of a Code 128 symbol in set C, to check an encoder against something other than itself.
enum Code128Reader {
  struct Unreadable: Error {}

  /// The digits after FNC1. Throws when a pattern is unknown or the check character wrong.
  static func values(_ widths: [Int]) throws -> String {
    guard widths.count > 19, (widths.count - 7).isMultiple(of: 6) else { throw Unreadable() }
    var values: [Int] = []
    for start in stride(from: 0, to: widths.count - 7, by: 6) {
      let pattern = widths[start..<(start + 6)].map(String.init).joined()
      guard let value = patterns.firstIndex(of: pattern) else { throw Unreadable() }
      values.append(value)
    }
    let check = values.removeLast()
    let sum = values.enumerated().reduce(0) { $0 + $1.element * max(1, $1.offset) }
    guard check == sum % 103, values.prefix(2) == [105, 102] else { throw Unreadable() }
    return values.dropFirst(2).map { ($0 < 10 ? "0" : "") + String($0) }.joined()
  }

  /// ISO/IEC 15417, table 1: values 0 to 105.
  private static let patterns = """
    212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231 113222 \
    123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211 212123 212321 \
    232121 111323 131123 131321 112313 132113 132311 211313 231113 231311 112133 112331 132131 113123 113321 133121 \
    313121 211331 231131 213113 213311 213131 311123 311321 331121 312113 312311 332111 314111 221411 431111 111224 \
    111422 121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 241211 221114 413111 241112 134111 \
    111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113 \
    114311 411113 411311 113141 114131 311141 411131 211412 211214 211232
    """.split(separator: " ").map(String.init)
}
