import CaseReport
import Evidence
import Ledger
import Regions
import Storage
import TransparencyLog

/// Makes the story of a report from the parts of a bundle: all that it says stands in events of the ledger.
struct StoryMaker: Sendable {
  let view: CaseView
  let atlas: RegionAtlas

  /// An event of the bundle, read.
  struct Fact {
    let event: UInt64
    let kind: String
    let at: String
    let role: String
    let data: JSONValue
    let shown: JSONValue?

    init?(_ event: EvidenceParts.Event) {
      guard let body = try? JSONValue(parsing: event.body, limits: JSONLimits(bytes: 1 << 30)),
        let kind = body["kind"]?.string, let at = body["at"]?.string
      else { return nil }
      self.event = event.index + 1
      self.kind = kind
      self.at = at
      role = body["by"]?["role"]?.string ?? ""
      data = body["data"] ?? nil
      shown = event.disclosed.flatMap { try? JSONValue(parsing: $0) }
    }

    /// What someone wrote, while it has not been erased.
    var text: String? { (shown?["text"] ?? shown?["reason"])?["value"]?.string }
  }

  func story(of parts: EvidenceParts) -> CaseStory {
    let facts = parts.events.compactMap(Fact.init)
    let listed = Set(parts.claim["scans"]?.array?.compactMap(\.int) ?? [])
    let scans = facts.filter { listed.contains(Int64($0.event) - 1) }
    var story = CaseStory(
      caseNumber: parts.caseID, brand: Bilingual(parts.origin), madeAt: parts.madeAt,
      claim: claim(parts.claim, scans.count), proof: proof(parts))
    story.facts = atAGlance(parts.claim)
    story.timeline = facts.sorted { ($0.at, $0.event) < ($1.at, $1.event) }.compactMap { fact in
      StoryWords.moment(fact, self).map { .init(at: fact.at, what: $0, event: fact.event) }
    }
    story.map = map(parts.claim, scans)
    story.scans = scans.map(row)
    story.policy = policy(parts.claim, facts)
    let answers: Set<String> = [EventKind.caseAnswered.rawValue, EventKind.caseAppealed.rawValue]
    story.answers = facts.filter { answers.contains($0.kind) }.map {
      statement($0, by: StoryWords.dealer($0.data["dealer"]?.string))
    }
    story.decision = decision(facts)
    return story
  }

  private func statement(_ fact: Fact, by: Bilingual) -> CaseStory.Statement {
    .init(by: by, at: fact.at, text: fact.text ?? "（已按期删除 / erased on schedule）")
  }

  private func claim(_ claim: JSONValue, _ count: Int) -> Bilingual {
    let dealer = claim["dealer"]?.string
    let territories = (claim["territories"]?.array ?? []).compactMap(\.string)
    let goods = (claim["goods"]?.array ?? []).first
    let name = { (language: String) in goods?["name"]?[language]?.string ?? goods?["gtin"]?.string ?? "" }
    let (from, to) = (claim["window"]?["from"]?.string ?? "", claim["window"]?["to"]?.string ?? "")
    let kind = StoryWords.kind(claim["kind"]?.string ?? "")
    let region = claim["region"]?.string
    let zh =
      "经销商 \(dealer ?? "（未涉及）")领取的“\(name("zh"))”，约定仅在\(places(territories, .zh))销售；\(from) 至 \(to) 间在"
      + "\(places(region.map { [$0] } ?? [], .zh))被扫码 \(count) 次。规则 \(claim["rule"]?.string ?? "") 据此提示：\(kind.zh)。"
    let en =
      "Goods \"\(name("en"))\" of dealer \(dealer ?? "(none)"), to be sold in \(places(territories, .en)) only, were "
      + "scanned \(count) times in \(places(region.map { [$0] } ?? [], .en)) between \(from) and \(to). Rule "
      + "\(claim["rule"]?.string ?? "") reported: \(kind.en)."
    return Bilingual(zh: zh, en: en)
  }

  /// Names of regions with their codes.
  private func places(_ codes: [String], _ language: Language) -> String {
    guard !codes.isEmpty else { return language == .zh ? "（未知地点）" : "(place unknown)" }
    return codes.map { place($0, language) }.joined(separator: language == .zh ? "、" : ", ")
  }

