import Issuing
import Ledger

extension Model {
  /// Takes a step, or says why it cannot be taken. `uri` gives a box's code.
  mutating func take(_ step: Step, now: Int64, uri: (Int64) -> String) -> Outcome {
    switch step {
    case .issue(let quantity, let perBox, let boxes): return issue(quantity, perBox, boxes, now: now)
    case .pack(let parent, let children, let at): return pack(parent, children, at, now, isPacking: true, uri)
    case .unpack(let parent, let children, let at): return pack(parent, children, at, now, isPacking: false, uri)
    case .dispatch(let requests): return dispatch(requests, now: now, uri: uri)
    case .receive(let units, let dealer, let at):
      return held(units, dealer, at, now) {
        $0.state == .dispatched ? nil : .notInTransit
      } change: {
        $0.state = .received
      }
    case .sell(let units, let dealer, let at):
      return held(units, dealer, at, now) {
        $0.state == .sold ? .notInTransit : nil
      } change: {
        $0.state = .sold
      }
    case .takeBack(let units, let dealer, let at): return takeBack(units, dealer, at, now)
    case .void(let units, let at):
      if let outcome = future(at, now, "/at") { return outcome }
      return move(units, at: at ?? now) { state, _ in
        state.state == .voided ? .voided : nil
      } change: {
        $0.state = .voided
      }
    case .transfer(let units, let from, let to, let at): return transfer(units, from, to, at, now)
    case .scan(let item, let at): return scan(item, at: at)
    case .crash, .sequence: return .done(0)
    }
  }

  /// What a scan finds: how often the item was scanned, its state at that moment, and whether the place was authorised.
  private mutating func scan(_ item: Int64, at: Int64) -> Outcome {
    let code = Code(isBox: false, number: item)
    let lives = histories[code] ?? []
    guard let state = lives.last(where: { $0.at <= at }) ?? lives.first else { return .unexpected("no item \(item)") }
    scans[code, default: 0] += 1
    events += 1
    let territories = state.isBound || state.state == .voided ? state.territories : nil
    let finding = territories.map { Self.lies(Self.scanRegion, in: $0) ? "inside" : "outside" } ?? "notBound"
    return .scanned(count: scans[code, default: 0], state: state.state, dealer: state.dealer, territory: finding)
  }

  /// Furong, Changsha.
  static let scanRegion = "430102"

  /// Why a code is not with this dealer.
  private func refusal(_ state: State, heldBy dealer: String?) -> RefusalReason? {
    guard state.isBound else { return state.state == .voided ? .voided : .notDispatched }
    guard let dealer, let holder = state.dealer, holder != dealer else { return nil }
    return .heldBy(dealer: holder)
  }

  private mutating func held(
    _ units: [Unit], _ dealer: String, _ at: Int64?, _ now: Int64, _ rule: (State) -> RefusalReason?,
    change: (inout State) -> Void
  ) -> Outcome {
    if let outcome = future(at, now, "/at") { return outcome }
    guard dealers[dealer] != nil else { return .unknown(field: "/dealer", code: dealer) }
    let model = self
    return move(units, at: at ?? now) { state, _ in
      model.refusal(state, heldBy: dealer) ?? rule(state)
    } change: {
      change(&$0)
    }
  }

  private mutating func takeBack(_ units: [Unit], _ dealer: String?, _ at: Int64?, _ now: Int64) -> Outcome {
    if let outcome = future(at, now, "/at") { return outcome }
    if let dealer, dealers[dealer] == nil { return .unknown(field: "/dealer", code: dealer) }
    let model = self
    return move(units, at: at ?? now) { state, _ in
      model.refusal(state, heldBy: dealer)
    } change: {
      $0.state = .returned
      ($0.dealer, $0.dispatch, $0.territories) = (nil, nil, nil)
    }
  }

