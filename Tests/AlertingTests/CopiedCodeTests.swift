import Alerting
import Ledger
import Regions
import Testing

@Suite("Copied codes")
struct CopiedCodeTests {
  /// Knows the middle of Hunan's and Shandong's capitals.
  static let gazetteer = Gazetteer(
    area: { code in
      guard let town = Town(rawValue: code.description) else { return nil }
      return Gazetteer.Area(latitude: town.point.latitude, longitude: town.point.longitude, radiusMeters: 15_000)
    }, name: { _, _ in nil })

  var detector = CopiedCode(gazetteer)

  @Test("one code in Changsha and half an hour later in Jinan is copied, with the numbers that say so")
  mutating func leap() throws {
    #expect(detector.observe(try scan(1, 5, in: .changsha, after: 0) { $0.isConsumer(in: .changsha) }).isEmpty)
    let end = try scan(2, 5, in: .jinan, after: hour / 2) { $0.isConsumer(in: .jinan) }
    let clue = try #require(detector.observe(end).first)
    #expect(clue.kind == .clone)
    #expect(clue.severity == .warning)
    #expect(clue.rule.description == "copied-code/1")
    #expect(clue.message == .copyDistance)
    #expect(clue.identity == "copied-code/\(liquor)/0/5")
    #expect(clue.scans == [1, 2])
    #expect(clue.suspects.map(\.index) == [5])
    #expect(clue.subject.code == (try item(5)))
    let kilometers = try #require(clue.numbers["kilometers"]?.int)
    #expect((1_000...1_020).contains(kilometers), "Changsha to Jinan is about 1 010 km")
    #expect(clue.numbers["minutes"] == 30)
    #expect(clue.numbers["fromRegion"] == "430102")
    #expect(clue.numbers["toRegion"] == "370102")
    // (1 010 km − 3 × 1.7 km) in 30 + 10 minutes.
    #expect((1_490...1_530).contains(clue.numbers["kilometersPerHour"]?.int ?? 0))
  }

  @Test("the same way within the time an airliner needs is no copy")
  mutating func flight() throws {
    let start = try scan(1, 5, in: .changsha, after: 0) { $0.isConsumer(in: .changsha) }
    let end = try scan(2, 5, in: .jinan, after: hour + hour / 10) { $0.isConsumer(in: .jinan) }
    #expect(detector.observeAll([start, end]).isEmpty)
  }

  @Test("accuracy is taken off three times, and an address or an unknown place says nothing")
  mutating func accuracy() throws {
    let start = try scan(1, 5, in: .changsha, after: 0) { $0.isConsumer(in: .changsha) }
    let vague = try scan(2, 5, in: .jinan, after: 60_000) { $0.isConsumer(in: .jinan, accuracy: 330_000) }
    #expect(detector.observeAll([start, vague]).isEmpty)
    var other = CopiedCode(Self.gazetteer)
    let coarse = try scan(3, 5, in: .jinan, after: 60_000) {
      $0.isConsumer(in: .jinan)
      $0.certainty = .coarse
    }
    #expect(other.observeAll([start, coarse]).isEmpty)
  }

  @Test("scans arriving in the wrong order give the same")
  mutating func order() throws {
    let early = try scan(2, 5, in: .changsha, after: 0) { $0.isConsumer(in: .changsha) }
    let late = try scan(1, 5, in: .jinan, after: hour / 2) { $0.isConsumer(in: .jinan) }
    let clue = try #require(detector.observeAll([late, early]).first)
    #expect(clue.numbers["minutes"] == 30)
    #expect(clue.numbers["fromRegion"] == "430102")
  }

  @Test("places known by region count only between provinces, and where the map has a point")
  mutating func declared() throws {
    let scans = [try scan(1, 5, in: .changsha, after: 0), try scan(2, 5, in: .jinan, after: 60_000)]
    #expect(detector.observeAll(scans).map(\.message) == [.copyDistance])
    var neighbours = CopiedCode(Self.gazetteer)
    #expect(
      neighbours.observeAll([try scan(1, 5, in: .jinan, after: 0), try scan(2, 5, in: .yantai, after: 1_000)]).isEmpty)
    var blind = CopiedCode(.empty)
    #expect(blind.observeAll(scans).isEmpty)
  }

  @Test("a terminal's or inspector's wrong place is no copy")
  mutating func sameWitness() throws {
    let terminal: (inout Sighting) -> Void = { $0.terminal = "T001" }
    #expect(
      detector.observeAll([
        try scan(1, 5, in: .changsha, after: 0, terminal), try scan(2, 5, in: .jinan, after: 60_000, terminal),
      ]).isEmpty)
    let inspector: (inout Sighting) -> Void = { $0.isInspector() }
    #expect(
      detector.observeAll([
        try scan(3, 6, in: .changsha, after: 0, inspector), try scan(4, 6, in: .jinan, after: 60_000, inspector),
      ]).isEmpty)
  }

  @Test("one key may be an app on many phones: two places at once are two items")
  mutating func sharedKey() throws {
    let app: (inout Sighting) -> Void = { $0.key = 9 }
    let scans = [try scan(1, 5, in: .changsha, after: 0, app), try scan(2, 5, in: .jinan, after: 60_000, app)]
    #expect(detector.observeAll(scans).count == 1)
  }

  @Test("repeated scans by an owner, a terminal or a key are no copies")
  mutating func repeats() throws {
    let owner = try (1...60).map { number in
      try scan(number, 5, after: number * 10 * hour) { $0.isConsumer(in: .jinan, north: Double(number % 2) / 200) }
    }
    #expect(detector.observeAll(owner).isEmpty)
    #expect(detector.observeAll(try (61...90).map { try scan($0, 6) { $0.terminal = "T001" } }).isEmpty)
    #expect(detector.observeAll(try (91...120).map { try scan($0, 7) { $0.key = 4 } }).isEmpty)
  }

  @Test("more witnesses than one item meets are copies, one fewer are none")
  mutating func crowd() throws {
    let scans = try (1...9).map { try scan($0, 5, after: $0 * day) }
    #expect(detector.observeAll(Array(scans.dropLast())).isEmpty)
    let clue = try #require(detector.observe(scans[8]).first)
    #expect(clue.message == .copyObservers)
    #expect(clue.numbers["observers"] == 9)
    #expect(clue.numbers["observersPossible"] == 8)
    #expect(clue.scans == Array(1...9))
  }

  @Test("witnesses of more than thirty days do not add up")
  mutating func window() throws {
    #expect(detector.observeAll(try (1...30).map { try scan($0, 5, after: $0 * 5 * day) }).isEmpty)
  }

  @Test("people without a place count by sessions")
  mutating func placeless() throws {
    func unknown(_ event: Int64) throws -> Sighting {
      try scan(event, 5, after: event * day) {
        $0.isConsumer()
        $0.certainty = .unknown
        $0.region = nil
      }
    }
    #expect(detector.observeAll(try (1...20).map { try unknown($0) }).isEmpty)
    #expect(detector.observe(try unknown(21)).map(\.message) == [.copyPlaceless])
  }

  @Test("the warehouse, forged codes and boxes raise nothing here")
  mutating func others() throws {
    #expect(detector.observeAll(try (1...30).map { try scan($0, 5) { $0.role = .warehouse } }).isEmpty)
    #expect(detector.observeAll(try (1...30).map { try scan($0, 5) { $0.authenticity = .forged } }).isEmpty)
    #expect(detector.observeAll(try (1...30).map { try scan($0, 5) { $0.code = .box("106901234000000018") } }).isEmpty)
  }
}
