import Codes
import Testing

@Suite("Digital Link")
struct DigitalLinkTests {
  private let stem = "https://id.example.cn"

  @Test(
    "a URI of any spelling prints as its one canonical form",
    arguments: [
      ("https://id.example.cn/01/06901234567892/21/ABC", "/01/06901234567892/21/ABC"),
      ("HTTPS://OTHER.EXAMPLE:8443/a/b/01/06901234567892/21/ABC#top", "/01/06901234567892/21/ABC"),
      ("http://x/01/06901234567892/22/V1/10/L%2F1/21/A%42C", "/01/06901234567892/22/V1/10/L%2F1/21/ABC"),
      ("https://x/01/06901234567892?17=271231&linkType=all&11=260101", "/01/06901234567892?11=260101&17=271231"),
      ("https://x/01/06901234567892/21/(A)*!", "/01/06901234567892/21/%28A%29%2A%21"),
      ("https://x/00/106901234500000010?91=K.D.1&8030=QUJD", "/00/106901234500000010?8030=QUJD&91=K.D.1"),
      ("https://x/00/106901234500000010?", "/00/106901234500000010"),
      ("https://x/00/106901234500000010?&&flag&=1&91=%2B", "/00/106901234500000010?91=%2B"),
      ("https://x/414/6901234567892/254/7", "/414/6901234567892/254/7"),
    ])
  func canonical(uri: String, tail: String) throws {
    let link = try DigitalLink(uri)
    #expect(link.uri(try Resolver(stem)) == stem + tail)
    #expect(try DigitalLink(stem + tail) == link)
  }

  @Test(
    "each fault of a URI has its own error",
    arguments: [
      ("ftp://x/01/06901234567892", CodeError.malformedURI(.badScheme)),
      ("https://x", .malformedURI(.noKeyInPath)), ("https://x/", .malformedURI(.noKeyInPath)),
      ("https:///01/06901234567892", .malformedURI(.badHost)),
      ("https://x:99999/01/06901234567892", .malformedURI(.badPort)),
      ("https://x/01/06901234567892/21/A B", .malformedURI(.badCharacter)),
      ("https://x/01/06901234567892/21/码", .malformedURI(.badCharacter)),
      ("https://x/gtin/06901234567892", .malformedURI(.aliasInPath)),
      ("https://x/01/06901234567892/10/", .malformedURI(.emptyValue)),
      ("https://x/00/106901234500000010?91=", .malformedURI(.emptyValue)),
      ("https://x/21/ABC", .malformedURI(.noKeyInPath)),
      ("https://x/01/06901234567892/89/A", .unknownAI("89")),
      ("https://x/01/06901234567892?89=A", .unknownAI("89")),
      ("https://x/01/06901234567892?5=A", .unknownAI("5")),
      ("https://x/01/06901234567892?123456789012=A", .unknownAI("12345678")),
      ("https://x/01/06901234567892?21=A", .misplacedAI("21")),
      ("https://x/01/06901234567892?10=A", .misplacedAI("10")),
      ("https://x/01/06901234567892/21/A/10/B", .misplacedAI("21")),
      ("https://x/01/06901234567892/235/A/21/B", .misplacedAI("235")),
      ("https://x/01/06901234567892/99/A", .misplacedAI("99")),
      ("https://x/01/06901234567892/10/A/10/A", .misplacedAI("10")),
      ("https://x/01/06901234567892?91=A&91=A", .duplicateAI("91")),
      ("https://x/01/06901234567892/21/A?01=06901234567892", .duplicateAI("01")),
      ("https://x/01/06901234567893/21/A", .wrongCheckDigit(field: "(01)")),
      ("https://x/01/6901234567892/21/A", .wrongLength(field: "(01)", expected: "14 characters", found: 13)),
      ("https://x/00/10690123450000001A", .badAlphabet(field: "(00)")),
      ("https://x/01/06901234567892/21/A%00", .badAlphabet(field: "(21)")),
      ("https://x/01/06901234567892/21/A%20B", .badAlphabet(field: "(21)")),
      ("https://x/01/06901234567892/21/%E7%A0%81", .badAlphabet(field: "(21)")),
      ("https://x/01/06901234567892?91=A+B", .badAlphabet(field: "(91)")),
      ("https://x/01/06901234567892?8030=A.B", .badAlphabet(field: "(8030)")),
      ("https://x/01/06901234567892?17=260230", .badDate(field: "(17)")),
    ])
  func faults(uri: String, error: CodeError) {
    #expect(throws: error) { try DigitalLink(uri) }
  }

  @Test("a serial may have 20 characters, and no more")
  func longSerial() throws {
    let twenty = String(repeating: "A", count: 20)
    #expect(try DigitalLink("https://x/01/06901234567892/21/" + twenty).qualifiers.first?.value == twenty)
    #expect(throws: CodeError.wrongLength(field: "(21)", expected: "1 to 20 characters", found: 21)) {
      try DigitalLink("https://x/01/06901234567892/21/A" + twenty)
    }
  }

  @Test("a URI and the element string that says the same are one link")
  func elementString() throws {
    let string = try ElementString(bracketed: "(91)X(21)A/B(01)06901234567892(10)L")
    let link = try DigitalLink(string)
    #expect(link.uri(try Resolver(stem)) == stem + "/01/06901234567892/10/L/21/A%2FB?91=X")
    #expect(Set(link.elements) == Set(string.elements))
    #expect(throws: CodeError.missingIdentifier) { try DigitalLink(ElementString(bracketed: "(10)L(91)X")) }
    #expect(throws: CodeError.misplacedAI("21")) {
      try DigitalLink(ElementString(bracketed: "(00)106901234500000010(21)A"))
    }
    #expect(throws: CodeError.misplacedAI("235")) {
      try DigitalLink(ElementString(bracketed: "(01)06901234567892(235)A(10)B"))
    }
  }

  @Test("random links print and read back the same")
  func roundTrip() throws {
    let cset82 = Array("!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz")
    var random = SeededGenerator(5)
    let resolver = try Resolver("https://a.cn/stem")
    for _ in 0..<5_000 {
      func value(_ most: UInt64) -> String {
        String((0...(random.next() % most)).map { _ in cset82[Int(random.next() % 82)] })
      }
      func escaped(_ value: String) -> String {
        value.split(separator: "(", omittingEmptySubsequences: false).joined(separator: #"\("#)
      }
      var text = "(01)06901234567892"
      for (identifier, most) in [("22", 20), ("10", 20), ("21", 20), ("91", 90), ("97", 90), ("240", 30)]
        as [(String, UInt64)]
      where random.next() % 2 == 0 {
        text += "(\(identifier))" + escaped(value(most))
      }
      let string = try ElementString(bracketed: text)
      #expect(string.bracketed == text)
      #expect(try ElementString(scannerData: string.scannerData) == string)
      let link = try DigitalLink(string)
      #expect(try DigitalLink(link.uri(resolver)) == link)
      #expect(link.elements.count == string.elements.count)
    }
  }
}
