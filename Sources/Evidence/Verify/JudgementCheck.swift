import TransparencyLog

/// The alert: it rests on the scans that the claim lists, they show what its kind says, and its numbers are theirs.
struct JudgementCheck {
  private let claim: ClaimCheck
  private var alert: AlertFacts { claim.alert }
  private var file: String { claim.alertEvent.file }

  init(_ claim: ClaimCheck) { self.claim = claim }

  func finding() throws(Break) -> Wording {
    guard !alert.rule.isEmpty else { throw Break(.badMember("rule"), file) }
    guard alert.scans == claim.reading.scans, claim.scans.count == alert.scans.count else {
      throw Break(.scansDiffer, file)
    }
    for scan in claim.scans where !supports(scan.facts) { throw Break(.scanDoesNotSupport, scan.event.file) }
    try checkKind()
    try checkSubject()
    let counted = try recount()
    let (fallen, isCleared) = try corrections()
    var said = Wording(
      zh: "规则 \(alert.rule)，依据 \(alert.scans.count) 次扫码，\(counted) 个数字经复算相符",
      en: "rule \(alert.rule) on \(alert.scans.count) scans; \(counted) numbers counted again")
    if isCleared {
      said = Wording(zh: said.zh + "；预警已因记录更正撤销", en: said.en + "; CLEARED since by a correction of the record")
    } else if fallen > 0 {
      said = Wording(zh: said.zh + "；其中 \(fallen) 次已因记录更正不再成立", en: said.en + "; \(fallen) of them fell since")
    }
    return said
  }

  /// What corrections took from the alert since: each names scans of the alert, and a correction before it that names
  /// the codes of those scans.
  private func corrections() throws(Break) -> (fallen: Int, isCleared: Bool) {
    var fallen: Set<UInt64> = []
    var isCleared = false
    for event in claim.events.values {
      guard case .alertCorrected(let facts) = event.facts, facts.alert == alert.number else { continue }
      guard facts.correction < event.index, let correction = claim.events[facts.correction],
        case .correction(let changes) = correction.facts
      else { throw Break(.badMember("correction"), event.file) }
      for index in facts.scans {
        guard let scan = claim.scans.first(where: { $0.event.index == index }), let code = scan.facts.code,
          changes.change(of: code) != nil, correction.at <= scan.event.at
        else { throw Break(.badMember("scans"), event.file) }
      }
      fallen.formUnion(facts.scans)
      isCleared = isCleared || facts.isCleared
    }
    return (fallen.count, isCleared)
  }

  /// Whether one scan shows what the kind of alert rests on.
  private func supports(_ scan: ScanFacts) -> Bool {
    switch alert.kind {
    case .diversion: scan.territory == .outside && scan.authenticity != .forged
    case .price: scan.priceCheck == .belowFloor && scan.authenticity != .forged
    case .clone, .missing, .burning: scan.authenticity != .forged
    case .forgery: scan.authenticity == .forged
    case .unsold: [.issued, .packed, .returned, .voided].contains(scan.state)
    case .registration: scan.territory == .outside && scan.authenticity != .forged
    }
  }

  /// What the scans of a kind must show together.
  private func checkKind() throws(Break) {
    switch alert.kind {
    case .diversion:
      guard alert.subject.has("dealer") else { throw Break(.kindUnsupported, file) }
    case .clone:
      guard claim.scans.count >= 2, claim.codes.count == 1 else { throw Break(.kindUnsupported, file) }
    case .price: try checkPolicy()
    case .unsold: try checkVoid()
    case .missing:
      guard alert.subject.has("dealer"), alert.subject.has("dispatch") else { throw Break(.kindUnsupported, file) }
    case .burning:
      guard claim.codes.count >= 3 else { throw Break(.kindUnsupported, file) }
    case .forgery, .registration: break
    }
  }

  /// Each scan was under the policy that the claim shows, and its price below the floor.
  private func checkPolicy() throws(Break) {
    guard let index = claim.reading.policy, let event = claim.events[index], case .policy(let policy) = event.facts
    else { throw Break(.kindUnsupported, file) }
    for scan in claim.scans where !Self.applies(policy, to: scan) {
      throw Break(.policyNotInForce, scan.event.file)
    }
  }

  private static func applies(_ policy: PolicyFacts, to scan: ClaimCheck.Scan) -> Bool {
    let (at, facts) = (scan.event.at, scan.facts)
    guard policy.mode != .off, at >= policy.from, policy.to.map({ at < $0 }) ?? true,
      facts.policy?.canonicalBytes == policy.name.canonicalBytes, facts.gtin.map({ $0 == policy.gtin }) ?? true,
      let price = facts.price, price.currency == policy.floor.currency, price.amount < policy.floor.amount
    else { return false }
    return policy.regions.isEmpty || facts.region.map { RegionText.overlaps(policy.regions, $0) } ?? true
  }

  /// What was scanned as void was made void before.
  private func checkVoid() throws(Break) {
    for scan in claim.scans where scan.facts.state == .voided {
      guard let code = scan.facts.code else { continue }
      let events = (claim.reading.chain[code.key] ?? []).sorted().compactMap { claim.events[$0] }
      guard Journey(code, events).state(at: scan.event).isVoid else {
        throw Break(.kindUnsupported, scan.event.file)
      }
    }
  }

  /// What the alert is about is what the scans show.
  private func checkSubject() throws(Break) {
    let subject = alert.subject
    for scan in claim.scans {
      if let name = differingSubject(scan.facts) { throw Break(.subjectDiffers(name), file) }
    }
    guard subject.has("region") else { return }
    let isThere = claim.scans.map { scan in
      guard let larger = subject["region"]?.string, let place = scan.facts.region else { return false }
      return RegionText.contains(larger, place)
    }
    // Copies, forgeries and phones are found by being in several places: the region is where they were seen last.
    let mayRoam = [.clone, .forgery, .burning].contains(alert.kind)
    guard mayRoam ? isThere.contains(true) : !isThere.contains(false) else {
      throw Break(.subjectDiffers("region"), file)
    }
  }

  /// The member of the subject that a scan does not show.
  private func differingSubject(_ scan: ScanFacts) -> String? {
    let subject = alert.subject
    let concernsDealer = alert.kind == .diversion || alert.kind == .price
    if subject.has("dealer"), concernsDealer, subject["dealer"]?.string != scan.dealer { return "dealer" }
    if subject.has("dispatch"), (try? dispatchNumber(subject["dispatch"])) != scan.dispatch { return "dispatch" }
    if subject.has("code"), !scan.isOf(code: subject["code"]) { return "code" }
    // A box does not show what is in it.
    if case .box = scan.code { return nil }
    return subject.has("gtin") && subject["gtin"]?.string != scan.gtin ? "gtin" : nil
  }

  /// Counts again what the scans alone decide; how many of the alert's numbers that is.
  private func recount() throws(Break) -> Int {
    let recount = Recount(claim.scans)
    var counted = 0
    for (name, value) in alert.numbers.values.sorted(by: { $0.key < $1.key }) {
      // Of a copied code the rule counts witnesses its own way.
      guard alert.kind != .clone || name != "observers", let expected = recount[name] else { continue }
      guard value.canonicalBytes == expected.canonicalBytes else {
        throw Break(.numberDiffers(name, stated: value.description, counted: expected.description), file)
      }
      counted += 1
    }
    return counted
  }
}
