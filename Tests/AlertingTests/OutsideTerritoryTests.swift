import Alerting
import Ledger
import Regions
import Testing
import TransparencyLog

/// When goods seen outside of their territory are worth a person's look, and when they are not.
@Suite("Outside territory")
struct OutsideTerritoryTests {
  var detector = OutsideTerritory()

  @Test("three terminals in one foreign prefecture raise a diversion with its numbers")
  mutating func threeTerminals() throws {
    let clues = detector.observeAll([try scan(1), try scan(2, in: .licheng), try scan(3)])
    let clue = try #require(clues.first)
    #expect(clues.count == 1)
    #expect(clue.kind == .diversion)
    #expect(clue.severity == .warning)
    #expect(clue.rule.description == "outside-territory/1")
    #expect(clue.identity == "outside-territory/dispatch 12/D001→370000")
    #expect(clue.subject.dealer == "D001")
    #expect(clue.subject.dispatch == 12)
    #expect(clue.subject.region == (try region("370100")))
    #expect(clue.subject.gtin?.description == liquor)
    #expect(clue.scans == [1, 2, 3])
    #expect(clue.numbers["sightings"] == 3)
    #expect(clue.numbers["terminals"] == 3)
    #expect(clue.numbers["consumers"] == 0)
    #expect(clue.numbers["observers"] == 3)
    #expect(clue.numbers["needed"] == 3)
    #expect(clue.numbers["dispatchSightings"] == 3)
    #expect(clue.numbers["territories"] == ["430000"])
    #expect(clue.occurredAt.milliseconds == dawn + 3 * hour)
    #expect(clue.suspects.isEmpty)
  }

  @Test("a dispatch of several products names none of them")
  mutating func mixed() throws {
    let other = try item(9, of: "06901234000016")
    let clues = detector.observeAll([try scan(1), try scan(2) { $0.code = other }, try scan(3)])
    #expect(clues.count == 1)
    #expect(clues.first?.subject.gtin == nil)
  }

  @Test("the matter is raised once, however often it is seen again")
  mutating func once() throws {
    let clues = detector.observeAll(try (1...40).map { try scan($0, in: $0 % 2 == 0 ? .jinan : .qingdao) })
    #expect(clues.count == 1)
  }

  @Test("two sightings are not enough")
  mutating func two() throws {
    #expect(detector.observeAll([try scan(1), try scan(2)]).isEmpty)
  }

  @Test("an inspector's single sighting is enough, and sure when two others stand beside it")
  mutating func inspector() throws {
    let alone = try #require(detector.observe(try scan(1) { $0.isInspector() }).first)
    #expect(alone.message == .outsideInspector)
    #expect(alone.severity == .warning)
    #expect(alone.numbers["needed"] == 1)
    #expect(alone.numbers["inspectors"] == 1)
    var other = OutsideTerritory()
    let together = other.observeAll([try scan(1), try scan(2), try scan(3) { $0.isInspector() }])
    #expect(together.map(\.severity) == [.serious])
    #expect(together.first?.scans == [1, 2, 3])
  }

  @Test("an inspector's word about the very bottle that a consumer scanned counts beside it")
  mutating func sameBottle() throws {
    let clues = detector.observeAll([
      try scan(1, 5) { $0.isConsumer(in: .jinan) }, try scan(2, 5) { $0.isInspector() },
    ])
    #expect(clues.first?.scans == [1, 2])
  }

  @Test("an unsealed box counts before an inspector only, as a notice")
  mutating func unsealedBox() throws {
    func box(_ event: Int64, _ change: (inout Sighting) -> Void = { _ in }) throws -> Sighting {
      try scan(event) {
        $0.code = .box("10690123400000000\(event)")
        $0.authenticity = .unproven
        change(&$0)
      }
    }
    #expect(detector.observeAll(try (1...5).map { try box($0) }).isEmpty)
    #expect(detector.observe(try box(6) { $0.isInspector() }).map(\.severity) == [.notice])
  }

