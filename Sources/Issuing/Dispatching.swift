import Codes
import Ledger
import Regions
import Storage
import TransparencyLog

/// A dispatch to be made.
package struct NewDispatch: Sendable {
  /// The number on the paper, the dealer, and where the goods may be sold.
  package let number: String, dealer: String, territory: Territory
  /// What goes.
  package let units: [UnitReference]
  /// When it went; nil: now.
  package let at: Timestamp?

  /// Made from its parts.
  package init(number: String, dealer: String, territory: Territory, units: [UnitReference], at: Timestamp?) {
    self.number = number
    self.dealer = dealer
    self.territory = territory
    self.units = units
    self.at = at
  }
}

/// A dispatch that was made, with its seals.
package struct Dispatched: Sendable {
  /// The dispatch as stored.
  package let row: DispatchRow
  /// Code and sealed code of each unit, in order; at most `Issuing.sealsMax`.
  package let seals: [(code: String, uri: String)]
  /// How many units have a seal that is not listed here.
  package let sealsOmitted: Int64

  init(_ row: DispatchRow, _ runs: [Run], _ printer: CodePrinter) throws {
    self.row = row
    seals = try printer.seals(of: row, runs, limit: Issuing.sealsMax)
    sealsOmitted = runs.reduce(0) { $0 + $1.count } - Int64(seals.count)
  }
}

extension Issuing {
  /// Seals that an answer lists; the rest are had as labels.
  package static let sealsMax = 10_000

  /// Makes a dispatch that the client named, once.
  package func dispatch(_ new: NewDispatch, by actor: Actor, id: StepID?) async throws(IssuingError) -> Dispatched {
    let now = ledger.now()
    return try await ledger.write(IssuingError.self) { [ledger] transaction in
      if let before = try id?.result(for: actor, transaction) {
        guard let row = try transaction.dispatch(before) else { throw LedgerError.inconsistent("dispatch \(before)") }
        let runs = try transaction.units(ofDispatch: before).map {
          Run(space: $0.space, first: $0.first, last: $0.last)
        }
        return try Dispatched(row, runs, CodePrinter(ledger, transaction))
      }
      let made = try DispatchStep(ledger, transaction, try check(new, now), 0, actor, now).make()
      try id?.keep(made.row.id, event: made.row.event, for: actor, transaction)
      return made
    }
  }

  /// Makes dispatches, all or none. Refusals name the dispatch (from 0) and the unit.
  package func dispatch(_ new: [NewDispatch], by actor: Actor) async throws(IssuingError) -> [Dispatched] {
    let now = ledger.now()
    let isList = new.count > 1
    return try await ledger.write(IssuingError.self) { [ledger] transaction in
      var refusals: [Refusal] = []
      var made: [Dispatched] = []
      for (place, dispatch) in new.enumerated() {
        do {
          let step = try DispatchStep(ledger, transaction, try check(dispatch, now), place, actor, now)
          made.append(try step.make())
        } catch IssuingError.refused(let found) {
          refusals += found
        } catch IssuingError.unknown(_, let code) where isList {
          // In a list every dispatch that is wrong is named, not only the first.
          refusals.append(Refusal(request: place, .unknownDealer(code)))
        } catch IssuingError.invalid(_, let reason) where isList {
          refusals.append(Refusal(request: place, .invalid(reason)))
        }
      }
      guard refusals.isEmpty else { throw IssuingError.refused(refusals) }
      return made
    }
  }

  private func check(_ new: NewDispatch, _ now: Timestamp) throws(IssuingError) -> NewDispatch {
    guard (1...64).contains(new.number.count) else { throw .invalid(field: "/number", .length(max: 64)) }
    guard new.number.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value != 0x7f }) else {
      throw .invalid(field: "/number", .characters(allowed: "no spaces or control characters"))
    }
    guard new.units.count <= IssuingLimits.unitsMax else {
      throw .invalid(field: "/units", .tooMany(max: IssuingLimits.unitsMax))
    }
    try checkTerritory(new.territory, field: "/territories")
    let at = try (new.at ?? now).asPast("/dispatchedAt", now: now)
    return NewDispatch(
      number: new.number, dealer: new.dealer, territory: new.territory, units: new.units, at: at)
  }

  /// The seals of a dispatch, made again: Ed25519 is deterministic, so they are the ones that were printed.
  package func seals(
    ofDispatch id: Int64, after skip: Int64 = 0, limit: Int
  ) async throws(IssuingError) -> (row: DispatchRow, seals: [(code: String, uri: String)])? {
    try await ledger.read(IssuingError.self) { [ledger] transaction in
      guard let row = try transaction.dispatch(id) else { return nil }
      let printer = try CodePrinter(ledger, transaction)
      let runs = try transaction.units(ofDispatch: id).map { Run(space: $0.space, first: $0.first, last: $0.last) }
      return (row, try printer.seals(of: row, runs, skip: skip, limit: limit))
    }
  }
}

