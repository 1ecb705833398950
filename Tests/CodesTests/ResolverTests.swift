import Codes
import Testing

@Suite("Resolver")
struct ResolverTests {
  @Test(
    "an address is kept without its last slash, scheme and host in lower case",
    arguments: [
      ("https://id.example.cn", "https://id.example.cn"), ("https://id.example.cn/", "https://id.example.cn"),
      ("HTTPS://ID.Example.CN", "https://id.example.cn"), ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
      ("https://example.com/Some/Stem/", "https://example.com/Some/Stem"),
      ("https://[2001:DB8::1]:8443/x", "https://[2001:db8::1]:8443/x"),
    ])
  func canonical(text: String, address: String) throws {
    #expect(try Resolver(text).description == address)
    #expect(try Resolver(address) == Resolver(text))
  }

  @Test(
    "what is no resolver is refused with the part that is wrong",
    arguments: [
      ("", URIFault.badScheme), ("id.example.cn", .badScheme), ("ftp://id.example.cn", .badScheme),
      ("HtTp://a", .badScheme), ("https://", .badHost), ("https:///x", .badHost), ("https://a b", .badHost),
      ("https://码.cn", .badHost), ("https://a,b", .badHost), ("https://user@a", .badHost), ("https://[::1", .badHost),
      ("https://[]", .badHost), ("https://[::1]x", .badHost), ("https://a:", .badPort), ("https://a:0", .badPort),
      ("https://a:65536", .badPort), ("https://a:1x", .badPort), ("https://a//", .badResolver),
      ("https://a//b", .badResolver), ("https://a/b?c", .badResolver), ("https://a/b#c", .badResolver),
      ("https://a/b,c", .badResolver), ("https://a/\"", .badResolver),
    ])
  func refused(text: String, fault: URIFault) {
    #expect(throws: CodeError.malformedURI(fault)) { try Resolver(text) }
  }

  @Test("an address of any length is looked at for no longer than 200 bytes")
  func long() {
    let text = "https://" + String(repeating: "a", count: 1_000_000)
    #expect(throws: CodeError.malformedURI(.badScheme)) { try Resolver(text) }
  }

  @Test("the URIs of items and boxes are those of the design")
  func uris() throws {
    let resolver = try Fixture.resolver()
    let gtin = try Fixture.gtin()
    #expect(
      try resolver.uri(of: gtin, serial: ItemSerial("75d2sz6z8p62fde8"))
        == "https://id.example.cn/01/06901234567892/21/75D2SZ6Z8P62FDE8")
    #expect(
      resolver.uri(of: gtin, serial: "A/B (1)+") == "https://id.example.cn/01/06901234567892/21/A%2FB%20%281%29%2B")
    #expect(try resolver.uri(of: SSCC("106901234500000010")) == "https://id.example.cn/00/106901234500000010")
    #expect(try resolver.uri(of: Fixture.box()) == "https://id.example.cn/00/106901234500000010")
  }
}
