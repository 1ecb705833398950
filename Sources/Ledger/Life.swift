import Regions
import Storage

/// The state of a code in its life (product.md, "The life of a code").
package enum LifeState: Int64, Sendable, CaseIterable {
  case issued = 0, packed, dispatched, received, sold, returned, voided

  /// The word of the contract.
  package var name: String {
    switch self {
    case .issued: "issued"
    case .packed: "packed"
    case .dispatched: "dispatched"
    case .received: "received"
    case .sold: "sold"
    case .returned: "returned"
    case .voided: "voided"
    }
  }
}

/// Which box a code is in.
package enum Enclosure: Hashable, Sendable {
  /// The box that its batch pre-assigned, if it did.
  case byBatch
  /// None: it was taken out.
  case none
  /// The box it was scanned into.
  case box(space: Int64, serial: Int64)
}

/// What is true of a run of codes from one moment on.
package struct Life: Hashable, Sendable {
  /// The stored version; 0 before it is stored.
  package var version: Int64
  /// Where in its life the code is.
  package var state: LifeState
  /// Who holds the goods; nil: the brand.
  package var dealer: String?
  /// The dispatch that bound it.
  package var dispatch: Int64?
  /// Where it may be sold.
  package var territory: Territory?
  /// The box it is in.
  package var enclosure: Enclosure
  /// Since when, and when we learnt it.
  package var at: Timestamp
  package var recorded: Timestamp
  /// The event that made it so.
  package var event: Int64
  /// The version before.
  package var previous: Int64?
  /// What a correction made of the code, while scans are to be told.
  package var mark: LifeMark?

  /// Made from its parts.
  package init(
    state: LifeState, dealer: String? = nil, dispatch: Int64? = nil, territory: Territory? = nil,
    enclosure: Enclosure = .byBatch, at: Timestamp, recorded: Timestamp, event: Int64
  ) {
    version = 0
    self.state = state
    self.dealer = dealer
    self.dispatch = dispatch
    self.territory = territory
    self.enclosure = enclosure
    self.at = at
    self.recorded = recorded
    self.event = event
    previous = nil
  }
}

extension Life {
  /// Reads a stored version.
  package init(_ row: VersionRow) throws {
    guard let state = LifeState(rawValue: row.state) else {
      throw LedgerError.inconsistent("version \(row.id) has the state \(row.state)")
    }
    // Bent into a ring behind our back, a chain of versions would never end.
    if let previous = row.previous, previous >= row.id {
      throw LedgerError.inconsistent("version \(row.id) follows \(previous)")
    }
    self.init(
      state: state, dealer: row.dealer, dispatch: row.dispatch, territory: try row.territories.map(Territory.stored),
      enclosure: Enclosure(space: row.parentSpace, serial: row.parentSerial),
      at: Timestamp(milliseconds: row.at), recorded: Timestamp(milliseconds: row.recorded), event: row.event)
    version = row.id
    previous = row.previous
    if let text = row.mark {
      guard let known = LifeMark(rawValue: text) else {
        throw LedgerError.inconsistent("version \(row.id) has the mark \(text)")
      }
      mark = known
    }
  }

  /// The row to store as the successor of `previous`.
  func row(previous: Int64?) -> VersionRow {
    let parent = enclosure.columns
    return VersionRow(
      id: 0, state: state.rawValue, dealer: dealer, dispatch: dispatch, territories: territory?.description,
      parentSpace: parent.space, parentSerial: parent.serial, at: at.milliseconds, recorded: recorded.milliseconds,
      event: event, previous: previous, mark: mark?.rawValue)
  }
}

extension Life {
  /// Whether the goods are with a dealer.
  package var isBound: Bool { [.dispatched, .received, .sold].contains(state) }
}

extension Enclosure {
  /// NULL, NULL: by batch; 0, NULL: none; else a box. Space numbers start at 1.
  init(space: Int64?, serial: Int64?) {
    switch (space, serial) {
    case (let space?, let serial?): self = .box(space: space, serial: serial)
    case (_?, nil): self = .none
    default: self = .byBatch
    }
  }

  var columns: (space: Int64?, serial: Int64?) {
    switch self {
    case .byBatch: (nil, nil)
    case .none: (0, nil)
    case .box(let space, let serial): (space, serial)
    }
  }
}

extension Territory {
  /// A territory from its canonical text in the database.
  package static func stored(_ text: String) throws -> Territory {
    do { return try Territory(text) } catch { throw LedgerError.inconsistent("the territory \(text)") }
  }
}