  private mutating func transfer(
    _ units: [Unit], _ from: String, _ to: String, _ at: Int64?, _ now: Int64
  ) -> Outcome {
    if let outcome = future(at, now, "/at") { return outcome }
    guard dealers[from] != nil else { return .unknown(field: "/from", code: from) }
    guard let receiver = dealers[to] else { return .unknown(field: "/to", code: to) }
    var above = receiver.parent
    while let dealer = above, dealer != from { above = dealers[dealer]?.parent }
    guard above != nil else {
      return .refused([.init(request: 0, unit: nil, reason: "\(RefusalReason.notBelow(dealer: to))")])
    }
    let model = self
    return move(units, at: at ?? now) { state, _ in
      if let refusal = model.refusal(state, heldBy: from) { return refusal }
      if state.state == .sold { return .notInTransit }
      let bound = state.territories ?? []
      return Self.common(bound, receiver.territories).isEmpty
        ? .notAuthorised(regions: bound.joined(separator: ",")) : nil
    } change: {
      $0.state = .dispatched
      $0.dealer = to
      $0.territories = Self.common($0.territories ?? [], receiver.territories)
    }
  }

  private mutating func pack(
    _ parent: Unit, _ children: [Unit], _ at: Int64?, _ now: Int64, isPacking: Bool, _ uri: (Int64) -> String
  ) -> Outcome {
    func refuse(_ reason: RefusalReason) -> Outcome { .refused([.init(request: 0, unit: nil, reason: "\(reason)")]) }
    if children.isEmpty { return refuse(.empty) }
    if let outcome = future(at, now, "/at") { return outcome }
    let time = at ?? now
    let box: Code
    switch resolve(parent) {
    case .failure(let failure): return refuse(failure.reason)
    case .success(let codes): box = codes[0]
    }
    guard box.isBox else { return refuse(.wrongLevel) }
    if state(box).state == .voided { return refuse(.voided) }
    if state(box).at > time { return refuse(.beforePrevious(Timestamp(milliseconds: state(box).at))) }
    var complaints: Set<Outcome.Complaint> = []
    if isPacking, state(box).isBound {
      complaints.insert(
        .init(request: 0, unit: nil, reason: "\(RefusalReason.alreadyDispatched(dealer: state(box).dealer ?? ""))"))
    }
    var seen: [Code] = []
    for (place, child) in children.enumerated() {
      let reasons = problems(child, in: box, seen, time, isPacking, uri)
      for reason in reasons { complaints.insert(.init(request: 0, unit: place, reason: "\(reason)")) }
      if case .success(let codes) = resolve(child) { seen += codes }
    }
    guard complaints.isEmpty else { return .refused(complaints) }
    for code in seen {
      var new = state(code)
      new.state = isPacking ? .packed : (new.state == .packed ? .issued : new.state)
      new.place = isPacking ? .packed(box.number) : .out
      new.at = time
      set(code, new)
    }
    events += 1
    return .done(Int64(children.count))
  }

  private func problems(
    _ child: Unit, in box: Code, _ seen: [Code], _ time: Int64, _ isPacking: Bool, _ uri: (Int64) -> String
  ) -> [RefusalReason] {
    let code: Code
    switch resolve(child) {
    case .failure(let failure): return [failure.reason]
    case .success(let codes): code = codes[0]
    }
    if seen.contains(code) { return [.namedTwice] }
    if isPacking, code.isBox, nests(code.number, in: box.number) { return [.nesting] }
    let state = state(code)
    var reasons: [RefusalReason] = []
    if state.state == .voided { reasons.append(.voided) }
    if isPacking {
      if state.isBound { reasons.append(.alreadyDispatched(dealer: state.dealer ?? "")) }
      switch state.place {
      case .packed(let other): reasons.append(.alreadyPacked(box: uri(other)))
      case .byBatch(let other?) where other != box.number: reasons.append(.alreadyPacked(box: uri(other)))
      default: break
      }
    } else if state.place.box != box.number {
      reasons.append(.notInBox)
    }
    if reasons.isEmpty, state.at > time { reasons.append(.beforePrevious(Timestamp(milliseconds: state.at))) }
    return reasons
  }

  /// Whether a box in another would hold itself, or make more levels of boxes than there may be.
  private func nests(_ child: Int64, in parent: Int64) -> Bool {
    var chain: [Int64] = []
    var next: Int64? = parent
    while let box = next {
      chain.append(box)
      next = state(Code(isBox: true, number: box)).place.box
    }
    return chain.contains(child) || chain.count + 1 + levels(below: child) > boxLevels
  }

  private func levels(below box: Int64) -> Int {
    children(of: box).filter(\.isBox).map { 1 + levels(below: $0.number) }.max() ?? 0
  }
}
