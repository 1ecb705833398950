import Codes

/// One code on its way: takes the events of its chain in the order of the log, and keeps after each where the code was and
/// who held it. What cannot be is kept as a fault of the link that it breaks, and the walk goes on.
struct Journey {
  /// Goods with a dealer.
  struct Binding {
    let event: LoggedEvent
    /// nil where only a correction says who holds the goods: then there is no seal.
    var dispatch: DispatchFacts?
    /// The dispatch that the goods are counted to.
    var number: String?
    /// The code and the boxes around it when it left, up to the one that was dispatched.
    let lineage: [EvidenceCode]
    var holder: String
    var territories: [String]
    var transfers: [UInt64] = []
    var corrections: [UInt64] = []

    /// What was dispatched and sealed: the code itself or a box around it.
    var unit: EvidenceCode { lineage.last ?? lineage[0] }
  }

  /// What was true of the code from a moment on.
  struct State {
    var batch: LoggedEvent?
    var binding: Binding?
    var isVoid = false
  }

  let code: EvidenceCode
  /// Every dispatch of the code, in order.
  private(set) var dispatches: [Binding] = []
  private(set) var faults: [LinkName: Break] = [:]

  private var state = State()
  /// After a correction (`isLate`) a state counts for what was recorded later only.
  private var past: [(at: Instant, index: UInt64, isLate: Bool, state: State)] = []
  private var nesting = Nesting()
  /// The code and every box that it was ever in.
  private var around: Set<EvidenceCode>
  private var latest: Instant?

  /// Follows `code` through `events`, which are in the order of the log.
  init(_ code: EvidenceCode, _ events: [LoggedEvent]) {
    self.code = code
    around = [code]
    var isLate = false
    for event in events {
      if case .correction = event.facts { isLate = true }
      take(event)
      around.formUnion(nesting.lineage(of: code))
      past.append((event.at, event.index, isLate, state))
    }
    for event in events { checkPacking(event) }
  }

  /// What was true at a moment: what happened then counts. What a correction changed counts for scans that were recorded
  /// after it.
  func state(at scan: LoggedEvent) -> State {
    var found = State()
    for step in past {
      if step.at > scan.at {
        // Only a correction tells of an earlier moment than what stands before it.
        guard step.isLate else { break }
      } else if !step.isLate || step.index < scan.index {
        found = step.state
      }
    }
    return found
  }

  private mutating func take(_ event: LoggedEvent) {
    let link = Self.link(of: event)
    if case .correction = event.facts {
      // It tells of an earlier moment; what follows it may not be earlier than that.
      latest = event.at
    } else {
      if let latest, event.at < latest { fault(link, .timesOutOfOrder(code: code.key), event) }
      latest = max(latest ?? event.at, event.at)
    }
    if state.isVoid { fault(link, .alreadyVoid(code: code.key), event) }
    switch event.facts {
    case .batch(let facts): issue(facts, event)
    case .packing(let facts): pack(facts, event)
    case .unpacking(let facts): unpack(facts, event)
    case .dispatch(let facts): dispatch(facts, event)
    case .transfer(let facts): transfer(facts, event)
    case .receipt(let facts), .sale(let facts): handle(facts, event)
    case .returned(let facts):
      handle(facts, event)
      state.binding = nil
    case .void(let facts):
      if !facts.goods.contains(code) { fault(link, .eventOfOthers(code: code.key), event) }
      nesting.move(facts.goods.units, into: nil)
      // Who held the goods stays on record: void goods may turn up anywhere.
      state.isVoid = true
    case .correction(let facts): correct(facts, event)
    case .scan, .alert, .alertCorrected, .file, .policy, .product, .other:
      fault(link, .eventOfOthers(code: code.key), event)
    }
  }

  private mutating func fault(_ link: LinkName, _ flaw: Flaw, _ event: LoggedEvent) {
    if faults[link] == nil { faults[link] = Break(flaw, event.file) }
  }

  /// The link that an event belongs to.
  private static func link(of event: LoggedEvent) -> LinkName {
    switch event.facts {
    case .packing, .unpacking: .packed
    case .dispatch, .receipt, .sale, .returned, .void, .correction: .dispatched
    case .transfer: .transferred
    case .batch, .scan, .alert, .alertCorrected, .file, .policy, .product, .other: .issued
    }
  }
}

extension Journey {
  private mutating func issue(_ facts: BatchFacts, _ event: LoggedEvent) {
    guard facts.contains(code) else { return fault(.issued, .eventOfOthers(code: code.key), event) }
    guard state.batch == nil else { return fault(.issued, .issuedTwice(code: code.key), event) }
    state.batch = event
    nesting.assign(code, to: facts.box(of: code))
  }

