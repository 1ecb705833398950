import Codes
import Issuing
import Ledger
import Regions
import Storage
import TestWorld
import Testing
import TransparencyLog
import Verification

/// Takes the same steps with the real program, in a world that can crash.
struct Driver {
  private(set) var world: World
  private var issuing: Issuing
  private var verification: Verification
  private var items: [String] = []
  private var boxes: [String] = []

  init(seed: UInt64) async throws {
    world = try await World.make(seed: seed)
    issuing = Issuing(world.ledger)
    verification = Verification(world.ledger)
    try await issuing.add(NewProduct(gtin: Shop.gtin(), zh: "白酒", en: "Liquor"), by: .system)
    for dealer in Shop.dealers {
      let territory = try Territory(dealer.territories)
      try await issuing.add(
        NewDealer(code: dealer.code, name: "商", tier: dealer.tier, parent: dealer.parent, territory: territory),
        by: .system)
    }
  }

  /// The URI of a box.
  func uri(ofBox number: Int64) -> String { boxes.indices.contains(Int(number)) ? boxes[Int(number)] : "" }

  /// Takes a step.
  mutating func take(_ step: Step) async throws -> Outcome {
    if case .scan(let item, let at) = step { return try await scan(item, at: at) }
    do {
      return .done(try await attempt(step))
    } catch let error as IssuingError {
      return Outcome(error)
    }
  }

  private mutating func attempt(_ step: Step) async throws -> Int64 {
    let actor = Shop.actor
    switch step {
    case .issue(let quantity, let perBox, let boxes): return try await issue(quantity, perBox, boxes)
    case .pack(let parent, let children, let at):
      return Int64(try await issuing.pack(parent: code(parent), children: children.map(code), at: time(at), by: actor))
    case .unpack(let parent, let children, let at):
      return Int64(
        try await issuing.unpack(parent: code(parent), children: children.map(code), at: time(at), by: actor))
    case .dispatch(let requests): return try await dispatch(requests)
    case .receive(let units, let dealer, let at):
      return try await issuing.receive(units.map(reference), dealer: dealer, at: time(at), by: actor)
    case .sell(let units, let dealer, let at):
      return try await issuing.sell(units.map(reference), dealer: dealer, at: time(at), by: actor)
    case .takeBack(let units, let dealer, let at):
      return try await issuing.takeBack(units.map(reference), dealer: dealer, reason: "back", at: time(at), by: actor)
    case .void(let units, let at):
      return try await issuing.void(units.map(reference), reason: "torn", at: time(at), by: actor)
    case .transfer(let units, let from, let to, let at):
      return try await issuing.transfer(units.map(reference), from: from, to: to, at: time(at), by: actor)
    case .crash:
      world = try world.crashed()
      issuing = Issuing(world.ledger)
      verification = Verification(world.ledger)
    case .sequence(let fault): try await sequence(fault)
    case .scan: break
    }
    return 0
  }

  private func scan(_ item: Int64, at: Int64) async throws -> Outcome {
    let request = ScanRequest(
      code: items[Int(item)], at: Timestamp(milliseconds: at), location: .region(try RegionCode(Model.scanRegion)))
    let answer = try await verification.verify(request, by: Actor(key: 9, role: .terminal))
    guard let state = answer.state else { return .unexpected("\(answer)") }
    return .scanned(
      count: answer.scanCount, state: state, dealer: answer.dealer, territory: answer.territory.rawValue)
  }

  private func sequence(_ fault: Int?) async throws {
    let sequencer = try Sequencer(world.ledger)
    guard let fault else { return _ = try await sequencer.pass() }
    let step = Sequencer.Step.allCases[fault % Sequencer.Step.allCases.count]
    do { _ = try await sequencer.pass(faults: .at(step)) } catch {
      #expect(error == .inconsistent("fault injected at \(step)"))
    }
  }

  private mutating func issue(_ quantity: Int64, _ perBox: Int64?, _ boxes: Int64?) async throws -> Int64 {
    let new = NewBatch(gtin: try Shop.gtin(), quantity: quantity, perBox: perBox, boxes: boxes, profile: .compact)
    let row = try await issuing.issue(new, by: Shop.actor)
    let codes = try #require(try await issuing.codes(ofBatch: row.id))
    items += try (0..<row.count).map { try codes.item($0).uri }
    self.boxes += try (0..<row.boxCount).map { world.ledger.resolver.uri(of: try codes.box($0)) }
    return row.count
  }

  private func dispatch(_ requests: [Step.Request]) async throws -> Int64 {
    let new = try requests.map {
      NewDispatch(
        number: $0.number, dealer: $0.dealer, territory: try Territory($0.territories.joined(separator: ",")),
        units: try $0.units.map(reference), at: time($0.at))
    }
    let made = try await issuing.dispatch(new, by: Shop.actor)
    let ring = world.ledger.keystore.keyRing
    for (request, dispatched) in zip(requests, made) {
      for seal in dispatched.seals.prefix(2) {
        let statement = try ring.verify(ScannedCode(seal.uri)).statement
        #expect(statement.dealer == request.dealer && statement.territories == request.territories)
      }
    }
    return made.reduce(0) { $0 + $1.row.items }
  }

  private func time(_ milliseconds: Int64?) -> Timestamp? { milliseconds.map { Timestamp(milliseconds: $0) } }

  private func reference(_ unit: Unit) throws -> UnitReference {
    guard case .range(let batch, let level, let first, let last) = unit else { return .code(try code(unit)) }
    return .range(batch: Int64(batch) + 1, level: level, first: first, last: last)
  }

  private func code(_ unit: Unit) throws -> String {
    switch unit {
    case .item(let number): return items[Int(number)]
    case .box(let number): return boxes[Int(number)]
    case .forged: return String(items[0].dropLast()) + (items[0].hasSuffix("0") ? "1" : "0")
    case .unissued: return world.ledger.resolver.uri(of: try BoxSeries(key: "1.6901234").sscc(9_999_999))
    case .range: throw StorageError.engine(code: 0, message: "a range is no code")
    }
  }
}
