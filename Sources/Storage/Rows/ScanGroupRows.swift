/// Where a code lives: a space of numbers, and its number there.
package struct CodeLocation: Hashable, Comparable, Sendable {
  package let space: Int64, number: Int64

  /// Made from its fields.
  package init(space: Int64, number: Int64) {
    self.space = space
    self.number = number
  }

  /// Space by space, by number.
  package static func < (left: CodeLocation, right: CodeLocation) -> Bool {
    (left.space, left.number) < (right.space, right.number)
  }
}

/// A scan as its sender names it: unique under the key that it was sent with.
package struct ClientScan: Hashable, Sendable {
  package let key: Int64, client: String

  /// Finds the event that answered it first.
  static let search = "SELECT event FROM reply WHERE key = ? AND client = ?"
  /// The same of a list of scans of one key.
  static let searchMany = "SELECT event, client FROM reply WHERE key = ? AND client IN"

  /// Made from its fields.
  package init(key: Int64, client: String) {
    self.key = key
    self.client = client
  }
}

/// Many rows in one statement: on PostgreSQL each of these is one round trip, or none, for a whole group of scans.
extension Transaction {
  /// The tracks that hold these codes; codes of no track are left out.
  package func tracks(of codes: [CodeLocation]) throws -> [CodeLocation: TrackRow] {
    guard isPostgres else { return try tracksInOrder(of: codes) }
    guard !isDistributed else { return try tracksByShard(of: codes) }
    var found: [CodeLocation: TrackRow] = [:]
    try bulk(
      """
      SELECT k.place, t.first, t.last, t.version FROM unnest(?, ?) WITH ORDINALITY AS k (space, number, place)
      CROSS JOIN LATERAL (SELECT first, last, version FROM track
      WHERE space = k.space AND first <= k.number ORDER BY first DESC LIMIT 1) AS t
      """, columns(of: codes)
    ) {
      let code = codes[Int($0.int(0)) - 1]
      let track = TrackRow(first: $0.int(1), last: $0.int(2), version: $0.int(3))
      if code.number <= track.last { found[code] = track }
    }
    return found
  }

  /// The same one by one; codes that one track holds search it once.
  private func tracksInOrder(of codes: [CodeLocation]) throws -> [CodeLocation: TrackRow] {
    var found: [CodeLocation: TrackRow] = [:]
    found.reserveCapacity(codes.count)
    var newest: (space: Int64, track: TrackRow)?
    for code in codes.sorted() {
      if newest.map({ $0.space != code.space || $0.track.last < code.number }) ?? true {
        newest = try first(TrackRow.search, [.integer(code.space), .integer(code.number)]) {
          (code.space, TrackRow($0))
        }
      }
      if let track = newest?.track, code.number <= track.last { found[code] = track }
    }
    return found
  }

  /// The same space by space, each of which lies in one shard.
  private func tracksByShard(of codes: [CodeLocation]) throws -> [CodeLocation: TrackRow] {
    var found: [CodeLocation: TrackRow] = [:]
    for (space, codes) in Dictionary(grouping: codes, by: \.space).sorted(by: { $0.key < $1.key }) {
      try bulk(
        """
        SELECT k.place, t.first, t.last, t.version FROM unnest(?2) WITH ORDINALITY AS k (number, place)
        CROSS JOIN LATERAL (SELECT first, last, version FROM track
        WHERE space = ?1 AND first <= k.number ORDER BY first DESC LIMIT 1) AS t
        """, after: [.integer(space)], [SQLColumn(.integers, codes.map { .integer($0.number) })]
      ) {
        let code = codes[Int($0.int(0)) - 1]
        let track = TrackRow(first: $0.int(1), last: $0.int(2), version: $0.int(3))
        if code.number <= track.last { found[code] = track }
      }
    }
    return found
  }

  /// The histories of these codes; codes never scanned are left out.
  package func histories(of codes: [CodeLocation]) throws -> [CodeLocation: HistoryRow] {
    var found: [CodeLocation: HistoryRow] = [:]
    guard isPostgres else {
      for (space, codes) in Dictionary(grouping: codes, by: \.space) {
        try each(HistoryRow.searchMany, [.integer(space)], in: codes.map { .integer($0.number) }) {
          found[CodeLocation(space: space, number: $0.int(6))] = HistoryRow($0)
        }
      }
      return found
    }
    try bulk(
      """
      SELECT h.first_at, h.last_at, h.scans, h.last_event, h.suspected, h.last_region, k.place
      FROM unnest(?, ?) WITH ORDINALITY AS k (space, number, place)
      JOIN history h ON h.space = k.space AND h.number = k.number
      """, columns(of: codes)
    ) { found[codes[Int($0.int(6)) - 1]] = HistoryRow($0) }
    return found
  }

