import Ledger
import Storage
import TransparencyLog

extension Issuing {
  /// Packs items (or boxes) into a box. What the batch pre-assigned to this very box is thereby confirmed.
  @discardableResult
  package func pack(
    parent: String, children: [String], at: Timestamp? = nil, by actor: Actor, id: StepID? = nil
  ) async throws(IssuingError) -> Int {
    try await change(.packing, parent, children, (at, actor, id), Self.mayBePacked)
  }

  private static func mayBePacked(
    _ packing: Packing, _ piece: LifeMap.Piece, _ refuse: (RefusalReason) -> Void
  ) throws {
    switch piece.life.state {
    case .voided: refuse(.voided)
    case .dispatched, .received, .sold: refuse(.alreadyDispatched(dealer: piece.life.dealer ?? ""))
    case .issued, .packed, .returned: break
    }
    let present = try packing.contents.box(of: piece.run.first, space: piece.run.space, life: piece.life)
    if case .box = piece.life.enclosure, let present {
      refuse(.alreadyPacked(box: packing.units.uri(space: present.space, number: present.serial)))
    } else if let present, present.space != packing.parent.space || present.serial != packing.parent.first {
      refuse(.alreadyPacked(box: packing.units.uri(space: present.space, number: present.serial)))
    }
  }

  /// Takes items (or boxes) out of a box.
  @discardableResult
  package func unpack(
    parent: String, children: [String], at: Timestamp? = nil, by actor: Actor, id: StepID? = nil
  ) async throws(IssuingError) -> Int {
    try await change(.unpacking, parent, children, (at, actor, id)) { packing, piece, refuse in
      if piece.life.state == .voided { refuse(.voided) }
      let present = try packing.contents.box(of: piece.run.first, space: piece.run.space, life: piece.life)
      if present?.space != packing.parent.space || present?.serial != packing.parent.first { refuse(.notInBox) }
    }
  }

  private func change(
    _ kind: EventKind, _ parent: String, _ children: [String], _ taker: (Timestamp?, Actor, StepID?),
    _ check: @escaping @Sendable (Packing, LifeMap.Piece, (RefusalReason) -> Void) throws -> Void
  ) async throws(IssuingError) -> Int {
    let (at, actor, id) = taker
    try Self.checkCount(children)
    let now = ledger.now()
    let time = try (at ?? now).asPast("/at", now: now)
    return try await ledger.write(IssuingError.self) { [ledger] transaction in
      if let before = try id?.result(for: actor, transaction) { return Int(before) }
      let packing = try Packing(UnitResolver(ledger, transaction), transaction, parent: parent, at: time)
      return try packing.make(kind, children, by: actor, id, recorded: now, ledger, check)
    }
  }

  fileprivate static func checkCount(_ children: [String]) throws(IssuingError) {
    guard !children.isEmpty else { throw .refused([Refusal(.empty)]) }
    guard children.count <= IssuingLimits.unitsMax else {
      throw .invalid(field: "/children", .tooMany(max: IssuingLimits.unitsMax))
    }
  }
}

/// A box and what is put into it.
package struct PackedBox: Sendable {
  /// The codes, as read.
  package let parent: String, children: [String]

  /// Made from its parts.
  package init(parent: String, children: [String]) {
    self.parent = parent
    self.children = children
  }
}

extension Issuing {
  /// Packs many boxes in one transaction, each an event of its own. A box that is refused does not hold up the others.
  /// - Returns: for each box, in order, nil or why it was refused.
  package func pack(_ boxes: [PackedBox], by actor: Actor) async throws(IssuingError) -> [IssuingError?] {
    let now = ledger.now()
    return try await ledger.write(IssuingError.self) { [ledger] transaction in
      let units = try UnitResolver(ledger, transaction)
      return try boxes.map { box -> IssuingError? in
        do {
          try Self.checkCount(box.children)
          let packing = try Packing(units, transaction, parent: box.parent, at: now)
          _ = try packing.make(.packing, box.children, by: actor, recorded: now, ledger, Self.mayBePacked)
          return nil
        } catch let error as IssuingError {
          // A refusal comes before anything of its box is written; a failing database ends them all.
          if case .ledger = error { throw error }
          return error
        }
      }
    }
  }
}

/// One packing or unpacking inside its transaction.
private struct Packing {
  let transaction: Transaction
  let units: UnitResolver
  let lives: LifeMap
  let contents: Contents
  let parent: Run
  let at: Timestamp

  init(_ units: UnitResolver, _ transaction: Transaction, parent: String, at: Timestamp) throws {
    self.transaction = transaction
    self.at = at
    self.units = units
    lives = LifeMap(transaction)
    contents = Contents(transaction)
    do { self.parent = try units.run(.code(parent)) } catch let error as Unresolved {
      throw IssuingError.refused([Refusal(code: parent, error.reason)])
    }
    guard units.holdsBoxes(self.parent.space) else {
      throw IssuingError.refused([Refusal(code: parent, .wrongLevel)])
    }
    guard let life = try lives.life(space: self.parent.space, number: self.parent.first) else {
      throw IssuingError.refused([Refusal(code: parent, .notIssued)])
    }
    if life.state == .voided { throw IssuingError.refused([Refusal(code: parent, .voided)]) }
    if life.at > at { throw IssuingError.refused([Refusal(code: parent, .beforePrevious(life.at))]) }
  }

