import Issuing
import Ledger

/// The goods as a plain dictionary: what every code's life is, computed the slow and obvious way. It shares with the
/// program nothing but the words for states and reasons.
struct Model {
  /// An item or a box, by its number.
  struct Code: Hashable, Comparable {
    let isBox: Bool
    let number: Int64

    static func < (left: Code, right: Code) -> Bool {
      (left.isBox ? 1 : 0, left.number) < (right.isBox ? 1 : 0, right.number)
    }
  }

  /// Which box a code is in.
  enum Place: Equatable {
    /// As its batch says: in this box, or in none.
    case byBatch(Int64?)
    case out
    case packed(Int64)

    var box: Int64? {
      switch self {
      case .byBatch(let box): box
      case .out: nil
      case .packed(let box): box
      }
    }
  }

  /// What is true of one code.
  struct State: Equatable {
    var state: LifeState
    var dealer: String?
    var dispatch: Int64?
    var territories: [String]?
    var place: Place
    var at: Int64

    var isBound: Bool { state == .dispatched || state == .received || state == .sold }
  }

  struct Batch {
    let firstItem: Int64, items: Int64, firstBox: Int64, boxes: Int64
  }

  struct Dealer {
    let parent: String?
    let territories: [String]
  }

  let dealers: [String: Dealer]
  private(set) var batches: [Batch] = []
  private(set) var codes: [Code: State] = [:]
  /// Every state that a code has had, oldest first.
  private(set) var histories: [Code: [State]] = [:]
  private var numbers: Set<String> = []
  private var dispatches: Int64 = 0
  /// How often each item was scanned.
  var scans: [Code: Int64] = [:]
  /// How many events there should be.
  var events: Int64
  let boxLevels = 3

  init(dealers: [String: Dealer], events: Int64) {
    self.dealers = dealers
    self.events = events
  }

  /// Sets a code's state, for good.
  mutating func set(_ code: Code, _ state: State) {
    codes[code] = state
    histories[code, default: []].append(state)
  }

  mutating func issue(_ quantity: Int64, _ perBox: Int64?, _ boxes: Int64?, now: Int64) -> Outcome {
    let boxCount = perBox.map { (quantity + $0 - 1) / $0 } ?? boxes ?? 0
    let firstItem = batches.last.map { $0.firstItem + $0.items } ?? 0
    let firstBox = batches.last.map { $0.firstBox + $0.boxes } ?? 0
    batches.append(Batch(firstItem: firstItem, items: quantity, firstBox: firstBox, boxes: boxCount))
    for place in 0..<quantity {
      let box = perBox.map { firstBox + place / $0 }
      set(Code(isBox: false, number: firstItem + place), State(state: .issued, place: .byBatch(box), at: now))
    }
    for place in 0..<boxCount {
      set(Code(isBox: true, number: firstBox + place), State(state: .issued, place: .byBatch(nil), at: now))
    }
    events += 1
    return .done(quantity)
  }

  /// The codes directly in a box.
  func children(of box: Int64) -> [Code] { codes.filter { $0.value.place.box == box }.map(\.key) }

  /// Everything in a box, at any depth.
  func descendants(of box: Int64) -> [Code] {
    children(of: box).flatMap { $0.isBox ? [$0] + descendants(of: $0.number) : [$0] }
  }

  /// The codes that a unit names, or why it names none.
  func resolve(_ unit: Unit) -> Result<[Code], Reason> {
    switch unit {
    case .item(let number): return .success([Code(isBox: false, number: number)])
    case .box(let number): return .success([Code(isBox: true, number: number)])
    case .forged: return .failure(Reason(.notOurs("failed-tag")))
    case .unissued: return .failure(Reason(.notIssued))
    case .range(let batch, let level, let first, let last):
      guard batches.indices.contains(batch), first >= 0, first <= last else { return .failure(Reason(.notIssued)) }
      let (base, count) =
        level == .item
        ? (batches[batch].firstItem, batches[batch].items) : (batches[batch].firstBox, batches[batch].boxes)
      guard last < count else { return .failure(Reason(.notIssued)) }
      return .success((first...last).map { Code(isBox: level == .box, number: base + $0) })
    }
  }

  struct Reason: Error {
    let reason: RefusalReason
    init(_ reason: RefusalReason) { self.reason = reason }
  }

  func state(_ code: Code) -> State { codes[code] ?? State(state: .issued, place: .out, at: 0) }

  /// A later step is not dated ten minutes ahead.
  func future(_ at: Int64?, _ now: Int64, _ field: String) -> Outcome? {
    (at ?? now) > now + 600_000 ? .invalid(field: field, .future) : nil
  }

