import Codes
import Testing

@Suite("Element string")
struct ElementStringTests {
  @Test(
    "brackets and symbol data say the same",
    arguments: [
      ("(01)06901234567892(21)ABC", "010690123456789221ABC"),
      ("(01)06901234567892(21)ABC(10)L1", "010690123456789221ABC\u{1D}10L1"),
      ("(10)L1(01)06901234567892(21)ABC", "10L1\u{1D}010690123456789221ABC"),
      ("(00)106901234500000010", "00106901234500000010"), ("(11)260228(17)270200", "1126022817270200"),
      (#"(21)A\(10)B"#, "21A(10)B"),
    ])
  func spellings(bracketed: String, data: String) throws {
    let string = try ElementString(bracketed: bracketed)
    #expect(string == (try ElementString(scannerData: data)))
    #expect(string.bracketed == bracketed)
    #expect(string.scannerData == data)
  }

  @Test("FNC1 is allowed in front, at the end and after a value that ends by its length")
  func separators() throws {
    let plain = try ElementString(scannerData: "010690123456789221ABC")
    for data in ["\u{1D}010690123456789221ABC", "0106901234567892\u{1D}21ABC\u{1D}"] {
      #expect(try ElementString(scannerData: data) == plain)
    }
  }

  @Test("blanks as people write them between brackets and values are dropped")
  func blanks() throws {
    #expect(
      try ElementString(bracketed: "(01) 06901234567892 (21) ABC")
        == ElementString(bracketed: "(01)06901234567892(21)ABC"))
  }

  @Test("the same identifier with the same value is one; with another value it is refused")
  func repetition() throws {
    #expect(try ElementString(bracketed: "(10)A(21)B(10)A").elements.count == 2)
    #expect(throws: CodeError.duplicateAI("10")) { try ElementString(bracketed: "(10)A(21)B(10)C") }
  }

  @Test("a value is found by its identifier")
  func lookUp() throws {
    let string = try ElementString(bracketed: "(01)06901234567892(21)ABC")
    #expect(string["21"] == "ABC")
    #expect(string["10"] == nil)
  }

  @Test(
    "faults of brackets",
    arguments: ["(", "(0", "(01", "(01)", "()A", "(1)A", "(1A)A", "(12345)A", "01)A", "A(10)B", "(10)"])
  func brackets(text: String) {
    #expect(["malformed-scanner-data", "wrong-length"].contains(failure { try ElementString(bracketed: text) }?.slug))
  }

  @Test(
    "faults of symbol data",
    arguments: [
      ("", CodeError.malformedScannerData(.empty)), ("\u{1D}", .malformedScannerData(.empty)),
      ("\u{1D}\u{1D}", .unknownAI("?")), ("89ABC", .unknownAI("89AB")), ("A", .unknownAI("A")),
      ("10A\u{1D}\u{1D}21B", .malformedScannerData(.emptyElement)),
      ("0106901234567893", .wrongCheckDigit(field: "(01)")),
      ("01069012345678", .wrongLength(field: "(01)", expected: "14 characters", found: 12)),
      ("0106901234\u{1D}21892", .wrongLength(field: "(01)", expected: "14 characters", found: 8)),
      ("10", .wrongLength(field: "(10)", expected: "1 to 20 characters", found: 0)),
      ("11261301", .badDate(field: "(11)")), ("10A\u{0}", .badAlphabet(field: "(10)")),
      ("10码", .badAlphabet(field: "(10)")),
    ])
  func data(text: String, error: CodeError) {
    #expect(throws: error) { try ElementString(scannerData: text) }
  }
}
