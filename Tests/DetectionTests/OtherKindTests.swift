import Testing

@testable import Detection

/// Copies, prices, guesses, removed and burnt codes.
@Suite struct OtherKindTests {
  private let start = TestMarket.start

  @Test func aWhatIfCountsWhatItWouldHaveMissed() {
    var market = TestMarket()
    let scans = (0..<30).map { sale(&market, $0, 950) }
    let found = market.feed(scans)
    let comparison = WhatIf(found, [], confirmed: found.map(WhatIf.Matter.init))
    #expect(comparison.counts == [WhatIf.Count(kind: .price, now: 1, then: 0, both: 0)])
    #expect(comparison.confirmed == 1 && comparison.missed == 1)
    #expect(comparison.lines.last == "confirmed: 1, of which 1 would have been missed")
  }

  private func copies(_ market: inout TestMarket, places: [Int], spread: Bool) -> [Sighting] {
    places.enumerated().map { index, region in
      var scan = market.sighting(1, at: region, time: start + Int64(index) * day)
      scan.code = 4711
      if !spread { (scan.latitude, scan.longitude) = (30.1, 105.1) }
      return scan
    }
  }

  @Test func aCodeAtManyPlacesIsCopiedAndItsScansStopCounting() throws {
    var market = TestMarket()
    let findings = market.feed(copies(&market, places: [2, 20, 9, 14, 5, 23, 11], spread: true))
    let finding = try #require(findings.first { $0.kind == .clone })
    guard case .copy(let reasons) = finding.reasons else { return }
    #expect(reasons.verdict.isRaised && reasons.devices >= 4 && reasons.places >= 4)
    #expect(findings.count { $0.kind == .clone } == 1)
    let before = market.engine.diversion.seen[1].total
    _ = market.feed(copies(&market, places: [8], spread: true))
    #expect(market.engine.diversion.seen[1].total == before)
  }

  @Test func anItemOnDisplayIsNoCopy() {
    var market = TestMarket()
    #expect(market.feed(copies(&market, places: Array(repeating: 2, count: 25), spread: false)).isEmpty)
  }

  @Test func theOwnersRepeatedScansAreOne() {
    var market = TestMarket()
    var scans = copies(&market, places: [2, 20, 9, 14, 5, 23, 11], spread: true)
    for index in scans.indices { scans[index].device = 9 }
    #expect(market.feed(scans).filter { $0.kind == .clone }.isEmpty)
  }

  @Test func impossibleSpeedCountsOnceAccuracyIsSubtracted() {
    let map = TestMarket.geography()
    func glimpse(_ latitude: Double, _ time: Int64, accuracy: Double) -> CopiedCodes.Glimpse {
      CopiedCodes.Glimpse(
        device: 1, latitude: latitude, longitude: 105, time: time, accuracy: accuracy, isPosition: true, region: 0)
    }
    let exact = Step(glimpse(40, 600, accuracy: 50), [glimpse(28, 0, accuracy: 50)], map, limit: 900)
    #expect(exact.place == 3 && exact.speed > 900)
    let vague = Step(glimpse(28.2, 600, accuracy: 5000), [glimpse(28, 0, accuracy: 5000)], map, limit: 900)
    #expect(vague.place == 0 && vague.kilometers == 0)
    let late = Step(glimpse(40, 30 * day, accuracy: 50), [glimpse(28, 0, accuracy: 50)], map, limit: 900)
    #expect(late.place == 2)
  }

  @Test func everyCodeOfACopiedLotSpeaksOfItsOwnPlaces() {
    var market = TestMarket()
    let trade = market.honest(days: 10)
    _ = market.feed(trade)
    func time(_ phone: Int, _ code: Int) -> Int64 { start + (20 + Int64(8 * phone + code)) * day }
    var found: [Finding] = []
    for phone in 0..<3 {
      for code in 0..<8 {
        var scan = market.sighting(1, at: market.home(1), time: time(phone, code), lot: 77)
        scan.code = UInt64(9_000 + code)
        (scan.latitude, scan.longitude) = (28 + Double(phone), phone < 2 ? 105 : 106 + Double(code))
        found += market.feed([scan]).filter { $0.kind == .clone && $0.grain == .lot }
      }
    }
    #expect(found.count >= 3)
    for finding in found {
      guard case .copy(let reasons) = finding.reasons else { continue }
      let code = Int(finding.code) - 9_000
      let distance =
        time(2, code) <= finding.time
        ? greatCircle(29, 105, 30, 106 + Double(code)) : greatCircle(28, 105, 29, 105)
      // Three times both accuracies of 60 m are subtracted.
      #expect(abs(reasons.kilometers - (distance - 0.36)) < 0.01)
    }
  }

