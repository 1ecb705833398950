import Alerting
import Ledger
import Regions
import Testing
import TransparencyLog

/// The same events give the same clues, however often the memory is put down and taken up between them.
@Suite("Restarts")
struct RestartTests {
  /// A small, busy market: few codes, dealers and places, so that every rule has its cases.
  static func market(_ seed: UInt64, count: Int64) throws -> [Sighting] {
    var random = Seeded(seed)
    return try (1...count).map { try sighting($0, &random) }
  }

  private static func sighting(_ event: Int64, _ random: inout Seeded) throws -> Sighting {
    func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }
    let town = Town.allCases.randomElement(using: &random) ?? .jinan
    let late = chance(10) ? Int64.random(in: 0...(3 * day), using: &random) : 0
    return try scan(event, Int64.random(in: 0..<60, using: &random), in: town) {
      $0.recorded = Timestamp(milliseconds: dawn + 4 * day + event * hour / 2)
      $0.at = Timestamp(milliseconds: $0.recorded.milliseconds - late)
      $0.dispatch = Int64.random(in: 1...4, using: &random)
      $0.dealer = "D00\($0.dispatch ?? 0)"
      $0.key = Int64.random(in: 1...20, using: &random)
      if chance(50) { $0.terminal = "T\(Int.random(in: 1...12, using: &random))" }
      if chance(40) { $0.isConsumer(in: chance(80) ? town : nil, north: Double.random(in: 0...0.3, using: &random)) }
      if chance(3) { $0.isInspector() }
      if chance(5) { $0.role = .warehouse }
      if chance(10) { $0.certainty = [.coarse, .unknown].randomElement(using: &random) ?? .unknown }
      if chance(10) { $0.state = LifeState.allCases.randomElement(using: &random) }
      if chance(12) {
        $0.authenticity = .forged
        $0.code = .raw("https://id.example.cn/01/\(liquor)/21/F\(Int.random(in: 0..<40, using: &random))")
      }
      if chance(25) {
        $0.price = Money(amount: "\(Int.random(in: 20...99, using: &random)).50", currency: "CNY")
        $0.priceCheck = .belowFloor
        $0.policy = PolicyReference(id: "P1", version: 1)
        $0.terms = Money(amount: "100", currency: "CNY").map { PriceTerms(floor: $0, isEnforced: true) }
      }
    }
  }

  private func make() throws -> [any Detector] { StandardDetectors.make(CopiedCodeTests.gazetteer, try atlasMap()) }

  @Test("a memory put down and taken up between any two scans changes nothing", arguments: [11, 12, 13] as [UInt64])
  func anywhere(_ seed: UInt64) throws {
    let sightings = try Self.market(seed, count: 800)
    var steady = try make()
    var restarted = try make()
    var kinds: Set<AlertKind> = []
    var messages: Set<AlertMessage> = []
    for sighting in sightings {
      for place in steady.indices {
        let expected = steady[place].observe(sighting)
        // Down to bytes and up again, into a detector that knows nothing.
        let stored = restarted[place].state.canonicalBytes
        var fresh = try make()[place]
        try fresh.restore(JSONValue(parsing: stored, limits: JSONLimits(bytes: 1 << 26)))
        restarted[place] = fresh
        #expect(restarted[place].observe(sighting) == expected, "seed \(seed), event \(sighting.event)")
        kinds.formUnion(expected.map(\.kind))
        messages.formUnion(expected.map(\.message))
      }
    }
    // Missing and burnt codes have theirs in CodeFindingTests.
    #expect(kinds == Set(AlertKind.allCases).subtracting([.missing, .burning]), "every kind has cases, seed \(seed)")
    for (left, right) in zip(steady, restarted) {
      #expect(left.state.canonicalBytes == right.state.canonicalBytes, "seed \(seed)")
    }
  }

  @Test("the same events give the same clues twice", arguments: [21, 22] as [UInt64])
  func deterministic(_ seed: UInt64) throws {
    let sightings = try Self.market(seed, count: 3_000)
    var one = try make()
    var other = try make()
    for place in one.indices {
      #expect(one[place].observeAll(sightings) == other[place].observeAll(sightings), "seed \(seed)")
    }
  }

  @Test("no matter is raised twice in one run", arguments: [31, 32, 33] as [UInt64])
  func identities(_ seed: UInt64) throws {
    var detectors = try make()
    let sightings = try Self.market(seed, count: 3_000)
    let clues = detectors.indices.flatMap { detectors[$0].observeAll(sightings) }
    #expect(Set(clues.map(\.identity)).count == clues.count, "seed \(seed)")
    for clue in clues {
      #expect(!clue.scans.isEmpty, "\(clue.identity)")
      #expect(clue.scans == clue.scans.sorted(), "\(clue.identity)")
      #expect(clue.identity.hasPrefix(clue.rule.name + "/"))
    }
  }

  @Test("a state of another kind is refused and changes nothing")
  func refused() throws {
    let strange: [JSONValue] = [
      nil, [:], "x", ["day": 1, "entries": []], ["day": 1, "entries": ["k": 1]],
      ["day": 1, "entries": ["k": [1, ["raised": true]]]],
    ]
    for state in strange {
      var detectors = try make()
      for place in detectors.indices {
        _ = detectors[place].observeAll(try (1...5).map { try scan($0, in: .changsha) })
        let before = detectors[place].state
        let rule = type(of: detectors[place]).rule
        #expect(throws: DetectorStateError(rule: rule)) { try detectors[place].restore(state) }
        #expect(detectors[place].state == before)
      }
    }
  }
}

