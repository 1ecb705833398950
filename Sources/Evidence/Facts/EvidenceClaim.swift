import TransparencyLog

/// `case.json`: what is claimed, and which events prove it.
///
/// Everything in it but the case's name and the choice of events follows from those events. So it is derived: by the
/// maker to write it, and by the verifier to compare.
package struct EvidenceClaim {
  /// Which events a claim names, beside those that the alert itself names.
  package struct Selection: Sendable {
    /// The leaf index of the alert event.
    package var alert: UInt64
    /// For each code that was scanned, by `EvidenceCode.key`, the leaf indexes of the events of its goods up to the last
    /// scan: batch, packing, unpacking, dispatch, receipt, transfer, sale, return, void.
    package var chain: [String: Set<UInt64>]
    /// The leaf index of the `pricePolicy` event that a price alert rests on.
    package var policy: UInt64?
    /// Further events, for instance the `product` events that give goods their names.
    package var related: Set<UInt64>

    /// Made from its parts.
    package init(
      alert: UInt64, chain: [String: Set<UInt64>], policy: UInt64? = nil, related: Set<UInt64> = []
    ) {
      self.alert = alert
      self.chain = chain
      self.policy = policy
      self.related = related
    }
  }

  /// A unit of a dispatch, whose seal the bundle must show.
  package struct SealedUnit: Hashable, Sendable {
    /// What was sealed: a box around a scanned code, or the code itself. Its `key` names the seal's file.
    package let unit: EvidenceCode
    /// The leaf index of the dispatch event.
    package let dispatch: UInt64
  }

  /// The claim, for `EvidenceParts.claim`.
  package let json: JSONValue
  /// The seals that belong with it, for `EvidenceParts.seals`; in the order of dispatches.
  package let sealedUnits: [SealedUnit]

  /// Writes the claim that the events support.
  /// - Parameter events: at least those that alert and selection name.
  /// - Throws: `noClaim` with the member that the events do not give.
  package init(
    caseID: String, selection: Selection, events: [EvidenceParts.Event]
  ) throws(EvidenceError) {
    var read: [UInt64: LoggedEvent] = [:]
    for event in events {
      guard let document = try? JSONValue(parsing: event.body, limits: JSONLimits(bytes: EvidenceLimits.documentMax)),
        let logged = try? LoggedEvent(document, index: event.index)
      else { throw .noClaim("event \(event.index)") }
      read[event.index] = logged
    }
    do {
      json = try Self.derived(caseID: caseID, selection, read)
    } catch { throw .noClaim(error.member) }
    sealedUnits = Self.sealedUnits(selection, read)
  }

  private static func sealedUnits(_ selection: Selection, _ events: [UInt64: LoggedEvent]) -> [SealedUnit] {
    guard case .alert(let alert) = events[selection.alert]?.facts, alert.restsOnBinding else { return [] }
    var units: Set<SealedUnit> = []
    for scan in alert.scans.compactMap({ events[$0] }) {
      guard case .scan(let facts) = scan.facts, let code = facts.code else { continue }
      let chain = (selection.chain[code.key] ?? []).sorted().compactMap { events[$0] }
      guard let binding = Journey(code, chain).state(at: scan).binding, binding.dispatch != nil else { continue }
      units.insert(SealedUnit(unit: binding.unit, dispatch: binding.event.index))
    }
    return units.sorted { ($0.dispatch, $0.unit.key) < ($1.dispatch, $1.unit.key) }
  }

  /// The claim that follows from the events.
  static func derived(
    caseID: String, _ selection: Selection, _ events: [UInt64: LoggedEvent]
  ) throws(Misread) -> JSONValue {
    guard case .alert(let alert) = events[selection.alert]?.facts else { throw Misread("alert") }
    let scans = try alert.scans.map { index throws(Misread) -> (event: LoggedEvent, facts: ScanFacts) in
      guard let event = events[index], case .scan(let facts) = event.facts else { throw Misread("scans") }
      return (event, facts)
    }
    let raised = events[selection.alert]?.at
    let times = scans.map(\.event.at)
    guard let first = times.min() ?? raised, let last = times.max() ?? raised else { throw Misread("scans") }
    var claim: [String: JSONValue] = [
      "case": .string(caseID), "alert": .integer(alert.number), "kind": .string(alert.kind.rawValue),
      "rule": .string(alert.rule), "severity": .string(alert.severity), "numbers": .object(alert.numbers.values),
      "window": ["from": .string(first.text), "to": .string(last.text)],
      "scans": Self.list(alert.scans), "chain": .object(selection.chain.mapValues { Self.list($0.sorted()) }),
      "goods": Self.goods(scans.map(\.facts), selection, events),
    ]
    claim["dealer"] = alert.subject["dealer"]
    claim["region"] = alert.subject["region"]
    let territories = Set(scans.compactMap(\.facts.territories).joined())
    if !territories.isEmpty { claim["territories"] = .array(territories.sorted().map(JSONValue.string)) }
    if let index = selection.policy {
      guard case .policy(let policy) = events[index]?.facts else { throw Misread("policy") }
      claim["policy"] = ["id": .string(policy.id), "version": .integer(policy.version), "event": Self.leaf(index)]
    }
    if !selection.related.isEmpty { claim["related"] = Self.list(selection.related.sorted()) }
    return .object(claim)
  }

  /// The products concerned, each with its name where a `product` event gives one; the newest counts.
  private static func goods(
    _ scans: [ScanFacts], _ selection: Selection, _ events: [UInt64: LoggedEvent]
  ) -> JSONValue {
    var products: Set<String> = []
    for scan in scans {
      switch scan.code {
      case .item(let gtin, _, _): products.insert(gtin.description)
      case .box(let sscc): products.formUnion(boxed(selection.chain[sscc.description] ?? [], events))
      case nil: products.formUnion(scan.rawGTIN.map { [$0] } ?? [])
      }
    }
    var names: [String: JSONValue] = [:]
    for index in selection.related.sorted() {
      if case .product(let gtin, let name) = events[index]?.facts { names[gtin] = name }
    }
    return .array(
      products.sorted().map { gtin in
        var product: JSONValue = ["gtin": .string(gtin)]
        product["name"] = names[gtin]
        return product
      })
  }

  /// The products of the batches among the events of a box.
  private static func boxed(_ chain: Set<UInt64>, _ events: [UInt64: LoggedEvent]) -> [String] {
    chain.compactMap { index in
      guard case .batch(let batch) = events[index]?.facts else { return nil }
      return batch.space.gtin.description
    }
  }

  private static func list(_ indexes: [UInt64]) -> JSONValue { .array(indexes.map(leaf)) }

  private static func leaf(_ index: UInt64) -> JSONValue { .integer(Int64(clamping: index)) }
}
