import Alerting
import Ledger
import Testing

@Suite("Forged codes")
struct ForgedCodesTests {
  var detector = ForgedCodes()

  /// A failing code, by default one of the tests' product.
  private func fake(
    _ event: Int64, _ number: Int64? = nil, in town: Town = .jinan, after milliseconds: Int64? = nil,
    _ change: (inout Sighting) throws -> Void = { _ in }
  ) throws -> Sighting {
    try scan(event, in: town, after: milliseconds) {
      $0.code = .raw("https://id.example.cn/01/\(liquor)/21/FAKE\(1_000 + (number ?? event))")
      $0.authenticity = .forged
      $0.state = nil
      $0.dealer = nil
      $0.dispatch = nil
      try change(&$0)
    }
  }

  @Test("ten failing codes from one terminal within an hour are a burst")
  mutating func burst() throws {
    let minute = hour / 60
    let scans = try (1...10).map { try fake($0, after: $0 * minute) { $0.terminal = "T009" } }
    #expect(detector.observeAll(Array(scans.dropLast())).isEmpty)
    let clue = try #require(detector.observe(scans[9]).first)
    #expect(clue.kind == .forgery)
    #expect(clue.severity == .warning)
    #expect(clue.rule.description == "forged-codes/1")
    #expect(clue.message == .forgedBurst)
    #expect(clue.numbers["codes"] == 10)
    #expect(clue.numbers["source"] == "terminal T009")
    #expect(clue.numbers["windowMinutes"] == 60)
    #expect(clue.subject.gtin?.description == liquor)
    #expect(clue.scans == Array(1...10))
  }

  @Test("ten failing codes over a day, or one code ten times, are none")
  mutating func slow() throws {
    let slow = try (1...20).map { try fake($0, after: $0 * hour / 5) { $0.terminal = "T009" } }
    #expect(detector.observeAll(slow).isEmpty)
    let same = try (21...40).map { try fake($0, 1, after: 10 * day + $0) { $0.terminal = "T008" } }
    #expect(detector.observeAll(same).isEmpty)
  }

  @Test("a scan taken offline long ago does not complete a burst of now")
  mutating func late() throws {
    let now = try (1...9).map { try fake($0, after: 100 * hour + $0) { $0.terminal = "T009" } }
    #expect(detector.observeAll(now).isEmpty)
    #expect(detector.observe(try fake(10, after: 0) { $0.terminal = "T009" }).isEmpty)
  }

  @Test("one failing text at three places is printed on counterfeits")
  mutating func text() throws {
    let towns: [Town] = [.jinan, .jinan, .qingdao, .guangzhou]
    let clues = detector.observeAll(
      try towns.enumerated().map { try fake(Int64($0 + 1), 5, in: $1) { $0.isConsumer(in: nil) } })
    let clue = try #require(clues.first)
    #expect(clue.message == .forgedText)
    #expect(clue.severity == .serious)
    #expect(clue.numbers["places"] == 3)
    #expect(clue.scans == [1, 3, 4])
    #expect(clue.subject.code != nil)
  }

  @Test("places guessed from IP addresses are no places")
  mutating func addresses() throws {
    let scans = try Town.allCases.enumerated().map { place, town in
      try fake(Int64(place + 1), 5, in: town) {
        $0.isConsumer()
        $0.certainty = .coarse
      }
    }
    #expect(detector.observeAll(scans).isEmpty)
  }

  @Test("many failing codes of one product in one prefecture from several people are counterfeits on sale")
  mutating func wave() throws {
    let scans = try (1...10).map { number in
      try fake(number, after: number * day) { $0.isConsumer(in: .jinan, north: Double(number % 4) / 10) }
    }
    let clue = try #require(detector.observeAll(scans).first)
    #expect(clue.message == .forgedProduct)
    #expect(clue.severity == .serious)
    #expect(clue.numbers["codes"] == 10)
    var other = ForgedCodes()
    let alone = try (1...30).map { number in try fake(number, after: number * day) { $0.isConsumer(in: .jinan) } }
    #expect(other.observeAll(alone).isEmpty, "one household's collection")
  }

  @Test(
    "genuine, unproven and suspected codes raise nothing",
    arguments: [
      Sighting.Authenticity.genuine, .unproven, .suspectedCopy,
    ])
  mutating func others(_ authenticity: Sighting.Authenticity) throws {
    let scans = try (1...40).map { number in
      try fake(number, after: number) {
        $0.terminal = "T009"
        $0.authenticity = authenticity
      }
    }
    #expect(detector.observeAll(scans).isEmpty)
  }
}
