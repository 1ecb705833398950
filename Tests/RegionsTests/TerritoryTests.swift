import Foundation
import Regions
import Testing

@Suite("Territories")
struct TerritoryTests {
  @Test(
    "codes are sorted, and what another contains is left out",
    arguments: [
      ("440100,430000", "430000,440100"), ("430102,430100,430000", "430000"), ("430102, 430102", "430102"),
      ("", ""), (" ， ", ""), ("430100；440100、110000", "110000,430100,440100"), ("CN,430000,DE", "CN,DE"),
      ("429004,429000", "429000"), ("110101,110100", "110100"), ("DE-BY,DE", "DE"), ("CN-HN,430100", "430000"),
    ])
  func canonical(text: String, expected: String) throws {
    #expect(try Territory(text).description == expected)
    #expect(try Territory(expected) == Territory(text))
  }

  @Test("a wrong code in a territory is refused by its own reason")
  func wrongCode() {
    #expect(throws: RegionError.malformedCode("43x")) { try Territory("430000,43x") }
    #expect(throws: RegionError.unknownProvince("990000")) { try Territory("990000") }
  }

  @Test("a territory of more codes than there are divisions is refused")
  func tooMany() throws {
    let one = try code("430000")
    #expect(throws: RegionError.tooManyRegions(limit: 4_000)) { try Territory(Array(repeating: one, count: 4_001)) }
    #expect(throws: RegionError.tooManyRegions(limit: 4_000)) {
      try Territory(Array(repeating: "430000", count: 4_001).joined(separator: ","))
    }
    #expect(try Territory(Array(repeating: one, count: 4_000)).codes == [one])
  }

  @Test("contains and overlaps tell the whole from the part")
  func containsAndOverlaps() throws {
    let territory = try Territory("430100,440000")
    #expect(try territory.contains(code("430102")))
    #expect(try territory.contains(code("440000")))
    #expect(try !territory.contains(code("430000")))
    #expect(try territory.overlaps(code("430000")))
    #expect(try !territory.overlaps(code("430200")))
    #expect(try !Territory("").overlaps(code("430200")))
  }

  @Test("isWithin is reflexive and transitive, intersection is what both contain, seen from any region")
  func properties() throws {
    let seed: UInt64 = 43
    var random = Seeded(seed)
    for _ in 0..<2_000 {
      let (a, b, c) = try (Self.any(&random), Self.any(&random), Self.any(&random))
      #expect(a.isWithin(a))
      if a.isWithin(b) && b.isWithin(c) { #expect(a.isWithin(c), "seed \(seed): \(a) | \(b) | \(c)") }
      let both = a.intersection(b)
      #expect(both == b.intersection(a) && both.isWithin(a) && both.isWithin(b), "seed \(seed): \(a) | \(b)")
      let region = try RegionCodeTests.anyCode(&random)
      #expect(both.contains(region) == (a.contains(region) && b.contains(region)), "seed \(seed): \(a) \(b) \(region)")
      if a.isWithin(b) && a.contains(region) { #expect(b.contains(region)) }
      #expect(try Territory(a.description) == a)
      #expect(zip(a.codes, a.codes.dropFirst()).allSatisfy { $0 < $1 && !$0.contains($1) })
    }
  }

  static func any(_ random: inout Seeded) throws -> Territory {
    try Territory((0..<Int.random(in: 0..<6, using: &random)).map { _ in try RegionCodeTests.anyCode(&random) })
  }

  @Test("a territory is an array of codes in JSON")
  func json() throws {
    let territory = try Territory("440100,430000")
    let data = try JSONEncoder().encode(territory)
    #expect(String(decoding: data, as: UTF8.self) == #"["430000","440100"]"#)
    #expect(try JSONDecoder().decode(Territory.self, from: data) == territory)
  }

  @Test("old codes in a territory become today's, and codes never given out are found")
  func current() throws {
    let atlas = try World.atlas()
    #expect(try atlas.current(Territory("542400,430000")) == Territory("430000,540600"))
    #expect(try atlas.current(Territory("500105,500112")) == Territory("500157"))
    #expect(try atlas.unknownCodes(in: Territory("430000,530199,DE")) == [code("530199")])
  }
}