  mutating func dispatch(_ requests: [Step.Request], now: Int64, uri: (Int64) -> String) -> Outcome {
    let before = self
    var complaints: Set<Outcome.Complaint> = []
    var items: Int64 = 0
    for (place, request) in requests.enumerated() {
      let isList = requests.count > 1
      switch future(request.at, now, "/dispatchedAt") ?? dispatch(request, place, now, uri) {
      case .unknown(_, let code) where isList:
        complaints.insert(.init(request: place, unit: nil, reason: "\(RefusalReason.unknownDealer(code))"))
      case .invalid(_, let fault) where isList:
        complaints.insert(.init(request: place, unit: nil, reason: "\(RefusalReason.invalid(fault))"))
      case .done(let count): items += count
      case .refused(let found): complaints.formUnion(found)
      case let other:
        self = before
        return other
      }
    }
    guard complaints.isEmpty else {
      self = before
      return .refused(complaints)
    }
    return .done(items)
  }

  private mutating func dispatch(
    _ request: Step.Request, _ place: Int, _ now: Int64, _ uri: (Int64) -> String
  ) -> Outcome {
    func refuse(_ reason: RefusalReason) -> Outcome {
      .refused([.init(request: place, unit: nil, reason: "\(reason)")])
    }
    if numbers.contains(request.number) { return refuse(.numberTaken) }
    guard let dealer = dealers[request.dealer] else { return .unknown(field: "/dealer", code: request.dealer) }
    guard request.territories.allSatisfy({ Self.lies($0, in: dealer.territories) }) else {
      return refuse(.notAuthorised(regions: request.territories.joined(separator: ",")))
    }
    let outcome = move(request.units, request: place, at: request.at ?? now) { state, isNamed in
      switch state.state {
      case .voided: .voided
      case .dispatched, .received, .sold: .alreadyDispatched(dealer: state.dealer ?? "")
      default:
        if case .packed(let box) = state.place, isNamed { .packedInside(box: uri(box)) } else { nil }
      }
    } change: { [dispatches] state in
      state.state = .dispatched
      state.dealer = request.dealer
      state.dispatch = dispatches + 1
      state.territories = request.territories
    }
    guard case .done = outcome else { return outcome }
    numbers.insert(request.number)
    dispatches += 1
    return outcome
  }

  /// A step of goods, all or none.
  mutating func move(
    _ units: [Unit], request: Int = 0, at: Int64, _ rule: (State, Bool) -> RefusalReason?,
    change: (inout State) -> Void
  ) -> Outcome {
    var complaints: Set<Outcome.Complaint> = []
    func complain(_ unit: Int?, _ reason: RefusalReason) {
      complaints.insert(.init(request: request, unit: unit, reason: "\(reason)"))
    }
    if units.isEmpty { complain(nil, .empty) }
    var named: [Code] = []
    var inside: [Code] = []
    for (place, unit) in units.enumerated() {
      switch resolve(unit) {
      case .failure(let failure): complain(place, failure.reason)
      case .success(let codes):
        let within = codes.filter(\.isBox).flatMap { descendants(of: $0.number) }
        for (code, isNamed) in codes.map({ ($0, true) }) + within.map({ ($0, false) }) {
          let state = state(code)
          if let reason = rule(state, isNamed) {
            complain(place, reason)
          } else if state.at > at {
            complain(place, .beforePrevious(Timestamp(milliseconds: state.at)))
          }
        }
        named += codes
        inside += within
      }
    }
    if complaints.isEmpty, Set(named + inside).count < named.count + inside.count { complain(nil, .namedTwice) }
    guard complaints.isEmpty else { return .refused(complaints) }
    for code in named + inside {
      var state = state(code)
      change(&state)
      state.at = at
      set(code, state)
    }
    for code in named where state(code).place.box != nil { takeOut(code) }
    events += 1
    return .done(Int64((named + inside).filter { !$0.isBox }.count))
  }

  /// Part of the step that was just taken: no state of its own.
  private mutating func takeOut(_ code: Code) {
    guard var state = codes[code], var history = histories[code], !history.isEmpty else { return }
    state.place = .out
    history[history.count - 1] = state
    codes[code] = state
    histories[code] = history
  }
}

/// Regions, by nothing but their digits: a code without its trailing zero pairs is the beginning of all within it.
extension Model {
  static func lies(_ region: String, in territories: [String]) -> Bool {
    territories.contains { region.hasPrefix(stem($0)) }
  }

  static func common(_ left: [String], _ right: [String]) -> [String] {
    let all = left.filter { lies($0, in: right) } + right.filter { lies($0, in: left) }
    return Set(all).sorted()
  }

  private static func stem(_ region: String) -> Substring {
    var stem = region[...]
    while stem.hasSuffix("00"), stem.count > 2 { stem = stem.dropLast(2) }
    return stem
  }
}
