import Testing

@testable import Detection

/// The vectors of detection.md, in nats, to four digits.
@Suite struct EvidenceTests {
  private static let lot = [0.05, 0.15, 0.40, 0.90]

  private func value(
    _ seen: [Double], _ expected: [Double], _ exposure: [Double], _ shares: [Double], _ nu: Double
  ) -> Double {
    func channels(_ v: [Double]) -> Channels { Channels(gps: v[0], ip: v[1], terminal: v[2], inspector: v[3]) }
    return Evidence.logRatio(
      seen: channels(seen), expected: channels(expected), exposure: channels(exposure), shares: shares,
      dispersion: nu)
  }

  @Test func fourSightingsOfALotAreAsTelling() {
    let found = value([3, 1, 0, 0], [0.02, 0.03, 0.001, 0.0001], [14.4, 5.2, 3, 0], Self.lot, 2)
    #expect(abs(found - 10.9542) < 0.0001)
  }

  @Test func oneInspectorIsAsTelling() {
    let found = value([0, 0, 0, 1], [0.02, 0.03, 0.001, 0.0001], [14.4, 5.2, 3, 1], Self.lot, 2)
    #expect(abs(found - 4.0568) < 0.0001)
  }

  /// With the prototype's five shares: detection.md's text names four others, which give 7.3214.
  @Test func aDealersManySightingsAreAsTelling() {
    let found = value([9, 4, 1, 0], [1.1, 0.6, 0.02, 0.001], [150, 60, 40, 2], [0.005, 0.02, 0.06, 0.20, 0.50], 3)
    #expect(abs(found - 7.1249) < 0.0001)
  }

  @Test(arguments: [
    (0.10, 1, 0, 6.7562), (0.10, 1_000, 5, 10.6756), (0.10, 25_000, 25, 12.5995), (0.014, 13_000, 35, 13.5486),
  ])
  func thresholdsAreThoseOfTheOnlineRule(alpha: Double, ordinal: Int, raised: Int, expected: Double) {
    let found = Evidence.threshold(alpha: alpha, ordinal: ordinal, raised: raised)
    #expect(abs(found - expected) < 0.0001)
  }

  @Test func theSpendingNeverExceedsOne() {
    let sum = (2...200_000).reduce(0.0) { $0 + Evidence.spending($1) }
    #expect(sum < 1)
  }

  @Test func nothingSeenSpeaksAgainstDiversion() {
    #expect(value([0, 0, 0, 0], [1, 1, 0.1, 0.1], [50, 50, 10, 1], Self.lot, 2) < 0)
  }

  @Test func moreSightingsAreMoreTelling() {
    var before = -Double.infinity
    for seen in 1...12 {
      let found = value([Double(seen), 0, 0, 0], [0.3, 0.1, 0.01, 0.01], [40, 10, 5, 1], Self.lot, 2)
      #expect(found > before)
      before = found
    }
  }

  @Test func hugeCountsStayFinite() {
    let found = value([1e6, 1e6, 1e5, 1e3], [1, 1, 1, 1], [1e6, 1e6, 1e5, 1e3], Self.lot, 2)
    #expect(found.isFinite && found > 1e5)
  }

  @Test func darkBoxesAreToldFromSlowOnes() {
    #expect(MissingCodes.darkness(boxes: 60, seen: 24, usual: 0.4, spread: 0.3) < 0)
    #expect(MissingCodes.darkness(boxes: 60, seen: 18, usual: 0.4, spread: 0.3) < 4)
    #expect(MissingCodes.darkness(boxes: 120, seen: 4, usual: 0.4, spread: 0.3) > 12)
  }
}
