import Regions
import Storage
import TransparencyLog

/// What was wrong in the record, and is put right by a `correction` event.
package enum CorrectionKind: String, Sendable, CaseIterable {
  /// The goods were bound to the wrong dealer or territories.
  case binding
  /// The labels of two boxes were exchanged (串码).
  case boxLabel
  /// A damaged label was replaced by another code (补码).
  case replacedLabel
  /// A box was opened on the way; its goods go on singly (拆箱).
  case openedBox
  /// The goods were passed on with authorisation, which was recorded late (调货).
  case transfer
}

/// What a correction made of a code: the verdicts of later scans say so.
package enum LifeMark: String, Sendable, CaseIterable {
  case binding, boxLabel, newLabel, oldLabel, openedBox, transfer
}

/// What a correction makes of some codes, as its event says it. Everything that can change is stated whole, so that
/// who reads the event needs no other to know what is true from then on.
package struct CorrectedLife: Hashable, Sendable {
  /// Where in its life the code is.
  package var state: LifeState
  /// Who holds the goods, under which dispatch, for where.
  package var dealer: String?, dispatch: Int64?, territory: Territory?
  /// The box that the code is put into; `.none`: it is taken out; nil: where it was.
  package var enclosure: Enclosure?
  /// What is told of it from now on; nil: what was told before.
  package var mark: LifeMark?

  /// As a life is, but for what the caller then changes.
  package init(_ life: Life, _ mark: LifeMark?) {
    state = life.state
    dealer = life.dealer
    dispatch = life.dispatch
    territory = life.territory
    self.mark = mark
  }

  /// The life that follows `before`.
  package func applied(to before: Life) -> Life {
    var life = before
    life.state = state
    life.dealer = dealer
    life.dispatch = dispatch
    life.territory = territory
    if let enclosure { life.enclosure = enclosure }
    if let mark { life.mark = mark }
    return life
  }

  /// The member of `changes` in the event, without the codes.
  package func json(_ spaces: SpaceTable) throws -> [String: JSONValue] {
    var members: [String: JSONValue] = ["state": .string(state.name)]
    members["mark"] = mark.map { .string($0.rawValue) }
    members["dealer"] = dealer.map(JSONValue.string)
    members["dispatch"] = dispatch.map(JSONValue.integer)
    members["territories"] = territory.map { .array($0.codes.map { .string($0.description) }) }
    switch enclosure {
    case .box(let space, let serial):
      members["box"] = try spaces.json([Run(space: space, first: serial, last: serial)])[0] ?? nil
    case .some(.none): members["loose"] = true
    case .byBatch?, nil: break
    }
    return members
  }

  /// Reads what ``json(_:)`` wrote; nil for anything else.
  init?(_ change: JSONValue, _ spaces: SpaceTable) {
    guard let state = LifeState.allCases.first(where: { $0.name == change["state"]?.string }) else { return nil }
    self.state = state
    mark = change["mark"]?.string.flatMap(LifeMark.init(rawValue:))
    dealer = change["dealer"]?.string
    dispatch = change["dispatch"]?.int
    territory = try? change["territories"]?.array.map {
      try Territory($0.compactMap(\.string).joined(separator: ","))
    }
    if let box = change["box"] {
      guard let run = spaces.run(box) else { return nil }
      enclosure = .box(space: run.space, serial: run.first)
    } else if change["loose"] == true {
      enclosure = Enclosure.none
    }
  }
}
