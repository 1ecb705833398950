import Testing

@testable import Detection

/// Each detector finds what it is for, gives its reasons, and leaves the innocent alone.
@Suite struct DetectorTests {
  /// A market with twenty honest days behind it, and the moment after.
  private func settled(_ settings: DetectionSettings = DetectionSettings()) -> (TestMarket, Int64) {
    var market = TestMarket(settings: settings)
    _ = market.feed(market.honest(days: 20))
    return (market, TestMarket.start + 20 * day)
  }

  private func diverted(_ market: inout TestMarket, _ now: Int64, count: Int = 12, source: Source = .consumerGPS)
    -> [Sighting]
  {
    (0..<count).map { market.sighting(1, at: 20, time: now + Int64($0) * 7200, source: source, lot: 999) }
  }

  private func diversion(_ findings: [Finding]) throws -> (Finding, DiversionReasons) {
    let finding = try #require(findings.first { $0.kind == .diversion })
    guard case .diversion(let reasons) = finding.reasons else {
      Issue.record("another grain than a place")
      throw StateError.truncated
    }
    return (finding, reasons)
  }

  @Test func aDivertedLotIsFoundOnceAndItsVerdictCanBeRecomputed() throws {
    var (market, now) = settled()
    let findings = market.feed(diverted(&market, now))
    let (finding, reasons) = try diversion(findings)
    #expect(findings.count { $0.kind == .diversion } == 1)
    #expect(finding.dealer == 2 && finding.lot == 999 && finding.region == market.map.regions[20].code)
    #expect(reasons.seen.total >= 4 && reasons.seen.total <= 7)
    #expect(reasons.expected.total < 1)
    #expect(reasons.verdict.isRaised)
    #expect(abs(reasons.verdict.evidence - finding.score) < 1e-9)
    #expect(reasons.verdict.threshold <= finding.score)
    #expect(reasons.origin.kilometers > 100)
    #expect(!reasons.origin.isNeighbour)
  }

  @Test func honestTradeRaisesNoDiversion() {
    var market = TestMarket(seed: 77)
    #expect(market.feed(market.honest(days: 90)).filter { $0.kind == .diversion }.isEmpty)
  }

  @Test func threeConsumersAreTooFew() {
    var (market, now) = settled()
    #expect(market.feed(diverted(&market, now, count: 3)).isEmpty)
  }

  @Test func anInspectorCountsMore() throws {
    var (market, now) = settled()
    let findings = market.feed(diverted(&market, now, count: 3, source: .inspector))
    let (_, reasons) = try diversion(findings)
    #expect(reasons.seen.inspector >= 1 && reasons.seen.total <= 3)
  }

  @Test func oneBoxInOneRegionIsOneVote() {
    var (market, now) = settled()
    var scans = diverted(&market, now)
    for index in scans.indices { scans[index].box = 4242 }
    #expect(market.feed(scans).isEmpty)
  }

  @Test func onePhoneIsOneVoteForALot() {
    var (market, now) = settled()
    var scans = diverted(&market, now)
    for index in scans.indices { scans[index].device = 77 }
    #expect(market.feed(scans).filter { $0.kind == .diversion }.isEmpty)
  }

  @Test func aSightingInTheTerritoryIsNone() {
    var (market, now) = settled()
    let scans = (0..<20).map { market.sighting(1, at: market.home(1), time: now + Int64($0) * 600, lot: 999) }
    #expect(market.feed(scans).isEmpty)
  }

  @Test func fixesOnAPointOfSaleAreCountedAsSuch() throws {
    var (market, now) = settled()
    var scans = diverted(&market, now)
    for index in scans.indices {
      scans[index].latitude = market.map.regions[20].latitude
      scans[index].longitude = market.map.regions[20].longitude
    }
    let (_, reasons) = try diversion(market.feed(scans))
    #expect(reasons.seen.shop >= 2)
    #expect(reasons.alternatives.onSale == reasons.seen.shop)
  }

  @Test func anInexactFixIsOnNoPointOfSale() throws {
    var (market, now) = settled()
    var scans = diverted(&market, now)
    for index in scans.indices {
      scans[index].latitude = market.map.regions[20].latitude
      scans[index].longitude = market.map.regions[20].longitude
      scans[index].accuracy = 5_000
    }
    let (_, reasons) = try diversion(market.feed(scans))
    #expect(reasons.seen.shop == 0)
  }

  @Test func furtherSightingsGrowTheCaseAndAreNoNewAlert() {
    var (market, now) = settled()
    #expect(market.feed(diverted(&market, now, count: 80)).count { $0.kind == .diversion } == 1)
  }

