import Foundation
import Regions
import Testing

@Suite("Region codes")
struct RegionCodeTests {
  @Test(
    "a code prints as it was read, and its level is read from its digits",
    arguments: [
      ("430000", RegionLevel.province), ("430100", .prefecture), ("430102", .county), ("429004", .county),
      ("110101", .county), ("710000", .province), ("460021", .county), ("DE", .country), ("DE-BY", .province),
      ("GB-ENG", .province), ("CN", .country),
    ])
  func printsAsRead(text: String, level: RegionLevel) throws {
    let code = try code(text)
    #expect(code.description == text)
    #expect(code.level == level)
    #expect(try JSONDecoder().decode([RegionCode].self, from: JSONEncoder().encode([code])) == [code])
  }

  @Test("one region has one spelling: ISO 3166-2:CN and the codes of Hong Kong, Macao and Taiwan become GB/T 2260")
  func oneSpelling() throws {
    #expect(try code("CN-HN") == code("430000"))
    #expect(try code("HK") == code("810000"))
    #expect(try code("CN-MO") == code("820000"))
    #expect(try code("TW") == code("710000"))
    #expect(try code("430000").iso3166 == "CN-HN")
    #expect(try code("430100").iso3166 == nil)
    #expect(try code("DE-BY").iso3166 == "DE-BY")
  }

  @Test(
    "what is no code is refused with the reason",
    arguments: [
      ("", RegionError.malformedCode("")), ("43010", .malformedCode("43010")), ("4301020", .malformedCode("4301020")),
      ("43010x", .malformedCode("43010x")), ("４３０１０２", .malformedCode("４３０１０２")),
      (" 430102", .malformedCode(" 430102")),
      ("430102 ", .malformedCode("430102 ")), ("+43010", .malformedCode("+43010")), ("de", .malformedCode("de")),
      ("D", .malformedCode("D")), ("DE-", .malformedCode("DE-")), ("DE_BY", .malformedCode("DE_BY")),
      ("DE-ABCD", .malformedCode("DE-ABCD")), ("DE-by", .malformedCode("DE-by")), ("D3", .malformedCode("D3")),
      ("000000", .unknownProvince("000000")), ("990000", .unknownProvince("990000")),
      ("160102", .unknownProvince("160102")),
      ("CN-XX", .unknownProvince("CN-XX")), ("ZZ", .unknownCountry("ZZ")), ("ZZ-A", .unknownCountry("ZZ-A")),
    ])
  func refused(text: String, reason: RegionError) {
    #expect(throws: reason) { try RegionCode(text) }
  }

  @Test(
    "the parent of a county is its prefecture, or the province where there is none",
    arguments: [
      ("430102", "430100"), ("430100", "430000"), ("430000", "CN"), ("110101", "110000"), ("500230", "500000"),
      ("429004", "420000"), ("659010", "650000"), ("460021", "460000"), ("429000", "420000"), ("DE-BY", "DE"),
      ("810000", "CN"),
    ])
  func parents(text: String, parent: String) throws {
    #expect(try code(text).parent == code(parent))
  }

  @Test("a country has no parent and no province")
  func top() throws {
    #expect(try code("DE").parent == nil)
    #expect(RegionCode.china.parent == nil)
    #expect(RegionCode.china.province == nil)
    #expect(try code("430102").province == code("430000"))
  }

  @Test(
    "a region contains itself and what lies in it, and nothing else",
    arguments: [
      ("430000", "430100", true), ("430000", "430102", true), ("430100", "430102", true), ("430102", "430102", true),
      ("430100", "430000", false), ("430102", "430100", false), ("430100", "430202", false), ("CN", "430102", true),
      ("CN", "810000", true), ("CN", "DE", false), ("DE", "DE-BY", true), ("DE-BY", "DE", false),
      ("DE", "DK-84", false),
      ("DE", "430000", false), ("420000", "429004", true), ("110000", "110101", true), ("DE-BY", "DE-BE", false),
    ])
  func containment(outer: String, inner: String, expected: Bool) throws {
    #expect(try code(outer).contains(code(inner)) == expected)
  }

  @Test("containment is transitive and antisymmetric, the order is that of the text, and parents contain children")
  func order() throws {
    var random = Seeded(2260)
    let codes = try (0..<300).map { _ in try Self.anyCode(&random) }
    for a in codes {
      if let parent = a.parent { #expect(parent.contains(a) && !a.contains(parent), "\(parent) \(a)") }
      for b in codes {
        #expect((a < b) == (a.description < b.description), "\(a) \(b)")
        if a.contains(b) && b.contains(a) { #expect(a == b) }
        guard a.contains(b) else { continue }
        #expect(a <= b || a == .china)
        for c in codes where b.contains(c) { #expect(a.contains(c), "\(a) \(b) \(c)") }
      }
    }
  }

  /// Few provinces, prefectures and counties, so that many pairs are related.
  static func anyCode(_ random: inout Seeded) throws -> RegionCode {
    let foreign = ["DE", "DE-BY", "DE-BE", "FR", "FR-75C", "CN"]
    if Int.random(in: 0..<8, using: &random) == 0 {
      return try RegionCode(foreign.randomElement(using: &random) ?? "DE")
    }
    let province = [11, 42, 43, 44].randomElement(using: &random) ?? 43
    let prefecture = [0, 1, 2, 90].randomElement(using: &random) ?? 0
    let county = prefecture == 0 ? 0 : [0, 1, 2, 21].randomElement(using: &random) ?? 0
    return try RegionCode(String(province * 10_000 + prefecture * 100 + county))
  }

  @Test("any text at all is read or refused, never trapped on, and what is read prints so that it reads the same")
  func fuzz() throws {
    let seed: UInt64 = 20_261_121
    var random = Seeded(seed)
    let alphabet = Array("0123456789ABCDEHKNTUWZ-abc ４三\u{0}\u{301}é\n")
    var read = 0
    for _ in 0..<100_000 {
      let length = Int.random(in: 0..<9, using: &random)
      let text = String((0..<length).map { _ in alphabet.randomElement(using: &random) ?? "0" })
      guard let code = try? RegionCode(text) else { continue }
      read += 1
      #expect(try RegionCode(code.description) == code, "seed \(seed): \(text.debugDescription)")
    }
    #expect(read > 0)
  }

  @Test("a wrong code in JSON is refused where it stands")
  func decoding() {
    #expect(throws: DecodingError.self) { try JSONDecoder().decode([RegionCode].self, from: Data("[\"43010x\"]".utf8)) }
  }
}
