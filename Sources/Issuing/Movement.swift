import Codes
import Ledger
import Regions
import Storage
import TransparencyLog

/// A step that goods take together: dispatch, receipt, transfer, sale, return, void. It finds what is concerned (the
/// units named and everything in them), asks the rule of the step about each piece, and writes all or nothing.
struct Movement {
  let ledger: Ledger
  let transaction: Transaction
  let units: UnitResolver
  let lives: LifeMap
  let contents: Contents
  let at: Timestamp

  /// What a step is about.
  struct Cargo {
    /// The units as named, joined; their pieces; and the pieces of everything in them.
    let named: [Run], pieces: [LifeMap.Piece], inside: [LifeMap.Piece]
    /// How many items, boxes not counted.
    let items: Int64
  }

  init(_ ledger: Ledger, _ transaction: Transaction, at: Timestamp) throws {
    self.ledger = ledger
    self.transaction = transaction
    self.at = at
    units = try UnitResolver(ledger, transaction)
    lives = LifeMap(transaction)
    contents = Contents(transaction)
  }

  /// Finds the units and asks `rule` about each piece; collects every refusal before it gives up.
  func cargo(
    of references: [UnitReference], request: Int = 0,
    _ rule: (_ piece: LifeMap.Piece, _ isNamed: Bool) throws -> RefusalReason?
  ) throws -> Cargo {
    guard !references.isEmpty else { throw IssuingError.refused([Refusal(request: request, .empty)]) }
    var refusals: [Refusal] = []
    var taken: [Run] = []
    var pieces: [LifeMap.Piece] = []
    var inside: [LifeMap.Piece] = []
    for (place, reference) in references.enumerated() {
      func refuse(_ reason: RefusalReason, _ code: String?) {
        refusals.append(Refusal(request: request, unit: place, code: code ?? reference.text, reason))
      }
      do {
        let run = try units.run(reference)
        let own = try lives.pieces(of: run)
        let within = units.holdsBoxes(run.space) ? try contents.descendants(of: run) : []
        for (piece, isNamed) in own.map({ ($0, true) }) + within.map({ ($0, false) }) {
          guard let reason = try rule(piece, isNamed) ?? earlier(piece) else { continue }
          refuse(reason, units.uri(space: piece.run.space, number: piece.run.first))
        }
        taken.append(run)
        pieces += own
        inside += within
      } catch let error as Unresolved { refuse(error.reason, nil) }
    }
    guard refusals.isEmpty else { throw IssuingError.refused(refusals) }
    guard let named = Run.joined(taken), Run.joined(taken + inside.map(\.run)) != nil else {
      throw IssuingError.refused([Refusal(request: request, .namedTwice)])
    }
    let items = (pieces + inside).filter { !units.holdsBoxes($0.run.space) }.reduce(0) { $0 + $1.run.count }
    return Cargo(named: named, pieces: pieces, inside: inside, items: items)
  }

  private func earlier(_ piece: LifeMap.Piece) -> RefusalReason? {
    piece.life.at > at ? .beforePrevious(piece.life.at) : nil
  }

  /// `units` and `contents` of the step's event.
  func json(_ cargo: Cargo) throws -> [String: JSONValue] {
    guard let inside = Run.joined(cargo.inside.map(\.run)) else {
      throw LedgerError.inconsistent("a code lies in two boxes")
    }
    return ["units": try units.spaces.json(cargo.named), "contents": try units.spaces.json(inside)]
  }

  /// Writes the step. A unit that was named by itself leaves the box it was in, unless the box is named too.
  func apply(_ cargo: Cargo, event: Int64, recorded: Timestamp, _ change: (inout Life) -> Void) throws {
    func changed(_ piece: LifeMap.Piece) -> Life {
      var life = piece.life
      change(&life)
      life.at = at
      life.recorded = recorded
      life.event = event
      return life
    }
    // Whether it lies in a box is the same for all of a piece: a batch pre-assigns all of its items or none, and what
    // was scanned into a box has a life of its own.
    for piece in cargo.pieces { try contents.take(piece) }
    try lives.advance(cargo.pieces) { piece in
      var life = changed(piece)
      if try contents.box(of: piece.run.first, space: piece.run.space, life: piece.life) != nil {
        life.enclosure = .none
      }
      return life
    }
    try lives.advance(cargo.inside, changed)
  }
}

extension UnitReference {
  /// The unit as the caller named it.
  var text: String {
    switch self {
    case .code(let text): text
    case .range(let batch, let level, let first, let last): "B\(batch)/\(level.rawValue)/\(first)-\(last)"
    }
  }
}
