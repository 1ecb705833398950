import Ledger
import Regions
import Storage
import TransparencyLog

/// What is to be put right.
package enum Correcting: Sendable {
  /// These goods were in truth bound to this dealer for these territories.
  case binding([UnitReference], dealer: String, territory: Territory)
  /// These goods were passed from one dealer to another with authorisation; without a territory, for all of the other's.
  case transfer([UnitReference], from: String, to: String, territory: Territory?)
  /// The labels of these two boxes were exchanged: what lies in one is what was recorded as lying in the other.
  case boxLabel(String, String)
  /// The new code stands on the goods whose old label was damaged.
  case replacedLabel(old: String, new: String)
  /// This box was opened; what was in it goes on singly.
  case openedBox(String)

  /// Its kind.
  package var kind: CorrectionKind {
    switch self {
    case .binding: .binding
    case .transfer: .transfer
    case .boxLabel: .boxLabel
    case .replacedLabel: .replacedLabel
    case .openedBox: .openedBox
    }
  }
}

/// A correction that was made.
package struct Corrected: Sendable, Equatable {
  /// Its event; how many items it changed; the alerts that it cleared.
  package let event: Int64, items: Int64, cleared: [Int64]
}

extension Issuing {
  /// Puts the record right from a moment on: verdicts of later scans follow it, and alerts that rest on scans since then
  /// are judged again. What was recorded before stays.
  /// - Parameter at: since when it is true; nil: since the goods were bound.
  package func correct(
    _ correcting: Correcting, reason: String, at: Timestamp? = nil, by actor: Actor
  ) async throws(IssuingError) -> Corrected {
    let reason = try reason.asName("/reason")
    let now = ledger.now()
    _ = try (at ?? now).asPast("/at", now: now)
    if case .binding(_, _, let territory) = correcting { try checkTerritory(territory, field: "/territories") }
    return try await ledger.write(IssuingError.self) { [ledger] transaction in
      var step = try CorrectionStep(ledger, transaction, now)
      try step.plan(correcting)
      let since = try step.since(at)
      let kind = correcting.kind
      let event = try ledger.append(
        EventDraft(
          .correction, at: since, by: actor,
          data: ["correction": .string(kind.rawValue), "changes": try step.json()],
          personal: ["reason": .string(reason)]), transaction, recorded: now)
      try step.apply(event: event, at: since)
      let cleared = try CorrectedAlerts(ledger, transaction).judge(
        .init(
          event: event, kind: kind, at: since, by: actor, recorded: now, runs: step.changes.map(\.piece.run),
          dealers: Set(step.changes.map(\.piece.life.dealer))))
      return Corrected(event: event, items: step.items, cleared: cleared)
    }
  }
}

/// One correction inside its transaction.
private struct CorrectionStep {
  private let transaction: Transaction
  private let movement: Movement
  private let now: Timestamp
  /// What becomes of which codes.
  private(set) var changes: [(piece: LifeMap.Piece, becomes: CorrectedLife)] = []

  init(_ ledger: Ledger, _ transaction: Transaction, _ now: Timestamp) throws {
    self.transaction = transaction
    self.now = now
    // A correction may be dated before what it corrects; how far back is checked by `since`.
    movement = try Movement(ledger, transaction, at: Timestamp(milliseconds: .max))
  }

  mutating func plan(_ correcting: Correcting) throws {
    switch correcting {
    case .binding(let units, let dealer, let territory):
      try bind(units, dealer, territory, field: "/dealer", .binding)
    case .transfer(let units, let from, let to, let territory):
      guard try transaction.dealer(from) != nil else { throw IssuingError.unknown(field: "/from", code: from) }
      try bind(units, to, territory, field: "/to", from: from, .transfer)
    case .boxLabel(let first, let second): try exchange(try box(first), try box(second))
    case .replacedLabel(let old, let new): try replace(old, by: new)
    case .openedBox(let code): try open(try box(code))
    }
  }

