import Codes
import Testing

@Suite("Seals of a dispatch")
struct SealPressTests {
  @Test("a press gives the seals that are made one by one, in order")
  func same() throws {
    let key = try #require(SealingKey(seed: [UInt8](repeating: 7, count: 32)))
    let resolver = try Fixture.resolver()
    let series = try BoxSeries(extensionDigit: 1, companyPrefix: "6901234")
    var subjects = try (0..<200 as Range<UInt64>).map { ScannedCode.Subject.box(try series.sscc($0)) }
    subjects.append(.item(gtin: try Fixture.gtin(), serial: "75D2SZ6Z8P62FDE8"))
    for territories in [["430000"], ["440100", "430000", "430000"], (0..<30).map { "4\(300 + $0)00" }] {
      let press = try SealPress(
        key, dealer: "D001", territories: territories, dispatch: "D17", at: 1_790_000_000, resolver: resolver)
      let expected = try subjects.map {
        try key.seal($0, dealer: "D001", territories: territories, dispatch: "D17", at: 1_790_000_000).uri(resolver)
      }
      #expect(try press.uris(of: subjects) == expected)
      #expect(try press.uri(of: subjects[3]) == expected[3])
    }
  }

  @Test("a press for what cannot be sealed is refused, with the field")
  func refused() throws {
    let key = try #require(SealingKey(seed: [UInt8](repeating: 7, count: 32)))
    let resolver = try Fixture.resolver()
    #expect(throws: CodeError.malformedSeal(.badDealer)) {
      try SealPress(key, dealer: "D 1", territories: ["430000"], dispatch: "D1", at: 0, resolver: resolver)
    }
  }
}
