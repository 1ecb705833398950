import Codes

/// One code on its way: takes the events of its chain in the order of the log, and knows after each where the code is and
/// who holds it. What cannot be is kept as a fault of the link that it breaks, and the walk goes on.
struct Journey {
  /// Goods with a dealer.
  struct Binding {
    let event: LoggedEvent
    let dispatch: DispatchFacts
    /// The code and the boxes around it when it left, up to the one that was dispatched.
    let lineage: [EvidenceCode]
    var holder: String
    var territories: [String]
    var transfers: [UInt64] = []

    /// What was dispatched and sealed: the code itself or a box around it.
    var unit: EvidenceCode { lineage.last ?? lineage[0] }
  }

  let code: EvidenceCode
  private(set) var batch: LoggedEvent?
  private(set) var binding: Binding?
  private(set) var isVoid = false
  private(set) var faults: [LinkName: Break] = [:]
  private var parents: [EvidenceCode: EvidenceCode] = [:]
  private var latest: Instant?

  /// Boxes within boxes beyond this are a mistake; it also ends a circle.
  private static let depthMax = 8

  init(_ code: EvidenceCode) { self.code = code }

  /// The walk over the events up to a moment, both ends included.
  init(_ code: EvidenceCode, _ events: [LoggedEvent], until moment: Instant? = nil) {
    self.init(code)
    for event in events where moment.map({ event.at <= $0 }) ?? true { take(event) }
  }

  /// The code and the boxes around it, inmost first.
  var lineage: [EvidenceCode] {
    var result = [code]
    while let last = result.last, let parent = parents[last], result.count < Self.depthMax { result.append(parent) }
    return result
  }

  private mutating func take(_ event: LoggedEvent) {
    let link = Self.link(of: event)
    if let latest, event.at < latest { fault(link, .timesOutOfOrder(code: code.key), event) }
    latest = max(latest ?? event.at, event.at)
    if isVoid { fault(link, .alreadyVoid(code: code.key), event) }
    switch event.facts {
    case .batch(let facts): issue(facts, event)
    case .packing(let facts): pack(facts, event)
    case .unpacking(let facts): unpack(facts, event)
    case .dispatch(let facts): dispatch(facts, event)
    case .transfer(let facts): transfer(facts, event)
    case .receipt(let facts), .sale(let facts): handle(facts, event)
    case .returned(let facts):
      handle(facts, event)
      binding = nil
    case .void(let facts):
      if !facts.goods.contains(code) { fault(link, .eventOfOthers(code: code.key), event) }
      binding = nil
      isVoid = true
    case .scan, .alert, .policy, .product, .other: fault(link, .eventOfOthers(code: code.key), event)
    }
  }

  private mutating func fault(_ link: LinkName, _ flaw: Flaw, _ event: LoggedEvent) {
    if faults[link] == nil { faults[link] = Break(flaw, event.file) }
  }

  /// The link that an event belongs to.
  private static func link(of event: LoggedEvent) -> LinkName {
    switch event.facts {
    case .packing, .unpacking: .packed
    case .dispatch, .receipt, .sale, .returned, .void: .dispatched
    case .transfer: .transferred
    case .batch, .scan, .alert, .policy, .product, .other: .issued
    }
  }
}

extension Journey {
  private mutating func issue(_ facts: BatchFacts, _ event: LoggedEvent) {
    guard facts.contains(code) else { return fault(.issued, .eventOfOthers(code: code.key), event) }
    guard batch == nil else { return fault(.issued, .issuedTwice(code: code.key), event) }
    batch = event
    parents[code] = facts.box(of: code)
  }

  private mutating func pack(_ facts: PackingFacts, _ event: LoggedEvent) {
    let lineage = lineage
    guard let child = lineage.last(where: facts.children.contains), !lineage.contains(facts.parent) else {
      return fault(.packed, .eventOfOthers(code: code.key), event)
    }
    guard parents[child] == nil else { return fault(.packed, .packedTwice(code: child.key), event) }
    parents[child] = facts.parent
  }

  private mutating func unpack(_ facts: PackingFacts, _ event: LoggedEvent) {
    guard let child = lineage.first(where: facts.children.contains) else {
      return fault(.packed, .eventOfOthers(code: code.key), event)
    }
    guard parents[child] == facts.parent else { return fault(.packed, .notInThatBox(code: child.key), event) }
    parents[child] = nil
  }

  private mutating func dispatch(_ facts: DispatchFacts, _ event: LoggedEvent) {
    guard facts.goods.contains(code) else { return fault(.dispatched, .eventOfOthers(code: code.key), event) }
    if binding != nil { fault(.dispatched, .dispatchedTwice(code: code.key), event) }
    let lineage = lineage
    let unit = lineage.firstIndex(where: facts.goods.units.contains)
    if unit == nil { fault(.packed, .boxNotDispatched(code: code.key), event) }
    let dispatched = lineage.prefix(through: unit ?? 0)
    if unit != nil, let inner = dispatched.dropLast().first(where: { !facts.goods.contents.contains($0) }) {
      fault(.packed, .notInContents(code: inner.key), event)
    }
    binding = Binding(
      event: event, dispatch: facts, lineage: Array(dispatched), holder: facts.dealer, territories: facts.territories)
  }

  private mutating func transfer(_ facts: TransferFacts, _ event: LoggedEvent) {
    guard facts.goods.contains(code) else { return fault(.transferred, .eventOfOthers(code: code.key), event) }
    guard let holder = binding?.holder else { return fault(.transferred, .notWithDealer(code: code.key), event) }
    if holder != facts.from { fault(.transferred, .notTheHolder(code: code.key, dealer: facts.from), event) }
    binding?.holder = facts.to
    binding?.territories = facts.territories
    binding?.transfers.append(event.index)
  }

  /// Receipt, sale or return: by the one who holds the goods, where a dealer is named.
  private mutating func handle(_ facts: HandlingFacts, _ event: LoggedEvent) {
    guard facts.goods.contains(code) else { return fault(.dispatched, .eventOfOthers(code: code.key), event) }
    guard let holder = binding?.holder else { return fault(.dispatched, .notWithDealer(code: code.key), event) }
    if let dealer = facts.dealer, dealer != holder {
      fault(.dispatched, .notTheHolder(code: code.key, dealer: dealer), event)
    }
  }
}
