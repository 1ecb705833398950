/// Events on PostgreSQL, by the months they lie in.
extension Transaction {
  /// Where the event is, as a condition for it to be looked for in one place; nil when there is no such event.
  func span(of id: Int64) throws -> Int64? {
    if let begun = begunMonths.last(where: { $0.first <= id }) { return EventSpan.span(month: begun.month, id: id) }
    let known = try months(through: id)
    guard id > 0, id <= max(known.through, appended.last?.id ?? 0) else { return nil }
    return known.month(of: id).map { EventSpan.span(month: $0, id: id) }
  }

  /// The number of the newest event, 0 when there is none.
  func lastEventInMonths() throws -> Int64 {
    if let last = appended.last { return last.id }
    return try months(through: .max).through
  }

  /// Tells the process what this transaction added, once it is committed.
  func publishMonths() {
    guard let last = appended.last else { return }
    var known = sharedMonths.now
    known.starts += begunMonths
    known.through = last.id
    sharedMonths.learn(known)
  }

  /// Writes events and what is personal in them, each to the partition of its month.
  func appendInMonths(_ events: [EventRow]) throws {
    guard let first = events.first else { return }
    var latest = try begunMonths.last?.month ?? months(through: first.id - 1).latest
    var values: [SQLValue] = [], personal: [SQLValue] = []
    for event in events {
      let month = try month(of: event, latest)
      latest = month
      let span = SQLValue.integer(EventSpan.span(month: month, id: event.id))
      values += [
        .integer(event.id), span, .text(event.kind), .integer(event.at), .integer(event.recorded), .blob(event.body),
        .optional(event.previous),
      ]
      if let bytes = event.personal { personal += [.integer(event.id), span, .blob(bytes)] }
    }
    try insert(
      "INSERT INTO event (id, span, kind, at, recorded, body, previous)",
      [.integers, .integers, .texts, .integers, .integers, .blobs, .integers], values)
    try insert("INSERT INTO event_private (event, span, bytes)", [.integers, .integers, .blobs], personal)
  }

  /// The month that an event goes to. The first one of a month begins it.
  private func month(of event: EventRow, _ latest: Int64?) throws -> Int64 {
    let own = EventSpan.month(of: event.recorded)
    if let latest, own <= latest { return latest }
    try MonthlyTable.make(month: own, self)
    try post("INSERT INTO event_month (month, first) VALUES (?, ?)", [.integer(own), .integer(event.id)])
    begunMonths.append((own, event.id))
    return own
  }

  /// What is known of the months, read anew unless it reaches an event.
  private func months(through id: Int64) throws -> EventMonths.Known {
    var known = sharedMonths.now
    guard id > known.through, appended.isEmpty else { return known }
    if !isWriting { known.through = 0 }
    // The month that began last, then the newest event of it. Both were committed: this transaction wrote none yet.
    let latest = try first("SELECT max(month) FROM event_month") { $0.intOrNil(0) } ?? nil
    guard let latest else { return known }
    if latest != known.latest {
      known.starts = try all("SELECT month, first FROM event_month ORDER BY first") { ($0.int(0), $0.int(1)) }
    }
    known.through = try newestEvent(ofMonth: latest, known)
    sharedMonths.learn(known)
    return known
  }

  /// The newest event, which lies in this month. Who writes sees all that was committed, and looks from the newest one
  /// known on, in its span alone; who reads may have an older snapshot.
  private func newestEvent(ofMonth month: Int64, _ known: EventMonths.Known) throws -> Int64 {
    guard isWriting, known.through > 0, known.month(of: known.through) == month else {
      return try self.first(
        "SELECT max(id) FROM event WHERE span >= ? AND span < ?",
        [.integer(EventSpan.first(ofMonth: month)), .integer(EventSpan.first(ofMonth: month + 1))]
      ) { $0.int(0) } ?? 0
    }
    var newest = known.through
    while true {
      let span = EventSpan.span(month: month, id: newest + 1)
      let found = try self.first("SELECT max(id) FROM event WHERE span = ?", [.integer(span)]) { $0.intOrNil(0) } ?? nil
      guard let found, found > newest else { return newest }
      newest = found
      if EventSpan.span(month: month, id: newest + 1) == span { return newest }
    }
  }
}

/// Conditions that name the places of events, for statements that both engines read. On SQLite they are empty.
extension Transaction {
  /// A condition on `e.span` and its values.
  struct Places {
    let sql: String
    let values: [SQLValue]

    static let everywhere = Places(sql: "", values: [])
  }

  /// Spans named one by one; of more a range is searched.
  private static let spansNamed = 4

  /// Whole events as ``EventRow/init(_:)`` reads them, from `event e`.
  var wholeEvents: String {
    isPostgres
      ? """
      SELECT e.id, e.kind, e.at, e.recorded, e.body, p.bytes, e.previous
      FROM event e LEFT JOIN event_private p ON p.span = e.span AND p.event = e.id
      """ : "SELECT e.id, e.kind, e.at, e.recorded, e.body, e.private, e.previous FROM event e"
  }

  /// Where one event lies; nil when there is no such event.
  func place(of id: Int64) throws -> Places? {
    guard isPostgres else { return .everywhere }
    return try span(of: id).map { Places(sql: " AND e.span = ?", values: [.integer($0)]) }
  }

  /// Where the `limit` events after a number lie, or all of them; nil when there are none.
  func places(after id: Int64, limit: Int = .max) throws -> Places? {
    guard isPostgres else { return .everywhere }
    let begin = max(id, 0)
    let wanted = begin.addingReportingOverflow(Int64(limit))
    let end = wanted.overflow ? Int64.max : wanted.partialValue
    let last = try appended.last?.id ?? months(through: end).through
    guard begin < last, let low = try span(of: begin + 1), let high = try span(of: min(end, last)) else { return nil }
    var named: [Int64] = [low]
    var next = begin + 1
    while let span = named.last, span < high, named.count <= Self.spansNamed {
      // The next span begins with the next multiple, or with a month.
      next = (next >> EventSpan.bits + 1) << EventSpan.bits
      let month = try months(through: last).starts.first { $0.month << 32 > span && $0.first < next }
      next = month?.first ?? next
      guard let following = try self.span(of: next) else { break }
      named.append(following)
    }
    guard named.last == high, named.count <= Self.spansNamed else {
      return Places(sql: " AND e.span BETWEEN ? AND ?", values: [.integer(low), .integer(high)])
    }
    let marks = named.map { _ in "?" }.joined(separator: ", ")
    return Places(sql: " AND e.span IN (\(marks))", values: named.map(SQLValue.integer))
  }
}
