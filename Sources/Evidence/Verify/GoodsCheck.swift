import Codes

/// The links about goods: issued, packed, dispatched, sealed, transferred.
struct GoodsCheck {
  private(set) var findings: [LinkName: EvidenceReport.Finding] = [:]

  private let claim: ClaimCheck
  private var seals: SealCheck
  private var faults: [LinkName: Break] = [:]
  private var tally = Tally()
  private var sealsSeen: Set<EvidenceClaim.SealedUnit> = []

  /// What the sentences of the report count.
  private struct Tally {
    var codes: Set<EvidenceCode> = []
    var batches: Set<UInt64> = []
    var boxes: Set<EvidenceCode> = []
    var dispatches: Set<UInt64> = []
    var dealers: Set<String> = []
    var transfers: Set<UInt64> = []
    var corrections: Set<UInt64> = []
  }

  init(_ claim: ClaimCheck, _ seals: SealCheck) {
    self.claim = claim
    self.seals = seals
    var journeys: [EvidenceCode: Journey] = [:]
    // In one order, so that the same bundle always gives the same report.
    for (_, code) in claim.codes.sorted(by: { $0.key < $1.key }) {
      let events = (claim.reading.chain[code.key] ?? []).sorted().compactMap { claim.events[$0] }
      let journey = Journey(code, events)
      journeys[code] = journey
      merge(journey.faults)
      countItems(events)
      checkShownSeals(journey)
    }
    for scan in claim.scans {
      guard let code = scan.facts.code, let journey = journeys[code] else { continue }
      check(scan, code, journey.state(at: scan.event))
    }
    settle()
  }

  private mutating func merge(_ others: [LinkName: Break]) {
    faults.merge(others) { first, _ in first }
  }

  private mutating func fault(_ link: LinkName, _ flaw: Flaw, _ file: String) {
    merge([link: Break(flaw, file)])
  }

  private mutating func countItems(_ events: [LoggedEvent]) {
    for event in events where !tally.dispatches.contains(event.index) {
      if case .correction = event.facts { tally.corrections.insert(event.index) }
      guard case .dispatch(let facts) = event.facts else { continue }
      tally.dispatches.insert(event.index)
      let (units, contents) = (facts.goods.units.itemCount, facts.goods.contents.itemCount)
      guard let units, let contents, units <= facts.items, facts.items - units == contents else {
        fault(.dispatched, .itemsMiscounted(stated: facts.items), event.file)
        continue
      }
    }
  }

  /// Seals may be shown of every dispatch in a chain, also of one that is not at issue any more.
  private mutating func checkShownSeals(_ journey: Journey) {
    for binding in journey.dispatches {
      let sealed = EvidenceClaim.SealedUnit(unit: binding.unit, dispatch: binding.event.index)
      guard !sealsSeen.contains(sealed) else { continue }
      do {
        if try seals.checkIfShown(binding) { sealsSeen.insert(sealed) }
      } catch { merge([.sealed: error]) }
    }
  }

  /// What the chain says about the moment of a scan, against what the scan says.
  private mutating func check(_ scan: ClaimCheck.Scan, _ code: EvidenceCode, _ state: Journey.State) {
    tally.codes.insert(code)
    if let batch = state.batch {
      tally.batches.insert(batch.index)
    } else {
      fault(.issued, .neverIssued(code: code.key), scan.event.file)
    }
    guard claim.alert.restsOnBinding else { return }
    guard let binding = state.binding else {
      return fault(.dispatched, .unboundAtScan(code: code.key), scan.event.file)
    }
    tally.boxes.formUnion(binding.lineage.dropFirst())
    tally.dealers.insert(binding.dispatch?.dealer ?? binding.holder)
    tally.transfers.formUnion(binding.transfers)
    compare(scan, binding, code)
    guard binding.dispatch != nil else { return }
    let sealed = EvidenceClaim.SealedUnit(unit: binding.unit, dispatch: binding.event.index)
    guard sealsSeen.insert(sealed).inserted else { return }
    do {
      try seals.check(binding.unit, binding)
    } catch { merge([.sealed: error]) }
  }

  private mutating func compare(_ scan: ClaimCheck.Scan, _ binding: Journey.Binding, _ code: EvidenceCode) {
    let file = scan.event.file
    if max(binding.event.index, binding.transfers.last ?? 0, binding.corrections.last ?? 0) > scan.event.index {
      fault(binding.transfers.isEmpty ? .dispatched : .transferred, .boundAfterScan(code: code.key), file)
    }
    if scan.facts.dispatch != binding.number { fault(.dispatched, .dispatchDiffers(code: code.key), file) }
    let link: LinkName = binding.transfers.isEmpty ? .dispatched : .transferred
    if scan.facts.dealer != binding.holder { fault(link, .dealerDiffers(code: code.key), file) }
    let stated = scan.facts.territories.map(RegionText.normalised)
    if stated != RegionText.normalised(binding.territories) { fault(link, .territoriesDiffer(code: code.key), file) }
  }

  /// Turns faults and tally into findings. A link that the matter does not rest on is not judged.
  private mutating func settle() {
    let isIssued = claim.alert.kind != .forgery
    let isBound = claim.alert.restsOnBinding
    do { try seals.checkUnused() } catch { merge([.sealed: error]) }
    let dealers = tally.dealers.sorted().joined(separator: ", ")
    settle(
      .issued, isIssued, zh: "\(tally.codes.count) 个码，由 \(tally.batches.count) 个批次赋码",
      en: "\(tally.codes.count) codes, issued in \(tally.batches.count) batches")
    settle(
      .packed, isBound, zh: tally.boxes.isEmpty ? "单件发货" : "发货时在 \(tally.boxes.count) 个箱（托）中",
      en: tally.boxes.isEmpty ? "dispatched without boxes" : "in \(tally.boxes.count) boxes when dispatched")
    let corrected = tally.corrections.count
    settle(
      .dispatched, isBound,
      zh: "\(tally.dispatches.count) 次发货，发往 \(dealers)" + (corrected == 0 ? "" : "；记录更正 \(corrected) 次"),
      en: "\(tally.dispatches.count) dispatches, to \(dealers)"
        + (corrected == 0 ? "" : "; the record was corrected \(corrected) times"))
    settle(
      .sealed, isBound || !sealsSeen.isEmpty || faults[.sealed] != nil,
      zh: "\(sealsSeen.count) 个封签与发货事件一致，签名公钥当时有效",
      en: "\(sealsSeen.count) seals say what the dispatch events say, by keys valid then")
    settle(
      .transferred, isBound && (!tally.transfers.isEmpty || faults[.transferred] != nil),
      zh: "\(tally.transfers.count) 次流转，前后相接", en: "\(tally.transfers.count) transfers, each from the holder")
  }

  private mutating func settle(_ link: LinkName, _ applies: Bool, zh: String, en: String) {
    findings[link] = applies ? faults[link]?.finding ?? .holds(Wording(zh: zh, en: en)) : .notApplicable
  }
}