  /// Checks the children and takes the step; how many there were.
  func make(
    _ kind: EventKind, _ children: [String], by actor: Actor, _ id: StepID? = nil, recorded now: Timestamp,
    _ ledger: Ledger,
    _ check: (Packing, LifeMap.Piece, (RefusalReason) -> Void) throws -> Void
  ) throws -> Int {
    let pieces = try pieces(of: children, kind, check)
    let event = try ledger.append(
      EventDraft(kind, at: at, by: actor, data: try json(pieces)), transaction, recorded: now)
    try apply(kind, pieces, event: event, recorded: now)
    try id?.keep(Int64(children.count), event: event, for: actor, transaction)
    return children.count
  }

  /// The children's pieces, each of one code, once all of them may take the step.
  func pieces(
    of children: [String], _ kind: EventKind,
    _ check: (Packing, LifeMap.Piece, (RefusalReason) -> Void) throws -> Void
  ) throws -> [LifeMap.Piece] {
    var refusals: [Refusal] = []
    var seen: Set<Run> = []
    var pieces: [LifeMap.Piece] = []
    if kind == .packing { try checkParentIsHere(&refusals) }
    for (place, child) in children.enumerated() {
      func refuse(_ reason: RefusalReason) { refusals.append(Refusal(unit: place, code: child, reason)) }
      do {
        let run = try units.run(.code(child))
        guard seen.insert(run).inserted else { refuse(.namedTwice); continue }
        if kind == .packing, units.holdsBoxes(run.space), try nests(run) { refuse(.nesting); continue }
        for piece in try lives.pieces(of: run) {
          let before = refusals.count
          try check(self, piece, refuse)
          if refusals.count == before, piece.life.at > at { refuse(.beforePrevious(piece.life.at)) }
          pieces.append(piece)
        }
      } catch let error as Unresolved { refuse(error.reason) }
    }
    guard refusals.isEmpty else { throw IssuingError.refused(refusals) }
    return pieces
  }

  /// Nothing is packed into a box that has left the house.
  private func checkParentIsHere(_ refusals: inout [Refusal]) throws {
    guard let life = try lives.life(space: parent.space, number: parent.first) else { return }
    if [.dispatched, .received, .sold].contains(life.state) {
      refusals.append(
        Refusal(
          code: units.uri(space: parent.space, number: parent.first), .alreadyDispatched(dealer: life.dealer ?? "")))
    }
  }

  /// Whether packing this box would put the parent into itself, or boxes too deep into boxes.
  private func nests(_ box: Run) throws -> Bool {
    if box == parent { return true }
    var above = 1
    var next: (space: Int64, serial: Int64)? = (parent.space, parent.first)
    while let current = next {
      if current.space == box.space, current.serial == box.first { return true }
      guard let life = try lives.life(space: current.space, number: current.serial) else { break }
      next = try contents.box(of: current.serial, space: current.space, life: life)
      above += 1
      if above >= Contents.depthMax { return true }
    }
    return try above + levels(below: box) >= Contents.depthMax
  }

  /// How many levels of boxes are in a box; the items are no level of their own.
  private func levels(below box: Run) throws -> Int {
    try contents.children(of: box).reduce(0) { deepest, piece in
      units.holdsBoxes(piece.run.space) ? max(deepest, 1 + (try levels(below: piece.run))) : deepest
    }
  }

  func json(_ pieces: [LifeMap.Piece]) throws -> [String: JSONValue] {
    guard let runs = Run.joined(pieces.map(\.run)) else { throw IssuingError.refused([Refusal(.namedTwice)]) }
    return ["parent": try units.spaces.json([parent])[0] ?? nil, "children": try units.spaces.json(runs)]
  }

  func apply(_ kind: EventKind, _ pieces: [LifeMap.Piece], event: Int64, recorded: Timestamp) throws {
    for piece in pieces where kind == .unpacking { try contents.take(piece) }
    for run in Run.joined(pieces.map(\.run)) ?? [] where kind == .packing {
      try transaction.addContent(
        parentSpace: parent.space, parentSerial: parent.first, space: run.space, first: run.first, last: run.last)
    }
    try lives.advance(pieces) { piece in
      var life = piece.life
      life.state = kind == .packing ? .packed : (life.state == .packed ? .issued : life.state)
      if kind == .packing { life.mark = nil }
      life.enclosure = kind == .packing ? .box(space: parent.space, serial: parent.first) : .none
      life.at = at
      life.recorded = recorded
      life.event = event
      return life
    }
  }
}
