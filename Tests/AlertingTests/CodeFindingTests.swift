import Alerting
import Codes
import Ledger
import Regions
import Testing
import TransparencyLog

/// What the engine finds of codes and phones, as alerts: copied, guessed, burnt and missing codes.
@Suite("Findings about codes and phones")
struct CodeFindingTests {
  private func detector() throws -> MarketDetector { MarketDetector(try atlasMap(), choice: DetectionChoice()) }

  /// One code, met by a phone a day, each in another town.
  private static func copies(by phone: (Int64) -> String?) throws -> [Sighting] {
    let towns: [Town] = [.changsha, .jinan, .beijing, .zhuzhou, .qingdao, .yantai, .changsha, .jinan, .beijing]
    return try towns.enumerated().map { place, town in
      try scan(Int64(place + 1), 7, in: town, after: Int64(place + 1) * day) {
        $0.isConsumer(in: town)
        $0.device = phone(Int64(place))
        $0.box = 3
      }
    }
  }

  /// Thirty codes of thirty boxes by one phone within ten minutes.
  private static func burst() throws -> [Sighting] {
    try (1...30).map { number in
      try scan(number, in: .changsha, after: number * 20_000) {
        $0.isConsumer(in: .changsha)
        $0.device = "app.phone-1"
        $0.box = UInt64(number)
      }
    }
  }

  /// Codes that were never issued, by one phone.
  private static func guesses() throws -> [Sighting] {
    try (1...30).map { number in
      try scan(number, in: .changsha, after: number * hour) {
        $0.isConsumer(in: .changsha)
        $0.device = "app.phone-2"
        $0.authenticity = .forged
        $0.code = .raw("https://id.example.cn/01/\(liquor)/21/G\(number)")
      }
    }
  }

  private static func notice(_ dispatch: Int64, boxes: Int64) throws -> MarketNotice {
    let data: JSONValue = [
      "dispatch": .integer(dispatch), "dealer": "D001", "items": .integer(boxes * 12), "territories": ["430000"],
      "units": [["series": "1.6901234", "first": 0, "last": .integer(boxes - 1)]],
      "contents": [["gtin": .string(liquor), "epoch": 0, "first": 0, "last": .integer(boxes * 12 - 1)]],
    ]
    return .dispatch(try #require(DispatchNotice(data, clock: dawn)))
  }

  /// Sixty dispatches of 120 boxes, of each of which 50 are seen within a month, but of number 51 `seen`.
  private static func lots(darkSeen seen: Int64) throws -> (notices: [MarketNotice], scans: [Sighting]) {
    var scans: [Sighting] = []
    for dispatch in Int64(1)...60 {
      for box in 0..<(dispatch == 51 ? seen : 50) {
        scans.append(
          try scan(0, dispatch * 200 + box, in: .changsha, after: (box + 1) * day / 2 + dispatch * hour / 8) {
            $0.isConsumer(in: .changsha, north: Double(box) / 100)
            $0.dispatch = dispatch
            $0.box = UInt64(dispatch * 200 + box)
          })
      }
    }
    for later in Int64(0)..<60 {
      scans.append(
        try scan(0, 20_000 + later, in: .changsha, after: (40 + later) * day) {
          ($0.dispatch, $0.box) = (900, UInt64(20_000 + later))
        })
    }
    scans.sort { $0.at.milliseconds < $1.at.milliseconds }
    for place in scans.indices { scans[place].event = Int64(place + 1) }
    return (try (1...60).map { try notice($0, boxes: 120) }, scans)
  }

  @Test("one code that ever new phones meet in ever new places is copied; its scans are for the ledger to list")
  func copied() throws {
    var detector = try detector()
    let clue = try #require(detector.observeAll(try Self.copies { "phone-\($0)" }).first { $0.kind == .clone })
    #expect(clue.rule.description == "detection-copy/1")
    #expect(
      clue.identity == "copied-code/\(liquor)/0/7", "the plain rule's alert of this code would be the same matter")
    #expect(clue.suspects.map(\.index) == [7] && clue.lookBack?.item.index == 7 && clue.scans.isEmpty)
    #expect(Recomputation(numbers: clue.numbers)?.isRaised == true)
    let text = clue.explanation()
    #expect(text.en.contains("different phones") && text.en.contains("Other explanations weighed"))
    #expect(text.zh.contains("部不同手机") && !text.zh.contains("{"))
  }

