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

    /// The scanned code: a box's number, an item's place among the codes of its product, or what was read.
    var code: String? {
      let code = data["code"]
      let item = code?["gtin"]?.string.map { "\($0).\(code?["epoch"]?.int ?? 0).\(code?["index"]?.int ?? 0)" }
      return code?["sscc"]?.string ?? code?["raw"]?.string ?? item
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
      claim: StoryClaim(parts.claim, scans, self).sentence, proof: proof(parts))
    let visits = StoryVisit.all(facts)
    story.facts = atAGlance(parts.claim)
    story.timeline = facts.sorted { ($0.at, $0.event) < ($1.at, $1.event) }.compactMap { fact in
      StoryWords.moment(fact, self).map { .init(at: fact.at, what: $0, event: fact.event) }
    }
    story.map = map(parts.claim, scans)
    story.scans = scans.map { row($0, visits) }
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

  /// Names of regions with their codes.
  func places(_ codes: [String], _ language: Language) -> String {
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

  private func row(_ fact: Fact, _ visits: [StoryVisit]) -> CaseStory.ScanRow {
    .init(
      event: fact.event, at: fact.at, code: fact.code ?? "—", place: place(fact.data["place"]?["region"]?.string),
      certainty: StoryWords.certainty(fact), provenance: StoryWords.provenance(fact, visits),
      verdict: StoryWords.verdict(fact.data))
  }

  private func policy(_ claim: JSONValue, _ facts: [Fact]) -> [CaseStory.Fact] {
    var policy: [CaseStory.Fact] = [
      .init(Bilingual(zh: "规则", en: "Rule"), Bilingual(claim["rule"]?.string ?? ""))
    ]
    for number in AlertNumber.all(claim["numbers"]?.object ?? [:]) {
      let words = number.words.map { Bilingual(zh: $0.zh, en: $0.en) } ?? Bilingual(number.name)
      policy.append(.init(words, shown(number.value)))
    }
    guard let event = claim["policy"]?["event"]?.int,
      let fact = facts.first(where: { Int64($0.event) == event + 1 })
    else { return policy }
    return policy + pricePolicy(fact)
  }

  private func shown(_ value: AlertNumber.Value) -> Bilingual {
    switch value {
    case .text(let text): Bilingual(text)
    case .regions(let codes): Bilingual(zh: places(codes, .zh), en: places(codes, .en))
    case .moment(let moment): Bilingual(moment.description)
    case .words(let zh, let en): Bilingual(zh: zh, en: en)
    }
  }

  /// What the price policy in force said. That it is a policy of the brand, no law, is for the reader to see.
  private func pricePolicy(_ fact: Fact) -> [CaseStory.Fact] {
    let data = fact.data
    let floor = data["floor"]
    let price = "\(floor?["amount"]?.string ?? "—") \(floor?["currency"]?.string ?? "")"
    let enforced =
      data["mode"] == "enforce"
      ? Bilingual(zh: "执行", en: "enforced") : Bilingual(zh: "仅建议", en: "advised only")
    let from = data["from"]?.string ?? "—"
    let until = data["to"]?.string
    return [
      .init(
        Bilingual(zh: "价格政策", en: "Price policy"),
        Bilingual("\(data["id"]?.string ?? "—") / \(data["version"]?.int.map(String.init) ?? "—")")),
      .init(Bilingual(zh: "限价", en: "Floor"), Bilingual(price)),
      .init(Bilingual(zh: "效力", en: "Mode"), enforced),
      .init(
        Bilingual(zh: "有效期", en: "In force"),
        Bilingual(zh: "\(from) 至 \(until ?? "无期限")", en: "\(from) to \(until ?? "no end")")),
      .init(
        Bilingual(zh: "价格政策的法律依据", en: "Legal basis of the price policy"),
        Bilingual(data["legalBasis"]?.string ?? "—")),
    ]
  }

  private func decision(_ facts: [Fact]) -> CaseStory.Decision? {
    guard let decided = facts.last(where: { $0.kind == EventKind.caseDecided.rawValue }) else { return nil }
    let appeals = facts.filter { $0.kind == EventKind.caseAppealDecided.rawValue }
    let upheld = appeals.last { $0.data["outcome"] != nil }
    let reversed = Set(appeals.flatMap { $0.data["reversed"]?.array?.compactMap(\.int) ?? [] })
    let penalties = facts.filter { $0.kind == EventKind.casePenalty.rawValue }.map { fact in
      StoryWords.penalty(fact.data, isReversed: fact.data["penalty"]?.int.map(reversed.contains) ?? false)
    }
    let others = Bilingual(zh: "合规（非立案人、非原决定人）", en: "Compliance (neither the opener nor who decided before)")
    return .init(
      outcome: StoryWords.outcome((upheld ?? decided).data["outcome"]?.string ?? ""),
      reason: statement(decided, by: Bilingual(zh: "合规（非立案人）", en: "Compliance (not the opener)")),
      proofs: (decided.data["proofs"]?.array ?? []).map(StoryWords.proof), penalties: penalties,
      appeals: appeals.map { appeal in
        let isUpheld = appeal.data["result"]?.string == AppealOutcome.upheld.rawValue
        return .init(
          result: Bilingual(zh: isUpheld ? "申诉成立" : "申诉驳回", en: isUpheld ? "Appeal upheld" : "Appeal rejected"),
          reason: statement(appeal, by: others))
      })
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
