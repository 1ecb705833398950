/// One event of the ledger as stored: the canonical body, and beside it what may be erased.
package struct EventRow: Sendable {
  /// 1, 2, 3 … without a gap; its leaf in the Merkle log is `id - 1`.
  package let id: Int64
  /// What happened (`scan`, `dispatch`, …).
  package let kind: String
  /// When it happened and when we learnt it, Unix milliseconds.
  package let at: Int64, recorded: Int64
  /// RFC 8785 bytes; what the log commits to.
  package let body: [UInt8]
  /// Salts and values of the personal fields (JSON), nil when there are none or they were erased.
  package let personal: [UInt8]?
  /// The event before this one about the same code.
  package let previous: Int64?

  /// Made from its fields; the number is one that ``Transaction/nextEvent()`` gave.
  package init(
    id: Int64, kind: String, at: Int64, recorded: Int64, body: [UInt8], personal: [UInt8]?, previous: Int64?
  ) {
    self.id = id
    self.kind = kind
    self.at = at
    self.recorded = recorded
    self.body = body
    self.personal = personal
    self.previous = previous
  }

  init(_ row: SQLRow) {
    self.init(
      id: row.int(0), kind: row.text(1), at: row.int(2), recorded: row.int(3), body: row.blob(4),
      personal: row.blobOrNil(5), previous: row.intOrNil(6))
  }
}

extension Transaction {
  /// Appends an event and returns its number. Numbers have no gap: a rolled-back one is given again.
  package func appendEvent(
    kind: String, at: Int64, recorded: Int64, body: [UInt8], personal: [UInt8]?, previous: Int64?
  ) throws -> Int64 {
    let id = try nextEvent()
    try append([
      EventRow(
        id: id, kind: kind, at: at, recorded: recorded, body: body, personal: personal, previous: previous)
    ])
    return id
  }

  /// The event with this number.
  package func event(_ id: Int64) throws -> EventRow? {
    guard let place = try place(of: id) else { return nil }
    return try first("\(wholeEvents) WHERE e.id = ?\(place.sql)", [.integer(id)] + place.values) { EventRow($0) }
  }

  /// Events after `id` in order, at most `limit`.
  package func events(after id: Int64, limit: Int) throws -> [EventRow] {
    guard let places = try places(after: id, limit: limit) else { return [] }
    return try all(
      "\(wholeEvents) WHERE e.id > ?\(places.sql) ORDER BY e.id LIMIT ?",
      [.integer(id)] + places.values + [.integer(Int64(limit))]
    ) { EventRow($0) }
  }

  /// The first event after `id` that is of another kind than these.
  package func firstEvent(after id: Int64, otherThan kinds: [String]) throws -> EventRow? {
    guard let places = try places(after: id) else { return nil }
    let marks = kinds.map { _ in "?" }.joined(separator: ", ")
    return try first(
      "\(wholeEvents) WHERE e.id > ?\(places.sql) AND e.kind NOT IN (\(marks)) ORDER BY e.id LIMIT 1",
      [.integer(id)] + places.values + kinds.map(SQLValue.text)
    ) { EventRow($0) }
  }

  /// Forgets the salts and values of an event's personal fields; false when there were none. What the log commits to
  /// stays.
  package func erasePersonal(ofEvent id: Int64) throws -> Bool {
    guard isPostgres else {
      return try run("UPDATE event SET private = NULL WHERE id = ? AND private IS NOT NULL", [.integer(id)]) == 1
    }
    guard let span = try span(of: id) else { return false }
    return try run("DELETE FROM event_private WHERE event = ? AND span = ?", [.integer(id), .integer(span)]) == 1
  }

  /// Events with personal fields that were recorded before a moment, at most `limit` after the one that was the last of
  /// those found before; nil begins. On SQLite by the time of their record, from an index of such events: of millions
  /// that hold nothing personal none is looked at. On PostgreSQL by number; what is personal has a table of its own.
  package func personalEvents(after last: EventRow?, recordedBefore time: Int64, limit: Int) throws -> [EventRow] {
    let id = last?.id ?? 0
    guard isPostgres else {
      return try all(
        """
        \(wholeEvents) WHERE (e.recorded, e.id) > (?, ?) AND e.recorded < ? AND e.private IS NOT NULL
        ORDER BY e.recorded, e.id LIMIT ?
        """, [.integer(last?.recorded ?? .min), .integer(id), .integer(time), .integer(Int64(limit))]
      ) { EventRow($0) }
    }
    guard let places = try places(after: id) else { return [] }
    return try all(
      """
      \(wholeEvents) WHERE e.id > ?\(places.sql) AND e.recorded < ? AND p.bytes IS NOT NULL ORDER BY e.id LIMIT ?
      """, [.integer(id)] + places.values + [.integer(time), .integer(Int64(limit))]
    ) { EventRow($0) }
  }

  /// Whether a scan is still needed whole: an alert that rests on it is not closed.
  package func isHeld(scan id: Int64) throws -> Bool {
    try first(
      "SELECT 1 FROM alert_event AS e JOIN alert AS a ON a.id = e.alert WHERE e.event = ? AND a.status <> 'closed' LIMIT 1",
      [.integer(id)]
    ) { _ in true } ?? false
  }

  /// Forgets the names of attachments of an event.
  package func eraseName(ofAttachmentEvent id: Int64) throws {
    try post("UPDATE attachment SET name = '' WHERE event = ?", [.integer(id)])
  }

  /// Numbers and bodies only, for the sequencer and the audit.
  package func eachBody(after id: Int64, limit: Int, _ body: (Int64, [UInt8]) throws -> Void) throws {
    guard let places = try places(after: id, limit: limit) else { return }
    try each(
      "SELECT e.id, e.body FROM event e WHERE e.id > ?\(places.sql) ORDER BY e.id LIMIT ?",
      [.integer(id)] + places.values + [.integer(Int64(limit))]
    ) { try body($0.int(0), $0.blob(1)) }
  }

  /// The newest event's number, 0 when there is none.
  package func lastEventID() throws -> Int64 {
    isPostgres ? try lastEventInMonths() : try first("SELECT max(id) FROM event") { $0.int(0) } ?? 0
  }

  /// A setting of the installation.
  package func setting(_ name: String) throws -> String? {
    try first("SELECT value FROM setting WHERE name = ?", [.text(name)]) { $0.text(0) }
  }

  /// Sets a setting of the installation.
  package func set(_ name: String, to value: String) throws {
    try post(
      "INSERT INTO setting VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
      [.text(name), .text(value)])
  }
}