  @Test("a transfer to another dealer makes it another matter")
  mutating func transfer() throws {
    let first = detector.observeAll([try scan(1), try scan(2), try scan(3)])
    let second = detector.observeAll(try (4...6).map { try scan($0) { $0.dealer = "D002" } })
    #expect(first.map(\.subject.dealer) == ["D001"])
    #expect(second.map(\.subject.dealer) == ["D002"])
  }

  @Test("sightings spread over a province need twice as many")
  mutating func province() throws {
    let towns: [Town] = [.jinan, .qingdao, .yantai]
    let clues = detector.observeAll(
      try (1...6).map {
        try scan($0, in: towns[Int($0 - 1) % 3], after: $0 * 2 * hour) { $0.terminal = "T\($0.event)" }
      })
    // The sixth is the second of each town: no prefecture has three.
    #expect(clues.map(\.subject.region) == [try region("370000")])
    #expect(clues.first?.numbers["needed"] == 6)
  }
}

/// The innocent: what must never raise, however much of it there is.
@Suite("Outside territory: nobody accused falsely")
struct InnocentTests {
  var detector = OutsideTerritory()

  @Test("one remote scan is an observation")
  mutating func single() throws {
    #expect(detector.observe(try scan(1)).isEmpty)
    #expect(detector.observe(try scan(2) { $0.isConsumer(in: .beijing) }).isEmpty)
  }

  @Test("a traveller who shows one bottle in town after town is one voice in each")
  mutating func traveller() throws {
    let towns: [Town] = [.jinan, .qingdao, .yantai, .licheng, .jinan, .qingdao, .yantai]
    let scans = try towns.enumerated().map { place, town in
      try scan(Int64(place + 1), 77, in: town) { $0.isConsumer(in: town) }
    }
    #expect(detector.observeAll(scans).isEmpty)
  }

  @Test("travellers scattered over the country never meet in one province")
  mutating func scattered() throws {
    let towns: [Town] = [.jinan, .guangzhou, .beijing]
    let scans = try (1...Int64(9)).map { number in
      let town = towns[Int(number) % 3]
      return try scan(number, in: town, after: number * day) { $0.isConsumer(in: town, north: Double(number) / 10) }
    }
    #expect(detector.observeAll(scans).isEmpty)
  }

  @Test("a gift of a case drunk at one table is one voice, whatever the day")
  mutating func gift() throws {
    let scans = try (1...12).map { number in
      try scan(number, after: number * 4 * day) { $0.isConsumer(in: .jinan, north: Double(number % 3) / 1000) }
    }
    #expect(detector.observeAll(scans).isEmpty)
  }

  @Test("the owner's repeated scans of one bottle are one voice")
  mutating func owner() throws {
    let scans = try (1...12).map { number in
      try scan(number, 9, after: number * 5 * day) { $0.isConsumer(in: .jinan, north: Double(number) / 10) }
    }
    #expect(detector.observeAll(scans).isEmpty)
  }

