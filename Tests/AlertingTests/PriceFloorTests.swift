import Alerting
import Ledger
import Testing
import TransparencyLog

@Suite("Price floor")
struct PriceFloorTests {
  var detector = PriceFloor()

  /// A terminal in the territory that charged this much, under policy P1 with a floor of 100.00.
  private func sale(
    _ event: Int64, _ amount: String, after milliseconds: Int64? = nil,
    _ change: (inout Sighting) throws -> Void = { _ in }
  ) throws -> Sighting {
    try scan(event, in: .changsha, after: milliseconds) {
      $0.price = Money(amount: amount, currency: "CNY")
      $0.priceCheck = .belowFloor
      $0.policy = PolicyReference(id: "P1", version: 2)
      $0.terms = PriceTerms(floor: try #require(Money(amount: "100.00", currency: "CNY")), isEnforced: true)
      try change(&$0)
    }
  }

  @Test("two terminals below an enforced floor raise a price alert with its numbers")
  mutating func two() throws {
    #expect(detector.observe(try sale(1, "90.00")).isEmpty)
    let clue = try #require(detector.observe(try sale(2, "88.50")).first)
    #expect(clue.kind == .price)
    #expect(clue.severity == .notice)
    #expect(clue.rule.description == "price-floor/1")
    #expect(clue.message == .priceSeveral)
    #expect(clue.numbers["lowest"] == "88.50 CNY")
    #expect(clue.numbers["floor"] == "100.00 CNY")
    #expect(clue.numbers["lowestPermilleOfFloor"] == 885)
    #expect(clue.numbers["policy"] == "P1")
    #expect(clue.numbers["policyVersion"] == 2)
    #expect(clue.numbers["sightings"] == 2)
    #expect(clue.scans == [1, 2])
    #expect(clue.subject.dealer == "D001")
  }

  @Test("an inspector's single price is enough, even half of the floor and less")
  mutating func inspector() throws {
    let clue = try #require(detector.observe(try sale(1, "30.00") { $0.isInspector() }).first)
    #expect(clue.message == .priceInspector)
    #expect(clue.severity == .warning)
  }

  @Test("prices below half of the floor are taken for slips of the hand")
  mutating func slips() throws {
    #expect(detector.observeAll(try (1...9).map { try sale($0, "9.90") }).isEmpty)
    #expect(detector.observeAll([try sale(10, "50.00"), try sale(11, "50.00")]).count == 1)
  }

  @Test("one terminal's session is one voice, the next day's another")
  mutating func session() throws {
    let till: (inout Sighting) -> Void = { $0.terminal = "T001" }
    #expect(detector.observeAll(try (1...9).map { try sale($0, "90.00", after: $0 * hour, till) }).isEmpty)
    #expect(detector.observe(try sale(10, "90.00", after: 30 * hour, till)).count == 1)
  }

  @Test("an advised floor raises nothing")
  mutating func advised() throws {
    let scans = try (1...9).map { number in
      try sale(number, "90.00") { sighting in
        sighting.terms = sighting.terms.map { PriceTerms(floor: $0.floor, isEnforced: false) }
      }
    }
    #expect(detector.observeAll(scans).isEmpty)
  }

  @Test("nothing is raised without known terms, in another currency, at the floor, or on a consumer's word")
  mutating func nothing() throws {
    #expect(detector.observeAll(try (1...5).map { try sale($0, "90.00") { $0.terms = nil } }).isEmpty)
    #expect(
      detector.observeAll(
        try (1...5).map { try sale($0, "90.00") { $0.price = Money(amount: "90.00", currency: "EUR") } }
      ).isEmpty)
    #expect(detector.observeAll(try (1...5).map { try sale($0, "100.00") }).isEmpty)
    #expect(detector.observeAll(try (1...5).map { try sale($0, "90.00") { $0.isConsumer(in: .changsha) } }).isEmpty)
    #expect(detector.observeAll(try (1...5).map { try sale($0, "90.00") { $0.priceCheck = .ok } }).isEmpty)
  }

  @Test("a new edition of the policy is a new matter")
  mutating func edition() throws {
    #expect(detector.observeAll(try (1...2).map { try sale($0, "90.00") }).count == 1)
    let scans = try (3...4).map { try sale($0, "90.00") { $0.policy = PolicyReference(id: "P1", version: 3) } }
    #expect(detector.observeAll(scans).count == 1)
  }

  @Test("price and territory never feed each other")
  mutating func apart() throws {
    let outside = try (1...3).map { number in
      try sale(number, "90.00") {
        $0.territory = .outside
        $0.region = try region(Town.jinan.rawValue)
      }
    }
    var territory = OutsideTerritory()
    #expect(detector.observeAll(outside).map(\.kind) == [.price])
    let diversions = territory.observeAll(outside)
    #expect(diversions.map(\.kind) == [.diversion])
    let named = diversions.flatMap(\.numbers.keys).filter { $0.lowercased().contains("price") || $0 == "floor" }
    #expect(named.isEmpty)
  }
}