  func place(_ code: String, _ language: Language) -> String {
    guard let region = try? RegionCode(code), let name = atlas.name(of: region, language) else { return code }
    return language == .zh ? "\(name)（\(code)）" : "\(name) (\(code))"
  }

  private func place(_ code: String?) -> Bilingual {
    guard let code else { return Bilingual(zh: "未知", en: "unknown") }
    return Bilingual(zh: place(code, .zh), en: place(code, .en))
  }

  private func atAGlance(_ claim: JSONValue) -> [CaseStory.Fact] {
    [
      .init(Bilingual(zh: "事由", en: "Matter"), StoryWords.kind(claim["kind"]?.string ?? "")),
      .init(Bilingual(zh: "涉及经销商", en: "Dealer"), Bilingual(claim["dealer"]?.string ?? "—")),
      .init(Bilingual(zh: "扫码地区", en: "Where scanned"), place(claim["region"]?.string)),
      .init(Bilingual(zh: "严重程度", en: "Severity"), StoryWords.severity(claim["severity"]?.string ?? "")),
    ]
  }

  private func row(_ fact: Fact) -> CaseStory.ScanRow {
    let code = fact.data["code"]
    let text = code?["sscc"]?.string ?? code?["raw"]?.string
    let item = code?["gtin"]?.string.map { "\($0).\(code?["epoch"]?.int ?? 0).\(code?["index"]?.int ?? 0)" }
    return .init(
      event: fact.event, at: fact.at, code: text ?? item ?? "—", place: place(fact.data["place"]?["region"]?.string),
      certainty: StoryWords.certainty(fact), provenance: StoryWords.provenance(fact),
      verdict: StoryWords.verdict(fact.data))
  }

  private func policy(_ claim: JSONValue, _ facts: [Fact]) -> [CaseStory.Fact] {
    var policy: [CaseStory.Fact] = [
      .init(Bilingual(zh: "规则", en: "Rule"), Bilingual(claim["rule"]?.string ?? ""))
    ]
    for (name, value) in (claim["numbers"]?.object ?? [:]).sorted(by: { $0.key < $1.key }) {
      policy.append(.init(Bilingual(name), Bilingual(value.string ?? value.description)))
    }
    if let event = claim["policy"]?["event"]?.int, let fact = facts.first(where: { Int64($0.event) == event + 1 }) {
      let basis = fact.data["legalBasis"]?.string ?? "—"
      policy.append(.init(Bilingual(zh: "价格政策的法律依据", en: "Legal basis of the price policy"), Bilingual(basis)))
    }
    return policy
  }

  private func decision(_ facts: [Fact]) -> CaseStory.Decision? {
    guard let decided = facts.last(where: { $0.kind == EventKind.caseDecided.rawValue }) else { return nil }
    let appeal = facts.last { $0.kind == EventKind.caseAppealDecided.rawValue && $0.data["outcome"] != nil }
    let said = appeal ?? decided
    let penalties = facts.filter { $0.kind == EventKind.casePenalty.rawValue }.map { fact in
      let reversed = appeal?.data["reversed"]?.array?.contains(fact.data["penalty"] ?? nil) == true
      return StoryWords.penalty(fact.data, isReversed: reversed)
    }
    return .init(
      outcome: StoryWords.outcome(said.data["outcome"]?.string ?? ""),
      reason: statement(said, by: Bilingual(zh: "合规（非立案人）", en: "Compliance (not the opener)")), penalties: penalties)
  }

  private func proof(_ parts: EvidenceParts) -> CaseStory.Proof {
    let checkpoint = (try? SignedNote(parsing: parts.checkpoint)).flatMap { try? Checkpoint(parsing: $0.text) }
    let stamps = parts.others.map(\.name).filter { $0.hasSuffix(".tsr") }
    let lines = String(decoding: parts.checkpoint, as: UTF8.self).split(separator: "\n").filter { $0.hasPrefix("— ") }
    return .init(
      origin: parts.origin, size: checkpoint?.size ?? 0, checkpointHash: Digest32.sha256(parts.checkpoint).hex,
      logKey: parts.logKey, stamps: stamps.map { Bilingual($0) },
      witnesses: lines.dropFirst().map { Bilingual($0.split(separator: " ").dropFirst().first.map(String.init) ?? "") })
  }
}
