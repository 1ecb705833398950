/// One state in the life of a run of codes. Versions are immutable and form a tree: each points to the one before.
package struct VersionRow: Sendable, Equatable {
  /// Row number; larger is later.
  package let id: Int64
  /// The life state's stored number.
  package let state: Int64
  /// Who holds the goods, under which dispatch, for which territories (canonical text).
  package let dealer: String?, dispatch: Int64?, territories: String?
  /// The box that the codes are in, when they were packed by scanning.
  package let parentSpace: Int64?, parentSerial: Int64?
  /// When it became so and when we learnt it, Unix milliseconds.
  package let at: Int64, recorded: Int64
  /// The event that made it so, and the version before.
  package let event: Int64, previous: Int64?
  /// What a correction made of the codes, while it is to be told; nil for most.
  package let mark: String?

  /// Made from its fields.
  package init(
    id: Int64, state: Int64, dealer: String?, dispatch: Int64?, territories: String?, parentSpace: Int64?,
    parentSerial: Int64?, at: Int64, recorded: Int64, event: Int64, previous: Int64?, mark: String? = nil
  ) {
    self.id = id
    self.state = state
    self.dealer = dealer
    self.dispatch = dispatch
    self.territories = territories
    self.parentSpace = parentSpace
    self.parentSerial = parentSerial
    self.at = at
    self.recorded = recorded
    self.event = event
    self.previous = previous
    self.mark = mark
  }
}

/// A run of consecutive numbers of one space, both ends included, that share one life.
package struct TrackRow: Sendable, Equatable {
  /// First and last number.
  package let first: Int64, last: Int64
  /// The newest version of their life.
  package let version: Int64

  /// Made from its fields.
  package init(first: Int64, last: Int64, version: Int64) {
    self.first = first
    self.last = last
    self.version = version
  }

  /// Finds the track that may hold a number, for ``init(_:)``.
  static let search =
    "SELECT first, last, version FROM track WHERE space = ? AND first <= ? ORDER BY first DESC LIMIT 1"

  init(_ row: SQLRow) { self.init(first: row.int(0), last: row.int(1), version: row.int(2)) }
}

extension Transaction {
  /// Adds a version; its id in `version` is ignored. Returns the id given.
  package func addVersion(_ version: VersionRow) throws -> Int64 {
    let id = try nextID(of: "version")
    try post(
      """
      INSERT INTO version (id, state, dealer, dispatch, territories, parent_space, parent_serial, at, recorded, event,
      previous, mark) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """,
      [
        .integer(id), .integer(version.state), .optional(version.dealer), .optional(version.dispatch),
        .optional(version.territories), .optional(version.parentSpace), .optional(version.parentSerial),
        .integer(version.at), .integer(version.recorded), .integer(version.event), .optional(version.previous),
        .optional(version.mark),
      ])
    return id
  }

  /// The version with this id.
  package func version(_ id: Int64) throws -> VersionRow? {
    try first(
      """
      SELECT id, state, dealer, dispatch, territories, parent_space, parent_serial, at, recorded, event, previous, mark
      FROM version WHERE id = ?
      """, [.integer(id)]
    ) {
      VersionRow(
        id: $0.int(0), state: $0.int(1), dealer: $0.textOrNil(2), dispatch: $0.intOrNil(3),
        territories: $0.textOrNil(4), parentSpace: $0.intOrNil(5), parentSerial: $0.intOrNil(6), at: $0.int(7),
        recorded: $0.int(8), event: $0.int(9), previous: $0.intOrNil(10), mark: $0.textOrNil(11))
    }
  }

  /// The track that holds this number: one range search.
  package func track(space: Int64, number: Int64) throws -> TrackRow? {
    try first(TrackRow.search, [.integer(space), .integer(number)]) { TrackRow($0) }
      .flatMap { number <= $0.last ? $0 : nil }
  }

  /// The tracks that meet `first ... last`, in order, not cut to it.
  package func tracks(space: Int64, first: Int64, last: Int64) throws -> [TrackRow] {
    let start = try track(space: space, number: first)?.first ?? first
    return try all(
      "SELECT first, last, version FROM track WHERE space = ? AND first BETWEEN ? AND ? ORDER BY first",
      [.integer(space), .integer(start), .integer(last)]
    ) { TrackRow($0) }
  }

  /// Writes a track, replacing one that begins at the same number.
  package func putTrack(space: Int64, _ track: TrackRow) throws {
    try post(
      """
      INSERT INTO track VALUES (?, ?, ?, ?)
      ON CONFLICT (space, first) DO UPDATE SET last = excluded.last, version = excluded.version
      """,
      [.integer(space), .integer(track.first), .integer(track.last), .integer(track.version)])
  }

  /// Removes the track that begins at a number, when another one has grown over it.
  package func removeTrack(space: Int64, first: Int64) throws {
    try post("DELETE FROM track WHERE space = ? AND first = ?", [.integer(space), .integer(first)])
  }

  /// Puts a run of numbers into a box.
  package func addContent(parentSpace: Int64, parentSerial: Int64, space: Int64, first: Int64, last: Int64) throws {
    try post(
      "INSERT INTO content VALUES (?, ?, ?, ?, ?)",
      [.integer(parentSpace), .integer(parentSerial), .integer(space), .integer(first), .integer(last)])
  }

  /// Takes a run of numbers out of a box; the run was put in under exactly this first number.
  package func removeContent(parentSpace: Int64, parentSerial: Int64, space: Int64, first: Int64) throws {
    try post(
      "DELETE FROM content WHERE parent_space = ? AND parent_serial = ? AND space = ? AND first = ?",
      [.integer(parentSpace), .integer(parentSerial), .integer(space), .integer(first)])
  }

  /// The runs packed by scanning into the boxes `first ... last` of a space.
  package func contents(
    parentSpace: Int64, first: Int64, last: Int64
  ) throws -> [(parentSerial: Int64, space: Int64, first: Int64, last: Int64)] {
    try all(
      """
      SELECT parent_serial, space, first, last FROM content
      WHERE parent_space = ? AND parent_serial BETWEEN ? AND ? ORDER BY parent_serial, space, first
      """, [.integer(parentSpace), .integer(first), .integer(last)]
    ) { ($0.int(0), $0.int(1), $0.int(2), $0.int(3)) }
  }
}