  /// Goods get another holder and territory.
  private mutating func bind(
    _ units: [UnitReference], _ code: String, _ wanted: Territory?, field: String, from: String? = nil, _ mark: LifeMark
  ) throws {
    guard let dealer = try transaction.dealer(code) else { throw IssuingError.unknown(field: field, code: code) }
    let own = try Territory.stored(dealer.territories)
    let territory = wanted ?? own
    guard territory.isWithin(own), !territory.isEmpty else {
      throw IssuingError.refused([Refusal(.notAuthorised(regions: territory.description))])
    }
    let cargo = try movement.cargo(of: units) { piece, _ in
      guard piece.life.isBound, let holder = piece.life.dealer else {
        return piece.life.state == .voided ? .voided : .notDispatched
      }
      return from == nil || from == holder ? nil : .heldBy(dealer: holder)
    }
    for piece in cargo.pieces + cargo.inside {
      var becomes = CorrectedLife(piece.life, mark)
      becomes.dealer = code
      becomes.territory = territory
      changes.append((piece, becomes))
    }
  }

  /// What lies in two boxes changes places, and takes over the other box's binding.
  private mutating func exchange(_ first: LifeMap.Piece, _ second: LifeMap.Piece) throws {
    guard first.run != second.run else { throw IssuingError.refused([Refusal(unit: 1, .namedTwice)]) }
    for (place, (box, other)) in [(first, second), (second, first)].enumerated() {
      let children = try movement.contents.children(of: box.run)
      guard !children.isEmpty else { throw IssuingError.refused([Refusal(unit: place, .empty)]) }
      for piece in children {
        var becomes = CorrectedLife(piece.life, .boxLabel)
        becomes.enclosure = .box(space: other.run.space, serial: other.run.first)
        rebind(&becomes, as: other.life)
        changes.append((piece, becomes))
        guard movement.units.holdsBoxes(piece.run.space) else { continue }
        for inner in try movement.contents.descendants(of: piece.run) {
          var becomes = CorrectedLife(inner.life, .boxLabel)
          rebind(&becomes, as: other.life)
          changes.append((inner, becomes))
        }
      }
    }
  }

  private func rebind(_ life: inout CorrectedLife, as other: Life) {
    life.state = other.isBound || life.dealer != nil ? other.state : life.state
    life.dealer = other.dealer
    life.dispatch = other.dispatch
    life.territory = other.territory
  }

  /// A new code takes the place of an old one, which becomes void.
  private mutating func replace(_ old: String, by new: String) throws {
    let (old, oldCode) = (try piece(old, place: 0), old)
    let (fresh, newCode) = (try piece(new, place: 1), new)
    guard movement.units.holdsBoxes(old.run.space) == movement.units.holdsBoxes(fresh.run.space) else {
      throw IssuingError.refused([Refusal(unit: 1, code: newCode, .wrongLevel)])
    }
    if old.life.state == .voided { throw IssuingError.refused([Refusal(unit: 0, code: oldCode, .voided)]) }
    guard [.issued, .packed].contains(fresh.life.state) else {
      let reason: RefusalReason =
        fresh.life.isBound ? .alreadyDispatched(dealer: fresh.life.dealer ?? "") : .voided
      throw IssuingError.refused([Refusal(unit: 1, code: newCode, reason)])
    }
    var successor = CorrectedLife(old.life, .newLabel)
    let around = try movement.contents.box(of: old.run.first, space: old.run.space, life: old.life)
    successor.enclosure = around.map { .box(space: $0.space, serial: $0.serial) } ?? Enclosure.none
    changes.append((fresh, successor))
    var gone = CorrectedLife(old.life, .oldLabel)
    gone.state = .voided
    gone.enclosure = Enclosure.none
    changes.append((old, gone))
    guard movement.units.holdsBoxes(old.run.space) else { return }
    for child in try movement.contents.children(of: old.run) {
      var becomes = CorrectedLife(child.life, nil)
      becomes.enclosure = .box(space: fresh.run.space, serial: fresh.run.first)
      changes.append((child, becomes))
    }
  }

