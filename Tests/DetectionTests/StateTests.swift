import Testing

@testable import Detection

/// A restart changes nothing; damaged states are refused and never trap.
@Suite struct StateTests {
  private func world(_ seed: UInt64) -> (TestMarket, [Sighting]) {
    var market = TestMarket(seed: seed)
    var scans = market.honest(days: 24)
    let begin = TestMarket.start + 8 * day
    for index in 0..<40 {
      scans.append(market.sighting(1, at: 20, time: begin + Int64(index) * 20_000, lot: 999))
      var till = market.sighting(3, at: market.home(3), time: begin + Int64(index) * 20_000, source: .terminal)
      (till.price, till.floor) = (90, 100)
      scans.append(till)
      var fake = market.sighting(2, at: index % 24, time: begin + Int64(index) * 21_000)
      fake.code = 4711
      scans.append(fake)
      var guess = market.sighting(2, at: 3, time: begin + Int64(index) * 60)
      (guess.box, guess.device) = (0, 5)
      scans.append(guess)
    }
    return (market, scans.sorted { ($0.time, $0.code) < ($1.time, $1.code) })
  }

  @Test(arguments: [UInt64(1), 2, 3])
  func aRestartAtAnyScanGivesTheSameFindings(seed: UInt64) throws {
    let (market, scans) = world(seed)
    var straight = market.engine
    var expected: [[Finding]] = []
    for scan in scans { expected.append(straight.observe(scan)) }
    #expect(expected.joined().contains { $0.kind == .diversion })
    var pausing = market.engine
    var draw = TestMarket(seed: seed + 100)
    for (index, scan) in scans.enumerated() {
      // Around every finding and at random in between.
      let isNear = !expected[index].isEmpty || index > 0 && !expected[index - 1].isEmpty
      if isNear || draw.chance(3) { pausing = try DetectionEngine(state: pausing.state(), map: market.map) }
      #expect(pausing.observe(scan) == expected[index])
    }
    #expect(pausing.state() == straight.state())
  }

  @Test func aStateRoundTripsToTheByte() throws {
    var (market, scans) = world(9)
    _ = market.feed(scans)
    market.engine.dispatched(
      Dispatch(lot: 3, product: 7, profile: 1, boxes: 20, itemsPerBox: 24, time: TestMarket.start))
    let state = market.engine.state()
    #expect(try DetectionEngine(state: state, map: market.map).state() == state)
    scans.removeAll()
  }

  @Test func anotherVersionIsRefused() {
    let market = TestMarket()
    var state = market.engine.state()
    state[0] = 99
    #expect(throws: StateError.version(99)) { try DetectionEngine(state: state, map: market.map) }
  }

  @Test func anotherMapIsRefused() {
    let market = TestMarket()
    let other = TestMarket.geography(provinces: 3)
    #expect(throws: StateError.geography) { try DetectionEngine(state: market.engine.state(), map: other) }
  }

  @Test func everyShorterStateIsRefused() {
    var (market, scans) = world(4)
    scans.removeLast(scans.count - 200)
    _ = market.feed(scans)
    let state = market.engine.state()
    for length in stride(from: 0, to: state.count, by: max(1, state.count / 120)) {
      #expect(throws: StateError.self) {
        try DetectionEngine(state: Array(state.prefix(length)), map: market.map)
      }
    }
  }

  @Test func aDamagedStateIsRefusedOrGoesOnWithoutATrap() {
    var (market, scans) = world(5)
    scans.removeLast(scans.count - 300)
    _ = market.feed(scans)
    let state = market.engine.state()
    var taken = 0
    for _ in 0..<120 {
      var damaged = state
      for _ in 0...market.number(below: 4) {
        damaged[market.number(below: damaged.count)] = UInt8(truncatingIfNeeded: market.next())
      }
      guard var engine = try? DetectionEngine(state: damaged, map: market.map) else { continue }
      taken += 1
      let next = scans.last?.time ?? 0
      for index in 0..<20 where engine.sightings > 0 {
        _ = engine.observe(market.sighting(1, at: 20, time: next + Int64(index) * 4000, lot: 999))
      }
      _ = engine.state()
    }
    #expect(taken > 0)
  }

  @Test func arbitraryBytesAreNoState() {
    var market = TestMarket()
    for length in 0..<300 {
      let bytes = (0..<length).map { _ in UInt8(truncatingIfNeeded: market.next()) }
      #expect(throws: StateError.self) { try DetectionEngine(state: bytes, map: market.map) }
    }
  }

  @Test func senselessSightingsAreLeftOut() {
    var market = TestMarket()
    var scan = market.sighting(1, at: 3, time: .max)
    #expect(market.engine.observe(scan).isEmpty)
    scan.time = .min
    #expect(market.engine.observe(scan).isEmpty)
    scan = market.sighting(1, at: 3, time: TestMarket.start)
    scan.latitude = .nan
    #expect(market.engine.observe(scan).isEmpty)
    scan = market.sighting(1, at: 3, time: TestMarket.start)
    scan.region = 10_000
    #expect(market.engine.observe(scan).isEmpty)
    scan.region = -1
    #expect(market.engine.observe(scan).isEmpty)
    scan.region = 3
    scan.profile = 999
    #expect(market.engine.observe(scan).isEmpty)
    #expect(market.engine.sightings == 1)
  }

  @Test func memoryIsForgottenAfterTwoGenerations() {
    var settings = DetectionSettings()
    settings.memoryDays = 10
    var market = TestMarket(settings: settings)
    _ = market.feed(market.honest(days: 8))
    let before = market.engine.state().count
    _ = market.feed(market.honest(days: 60, from: TestMarket.start + 400 * day, perDay: 2))
    #expect(market.engine.state().count < before)
  }
}
