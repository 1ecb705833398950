/// A dispatch as stored.
package struct DispatchRow: Sendable {
  /// Row number and the number on the paper.
  package let id: Int64, number: String
  /// To whom, for which territories (canonical text), when (Unix milliseconds), how many items.
  package let dealer: String, territories: String, at: Int64, items: Int64
  /// The seal key's id and the event.
  package let sealKey: String, event: Int64

  /// Made from its fields.
  package init(
    id: Int64, number: String, dealer: String, territories: String, at: Int64, items: Int64, sealKey: String,
    event: Int64
  ) {
    self.id = id
    self.number = number
    self.dealer = dealer
    self.territories = territories
    self.at = at
    self.items = items
    self.sealKey = sealKey
    self.event = event
  }

  init(_ row: SQLRow) {
    self.init(
      id: row.int(0), number: row.text(1), dealer: row.text(2), territories: row.text(3), at: row.int(4),
      items: row.int(5), sealKey: row.text(6), event: row.int(7))
  }

  static let columns = "id, number, dealer, territories, at, items, seal_key, event"
}

extension Transaction {
  /// The number that the next dispatch will have.
  package func nextDispatchID() throws -> Int64 {
    try nextID(of: "dispatch")
  }

  /// Adds a dispatch with the units that were sealed.
  package func addDispatch(_ row: DispatchRow, units: [(space: Int64, first: Int64, last: Int64)]) throws {
    try post(
      "INSERT INTO dispatch (\(DispatchRow.columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      [
        .integer(row.id), .text(row.number), .text(row.dealer), .text(row.territories), .integer(row.at),
        .integer(row.items), .text(row.sealKey), .integer(row.event),
      ])
    for unit in units {
      try post(
        "INSERT INTO dispatch_unit VALUES (?, ?, ?, ?)",
        [.integer(row.id), .integer(unit.space), .integer(unit.first), .integer(unit.last)])
    }
  }

  /// The dispatch with this row number.
  package func dispatch(_ id: Int64) throws -> DispatchRow? {
    try first("SELECT \(DispatchRow.columns) FROM dispatch WHERE id = ?", [.integer(id)]) { DispatchRow($0) }
  }

  /// The dispatch with this number on its paper.
  package func dispatch(number: String) throws -> DispatchRow? {
    try first("SELECT \(DispatchRow.columns) FROM dispatch WHERE number = ?", [.text(number)]) { DispatchRow($0) }
  }

  /// Dispatches after a row number, in order.
  package func dispatches(after id: Int64, limit: Int) throws -> [DispatchRow] {
    try all(
      "SELECT \(DispatchRow.columns) FROM dispatch WHERE id > ? ORDER BY id LIMIT ?",
      [.integer(id), .integer(Int64(limit))]
    ) { DispatchRow($0) }
  }

  /// The latest dispatch before an event that named numbers of a run as its units, and how many of them.
  package func lastDispatch(
    space: Int64, _ run: ClosedRange<Int64>, before event: Int64
  ) throws -> (dispatch: Int64, boxes: Int64)? {
    let rows = try all(
      """
      SELECT u.dispatch, u.first, u.last FROM dispatch_unit AS u JOIN dispatch AS d ON d.id = u.dispatch
      WHERE u.space = ? AND u.first <= ? AND u.last >= ? AND d.event < ? ORDER BY d.event DESC
      """,
      [.integer(space), .integer(run.upperBound), .integer(run.lowerBound), .integer(event)]
    ) { (dispatch: $0.int(0), run: $0.int(1)...$0.int(2)) }
    guard let newest = rows.first?.dispatch else { return nil }
    let overlaps = rows.filter { $0.dispatch == newest }.map { $0.run.clamped(to: run).count }
    return (newest, Int64(overlaps.reduce(0, +)))
  }

  /// The units of a dispatch in order of space and number.
  package func units(ofDispatch id: Int64) throws -> [(space: Int64, first: Int64, last: Int64)] {
    try all(
      "SELECT space, first, last FROM dispatch_unit WHERE dispatch = ? ORDER BY space, first", [.integer(id)]
    ) { ($0.int(0), $0.int(1), $0.int(2)) }
  }
}