  /// What is directly in a box is taken out of it; the box stays where it is.
  private mutating func open(_ box: LifeMap.Piece) throws {
    if box.life.state == .voided { throw IssuingError.refused([Refusal(.voided)]) }
    let children = try movement.contents.children(of: box.run)
    guard !children.isEmpty else { throw IssuingError.refused([Refusal(.empty)]) }
    changes.append((box, CorrectedLife(box.life, .openedBox)))
    for child in children {
      var becomes = CorrectedLife(child.life, nil)
      becomes.enclosure = Enclosure.none
      changes.append((child, becomes))
    }
  }

  private func box(_ code: String) throws -> LifeMap.Piece {
    let piece = try piece(code, place: 0)
    guard movement.units.holdsBoxes(piece.run.space) else {
      throw IssuingError.refused([Refusal(code: code, .wrongLevel)])
    }
    return piece
  }

  private func piece(_ code: String, place: Int) throws -> LifeMap.Piece {
    do {
      let run = try movement.units.run(.code(code))
      guard let piece = try movement.lives.pieces(of: run).first else { throw Unresolved(.notIssued) }
      return piece
    } catch let error as Unresolved {
      throw IssuingError.refused([Refusal(unit: place, code: code, error.reason)])
    }
  }
}

extension CorrectionStep {
  var items: Int64 {
    changes.filter { !movement.units.holdsBoxes($0.piece.run.space) }.reduce(0) { $0 + $1.piece.run.count }
  }

  /// Since when it counts: not before the goods were dispatched as they are now, or, in the house, not before the last
  /// thing that happened to them.
  func since(_ wanted: Timestamp?) throws -> Timestamp {
    var dispatches: [Int64: Timestamp] = [:]
    var earliest = Timestamp(milliseconds: 0)
    for (piece, becomes) in changes {
      for dispatch in [piece.life.dispatch, becomes.dispatch] {
        guard let dispatch, dispatches[dispatch] == nil else { continue }
        guard let row = try transaction.dispatch(dispatch) else {
          throw LedgerError.inconsistent("no dispatch \(dispatch)")
        }
        dispatches[dispatch] = Timestamp(milliseconds: row.at)
      }
      let bound = piece.life.dispatch.flatMap { dispatches[$0] } ?? piece.life.at
      earliest = max(earliest, bound, becomes.dispatch.flatMap { dispatches[$0] } ?? bound)
    }
    guard let wanted else { return min(earliest, now) }
    guard wanted >= earliest else { throw IssuingError.refused([Refusal(.beforePrevious(earliest))]) }
    return wanted
  }

  /// `changes` of the event: what becomes the same is said together.
  func json() throws -> JSONValue {
    var order: [CorrectedLife] = []
    var codes: [CorrectedLife: [Run]] = [:]
    for (piece, becomes) in changes {
      if codes[becomes] == nil { order.append(becomes) }
      codes[becomes, default: []].append(piece.run)
    }
    return .array(
      try order.map { life in
        guard let runs = Run.joined(codes[life] ?? []) else { throw IssuingError.refused([Refusal(.namedTwice)]) }
        var members = try life.json(movement.units.spaces)
        members["codes"] = try movement.units.spaces.json(runs)
        return .object(members)
      })
  }

  /// Writes the lives and what lies in which box.
  func apply(event: Int64, at: Timestamp) throws {
    for (piece, becomes) in changes where becomes.enclosure != nil { try movement.contents.take(piece) }
    var placed: [Enclosure: [Run]] = [:]
    for (piece, becomes) in changes {
      if let enclosure = becomes.enclosure { placed[enclosure, default: []].append(piece.run) }
    }
    for (enclosure, runs) in placed {
      guard case .box(let space, let serial) = enclosure else { continue }
      for run in Run.joined(runs) ?? [] {
        try transaction.addContent(
          parentSpace: space, parentSerial: serial, space: run.space, first: run.first, last: run.last)
      }
    }
    let corrected = Dictionary(changes.map { ($0.piece.run, $0.becomes) }) { first, _ in first }
    try movement.lives.advance(changes.map(\.piece)) { piece in
      guard let becomes = corrected[piece.run] else { throw LedgerError.inconsistent("a code was not planned for") }
      var life = becomes.applied(to: piece.life)
      life.at = at
      life.recorded = now
      life.event = event
      return life
    }
  }
}
