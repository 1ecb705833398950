import TransparencyLog

/// The claim, its alert and its scans; and whether the claim says what they give.
struct ClaimCheck {
  /// A scan that the claim lists and the bundle holds.
  struct Scan {
    let event: LoggedEvent
    let facts: ScanFacts
  }

  let reading: ClaimReading
  let events: [UInt64: LoggedEvent]
  let alertEvent: LoggedEvent
  let alert: AlertFacts
  /// In the order of the log.
  let scans: [Scan]
  private let manifest: Manifest?

  /// - Throws: when there is no claim or no alert to check anything by.
  init(_ files: BundleFiles, _ events: [UInt64: LoggedEvent], manifest: Manifest?) throws(Break) {
    let reading = try ClaimReading(try files.require(EvidencePath.claim))
    var alerts: [(LoggedEvent, AlertFacts)] = []
    for event in events.values {
      if case .alert(let facts) = event.facts, facts.number == reading.alertNumber { alerts.append((event, facts)) }
    }
    guard alerts.count == 1, let (alertEvent, alert) = alerts.first else {
      throw Break(.alertMissing, EvidencePath.claim)
    }
    self.reading = reading
    self.events = events
    self.manifest = manifest
    self.alertEvent = alertEvent
    self.alert = alert
    scans = reading.scans.compactMap { index in
      guard let event = events[index], case .scan(let facts) = event.facts else { return nil }
      return Scan(event: event, facts: facts)
    }
  }

  /// The codes scanned that the ledger recognised, by key.
  var codes: [String: EvidenceCode] {
    Dictionary(scans.compactMap(\.facts.code).map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// Compares the claim with what its events give.
  func finding() throws(Break) -> Wording {
    try checkEvents()
    try checkChain()
    guard (alert.kind == .price) == (reading.policy != nil) else { throw differs("policy") }
    let caseID = manifest?.caseID ?? reading.document["case"]?.string ?? ""
    let expected: JSONValue
    do {
      expected = try EvidenceClaim.derived(caseID: caseID, reading.selection(alert: alertEvent.index), events)
    } catch { throw differs(error.member) }
    let names = Set(reading.document.object?.keys.map(\.self) ?? []).union(expected.object?.keys.map(\.self) ?? [])
    for name in names.sorted() {
      let (stated, given) = (reading.document[name], expected[name])
      guard stated?.canonicalBytes == given?.canonicalBytes else { throw differs(name) }
    }
    if let manifest, let madeAt = Instant(manifest.madeAt), madeAt < alertEvent.at {
      throw Break(.badMember("madeAt"), EvidencePath.manifest)
    }
    return Wording(
      zh: "与第 \(alert.number) 号预警一致（\(alert.kind.rawValue)，\(alert.rule)）",
      en: "agrees with alert \(alert.number) (\(alert.kind.rawValue), \(alert.rule))")
  }

  /// The events are those that the claim names, no fewer and no more.
  private func checkEvents() throws(Break) {
    let named = reading.named.union([alertEvent.index])
    if let missing = named.subtracting(events.keys).min() { throw Break(.eventMissing, EvidencePath.event(missing)) }
    if let extra = Set(events.keys).subtracting(named).min() {
      throw Break(.eventNotClaimed, EvidencePath.event(extra))
    }
  }

  /// Each recognised code has its chain, and chains are made of events about goods.
  private func checkChain() throws(Break) {
    let (stated, scanned) = (Set(reading.chain.keys), Set(codes.keys))
    // A forged label may bear the number of a box; whether that box ever was does not matter.
    guard stated == scanned || (alert.kind == .forgery && stated.isSubset(of: scanned)) else { throw differs("chain") }
    for index in Set(reading.chain.values.joined()) {
      switch events[index]?.facts {
      case .batch, .packing, .unpacking, .dispatch, .receipt, .transfer, .sale, .returned, .void, .correction: continue
      case .scan, .alert, .alertCorrected, .file, .policy, .product, .other, nil: throw differs("chain")
      }
    }
  }

  private func differs(_ name: String) -> Break { Break(.claimDiffers(name), EvidencePath.claim) }
}