  /// The events that first answered these clients' scans; new ones are left out.
  package func replies(to scans: [ClientScan]) throws -> [ClientScan: Int64] {
    var found: [ClientScan: Int64] = [:]
    guard isPostgres else {
      for (key, scans) in Dictionary(grouping: scans, by: \.key) {
        try each(ClientScan.searchMany, [.integer(key)], in: scans.map { .text($0.client) }) {
          found[ClientScan(key: key, client: $0.text(1))] = $0.int(0)
        }
      }
      return found
    }
    try bulk(
      """
      SELECT k.place, r.event FROM unnest(?, ?) WITH ORDINALITY AS k (key, client, place)
      JOIN reply r ON r.key = k.key AND r.client = k.client
      """, columns(of: scans)
    ) { found[scans[Int($0.int(0)) - 1]] = $0.int(1) }
    return found
  }

  /// Writes events whose numbers ``nextEvent()`` gave, in order.
  package func append(_ events: [EventRow]) throws {
    defer { appended += events }
    guard !isPostgres else { return try appendInMonths(events) }
    let values = events.flatMap { event in
      [
        .integer(event.id), .text(event.kind), .integer(event.at), .integer(event.recorded), .blob(event.body),
        .optional(event.personal), .optional(event.previous),
      ] as [SQLValue]
    }
    try insert(
      "INSERT INTO event (id, kind, at, recorded, body, private, previous)",
      [.integers, .texts, .integers, .integers, .blobs, .blobs, .integers], values)
  }

  /// Remembers which event answered a client's scan. Each must be new.
  package func put(_ replies: [ClientScan: Int64]) throws {
    let values = replies.sorted { $0.value < $1.value }.flatMap { scan, event in
      [.integer(scan.key), .text(scan.client), .integer(event)] as [SQLValue]
    }
    try insert("INSERT INTO reply (key, client, event)", [.integers, .texts, .integers], values)
  }

  /// Writes histories as they are now, all but the suspicion, which ``setSuspected(_:space:number:)`` keeps.
  package func put(_ histories: [CodeLocation: HistoryRow]) throws {
    // In order, so that the same scans make the same database.
    let sorted = histories.sorted { $0.key < $1.key }
    guard !isDistributed else { return try putByShard(sorted) }
    try insert(
      "INSERT INTO history (\(HistoryRow.columns))", HistoryRow.kinds, sorted.flatMap { $1.values(of: $0) },
      """
      ON CONFLICT (space, number) DO UPDATE SET first_at = excluded.first_at, last_at = excluded.last_at,
      scans = excluded.scans, last_event = excluded.last_event, last_region = excluded.last_region
      """)
  }

  /// The same on a cluster, where an insertion that may be an update goes through every shard twice: what was scanned
  /// once is new, the rest is changed where it is there.
  private func putByShard(_ histories: [(key: CodeLocation, value: HistoryRow)]) throws {
    let perhapsKnown = histories.filter { $0.value.scans > 1 }
    var known: Set<CodeLocation> = []
    if !perhapsKnown.isEmpty {
      let rows = perhapsKnown.map { $1.values(of: $0) }
      let columns = HistoryRow.kinds.enumerated().map { place, kind in SQLColumn(kind, rows.map { $0[place] }) }
      try bulk(
        """
        UPDATE history AS h SET first_at = k.first_at, last_at = k.last_at, scans = k.scans,
        last_event = k.last_event, last_region = k.last_region
        FROM unnest(?, ?, ?, ?, ?, ?, ?) AS k (\(HistoryRow.columns))
        WHERE h.space = k.space AND h.number = k.number RETURNING h.space, h.number
        """, columns
      ) { known.insert(CodeLocation(space: $0.int(0), number: $0.int(1))) }
    }
    let new = histories.filter { !known.contains($0.key) }
    try insert(
      "INSERT INTO history (\(HistoryRow.columns))", HistoryRow.kinds, new.flatMap { $1.values(of: $0) })
  }

  private func columns(of codes: [CodeLocation]) -> [SQLColumn] {
    [
      SQLColumn(.integers, codes.map { .integer($0.space) }), SQLColumn(.integers, codes.map { .integer($0.number) }),
    ]
  }

  private func columns(of scans: [ClientScan]) -> [SQLColumn] {
    [SQLColumn(.integers, scans.map { .integer($0.key) }), SQLColumn(.texts, scans.map { .text($0.client) })]
  }
}