  private func sale(_ market: inout TestMarket, _ index: Int, _ price: Int64) -> Sighting {
    var scan = market.sighting(
      1, at: market.home(1), time: start + Int64(index) * 3600, source: .terminal, lot: UInt64(index))
    (scan.price, scan.floor) = (price, 1000)
    return scan
  }

  @Test func pricesJustUnderTheFloorAreFoundOnce() throws {
    var market = TestMarket()
    let findings = market.feed((0..<30).map { sale(&market, $0, $0 % 2 == 0 ? 950 : 1010) })
    let low = findings.filter { $0.kind == .price }
    #expect(low.count == 1)
    guard case .price(let reasons) = try #require(low.first).reasons else { return }
    #expect(reasons.verdict.isRaised && reasons.under >= 3 && abs(reasons.lowest - 0.95) < 1e-9)
  }

  @Test func inTheEuropeanUnionAPriceIsTheDealers() {
    var settings = DetectionSettings()
    settings.market = .eu
    var market = TestMarket(settings: settings)
    #expect(market.feed((0..<30).map { sale(&market, $0, 950) }).isEmpty)
  }

  @Test func typingErrorsAndHonestPricesAreNoFinding() {
    var market = TestMarket()
    let scans = (0..<60).map { sale(&market, $0, $0 % 12 == 0 ? 100 : 1000) }
    #expect(market.feed(scans).filter { $0.kind == .price }.isEmpty)
  }

  @Test func anOldPriceCaseIsNotRaisedByOneErrorLater() {
    var market = TestMarket()
    _ = market.feed((0..<40).map { sale(&market, $0, 950) })
    var late = sale(&market, 24 * 90, 950)
    late.time = start + 90 * day
    #expect(market.feed([late]).filter { $0.kind == .price }.isEmpty)
  }

  @Test func guessingIsFoundByPhoneAndByNetwork() throws {
    var market = TestMarket()
    let scans = (0..<20).map { index -> Sighting in
      var scan = market.sighting(1, at: 3, time: start + Int64(index) * 60)
      (scan.box, scan.device, scan.network) = (0, 12, 34)
      return scan
    }
    let findings = market.feed(scans).filter { $0.kind == .counterfeit }
    #expect(Set(findings.map(\.device)) == [12, 34])
    guard case .guess(let reasons) = try #require(findings.first).reasons else { return }
    #expect(reasons.verdict.isRaised && reasons.failing >= 3 && reasons.genuine == 0)
  }

  @Test func oneDamagedLabelIsNoGuess() {
    var market = TestMarket()
    var scan = market.sighting(1, at: 3, time: start)
    scan.box = 0
    #expect(market.feed([scan, scan]).isEmpty)
  }

  @Test func aLotWhoseBoxesNobodySeesIsMissed() throws {
    var market = TestMarket()
    var scans: [Sighting] = []
    for lot in 0..<60 {
      market.engine.dispatched(
        Dispatch(
          lot: UInt64(lot + 1), product: 7, profile: market.profiles[lot % 12], boxes: 120, itemsPerBox: 24,
          time: start + Int64(lot) * day / 4))
      for box in 0..<(lot == 50 ? 1 : 50) {
        scans.append(
          market.sighting(
            lot % 12, at: market.home(lot % 12), time: start + Int64(lot) * day / 4 + Int64(box + 1) * day / 2,
            lot: UInt64(lot + 1)))
      }
    }
    for later in 0..<60 { scans.append(market.sighting(0, at: 0, time: start + Int64(60 + later) * day, lot: 900)) }
    let findings = market.feed(scans.sorted { $0.time < $1.time }).filter { $0.kind == .missing }
    #expect(findings.map(\.lot) == [51])
    guard case .missing(let reasons) = try #require(findings.first).reasons else { return }
    #expect(reasons.verdict.isRaised && reasons.boxesSeen == 1 && reasons.boxesExpected > 15)
  }

  @Test func aPhoneThatScansBoxAfterBoxBurnsCodes() throws {
    var market = TestMarket()
    let scans = (0..<30).map { index -> Sighting in
      var scan = market.sighting(1, at: 2, time: start + Int64(index) * 20, lot: 5)
      scan.device = 3
      return scan
    }
    let findings = market.feed(scans).filter { $0.kind == .burning }
    #expect(findings.count == 1)
    guard case .burning(let reasons) = try #require(findings.first).reasons else { return }
    #expect(reasons.verdict.isRaised && reasons.boxes >= 3 && reasons.seconds < 600)
  }

  @Test func aConsumerWithAFewItemsOfOneBoxBurnsNone() {
    var market = TestMarket()
    let scans = (0..<6).map { index -> Sighting in
      var scan = market.sighting(1, at: 2, time: start + Int64(index) * 20, lot: 5)
      (scan.device, scan.box) = (3, 8)
      return scan
    }
    #expect(market.feed(scans).isEmpty)
  }
}