extension CodePrinter {
  /// Code and sealed code of the units of a dispatch in order, without the first `skip`.
  func seals(
    of row: DispatchRow, _ runs: [Run], skip: Int64 = 0, limit: Int
  ) throws -> [(code: String, uri: String)] {
    var subjects: [ScannedCode.Subject] = []
    var toSkip = max(0, skip)
    for run in runs where subjects.count < limit {
      guard toSkip < run.count else { toSkip -= run.count; continue }
      let first = run.first + toSkip
      for number in first...min(run.last, first + Int64(limit - subjects.count) - 1) {
        guard let subject = subject(space: run.space, number: number) else {
          throw LedgerError.inconsistent("dispatch \(row.id) names a code that was never issued")
        }
        subjects.append(subject)
      }
      toSkip = 0
    }
    let press = try press(of: row)
    return zip(subjects, try press.uris(of: subjects)).map { (press.resolver.uri(of: $0), $1) }
  }
}

/// One dispatch inside its transaction.
private struct DispatchStep {
  let ledger: Ledger
  let transaction: Transaction
  let new: NewDispatch
  let request: Int
  let actor: Actor
  let now: Timestamp
  let movement: Movement

  init(
    _ ledger: Ledger, _ transaction: Transaction, _ new: NewDispatch, _ request: Int, _ actor: Actor,
    _ now: Timestamp
  ) throws {
    self.ledger = ledger
    self.transaction = transaction
    self.new = new
    self.request = request
    self.actor = actor
    self.now = now
    movement = try Movement(ledger, transaction, at: new.at ?? now)
  }

  func make() throws -> Dispatched {
    try checkPaper()
    let cargo = try movement.cargo(of: new.units, request: request, rule)
    let key = try sealingKey()
    let row = DispatchRow(
      id: try transaction.nextDispatchID(), number: new.number, dealer: new.dealer,
      territories: new.territory.description, at: movement.at.milliseconds, items: cargo.items,
      sealKey: key.keyID, event: 0)
    let event = try ledger.append(
      EventDraft(.dispatch, at: movement.at, by: actor, data: try json(row, cargo)), transaction, recorded: now)
    let stored = DispatchRow(
      id: row.id, number: row.number, dealer: row.dealer, territories: row.territories, at: row.at, items: row.items,
      sealKey: row.sealKey, event: event)
    try transaction.addDispatch(stored, units: cargo.named.map { ($0.space, $0.first, $0.last) })
    try movement.apply(cargo, event: event, recorded: now) { life in
      life.state = .dispatched
      life.mark = nil
      life.dealer = new.dealer
      life.dispatch = row.id
      life.territory = new.territory
    }
    return try Dispatched(stored, cargo.named, CodePrinter(ledger, transaction))
  }

  /// The newest key that seals and was in force when the goods went: a seal is dated by its dispatch, and one from
  /// before its key's first day is refused by everyone who checks it.
  private func sealingKey() throws -> SealingKey {
    let keystore = ledger.keystore
    guard let newest = keystore.sealingKey else { throw LedgerError.keys("no seal key is in force") }
    let inForce = keystore.keyRing.keys.filter { $0.revokedAt == nil && $0.notBefore <= movement.at.seconds }
    if inForce.contains(where: { $0.keyID == newest.keyID }) { return newest }
    guard let older = inForce.last.flatMap({ keystore.sealingKey($0.keyID) }) else {
      throw LedgerError.keys("no seal key was in force when dispatch \(new.number) went")
    }
    return older
  }

  private func checkPaper() throws {
    func refuse(_ reason: RefusalReason) -> IssuingError { .refused([Refusal(request: request, reason)]) }
    if try transaction.dispatch(number: new.number) != nil { throw refuse(.numberTaken) }
    guard let dealer = try transaction.dealer(new.dealer) else {
      throw IssuingError.unknown(field: "/dealer", code: new.dealer)
    }
    guard new.territory.isWithin(try Territory.stored(dealer.territories)) else {
      throw refuse(.notAuthorised(regions: new.territory.description))
    }
  }

  /// What may be dispatched: what is in the house and was not scanned into a box that stays.
  private func rule(_ piece: LifeMap.Piece, isNamed: Bool) throws -> RefusalReason? {
    switch (piece.life.state, piece.life.enclosure) {
    case (.voided, _): .voided
    case (.dispatched, _), (.received, _), (.sold, _): .alreadyDispatched(dealer: piece.life.dealer ?? "")
    case (_, .box(let space, let serial)) where isNamed:
      .packedInside(box: movement.units.uri(space: space, number: serial))
    default: nil
    }
  }

  private func json(_ row: DispatchRow, _ cargo: Movement.Cargo) throws -> [String: JSONValue] {
    var data = try movement.json(cargo)
    data["dispatch"] = .integer(row.id)
    data["number"] = .string(row.number)
    data["dealer"] = .string(row.dealer)
    data["territories"] = new.territory.json
    data["items"] = .integer(row.items)
    data["sealKey"] = .string(row.sealKey)
    return data
  }
}
