import Ledger
import Regions
import Storage
import TransparencyLog

extension Issuing {
  /// A dealer receives what was dispatched or passed on to it.
  @discardableResult
  package func receive(
    _ units: [UnitReference], dealer: String, at: Timestamp? = nil, by actor: Actor,
    id: StepID? = nil
  ) async throws(IssuingError) -> Int64 {
    try await step(.receipt, units, (at, actor, id), data: ["dealer": .string(dealer)]) { _, life in
      Self.refusal(life, heldBy: dealer) ?? (life.state == .dispatched ? nil : .notInTransit)
    } change: { _, life in
      life.state = .received
    }
  }

  /// A dealer sells to a person.
  @discardableResult
  package func sell(
    _ units: [UnitReference], dealer: String, at: Timestamp? = nil, by actor: Actor,
    id: StepID? = nil
  ) async throws(IssuingError) -> Int64 {
    try await step(.sale, units, (at, actor, id), data: ["dealer": .string(dealer)]) { _, life in
      Self.refusal(life, heldBy: dealer) ?? (life.state == .sold ? .notInTransit : nil)
    } change: { _, life in
      life.state = .sold
    }
  }

  /// Goods come back to the brand.
  @discardableResult
  package func takeBack(
    _ units: [UnitReference], dealer: String?, reason: String, at: Timestamp? = nil, by actor: Actor,
    id: StepID? = nil
  ) async throws(IssuingError) -> Int64 {
    var data: [String: JSONValue] = ["reason": .string(try reason.asName("/reason"))]
    if let dealer { data["dealer"] = .string(dealer) }
    return try await step(.return, units, (at, actor, id), data: data) { _, life in
      dealer.map { Self.refusal(life, heldBy: $0) } ?? (life.isBound ? nil : Self.refusalOfUnbound(life))
    } change: { _, life in
      life.state = .returned
      life.mark = nil
      life.dealer = nil
      life.dispatch = nil
      life.territory = nil
    }
  }

  /// Codes are void: spoiled labels, a leaked print file, goods destroyed. Who held them stays on record.
  @discardableResult
  package func void(
    _ units: [UnitReference], reason: String, at: Timestamp? = nil, by actor: Actor,
    id: StepID? = nil
  ) async throws(IssuingError) -> Int64 {
    let data: [String: JSONValue] = ["reason": .string(try reason.asName("/reason"))]
    return try await step(.void, units, (at, actor, id), data: data) { _, life in
      life.state == .voided ? .voided : nil
    } change: { _, life in
      life.state = .voided
    }
  }

  /// Goods are passed down to a dealer below, for what both the binding and that dealer's territory allow.
  @discardableResult
  package func transfer(
    _ units: [UnitReference], from: String, to: String, at: Timestamp? = nil, by actor: Actor,
    id: StepID? = nil
  ) async throws(IssuingError) -> Int64 {
    let data: [String: JSONValue] = ["from": .string(from), "to": .string(to)]
    return try await step(.transfer, units, (at, actor, id), data: data) {
      try Self.territory(of: to, below: from, $0)
    } rule: { own, life in
      if let refusal = Self.refusal(life, heldBy: from) { return refusal }
      if life.state == .sold { return .notInTransit }
      guard let bound = life.territory, let own, !bound.intersection(own).isEmpty else {
        return .notAuthorised(regions: life.territory?.description ?? "")
      }
      return nil
    } change: { own, life in
      life.state = .dispatched
      life.dealer = to
      if let own { life.territory = life.territory?.intersection(own) }
    }
  }

  /// Where a dealer may sell, if it is below another one.
  private static func territory(of code: String, below above: String, _ transaction: Transaction) throws -> Territory {
    guard let dealer = try transaction.dealer(code) else { throw IssuingError.unknown(field: "/to", code: code) }
    var next = dealer.parent
    while let parent = next, parent != above { next = try transaction.dealer(parent)?.parent }
    guard next != nil else { throw IssuingError.refused([Refusal(.notBelow(dealer: code))]) }
    return try Territory.stored(dealer.territories)
  }

  /// Why a code is not with this dealer; nil when it is.
  private static func refusal(_ life: Life, heldBy dealer: String) -> RefusalReason? {
    guard life.isBound, let holder = life.dealer else { return refusalOfUnbound(life) }
    return holder == dealer ? nil : .heldBy(dealer: holder)
  }

  private static func refusalOfUnbound(_ life: Life) -> RefusalReason {
    life.state == .voided ? .voided : .notDispatched
  }

  private func step(
    _ kind: EventKind, _ units: [UnitReference], _ taker: (Timestamp?, Actor, StepID?), data: [String: JSONValue],
    receiver: @escaping @Sendable (Transaction) throws -> Territory? = { _ in nil },
    rule: @escaping @Sendable (Territory?, Life) throws -> RefusalReason?,
    change: @escaping @Sendable (Territory?, inout Life) -> Void
  ) async throws(IssuingError) -> Int64 {
    let (at, actor, id) = taker
    guard units.count <= IssuingLimits.unitsMax else {
      throw .invalid(field: "/units", .tooMany(max: IssuingLimits.unitsMax))
    }
    let now = ledger.now()
    let time = try (at ?? now).asPast("/at", now: now)
    return try await ledger.write(IssuingError.self) { [ledger] transaction in
      if let before = try id?.result(for: actor, transaction) { return before }
      for field in ["dealer", "from"] {
        guard let code = data[field]?.string else { continue }
        if try transaction.dealer(code) == nil { throw IssuingError.unknown(field: "/\(field)", code: code) }
      }
      let own = try receiver(transaction)
      let movement = try Movement(ledger, transaction, at: time)
      let cargo = try movement.cargo(of: units) { piece, _ in try rule(own, piece.life) }
      var all = data.merging(try movement.json(cargo)) { own, _ in own }
      if let own { all["territories"] = own.json }
      let event = try ledger.append(EventDraft(kind, at: time, by: actor, data: all), transaction, recorded: now)
      try movement.apply(cargo, event: event, recorded: now) { change(own, &$0) }
      try id?.keep(cargo.items, event: event, for: actor, transaction)
      return cargo.items
    }
  }
}
