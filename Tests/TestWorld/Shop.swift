import Codes
import Issuing
import Ledger
import Regions
import Storage
import Testing

/// A brand with one product, six dealers and two batches: 120 items in boxes of 12 by the batch's rule (`item`, `box`),
/// and 40 loose items with 8 empty boxes to be packed by scanning (`loose`, `crate`).
///
/// Dealers: A (Hunan, Guangdong) above A1 (Changsha, Guangzhou) above A11 (one district of Changsha), A above A2
/// (Zhuzhou); B (Hunan) above B1 (Changsha).
package struct Shop {
  package let world: World
  package let issuing: Issuing
  package let boxed: BatchRow
  package let mixed: BatchRow
  private let codes: [BatchCodes]

  package static let actor = Actor(key: 2, role: .warehouse)
  package static let dealers =
    [
      ("A", 1, nil, "430000,440000"), ("A1", 2, "A", "430100,440100"), ("A11", 3, "A1", "430102"),
      ("A2", 2, "A", "430200"), ("B", 1, nil, "430000"), ("B1", 2, "B", "430100"),
    ] as [(code: String, tier: Int64, parent: String?, territories: String)]

  package static func gtin() throws -> GTIN { try GTIN("06901234567892") }

  package static func make(seed: UInt64 = 1) async throws -> Shop {
    let world = try await World.make(seed: seed)
    let issuing = Issuing(world.ledger)
    try await issuing.add(NewProduct(gtin: gtin(), zh: "白酒", en: "Liquor"), by: .system)
    for dealer in dealers {
      let territory = try Territory(dealer.territories)
      try await issuing.add(
        NewDealer(code: dealer.code, name: "经销商", tier: dealer.tier, parent: dealer.parent, territory: territory),
        by: .system)
    }
    let boxed = try await issuing.issue(
      NewBatch(gtin: gtin(), quantity: 120, perBox: 12, profile: .compact), by: actor)
    let mixed = try await issuing.issue(NewBatch(gtin: gtin(), quantity: 40, boxes: 8, profile: .strong), by: actor)
    let codes = try await [boxed.id, mixed.id].asyncMap { try #require(try await issuing.codes(ofBatch: $0)) }
    world.clock.advance(seconds: 60)
    return Shop(world: world, issuing: issuing, boxed: boxed, mixed: mixed, codes: codes)
  }

  /// Codes as readers read them.
  package func item(_ place: Int64) -> String { uri { try codes[0].item(place).uri } }
  package func box(_ place: Int64) -> String { uri { world.ledger.resolver.uri(of: try codes[0].box(place)) } }
  package func loose(_ place: Int64) -> String { uri { try codes[1].item(place).uri } }
  package func crate(_ place: Int64) -> String { uri { world.ledger.resolver.uri(of: try codes[1].box(place)) } }

  private func uri(_ make: () throws -> String) -> String { (try? make()) ?? "no code" }

  package var now: Timestamp { world.clock.now }

  package func tick() { world.clock.advance(seconds: 60) }
}

/// Steps, each a minute after the one before.
extension Shop {
  @discardableResult
  package func dispatch(
    _ units: [String], to dealer: String = "A", _ territories: String = "430000", number: String? = nil
  ) async throws -> Dispatched {
    tick()
    let new = try self.new(units.map { .code($0) }, to: dealer, territories, number: number)
    return try #require(try await issuing.dispatch([new], by: Self.actor).first)
  }

  package func new(
    _ units: [UnitReference], to dealer: String = "A", _ territories: String = "430000", number: String? = nil,
    at: Timestamp? = nil
  ) throws -> NewDispatch {
    NewDispatch(
      number: number ?? "DN-\(now.milliseconds)", dealer: dealer, territory: try Territory(territories), units: units,
      at: at)
  }

  package func pack(_ children: [String], into parent: String) async throws {
    tick()
    try await issuing.pack(parent: parent, children: children, by: Self.actor)
  }

  package func unpack(_ children: [String], from parent: String) async throws {
    tick()
    try await issuing.unpack(parent: parent, children: children, by: Self.actor)
  }

  @discardableResult
  package func receive(_ units: [String], by dealer: String = "A") async throws -> Int64 {
    tick()
    return try await issuing.receive(units.map { .code($0) }, dealer: dealer, by: Self.actor)
  }

  @discardableResult
  package func sell(_ units: [String], by dealer: String = "A") async throws -> Int64 {
    tick()
    return try await issuing.sell(units.map { .code($0) }, dealer: dealer, by: Self.actor)
  }

  @discardableResult
  package func transfer(_ units: [String], from: String = "A", to: String = "A1") async throws -> Int64 {
    tick()
    return try await issuing.transfer(units.map { .code($0) }, from: from, to: to, by: Self.actor)
  }

  @discardableResult
  package func takeBack(_ units: [String], from dealer: String? = nil) async throws -> Int64 {
    tick()
    return try await issuing.takeBack(units.map { .code($0) }, dealer: dealer, reason: "unsold", by: Self.actor)
  }

  @discardableResult
  package func void(_ units: [String]) async throws -> Int64 {
    tick()
    return try await issuing.void(units.map { .code($0) }, reason: "torn", by: Self.actor)
  }

  /// The newest life of a code.
  package func life(_ code: String) async throws -> Life { try #require(try await issuing.lookUp(code).lives.first) }

  /// Expects that `attempt` is refused with exactly this error and that nothing changed.
  package func refused(
    _ expected: IssuingError, sourceLocation: SourceLocation = #_sourceLocation,
    _ attempt: () async throws -> Void
  ) async throws {
    let before = try await world.dump()
    await #expect(throws: expected, sourceLocation: sourceLocation) { try await attempt() }
    #expect(try await world.dump() == before, sourceLocation: sourceLocation)
  }

  /// Expects that the state checker and the audit find nothing.
  package func checkWhole(sourceLocation: SourceLocation = #_sourceLocation) async throws {
    try await Sequencer(world.ledger).catchUp()
    #expect(try await Audit(world.ledger).run().defects == [], sourceLocation: sourceLocation)
  }
}

extension Array {
  package func asyncMap<T>(_ transform: (Element) async throws -> T) async rethrows -> [T] {
    var result: [T] = []
    for element in self { result.append(try await transform(element)) }
    return result
  }
}