  @Test func anExceptionHoldsForItsTimeOnly() {
    for (from, until, isRaised) in [(0, 40, false), (0, 5, true), (30, 60, true)] {
      var settings = DetectionSettings()
      settings.whitelist = [
        .init(
          .transfer, dealer: 2, region: 140_000, from: TestMarket.start + Int64(from) * day,
          until: TestMarket.start + Int64(until) * day)
      ]
      var (market, now) = settled(settings)
      #expect(market.feed(diverted(&market, now)).contains { $0.kind == .diversion } == isRaised)
    }
  }

  @Test func inTheEuropeanUnionConsumersRaiseNothingButAnInspectorDoes() {
    var settings = DetectionSettings()
    settings.market = .eu
    var (market, now) = settled(settings)
    #expect(market.feed(diverted(&market, now)).filter { $0.kind == .diversion }.isEmpty)
    let inspected = market.feed(diverted(&market, now + day, count: 3, source: .inspector))
    #expect(inspected.contains { $0.kind == .diversion })
  }

  @Test func theDialMovesTheThreshold() throws {
    var found: [Double] = []
    for share in [0.01, 0.05, 0.20] {
      var settings = DetectionSettings()
      settings.acceptedFalseShare = share
      var (market, now) = settled(settings)
      found.append(try diversion(market.feed(diverted(&market, now))).1.verdict.threshold)
    }
    #expect(found[0] > found[1] && found[1] > found[2])
  }

  @Test func anOrdinaryTransferMakesMoreOfItNormal() throws {
    var (market, now) = settled()
    let (finding, reasons) = try diversion(market.feed(diverted(&market, now)))
    let before = market.engine.diversion.base.rates(1, 20, isProvince: false).gps
    market.engine.learn(.ordinaryTransfer, of: finding)
    #expect(market.engine.diversion.base.rates(1, 20, isProvince: false).gps > before)
    market.engine.learn(.confirmed, of: finding)
    let line = try #require(market.engine.record.report.first)
    #expect(line.kind == .diversion && line.precision == 0.5)
    #expect(reasons.verdict.isRaised)
  }

  @Test func confirmedSightingsLeaveTheBaseRates() throws {
    var (market, now) = settled()
    let (finding, _) = try diversion(market.feed(diverted(&market, now)))
    let cell = market.engine.diversion.base.offset(1, 0) + 20
    let before = market.engine.diversion.base.observed[cell]
    market.engine.learn(.confirmed, of: finding)
    #expect(market.engine.diversion.base.observed[cell] < before)
  }

  @Test func aStoreOfForeignLotsIsFound() throws {
    var (market, now) = settled()
    var scans: [Sighting] = []
    for lot in 0..<12 {
      var scan = market.sighting(
        lot % 3 + 1, at: 20, time: now + Int64(lot) * 9000, source: .terminal, lot: UInt64(7000 + lot))
      scan.store = 606
      scans.append(scan)
      // The store's own dealer, so that its registration fits.
      for more in 0..<3 {
        var own = market.sighting(
          10, at: 20, time: now + Int64(lot) * 9000 + 60, source: .terminal, lot: UInt64(8000 + 10 * lot + more))
        own.store = 606
        scans.append(own)
      }
    }
    let findings = market.feed(scans)
    let finding = try #require(findings.first { $0.kind == .diversion && $0.grain == .store })
    guard case .store(let reasons) = finding.reasons else { return }
    #expect(reasons.verdict.isRaised && reasons.foreign >= 3 && finding.store == 606)
  }

  @Test func aMisplacedStoreIsSuspectedBeforeTheDealer() throws {
    var (market, now) = settled()
    var scans: [Sighting] = []
    for lot in 0..<20 {
      var scan = market.sighting(1, at: 20, time: now + Int64(lot) * 9000, source: .terminal, lot: UInt64(7000 + lot))
      scan.store = 606
      scans.append(scan)
    }
    let findings = market.feed(scans)
    let finding = try #require(findings.first { $0.kind == .registration })
    guard case .registration(let reasons) = finding.reasons else { return }
    #expect(reasons.elsewhere == market.map.regions[market.home(1)].code)
    #expect(findings.filter { $0.kind == .diversion }.isEmpty)
  }

  @Test func anUnknownRegionOfATerritoryIsLeftOut() {
    var market = TestMarket()
    let first = market.engine.admit(dealer: 5, authorised: [3, 3, 99, -1])
    #expect(market.engine.admit(dealer: 5, authorised: [3]) == first)
    #expect(market.engine.admit(dealer: 5, authorised: [4]) != first)
  }
}
