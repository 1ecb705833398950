import Ledger
import Regions
import Storage

/// What is known about a scanned code when it is judged.
package enum Finding: Equatable, Sendable {
  /// An item code that authenticates and was issued.
  case item
  /// A box of ours with a seal that holds.
  case sealedBox
  /// A box of ours without a seal.
  case unsealedBox
  /// It claims to be ours and is not, for this reason.
  case forged(ScanReason)
  /// Not ours to judge, for this reason.
  case foreign(ScanReason)
}

/// Everything that a verdict rests on.
package struct ScanFacts: Sendable {
  /// What the code is, and its life at the moment of the scan.
  package var finding: Finding, life: Life?
  /// Where it was scanned.
  package var place: Place
  /// Whether the code was seen where one item cannot be.
  package var copy: ScanReason?
  /// The price seen and the policy in force there and then.
  package var price: Money?, policy: PricePolicy?

  /// Made from its parts.
  package init(
    finding: Finding, life: Life?, place: Place, copy: ScanReason? = nil, price: Money? = nil,
    policy: PricePolicy? = nil
  ) {
    self.finding = finding
    self.life = life
    self.place = place
    self.copy = copy
    self.price = price
    self.policy = policy
  }
}

/// A version of a price policy, parsed.
package struct PricePolicy: Sendable, Equatable {
  /// Which policy and version.
  package let id: String, version: Int64
  /// Where and when it holds.
  package let regions: Territory, since: Timestamp, until: Timestamp?
  /// The lowest price, and whether it is off, advised or enforced.
  package let floor: Money, mode: String

  /// Reads a stored policy.
  package init(_ row: PolicyRow) throws {
    guard let floor = Money(amount: row.amount, currency: row.currency) else {
      throw LedgerError.inconsistent("price policy \(row.id) has the floor \(row.amount) \(row.currency)")
    }
    id = row.id
    version = row.version
    regions = try Territory.stored(row.regions)
    since = Timestamp(milliseconds: row.since)
    until = row.until.map { Timestamp(milliseconds: $0) }
    self.floor = floor
    mode = row.mode
  }
}

/// The verdict before it is recorded.
package struct Judgement: Sendable, Equatable {
  /// The four parts and the whole.
  package var overall = Overall.ok, authenticity = Authenticity.genuine, state: LifeState?
  package var territory = TerritoryVerdict.notBound, price = PriceVerdict.notChecked
  /// Why, in the order of the checks.
  package var reasons: [ScanReason] = []
}

/// Judges scans. Pure: the same facts give the same verdict. One remote scan is an observation, so nothing but a
/// forged, tampered or void code is ever rejected.
package struct Judge: Sendable {
  private let atlas: RegionAtlas

  /// With China's divisions.
  package init(atlas: RegionAtlas) { self.atlas = atlas }

  /// The verdict on these facts.
  package func judge(_ facts: ScanFacts) -> Judgement {
    var result = Judgement()
    result.state = facts.life?.state
    judgeAuthenticity(facts, &result)
    judgeLife(facts, &result)
    judgeTerritory(facts, &result)
    judgePrice(facts, &result)
    return result
  }

  private func judgeAuthenticity(_ facts: ScanFacts, _ result: inout Judgement) {
    switch facts.finding {
    case .item: result.reasons.append(.genuine)
    case .sealedBox: result.reasons.append(.sealValid)
    case .unsealedBox: result.add(.boxUnsealed, .unproven, .attention)
    case .forged(let reason): result.add(reason, .forged, .reject)
    case .foreign(let reason): result.add(reason, .unproven, .attention)
    }
    if let copy = facts.copy, result.authenticity == .genuine { result.add(copy, .suspectedCopy, .attention) }
  }

  private func judgeLife(_ facts: ScanFacts, _ result: inout Judgement) {
    switch facts.life?.state {
    case .voided: result.add(.voided, nil, .reject)
    case .returned: result.add(.returnedGoods, nil, .attention)
    case .issued, .packed: result.add(.notDispatched, nil, .attention)
    case .sold: result.add(.alreadySold, nil, .ok)
    case .dispatched, .received, nil: break
    }
    switch facts.life?.mark {
    case .binding: result.add(.bindingCorrected, nil, .ok)
    case .transfer: result.add(.transferRecognised, nil, .ok)
    case .boxLabel: result.add(.boxLabelCorrected, nil, .ok)
    case .newLabel: result.add(.labelReplaces, nil, .ok)
    case .oldLabel: result.add(.labelReplaced, nil, .reject)
    case .openedBox: result.add(.boxOpened, nil, .attention)
    case nil: break
    }
  }

  private func judgeTerritory(_ facts: ScanFacts, _ result: inout Judgement) {
    guard let life = facts.life, life.isBound || life.state == .voided, let territory = life.territory,
      result.authenticity != .forged
    else { return }
    let (finding, reason) = Regions.judge(facts.place, in: territory, atlas: atlas)
    result.territory = TerritoryVerdict(rawValue: finding.rawValue) ?? .uncertain
    let said = ScanReason(rawValue: reason.rawValue) ?? .placeUnknown
    result.add(said, nil, finding == .outside ? .attention : .ok)
  }

  private func judgePrice(_ facts: ScanFacts, _ result: inout Judgement) {
    guard let price = facts.price, let policy = facts.policy, policy.mode != "off", result.authenticity != .forged
    else {
      return
    }
    switch price.isLess(than: policy.floor) {
    case nil: result.reasons.append(.currencyDiffers)
    case false?: result.price = .ok
    case true?:
      result.price = .belowFloor
      result.add(.priceBelowFloor, nil, .attention)
    }
  }
}

extension Judgement {
  fileprivate mutating func add(_ reason: ScanReason, _ authenticity: Authenticity?, _ overall: Overall) {
    reasons.append(reason)
    if let authenticity { self.authenticity = authenticity }
    if overall == .reject || (overall == .attention && self.overall == .ok) { self.overall = overall }
  }
}
