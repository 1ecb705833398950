import Alerting
import Ledger
import Regions
import Testing
import TransparencyLog

/// The engine of detection over scan events, and the plain rules beside it.
@Suite("Market detector")
struct MarketDetectorTests {
  /// Hunan's goods of many dispatches, seen at home by many; then nothing is cold any more.
  static func home(_ count: Int64, from event: Int64 = 1) throws -> [Alerting.Sighting] {
    try (event..<event + count).map { number in
      try scan(number, in: number % 2 == 0 ? .changsha : .zhuzhou, after: number * hour / 20) {
        $0.isConsumer(in: .changsha, north: Double(number % 400) / 1_000)
        $0.region = try region(number % 2 == 0 ? "430102" : "430202")
        $0.dispatch = number % 40
        $0.box = UInt64(number)
      }
    }
  }

  /// Goods of dispatch 12 seen in Jinan by consumers in different households.
  static func abroad(_ count: Int64, from event: Int64) throws -> [Alerting.Sighting] {
    try (event..<event + count).map { number in
      try scan(number, after: event * hour / 20 + (number - event) * 6 * hour) {
        $0.isConsumer(in: .jinan, north: Double(number - event) / 20)
        $0.box = UInt64(number)
      }
    }
  }

  private func detector(_ change: (inout DetectionChoice) -> Void = { _ in }) throws -> MarketDetector {
    var choice = DetectionChoice()
    change(&choice)
    return MarketDetector(try atlasMap(), choice: choice)
  }

  @Test(
    "consumers alone are the engine's affair: it raises, says by which rule, and its numbers give the verdict again")
  func engine() throws {
    var detector = try detector()
    #expect(detector.observeAll(try Self.home(2_000)).isEmpty)
    let clues = detector.observeAll(try Self.abroad(12, from: 2_001))
    let clue = try #require(clues.first)
    #expect(clues.count == 1, "the rest is more of the same case")
    #expect(clue.kind == .diversion)
    #expect(clue.rule.description == "detection-diversion/1")
    #expect(clue.subject.dealer == "D001")
    #expect(clue.subject.region?.description.hasPrefix("37") == true)
    #expect(!clue.scans.isEmpty && clue.scans.allSatisfy { $0 > 2_000 }, "only scans outside are listed")
    let again = try #require(Recomputation(numbers: clue.numbers))
    #expect(again.isRaised)
    #expect(again.evidence == clue.numbers["evidence"]?.double)
    #expect(again.threshold == clue.numbers["threshold"]?.double)
    let stored = try JSONValue(parsing: JSONValue.object(clue.numbers).canonicalBytes).object ?? [:]
    #expect(stored == clue.numbers, "an alert in memory is the one that is read back")
    #expect(Recomputation(numbers: stored) == again)
    var weaker = stored
    weaker["seen"]?["gps"] = 1
    #expect(Recomputation(numbers: weaker)?.isRaised == false, "other numbers give another verdict")
  }

