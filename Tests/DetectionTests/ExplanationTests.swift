import Testing

@testable import Detection

/// Explanations are whole in both languages.
@Suite struct ExplanationTests {
  private func placeholders(_ text: String) -> Set<String> {
    let parts = text.split(separator: "{", omittingEmptySubsequences: false).dropFirst()
    return Set(parts.map { String($0.prefix { $0 != "}" }) })
  }

  @Test func bothLanguagesSayTheSameNumbers() {
    for phrase in Phrase.allCases {
      let (zh, en) = phrase.texts
      if phrase == .originSparse { continue }
      #expect(placeholders(zh) == placeholders(en), "\(phrase)")
      #expect(!zh.isEmpty && !en.isEmpty)
    }
  }

  private let budget = Budget(alpha: 0.1, ordinal: 5, raised: 1)

  private func every() -> [Finding] {
    let diversion = DiversionReasons(
      seen: Channels(gps: 4, ip: 1, terminal: 2, inspector: 0, shop: 1),
      expected: Channels(gps: 0.2, ip: 0.3, terminal: 0.01, inspector: 0.001, shop: 0.01),
      exposure: Channels(gps: 40, ip: 20, terminal: 10, inspector: 1, shop: 20), shares: [0.1, 0.4], dispersion: 2,
      budget: budget, floor: .init(any: 4, shelf: 3, inspector: 1, materiality: 2),
      origin: .init(
        rates: Channels(gps: 0.001, ip: 0.002, terminal: 0.0001, inspector: 0.0001), distanceOnly: 0.0008,
        kilometers: 412, isNeighbour: false, dealerSightings: 1200, dealerSightingsThere: 9, history: 1.4),
      alternatives: .init(season: 1.8, diffusion: 1.3, suspectStores: 2, onSale: 1))
    let kinds: [(Finding.Kind, Finding.Reasons)] = [
      (.diversion, .diversion(diversion)),
      (
        .diversion,
        .store(
          StoreReasons(
            lots: 9, foreign: 4, ofDealer: 3, usual: 0.01, shares: [0.1], dispersion: 1, least: 3, budget: budget))
      ),
      (
        .clone,
        .copy(
          CopyReasons(
            devices: 5, places: 4, kilometers: 812, speed: 1400, code: 14, lot: 0, lotCodes: 0, nextDevice: 0.03,
            budget: budget))
      ),
      (
        .price,
        .price(
          PriceReasons(sales: 9, under: 4, absurd: 1, lowest: 0.91, least: 3, evidence: 14, budget: budget))
      ),
      (.counterfeit, .guess(GuessReasons(failing: 9, genuine: 1, isNetwork: false, evidence: 20, budget: budget))),
      (
        .missing,
        .missing(
          MissingReasons(
            boxes: 60, boxesSeen: 4, boxesExpected: 25, rate: 0.5, days: 70, outside: 1, evidence: 15, budget: budget))
      ),
      (
        .burning,
        .burning(
          BurningReasons(codes: 30, boxes: 9, seconds: 400, nextBox: 0.02, evidence: 25, budget: budget))
      ),
      (
        .registration,
        .registration(RegistrationReasons(sightings: 12, fitting: 1, fittingElsewhere: 11, elsewhere: 330_100))
      ),
    ]
    return kinds.map { Finding(time: 1, kind: $0, grain: .lot, score: 14, reasons: $1) }
  }

  @Test(arguments: Explanation.Language.allCases) func nothingIsLeftOpen(language: Explanation.Language) {
    for finding in every() {
      let text = Explanation(finding, language) { _ in "N" }.text
      #expect(!text.contains("{") && !text.contains("}") && text.count > 60, "\(finding.kind)")
      #expect(!text.contains("  ") || language == .zh, "\(text)")
    }
  }

  @Test func whatIsNormalIsNeverABareZero() {
    var finding = every()[0]
    guard case .diversion(var reasons) = finding.reasons else {
      Issue.record("the first finding is a diversion")
      return
    }
    reasons.expected = Channels(gps: 0.002, ip: 0, terminal: 0, inspector: 0)
    finding.reasons = .diversion(reasons)
    #expect(Explanation(finding, .en) { _ in "D7" }.text.contains("Under 0.01 would be normal"))
    #expect(Explanation(finding, .zh) { _ in "D7" }.text.contains("正常情况下预计 不到 0.01 次"))
  }

  @Test func aDealersAlertSpeaksOfNoLot() {
    var finding = every()[0]
    finding.grain = .dealerPrefecture
    #expect(!Explanation(finding, .en) { _ in "D7" }.text.contains("the lot is"))
  }

  @Test func aDiversionSaysWhatWhyAndWhatElse() {
    var finding = every()[0]
    finding.grain = .lotPrefecture
    let text = Explanation(finding, .en) { _ in "D7" }.text
    for part in [
      "seen 8 times", "1 by consumers at a point of sale", "0.52 would be normal", "1200 sightings", "412 km",
      "multiplies the normal number by 1.4", "to 1", "travel: all goods together are seen outside 1.8 times",
      "1.3 times the normal",
      "2 scans of suspect stores", "not neighbours", "To settle it",
    ] {
      #expect(text.contains(part), "\(part) in \(text)")
    }
    let chinese = Explanation(every()[0], .zh) { _ in "D7" }.text
    for part in ["被独立看到 8 次", "正常情况下预计 0.52 次", "证据比为", "已考虑的其他解释", "核实办法"] {
      #expect(chinese.contains(part), "\(part)")
    }
  }

  @Test func numbersReadAsPeopleWriteThem() {
    #expect(Explanation.decimal(3.14159, 2) == "3.14")
    #expect(Explanation.decimal(-0.004, 2) == "0.00")
    #expect(Explanation.decimal(0.05, 2) == "0.05")
    #expect(Explanation.decimal(.nan, 2) == "∞")
    #expect(Explanation.percent(0.0312) == "3.1%")
    #expect(Explanation.percent(0.00031) == "0.031%")
    #expect(Explanation.odds(0) == "1")
    #expect(Explanation.odds(9) == "8,103")
    #expect(Explanation.odds(23.1) == "1.1 × 10^10")
  }
}