  private mutating func pack(_ facts: PackingFacts, _ event: LoggedEvent) {
    for child in nesting.lineage(of: code) where facts.children.contains(child) {
      // Scanning a code into the very box that it is in confirms it.
      if let present = nesting.parent(of: child), present != facts.parent {
        fault(.packed, .packedTwice(code: child.key), event)
      }
    }
    nesting.move(facts.children, into: facts.parent)
  }

  private mutating func unpack(_ facts: PackingFacts, _ event: LoggedEvent) {
    for child in nesting.lineage(of: code) where facts.children.contains(child) {
      if nesting.parent(of: child) != facts.parent { fault(.packed, .notInThatBox(code: child.key), event) }
    }
    nesting.move(facts.children, into: nil)
  }

  /// A packing belongs into the chain when it moves the code, or a box that the code was ever in.
  private mutating func checkPacking(_ event: LoggedEvent) {
    switch event.facts {
    case .packing(let facts), .unpacking(let facts):
      guard !around.contains(where: facts.children.contains) else { return }
      fault(.packed, .eventOfOthers(code: code.key), event)
    case .correction(let facts):
      guard !around.contains(where: { facts.change(of: $0) != nil }) else { return }
      fault(.dispatched, .eventOfOthers(code: code.key), event)
    default: return
    }
  }

  /// From the correction's moment on, what it says of the code takes the place of what was recorded.
  private mutating func correct(_ facts: CorrectionFacts, _ event: LoggedEvent) {
    for change in facts.changes where change.moves { nesting.move(change.codes, into: change.box) }
    guard let change = facts.change(of: code) else { return }
    state.isVoid = change.isVoid
    guard let dealer = change.dealer else {
      state.binding = nil
      return
    }
    var binding =
      state.binding
      ?? Binding(event: event, dispatch: nil, number: nil, lineage: [code], holder: dealer, territories: [])
    binding.holder = dealer
    binding.territories = change.territories
    // Counted to another dispatch than it left with: that one's seal was not on these goods.
    if binding.number != change.dispatch { binding.dispatch = nil }
    binding.number = change.dispatch
    binding.corrections.append(event.index)
    state.binding = binding
  }

  private mutating func dispatch(_ facts: DispatchFacts, _ event: LoggedEvent) {
    guard facts.goods.contains(code) else { return fault(.dispatched, .eventOfOthers(code: code.key), event) }
    if state.binding != nil { fault(.dispatched, .dispatchedTwice(code: code.key), event) }
    let lineage = nesting.lineage(of: code)
    let unit = lineage.firstIndex(where: facts.goods.units.contains)
    if unit == nil { fault(.packed, .boxNotDispatched(code: code.key), event) }
    let dispatched = lineage.prefix(through: unit ?? 0)
    if unit != nil, let inner = dispatched.dropLast().first(where: { !facts.goods.contents.contains($0) }) {
      fault(.packed, .notInContents(code: inner.key), event)
    }
    let binding = Binding(
      event: event, dispatch: facts, number: facts.number, lineage: Array(dispatched), holder: facts.dealer,
      territories: facts.territories)
    state.binding = binding
    dispatches.append(binding)
    nesting.move(facts.goods.units, into: nil)
  }

  private mutating func transfer(_ facts: TransferFacts, _ event: LoggedEvent) {
    guard facts.goods.contains(code) else { return fault(.transferred, .eventOfOthers(code: code.key), event) }
    nesting.move(facts.goods.units, into: nil)
    guard var binding = state.binding else { return fault(.transferred, .notWithDealer(code: code.key), event) }
    if binding.holder != facts.from {
      fault(.transferred, .notTheHolder(code: code.key, dealer: facts.from), event)
    }
    binding.holder = facts.to
    // The event names where the receiver may sell at all; these goods may be sold where both allow.
    binding.territories = RegionText.intersection(binding.territories, facts.territories)
    binding.transfers.append(event.index)
    state.binding = binding
  }

  /// Receipt, sale or return: by the one who holds the goods, where a dealer is named.
  private mutating func handle(_ facts: HandlingFacts, _ event: LoggedEvent) {
    guard facts.goods.contains(code) else { return fault(.dispatched, .eventOfOthers(code: code.key), event) }
    nesting.move(facts.goods.units, into: nil)
    guard let holder = state.binding?.holder else {
      return fault(.dispatched, .notWithDealer(code: code.key), event)
    }
    if let dealer = facts.dealer, dealer != holder {
      fault(.dispatched, .notTheHolder(code: code.key, dealer: dealer), event)
    }
  }
}
