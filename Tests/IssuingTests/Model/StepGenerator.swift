import TestWorld
import Issuing
import Ledger

/// Makes random steps: most of them ones that a warehouse would take next, some impossible ones.
struct StepGenerator {
  var random: SeededGenerator
  private var papers = 0

  init(_ seed: UInt64) { random = SeededGenerator(seed) }

  private mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }

  private mutating func pick<T>(_ values: [T], _ fallback: T) -> T { values.randomElement(using: &random) ?? fallback }

  /// The next step, in the light of what is true.
  mutating func next(_ model: Model, now: Int64) -> Step {
    if model.batches.count < 2 {
      return .issue(quantity: 48, perBox: model.batches.isEmpty ? 6 : nil, boxes: model.batches.isEmpty ? nil : 12)
    }
    switch Int.random(in: 0..<100, using: &random) {
    case 0 where model.codes.count < 400: return issue()
    case 1: return .crash
    case 2...4: return .sequence(fault: chance(40) ? Int.random(in: 0...3, using: &random) : nil)
    case 5...14: return scan(model, now)
    default: return move(model, now)
    }
  }

  private mutating func scan(_ model: Model, _ now: Int64) -> Step {
    let items = model.codes.keys.filter { !$0.isBox }.sorted()
    let past = chance(50) ? 0 : Int64.random(in: 0...900_000, using: &random)
    return .scan(item: items.randomElement(using: &random)?.number ?? 0, at: now - past)
  }

  private mutating func issue() -> Step {
    let quantity = Int64.random(in: 1...40, using: &random)
    switch Int.random(in: 0...2, using: &random) {
    case 0: return .issue(quantity: quantity, perBox: Int64.random(in: 1...9, using: &random), boxes: nil)
    case 1: return .issue(quantity: quantity, perBox: nil, boxes: Int64.random(in: 1...6, using: &random))
    default: return .issue(quantity: quantity, perBox: nil, boxes: nil)
    }
  }

  /// A step about one code and its neighbours, as its state suggests; sometimes any step at all.
  private mutating func move(_ model: Model, _ now: Int64) -> Step {
    let subject = subject(model)
    let state = model.state(subject)
    let units = units(subject, model)
    let at = moment(now)
    let holder = chance(92) ? (state.dealer ?? dealer(model)) : dealer(model)
    guard chance(85) else { return anything(units, model, at, holder) }
    switch state.state {
    case .issued, .packed, .returned:
      switch Int.random(in: 0..<10, using: &random) {
      case 0...4: return pack(subject, model, at)
      case 5: return unpack(subject, model, at)
      case 6 where chance(20): return .void(units, at: at)
      default: return dispatch(units, model, now)
      }
    case .dispatched:
      switch Int.random(in: 0..<10, using: &random) {
      case 0...3: return .receive(units, dealer: holder, at: at)
      case 4...5: return .transfer(units, from: holder, to: below(holder, model), at: at)
      case 6: return unpack(subject, model, at)
      case 7: return .sell(units, dealer: holder, at: at)
      default: return .takeBack(units, dealer: chance(50) ? nil : holder, at: at)
      }
    case .received:
      switch Int.random(in: 0..<10, using: &random) {
      case 0...3: return .transfer(units, from: holder, to: below(holder, model), at: at)
      case 4...5: return .sell(units, dealer: holder, at: at)
      case 6: return unpack(subject, model, at)
      default: return .takeBack(units, dealer: chance(50) ? nil : holder, at: at)
      }
    case .sold: return .takeBack(units, dealer: holder, at: at)
    case .voided: return anything(units, model, at, holder)
    }
  }

  private mutating func anything(_ units: [Unit], _ model: Model, _ at: Int64?, _ holder: String) -> Step {
    let dealer = chance(95) ? dealer(model) : "nobody"
    switch Int.random(in: 0..<8, using: &random) {
    case 0: return .pack(parent: unit(subject(model)), children: codes(units), at: at)
    case 1: return .unpack(parent: unit(subject(model)), children: codes(units), at: at)
    case 2: return dispatch(units, model, at ?? 0)
    case 3: return .receive(units, dealer: dealer, at: at)
    case 4: return .sell(units, dealer: dealer, at: at)
    case 5: return .takeBack(units, dealer: dealer, at: at)
    case 6: return .transfer(units, from: holder, to: dealer, at: at)
    default: return chance(30) ? .void(units, at: at) : .receive(units, dealer: holder, at: at)
    }
  }

  /// A code; what is void is asked for less often, or all would be in the end.
  private mutating func subject(_ model: Model) -> Model.Code {
    let all = model.codes.keys.sorted()
    for _ in 0..<4 {
      let code = pick(all, Model.Code(isBox: false, number: 0))
      if model.state(code).state != .voided || chance(5) { return chance(50) ? box(around: code, model) : code }
    }
    return pick(all, Model.Code(isBox: false, number: 0))
  }

  private func box(around code: Model.Code, _ model: Model) -> Model.Code {
    model.state(code).place.box.map { Model.Code(isBox: true, number: $0) } ?? code
  }

  /// Packing takes codes, no ranges.
  private func codes(_ units: [Unit]) -> [Unit] { units.filter { if case .range = $0 { false } else { true } } }

  private func unit(_ code: Model.Code) -> Unit { code.isBox ? .box(code.number) : .item(code.number) }

  /// The subject, often with others in the same state, now and then with a range or a code that is none.
  private mutating func units(_ subject: Model.Code, _ model: Model) -> [Unit] {
    var units = [unit(subject)]
    let state = model.state(subject)
    if chance(40) {
      let alike = model.codes.filter { code, other in
        code != subject && other.state == state.state && other.dealer == state.dealer
          && other.place.box == state.place.box
      }.keys.sorted()
      for _ in 0..<Int.random(in: 1...4, using: &random) { units.append(unit(pick(alike, subject))) }
    }
    if chance(10) { units.append(range(model)) }
    if chance(4) { units.append(chance(50) ? .forged : .unissued) }
    if chance(1) { units = [] }
    return units.shuffled(using: &random)
  }

  private mutating func range(_ model: Model) -> Unit {
    let batch = Int.random(in: 0...model.batches.count, using: &random)
    let first = Int64.random(in: -1...40, using: &random)
    return .range(
      batch: batch, level: chance(70) ? .item : .box, first: first,
      last: first + Int64.random(in: -1...8, using: &random))
  }

  private mutating func pack(_ subject: Model.Code, _ model: Model, _ at: Int64?) -> Step {
    let boxes = model.codes.filter { $0.key.isBox && !$0.value.isBound && $0.value.state != .voided }.keys.sorted()
    let loose = model.codes.filter { $0.value.place.box == nil && !$0.value.isBound && $0.value.state != .voided }
    var children = [unit(subject)]
    let all = loose.keys.sorted().filter { !$0.isBox || chance(20) }
    for _ in 0..<Int.random(in: 0...5, using: &random) { children.append(unit(pick(all, subject))) }
    if chance(4) { children.append(.forged) }
    return .pack(parent: unit(pick(boxes, subject)), children: children, at: at)
  }

  private mutating func unpack(_ subject: Model.Code, _ model: Model, _ at: Int64?) -> Step {
    let parent = model.state(subject).place.box ?? 0
    var children = [subject] + model.children(of: parent).sorted().filter { _ in chance(25) }
    if children.count > 1, chance(70) { children.removeFirst() }
    return .unpack(parent: .box(parent), children: children.map(unit), at: at)
  }

  private mutating func dispatch(_ units: [Unit], _ model: Model, _ now: Int64) -> Step {
    let count = chance(85) ? 1 : Int.random(in: 2...3, using: &random)
    let requests = (0..<count).map { place in
      papers += chance(97) ? 1 : 0
      let dealer = chance(99) ? dealer(model) : "nobody"
      let own = model.dealers[dealer]?.territories ?? ["430000"]
      let territories = chance(90) ? Array(own.shuffled(using: &random).prefix(1)) : ["430000", "510000"]
      let goods = place == 0 || chance(20) ? units : self.units(subject(model), model)
      return Step.Request(
        number: "DN-\(papers)", dealer: dealer, territories: territories, units: goods, at: moment(now))
    }
    return .dispatch(requests)
  }

  private mutating func dealer(_ model: Model) -> String { pick(model.dealers.keys.sorted(), "A") }

  private mutating func below(_ dealer: String, _ model: Model) -> String {
    let children = model.dealers.filter { $0.value.parent == dealer }.keys.sorted()
    return chance(90) ? pick(children, dealer) : self.dealer(model)
  }

  /// Mostly now; sometimes a little or long ago, or in the future.
  private mutating func moment(_ now: Int64) -> Int64? {
    switch Int.random(in: 0..<100, using: &random) {
    case 0...5: now - Int64.random(in: 1...300_000, using: &random)
    case 6: now - Int64.random(in: 1...100_000_000, using: &random)
    case 7: now + Int64.random(in: 1...601_000, using: &random)
    default: nil
    }
  }
}