  @Test("people who cannot be told apart by their phones are no sign of copies to the engine")
  func unnamed() throws {
    var detector = try detector()
    #expect(try detector.observeAll(Self.copies { _ in nil }).allSatisfy { $0.kind != .clone })
    var owner = try self.detector()
    #expect(try owner.observeAll(Self.copies { _ in "mine" }).allSatisfy { $0.kind != .clone })
  }

  @Test("a phone that scans box after box burns codes; the alert lists its scans and does not name it")
  func burning() throws {
    var detector = try detector()
    let clues = detector.observeAll(try Self.burst())
    let clue = try #require(clues.first)
    #expect(clues.count == 1 && clue.kind == .burning && clue.rule.description == "detection-burning/1")
    #expect(clue.scans == Array(1...Int64(clue.scans.count)) && clue.scans.count >= 3)
    #expect(Recomputation(numbers: clue.numbers)?.isRaised == true)
    let told = JSONValue.object(clue.numbers).description + clue.explanation().en + clue.identity
    #expect(!told.contains("app.phone") && told.contains("different codes"))
  }

  @Test("a phone whose codes fail again and again guesses")
  func guessed() throws {
    var detector = try detector()
    let clue = try #require(detector.observeAll(try Self.guesses()).first)
    #expect(clue.kind == .forgery && clue.rule.description == "detection-guess/1")
    #expect(clue.numbers["failing"]?.int == Int64(clue.scans.count))
    #expect(Recomputation(numbers: clue.numbers)?.isRaised == true)
    #expect(!clue.explanation().en.contains("app.phone"))
  }

  @Test("a dispatch of which far fewer boxes are seen than of others is missed, seen a little or not at all")
  func missing() throws {
    for seen in [Int64(1), 0] {
      var detector = try detector()
      let (notices, scans) = try Self.lots(darkSeen: seen)
      for notice in notices { detector.learn(notice) }
      let clues = detector.observeAll(scans).filter { $0.kind == .missing }
      let clue = try #require(clues.first)
      #expect(clues.count == 1 && clue.rule.description == "detection-missing/1")
      #expect(clue.subject.dispatch == 51 && clue.subject.dealer == "D001" && clue.scans.count == Int(seen))
      #expect(clue.numbers["boxesSeen"]?.int == seen && clue.numbers["boxes"]?.int == 120)
      #expect(Recomputation(numbers: clue.numbers)?.isRaised == true)
      #expect(clue.explanation().en.contains("of 120 boxes of lot 51 (dealer D001) were ever scanned"))
      #expect(clue.explanation().en.contains("No box has been scanned at all") == (seen == 0))
    }
  }

  @Test("boxes that were passed on are seen in other hands, and boxes that came back are not missed")
  func innocent() throws {
    var passedOn = try detector()
    let (notices, scans) = try Self.lots(darkSeen: 50)
    for notice in notices { passedOn.learn(notice) }
    let sold = scans.map { scan in
      var scan = scan
      if scan.dispatch == 51 { scan.dealer = "D777" }
      return scan
    }
    #expect(passedOn.observeAll(sold).allSatisfy { $0.kind != .missing })
    var cameBack = try detector()
    let (others, rest) = try Self.lots(darkSeen: 1)
    for notice in others { cameBack.learn(notice) }
    cameBack.learn(.withdrawal([51: 118]))
    #expect(cameBack.observeAll(rest).allSatisfy { $0.kind != .missing })
  }

  @Test("a memory put down and taken up between any two scans finds the same")
  func restarts() throws {
    let lots = try Self.lots(darkSeen: 1)
    let streams = [
      ([], try Self.copies { "phone-\($0)" }, 0), ([], try Self.burst(), 0), ([], try Self.guesses(), 0),
      (lots.notices, lots.scans, lots.scans.count - 70),
    ]
    for (notices, scans, start) in streams {
      var steady = try detector()
      for notice in notices { steady.learn(notice) }
      _ = steady.observeAll(Array(scans[..<start]))
      var restarted = steady
      for scan in scans[start...] {
        var fresh = try detector()
        try fresh.restore(JSONValue(parsing: restarted.state.canonicalBytes, limits: JSONLimits(bytes: 1 << 26)))
        restarted = fresh
        #expect(restarted.observe(scan) == steady.observe(scan))
      }
      #expect(restarted.state.canonicalBytes == steady.state.canonicalBytes)
    }
  }
}