/// Memory stays bounded whatever comes.
@Suite("Bounded memory")
struct BoundedMemoryTests {
  private func entries(_ state: JSONValue) -> Int { state["entries"]?.object?.count ?? -1 }

  @Test("beyond the limit the oldest is forgotten first")
  func limit() throws {
    var thresholds = CopiedCode.Thresholds()
    thresholds.codes = 64
    var detector = CopiedCode(.empty, thresholds)
    for number in 1...1_000 { _ = detector.observe(try scan(Int64(number), after: Int64(number) * 1_000)) }
    #expect((56...64).contains(entries(detector.state)))
    let kept = try #require(detector.state["entries"]?.object)
    #expect(kept["\(liquor)/0/1000"] != nil)
    #expect(kept["\(liquor)/0/1"] == nil)
  }

  @Test("what is older than the window is forgotten")
  func age() throws {
    var detector = CopiedCode(.empty)
    for number in 1...300 { _ = detector.observe(try scan(Int64(number), after: Int64(number) * day)) }
    #expect((29...32).contains(entries(detector.state)))
  }

  @Test("a flood of made-up codes, dispatches and places stays within the limits")
  func flood() throws {
    var outside = OutsideTerritory.Thresholds()
    outside.dispatches = 32
    var forged = ForgedCodes.Thresholds()
    forged.matters = 32
    var unsold = UnsoldGoods.Thresholds()
    unsold.matters = 32
    var detectors: [any Detector] = [OutsideTerritory(outside), ForgedCodes(forged), UnsoldGoods(unsold)]
    var largest = 0
    for number in 1...3_000 {
      let event = Int64(number)
      let town = Town.allCases[number % Town.allCases.count]
      let sighting = try scan(event, in: town, after: event * 1_000) {
        $0.dispatch = event
        if number % 2 == 0 {
          $0.authenticity = .forged
          $0.code = .raw(String(repeating: "x", count: 400) + "\(number)")
        }
      }
      for place in detectors.indices { _ = detectors[place].observe(sighting) }
      if number % 500 == 0 { largest = max(largest, detectors.map { $0.state.canonicalBytes.count }.max() ?? 0) }
    }
    #expect(largest < 400_000, "\(largest) bytes")
  }

  @Test("no memory holds an exact place")
  func coarse() throws {
    var detectors = StandardDetectors.make(CopiedCodeTests.gazetteer, try atlasMap())
    for number in 1...50 {
      let sighting = try scan(Int64(number), in: .jinan) {
        $0.isConsumer(in: .jinan)
        $0.position = SightedPosition(latitude: 36.674_747, longitude: 117.003_838, accuracyMeters: 12)
        $0.state = .packed
      }
      for place in detectors.indices { _ = detectors[place].observe(sighting) }
    }
    for detector in detectors {
      let text = detector.state.description
      #expect(!text.contains("36.67") && !text.contains("4747") && !text.contains("3838"))
    }
    #expect(detectors[1].state.description.contains("[3667,11700]"), "hundredths of a degree")
  }

  @Test("one dispatch seen in every country keeps a bounded number of votes")
  func countries() throws {
    var detector = OutsideTerritory()
    let codes = "ABCDEFGHIJKLMNOPQRSTUVWXYZ".map(String.init)
    var event: Int64 = 0
    for first in codes {
      for second in codes {
        guard let place = try? region(first + second) else { continue }
        for _ in 0..<2 {
          event += 1
          _ = detector.observe(try scan(event, after: event * 1_000) { $0.region = place })
        }
      }
    }
    #expect(event > 400)
    #expect(detector.state.canonicalBytes.count < 40_000)
  }
}