  @Test("one shop alone may be registered in the wrong place, or serve travellers")
  mutating func oneShop() throws {
    let scans = try (1...20).map { number in try scan(number, after: number * 2 * day) { $0.terminal = "T001" } }
    #expect(detector.observeAll(scans).isEmpty)
    let evening = try (21...24).map { number in try scan(number) { $0.terminal = "T002" } }
    #expect(
      detector.observeAll(evening).map(\.severity) == [.warning], "two shops are two witnesses, four codes no stock")
  }

  @Test("one shop with five different codes in a session holds stock or is misregistered: a notice, once")
  mutating func stock() throws {
    let clues = detector.observeAll(try (1...20).map { try scan($0, after: $0 * 60_000) { $0.terminal = "T001" } })
    let clue = try #require(clues.first)
    #expect(clues.count == 1)
    #expect(clue.severity == .notice)
    #expect(clue.message == .outsideOneShop)
    #expect(clue.numbers["codes"] == 5)
    #expect(clue.numbers["source"] == "terminal T001")
    #expect(clue.scans == [1, 2, 3, 4, 5])
    #expect(
      detector.observeAll(try (21...30).map { try scan($0, 1, after: $0 * 60_000) { $0.terminal = "T003" } }).isEmpty)
    let others = try (31...33).map { try scan($0) }
    #expect(detector.observeAll(others).map(\.severity) == [.warning], "other witnesses still bring it up")
  }

  @Test("a consumer's gift box scanned in one evening is no stock")
  mutating func giftBox() throws {
    let scans = try (1...12).map { number in try scan(number, after: number * 60_000) { $0.isConsumer(in: .jinan) } }
    #expect(detector.observeAll(scans).isEmpty)
  }

  @Test("uncertain sightings never count", arguments: [Sighting.Finding.uncertain, .inside, .notBound])
  mutating func uncertain(_ finding: Sighting.Finding) throws {
    let scans = try (1...20).map { number in try scan(number) { $0.territory = finding } }
    #expect(detector.observeAll(scans).isEmpty)
    #expect(
      detector.observe(
        try scan(21) {
          $0.isInspector(); $0.territory = finding
        }
      ).isEmpty)
  }

  @Test("places known by IP address alone never count", arguments: [Sighting.Certainty.coarse, .unknown])
  mutating func addressOnly(_ certainty: Sighting.Certainty) throws {
    let scans = try (1...20).map { number in try scan(number) { $0.certainty = certainty } }
    #expect(detector.observeAll(scans).isEmpty)
  }

  @Test(
    "the brand's and the dealers' own handling is no sale",
    arguments: [Role.warehouse, .dealer, .issuer, .admin, .compliance, .auditor])
  mutating func handling(_ role: Role) throws {
    let scans = try (1...20).map { number in try scan(number) { $0.role = role } }
    #expect(detector.observeAll(scans).isEmpty)
  }

  @Test(
    "codes that may not be the real goods do not count",
    arguments: [Sighting.Authenticity.suspectedCopy, .forged, .unproven])
  mutating func copies(_ authenticity: Sighting.Authenticity) throws {
    let scans = try (1...20).map { number in try scan(number) { $0.authenticity = authenticity } }
    #expect(detector.observeAll(scans).isEmpty)
  }

  @Test("a price below the floor adds nothing to a diversion")
  mutating func price() throws {
    let scans = try (1...2).map { number in
      try scan(number) {
        $0.priceCheck = .belowFloor
        $0.price = Money(amount: "1.00", currency: "CNY")
      }
    }
    #expect(detector.observeAll(scans).isEmpty)
  }

  @Test("sightings older than the window do not add up")
  mutating func window() throws {
    let scans = try (1...8).map { number in try scan(number, after: number * 31 * day) }
    #expect(detector.observeAll(scans).isEmpty)
  }

  @Test("a few remote sightings of goods that are seen everywhere at home are what travel makes")
  mutating func share() throws {
    var event: Int64 = 0
    for number in 1...250 {
      event += 1
      let home = try scan(event, in: .changsha, after: Int64(number) * hour / 8) { $0.key = 1_000 + event }
      #expect(detector.observe(home).isEmpty)
    }
    let remote = try (1...4).map { number in try scan(event + number, after: 40 * hour + number * hour) }
    #expect(detector.observeAll(remote).isEmpty, "4 of 254 are 1.6 %")
    let more = try (5...8).map { number in try scan(event + number, after: 40 * hour + number * hour) }
    #expect(detector.observeAll(more).count == 1, "from 2 % on it is worth a case")
  }

  @Test("consumers alone need four, in different households")
  mutating func consumers() throws {
    let scans = try (1...4).map { number in
      try scan(number) { $0.isConsumer(in: .jinan, north: Double(number) / 20) }
    }
    #expect(detector.observeAll(Array(scans.prefix(3))).isEmpty)
    let clue = try #require(detector.observe(scans[3]).first)
    #expect(clue.numbers["consumers"] == 4)
    #expect(clue.numbers["needed"] == 4)
  }

  @Test("consumers without a spot are one person a county until three days have gone by")
  mutating func placelessConsumers() throws {
    let close = try (1...10).map { number in try scan(number, after: number * 6 * hour) { $0.isConsumer() } }
    #expect(detector.observeAll(close).isEmpty)
    var other = OutsideTerritory()
    let apart = try (1...4).map { number in try scan(number, after: number * 3 * day) { $0.isConsumer() } }
    #expect(other.observeAll(apart).count == 1)
  }
}