  @Test("the explanation says what was seen, what is normal and since when it is unlikely, in both languages")
  func words() throws {
    var detector = try detector()
    _ = detector.observeAll(try Self.home(2_000))
    let clue = try #require(detector.observeAll(try Self.abroad(12, from: 2_001)).first)
    let text = clue.explanation(ExplanationTests.names)
    #expect(text.en.hasPrefix("Raised by the statistical rule detection-diversion/1 (one dispatch in one "))
    #expect(text.en.contains("Goods of dealer D001 were seen"))
    #expect(text.en.contains("would be normal") && text.en.contains("Other explanations weighed"))
    #expect(text.en.contains("lot 12"))
    #expect(text.zh.hasPrefix("由统计规则 detection-diversion/1（"))
    #expect(text.zh.contains("经销商 D001") && text.zh.contains("核实办法"))
    for language in [text.zh, text.en] { #expect(!language.contains("{") && !language.contains("∞")) }
  }

  @Test("while data are few three witnesses with a terminal among them raise by the plain rule, consumers alone do not")
  func coldStart() throws {
    var one = try detector()
    let clues = one.observeAll([try scan(1), try scan(2) { $0.isConsumer(in: .jinan) }, try scan(3, in: .licheng)])
    #expect(clues.map(\.rule.description) == ["outside-territory/1"])
    #expect(clues.first?.explanation().en.contains("Raised by the plain rule") == true)
    var other = try detector()
    let consumers = try (1...3).map { number in
      try scan(number) { $0.isConsumer(in: .jinan, north: Double(number) / 20) }
    }
    #expect(other.observeAll(consumers).isEmpty)
  }

  @Test("in a cold start what the engine raised is not raised again by the plain rule, except at an inspector's word")
  func oneMatterOneAlert() throws {
    var detector = try detector()
    _ = detector.observeAll(try Self.home(2_000))
    #expect(detector.observeAll(try Self.abroad(12, from: 2_001)).map(\.rule.name) == ["detection-diversion"])
    let later = try (2_020...2_026).map { number in
      try scan(number, in: .licheng, after: (2_013 + number - 2_020) * hour / 20 + 80 * hour) {
        $0.terminal = "T\(number)"
        $0.box = UInt64(number)
      }
    }
    #expect(detector.observeAll(later).isEmpty)
    let word = detector.observe(try scan(2_030, in: .jinan, after: 200 * hour) { $0.isInspector() })
    #expect(word.map(\.rule.name) == ["outside-territory"])
  }

  @Test("when enough is known the plain rule is silent, but for an inspector's word")
  func warm() throws {
    var detector = MarketDetector(try atlasMap(), choice: DetectionChoice(), Self.soonWarm)
    _ = detector.observeAll(try Self.home(200))
    let travellers = try (201...203).map { number in
      try scan(number, in: .beijing, after: number * hour) {
        $0.isConsumer(in: .beijing, north: Double(number % 10) / 20)
        if number == 203 { ($0.role, $0.terminal) = (.terminal, "T001") }
      }
    }
    #expect(detector.observeAll(travellers).allSatisfy { $0.rule.name != "outside-territory" })
    let found = detector.observe(try scan(204, in: .yantai, after: 204 * hour) { $0.isInspector() })
    #expect(found.map(\.rule.description) == ["outside-territory/1"])
    #expect(found.first?.explanation().en.contains("inspectors' rule") == true)
  }

  private static var soonWarm: MarketDetector.Thresholds {
    var thresholds = MarketDetector.Thresholds()
    thresholds.coldSightings = 100
    return thresholds
  }

  @Test("where a territory is finer than a prefecture, which the engine cannot see, the plain rule stays")
  func counties() throws {
    var detector = MarketDetector(try atlasMap(), choice: DetectionChoice(), Self.soonWarm)
    _ = detector.observeAll(try Self.home(200))
    let scans = try (201...203).map { number in
      try scan(number, in: .licheng, after: number * hour) { $0.territories = [try region("370102")] }
    }
    #expect(detector.observeAll(scans).map(\.rule.description) == ["outside-territory/1"])
  }

  @Test("network addresses alone raise nothing; one scan with a place brings their finding up")
  func addresses() throws {
    var detector = try detector()
    _ = detector.observeAll(try Self.home(2_000))
    let coarse = try Self.abroad(30, from: 2_001).map { scan in
      var scan = scan
      scan.certainty = .coarse
      scan.territory = .uncertain
      scan.region = try region("370201")
      scan.key = scan.event
      return scan
    }
    #expect(detector.observeAll(coarse).isEmpty)
    let seen = try scan(2_040, in: .qingdao, after: 2_001 * hour / 20 + 200 * hour) { $0.isConsumer(in: .qingdao) }
    let clues = detector.observe(seen)
    #expect(clues.map(\.kind) == [.diversion])
    #expect(clues.first?.scans == [2_040], "it names the scan that has a place")
  }

  @Test("in the EU only an inspector's sighting counts, and no price")
  func eu() throws {
    var detector = try detector { $0.market = .eu }
    _ = detector.observeAll(try Self.home(2_000))
    #expect(detector.observeAll(try Self.abroad(20, from: 2_001)).isEmpty)
    #expect(detector.observeAll([try scan(3_001), try scan(3_002), try scan(3_003)]).isEmpty)
    let cheap = try (3_010...3_014).map { number in
      try scan(number, in: .changsha) {
        $0.price = Money(amount: "90", currency: "CNY")
        $0.priceCheck = .belowFloor
        $0.policy = PolicyReference(id: "P1", version: 1)
        $0.terms = Money(amount: "100", currency: "CNY").map { PriceTerms(floor: $0, isEnforced: true) }
      }
    }
    #expect(detector.observeAll(cheap).isEmpty)
    let inspected = detector.observe(try scan(3_020, in: .yantai) { $0.isInspector() })
    #expect(inspected.map(\.kind) == [.diversion])
  }

  @Test("an exception holds for whom and when it was made, and no longer")
  func whitelist() throws {
    func exception(_ dealer: String, until: Int64) throws -> DetectionChoice.Exception {
      .init(
        .transfer, dealer: dealer, region: try region("370000"), from: Timestamp(milliseconds: 0),
        until: Timestamp(milliseconds: dawn + until))
    }
    let scans = [try scan(1), try scan(2), try scan(3)]
    let holds = try exception("D001", until: day), other = try exception("D002", until: day)
    let over = try exception("D001", until: hour)
    for (list, isQuiet) in [([holds], true), ([other], false), ([over], false)] {
      var detector = try detector { $0.whitelist = list }
      #expect(detector.observeAll(scans).isEmpty == isQuiet)
    }
  }

  @Test("a till that sells under the floor again and again is found by its evidence")
  func prices() throws {
    var detector = MarketDetector(try atlasMap(), choice: DetectionChoice(), Self.soonWarm)
    _ = detector.observeAll(try Self.home(200))
    let sales = try (201...212).map { number in
      try scan(number, in: .changsha, after: number * hour) {
        $0.terminal = "T001"
        $0.price = Money(amount: "90", currency: "CNY")
        $0.priceCheck = .belowFloor
        $0.policy = PolicyReference(id: "P1", version: 1)
        $0.terms = Money(amount: "100", currency: "CNY").map { PriceTerms(floor: $0, isEnforced: true) }
      }
    }
    let clue = try #require(detector.observeAll(sales).first)
    #expect(clue.kind == .price)
    #expect(clue.rule.description == "detection-price/1")
    #expect(clue.numbers["lowestOfFloor"]?.double == 0.9)
    #expect(Recomputation(numbers: clue.numbers)?.isRaised == true)
    #expect(clue.scans.count >= 3)
    #expect(clue.explanation().en.contains("never feeds a diversion penalty"))
  }

  @Test("a shop whose goods belong elsewhere is reported as misplaced, with no dealer named")
  func registration() throws {
    var detector = MarketDetector(try atlasMap(), choice: DetectionChoice(), Self.soonWarm)
    let sales = try (1...12).map { number in
      try scan(number, after: number * day) { ($0.terminal, $0.dispatch) = ("T001", number) }
    }
    let clue = try #require(detector.observeAll(sales).first { $0.kind == .registration })
    #expect(clue.subject.dealer == nil)
    #expect(clue.numbers["store"] == "T001")
    #expect(clue.explanation().en.contains("registration is more likely wrong"))
  }

  @Test("a false alarm is remembered")
  func learns() throws {
    var taught = try detector()
    var plain = try detector()
    let history = try Self.home(2_000)
    _ = taught.observeAll(history)
    _ = plain.observeAll(history)
    let clue = try #require(taught.observeAll(try Self.abroad(12, from: 2_001)).first)
    #expect(plain.observeAll(try Self.abroad(12, from: 2_001)).count == 1)
    let decision = DecisionNotice(
      .falseAlarm, rule: clue.rule.description, subject: clue.subject, numbers: clue.numbers)
    taught.learn(.decision(decision))
    // What it teaches shows in DetectionTests, "Detector".
    #expect(taught.state.canonicalBytes != plain.state.canonicalBytes)
  }
}
