import Alerting
import Regions
import Testing
import TransparencyLog

/// Every alert says in both languages what was seen.
@Suite("Explanations")
struct ExplanationTests {
  static let names = Gazetteer(
    area: { _ in nil },
    name: { code, language in
      switch code.description {
      case "430000": language == .zh ? "湖南省" : "Hunan"
      case "370100": language == .zh ? "山东省济南市" : "Jinan, Shandong"
      default: nil
      }
    })

  /// One clue of each kind that a busy market gives.
  private func clues() throws -> [AlertMessage: Clue] {
    var found: [AlertMessage: Clue] = [:]
    for seed in [11, 12, 13, 14, 15, 16] as [UInt64] {
      var detectors = StandardDetectors.make(CopiedCodeTests.gazetteer, try atlasMap())
      let sightings = try RestartTests.market(seed, count: 1_500)
      for place in detectors.indices {
        for clue in detectors[place].observeAll(sightings) { found[clue.message] = clue }
      }
    }
    var forged = ForgedCodes()
    let burst = try (1...10).map { number in
      try scan(number, after: number) {
        $0.terminal = "T009"
        $0.authenticity = .forged
        $0.code = .raw("https://id.example.cn/01/\(liquor)/21/G\(number)")
      }
    }
    var copied = CopiedCode(.empty)
    let glimpses = try (1...21).map { number in
      try scan(number, 5, after: number * day) {
        $0.isConsumer()
        $0.certainty = .unknown
        $0.region = nil
      }
    }
    var outside = OutsideTerritory()
    let stock = try (1...5).map { try scan($0, after: $0) { $0.terminal = "T001" } }
    for clue in forged.observeAll(burst) + copied.observeAll(glimpses) + outside.observeAll(stock) {
      found[clue.message] = clue
    }
    return found
  }

  @Test("no number is missing and no placeholder is left, in either language")
  func complete() throws {
    for (message, clue) in try clues() {
      let text = clue.explanation(Self.names)
      for language in [text.zh, text.en] {
        #expect(!language.contains("{") && !language.contains("}"), "\(message): \(language)")
        #expect(!language.contains("\n"), "\(message)")
        #expect(language.count > 30, "\(message)")
      }
      #expect(!text.en.contains("unknown,") && !text.en.contains(" unknown "), "\(message): \(text.en)")
      #expect(text.zh.unicodeScalars.contains { $0.value > 0x4E00 }, "\(message)")
      #expect(!text.en.unicodeScalars.contains { $0.value > 0x2FFF }, "\(message): \(text.en)")
    }
  }

  @Test("there is a case of every message")
  func coverage() throws {
    let rest = Set(AlertMessage.allCases).subtracting(try clues().keys)
    #expect(rest.isEmpty)
  }

  @Test("a diversion reads as a compliance officer would write it")
  func diversion() throws {
    var detector = OutsideTerritory()
    let clue = try #require(detector.observeAll([try scan(1), try scan(2), try scan(3)]).first)
    let text = clue.explanation(Self.names)
    #expect(
      text.en == """
        Goods of dispatch 12 (dealer D001) may be sold only in Hunan (430000), yet 3 independent sightings put them in \
        Jinan, Shandong (370100) (3 by terminals, 0 by consumers, 0 by inspectors); the rule asks for 3. Within 60 \
        days the dispatch was seen 3 times in all. It may also be travel, gifts, online resale or a terminal \
        registered in the wrong place: check before concluding. (Raised by the plain rule for the time while data \
        are few: at least three independent witnesses in one region.)
        """)
    #expect(
      text.zh == """
        发货单 12（经销商 D001）的货物只准在 湖南省 (430000) 销售，却在 山东省济南市 (370100) 被独立扫码 3 次\
        （终端 3、消费者 0、稽查 0），规则要求 3 次；60 天内该发货单共被看到 3 次。\
        也可能是旅行、赠礼、网购转寄或终端登记地有误，请核实后再作结论。\
        （由保底规则提出：数据尚少时，同一地区至少三个独立见证。）
        """)
  }

  @Test("a dealer called like a region is still a dealer, and a missing place is said")
  func names() throws {
    var detector = UnsoldGoods()
    let clue = try #require(
      detector.observe(
        try scan(1) {
          $0.state = .voided
          $0.dealer = "430000"
          $0.region = nil
        }
      ).first)
    let text = clue.explanation(Self.names)
    #expect(text.en.contains("an unknown place"))
    #expect(text.zh.contains("未知地区"))
    #expect(!text.en.contains("Hunan"))
  }

  @Test("an explanation reads back from its JSON")
  func json() {
    let explanation = Explanation(zh: "一", en: "one")
    #expect(Explanation(explanation.json) == explanation)
    #expect(Explanation(nil) == nil)
    #expect(Explanation(["zh": "一"]) == nil)
  }
}
