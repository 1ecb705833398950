import Codes
import Testing

@Suite("Scanned code")
struct ScannedCodeTests {
  @Test(
    "one item, however the reader sends it",
    arguments: [
      "https://id.example.cn/01/06901234567892/21/75D2SZ6Z8P62FDE8",
      "HTTPS://ID.EXAMPLE.CN/01/06901234567892/21/75D2SZ6Z8P62FDE8",
      "http://other.org/x/01/06901234567892/21/75D2SZ6Z8P62FDE8#a",
      "(01)06901234567892(21)75D2SZ6Z8P62FDE8", "(01) 06901234567892 (21) 75D2SZ6Z8P62FDE8",
      "01069012345678922175D2SZ6Z8P62FDE8", "\u{1D}01069012345678922175D2SZ6Z8P62FDE8\u{1D}",
      "]d201069012345678922175D2SZ6Z8P62FDE8", "]Q301069012345678922175D2SZ6Z8P62FDE8",
      "]C101069012345678922175D2SZ6Z8P62FDE8", "]e001069012345678922175D2SZ6Z8P62FDE8",
      "]Q1https://id.example.cn/01/06901234567892/21/75D2SZ6Z8P62FDE8", "]Q1(01)06901234567892(21)75D2SZ6Z8P62FDE8",
      "  \thttps://id.example.cn/01/06901234567892/21/75D2SZ6Z8P62FDE8\r\n", "2175D2SZ6Z8P62FDE8\u{1D}0106901234567892",
    ])
  func item(raw: String) throws {
    let code = try ScannedCode(raw)
    #expect(code.subject == .item(gtin: try Fixture.gtin(), serial: "75D2SZ6Z8P62FDE8"))
    #expect(code.attributes.isEmpty)
  }

  @Test(
    "one box, however the reader sends it",
    arguments: [
      "https://id.example.cn/00/106901234500000010", "106901234500000010", "00106901234500000010",
      "(00)106901234500000010", "]C100106901234500000010", "]C000106901234500000010", " 106901234500000010\n",
    ])
  func box(raw: String) throws {
    #expect(try ScannedCode(raw).subject == Fixture.box())
  }

  @Test("a label that names a box and what is inside is a box")
  func boxWins() throws {
    let code = try ScannedCode("(01)06901234567892(21)A(00)106901234500000010")
    #expect(code.subject == (try Fixture.box()))
    #expect(code.attributes == ["01": "06901234567892", "21": "A"])
  }

  @Test("other identifiers come as attributes, decoded")
  func attributes() throws {
    let code = try ScannedCode("https://x/01/06901234567892/10/L%2F1/21/A?91=B%2BC&17=271231&utm=z")
    #expect(code.attributes == ["10": "L/1", "91": "B+C", "17": "271231"])
  }

  @Test("a serial of another brand stays the text that it is")
  func anyText() throws {
    let code = try ScannedCode("https://x/01/06901234567892/21/a%22%25%3C%3E_z")
    #expect(code.subject == .item(gtin: try Fixture.gtin(), serial: "a\"%<>_z"))
  }

  @Test(
    "what is no code is refused with its reason",
    arguments: [
      ("", CodeError.malformedScannerData(.empty)), (" \r\n", .malformedScannerData(.empty)),
      ("hello", .malformedURI(.badScheme)), ("WIFI:T:WPA;S:x;;", .malformedScannerData(.unrecognised)),
      ("０１０６９０", .malformedScannerData(.unrecognised)), ("]", .malformedScannerData(.unknownSymbology)),
      ("]XX12", .malformedScannerData(.unknownSymbology)), ("]Q3", .malformedScannerData(.empty)),
      ("]E06901234567892", .missingIdentifier), ("]E06901234567893", .wrongCheckDigit(field: "gtin")),
      ("]E496385074", .missingIdentifier), ("6901234567892", .missingIdentifier),
      ("06901234567892", .missingIdentifier),
      ("0106901234567892", .missingIdentifier), ("https://x/01/06901234567892", .missingIdentifier),
      ("https://x/414/6901234567892", .missingIdentifier), ("(21)ABC", .missingIdentifier),
      ("106901234500000011", .wrongCheckDigit(field: "sscc")),
      ("]Q3https://x/01/06901234567892/21/A", .unknownAI("http")),
    ])
  func refused(raw: String, error: CodeError) {
    #expect(throws: error) { try ScannedCode(raw) }
  }

  @Test("2 048 bytes are read, one more is refused unread")
  func longest() throws {
    let stem = "https://x/" + String(repeating: "a", count: 2_048 - 10 - 22) + "/00/106901234500000010"
    #expect(stem.utf8.count == 2_048)
    #expect(try ScannedCode(stem).subject == Fixture.box())
    #expect(throws: CodeError.wrongLength(field: "code", expected: "at most 2048 bytes", found: 2_049)) {
      try ScannedCode(stem + " ")
    }
  }

  @Test(
    "an item code as printed is read the short way, with what the general way gives",
    arguments: ["75D2SZ6Z8P62FDE8", "75D2SZ6Z8P62FDE875D2"])
  func printed(serial: String) throws {
    for address in ["https://id.example.cn", "http://b.cn/a/b"] {
      let resolver = try Resolver(address)
      let text = resolver.uri(of: try Fixture.gtin(), serial: serial)
      let short = try #require(ScannedCode(printed: text, by: resolver))
      #expect(short == (try ScannedCode(text)))
    }
  }

  @Test("what is not as printed is left to the general way; what is taken reads alike")
  func nearlyPrinted() throws {
    let resolver = try Resolver("https://id.example.cn")
    let text = Array(resolver.uri(of: try Fixture.gtin(), serial: "75D2SZ6Z8P62FDE8").utf8)
    var random = SeededGenerator(16)
    var taken = 0
    for _ in 0..<20_000 {
      var bytes = text
      let place = Int(random.next() % UInt64(bytes.count))
      switch random.next() % 4 {
      case 0: bytes[place] = UInt8(truncatingIfNeeded: random.next() % 128)
      case 1: bytes.insert(UInt8(ascii: "0"), at: place)
      case 2: bytes.remove(at: place)
      default: bytes += Array("A/?#%20".utf8.prefix(place % 7 + 1))
      }
      let changed = String(decoding: bytes, as: UTF8.self)
      guard let short = ScannedCode(printed: changed, by: resolver) else { continue }
      taken += 1
      #expect(short == (try? ScannedCode(changed)), "\(changed)")
    }
    // Other digits and capitals in the serial are as good as those that we print.
    #expect(taken > 200)
    #expect(ScannedCode(printed: String(decoding: text, as: UTF8.self), by: try Resolver("https://x.cn")) == nil)
  }

  @Test("a code says itself as the identifiers that a seal signs")
  func description() throws {
    #expect(try ScannedCode("https://x/00/106901234500000010").subject.description == "(00)106901234500000010")
    #expect(try ScannedCode("https://x/01/06901234567892/21/A%28").subject.description == "(01)06901234567892(21)A(")
  }
}
