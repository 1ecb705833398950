/// What one code's scans so far say, in one row.
package struct HistoryRow: Sendable, Equatable {
  /// First and latest scan, Unix milliseconds of when they happened.
  package let firstAt: Int64, lastAt: Int64
  /// How many scans, the newest one's event, and whether an alert holds the code for a copy.
  package let scans: Int64, lastEvent: Int64, suspected: Bool
  /// Where the latest scan was, as a region code.
  package let lastRegion: String?

  /// One scan more than `history` counted. Offline scans may arrive out of order, so first and last are a minimum and a
  /// maximum, and the place is that of the latest.
  package init(_ history: HistoryRow?, at: Int64, region: String?, event: Int64) {
    firstAt = min(history?.firstAt ?? at, at)
    lastAt = max(history?.lastAt ?? at, at)
    scans = (history?.scans ?? 0) + 1
    lastEvent = event
    suspected = history?.suspected ?? false
    if let history, at < history.lastAt { lastRegion = history.lastRegion } else { lastRegion = region }
  }

  /// Finds the history of one code, for ``init(_:)``.
  static let search =
    "SELECT first_at, last_at, scans, last_event, suspected, last_region FROM history WHERE space = ? AND number = ?"
  /// The same of a list of codes of one space, each row with its number at the end.
  static let searchMany =
    """
    SELECT first_at, last_at, scans, last_event, suspected, last_region, number FROM history
    WHERE space = ? AND number IN
    """

  /// The columns that scans change, with the code's own first.
  static let columns = "space, number, first_at, last_at, scans, last_event, last_region"
  static let kinds: [SQLColumn.Kind] = [.integers, .integers, .integers, .integers, .integers, .integers, .texts]

  /// The values of ``columns``.
  func values(of code: CodeLocation) -> [SQLValue] {
    [
      .integer(code.space), .integer(code.number), .integer(firstAt), .integer(lastAt), .integer(scans),
      .integer(lastEvent), .optional(lastRegion),
    ]
  }

  init(_ row: SQLRow) {
    firstAt = row.int(0)
    lastAt = row.int(1)
    scans = row.int(2)
    lastEvent = row.int(3)
    suspected = row.int(4) != 0
    lastRegion = row.textOrNil(5)
  }
}

extension Transaction {
  /// The history of one code, nil when it was never scanned.
  package func history(space: Int64, number: Int64) throws -> HistoryRow? {
    try first(HistoryRow.search, [.integer(space), .integer(number)]) { HistoryRow($0) }
  }

  /// The scan events of one code up to an event, newest first, by the chain from each to the one before; at most `limit`.
  /// Takes time in proportion to the scans of this code since then.
  package func scans(space: Int64, number: Int64, through event: Int64, limit: Int) throws -> [Int64] {
    var found: [Int64] = []
    var next = try history(space: space, number: number)?.lastEvent
    while let id = next, found.count < limit {
      if id <= event { found.append(id) }
      guard let place = try place(of: id) else { break }
      let before =
        try first("SELECT previous FROM event e WHERE e.id = ?\(place.sql)", [.integer(id)] + place.values) {
          $0.intOrNil(0)
        } ?? nil
      next = before.flatMap { $0 < id ? $0 : nil }
    }
    return found
  }

  /// Counts one scan more of one code.
  package func countScan(
    space: Int64, number: Int64, at: Int64, region: String?, event: Int64
  ) throws {
    let before = try history(space: space, number: number)
    try put([
      CodeLocation(space: space, number: number): HistoryRow(before, at: at, region: region, event: event)
    ])
  }

  /// Marks or clears a code as suspected of having copies.
  package func setSuspected(_ suspected: Bool, space: Int64, number: Int64) throws {
    try post(
      "UPDATE history SET suspected = ? WHERE space = ? AND number = ?",
      [.integer(suspected ? 1 : 0), .integer(space), .integer(number)])
  }

  /// The event that first answered this client's scan id, nil when it is new.
  package func reply(key: Int64, client: String) throws -> Int64? {
    try first(ClientScan.search, [.integer(key), .text(client)]) { $0.int(0) }
  }

  /// Adds to the counts of dealer → region; `day` counts days since 1970-01-01 UTC.
  package func addFlow(day: Int64, gtin: Int64, dealer: String, region: String, scans: Int64) throws {
    try post(
      """
      INSERT INTO flow VALUES (?, ?, ?, ?, ?) ON CONFLICT (gtin, day, dealer, region)
      DO UPDATE SET scans = flow.scans + excluded.scans
      """, [.integer(day), .integer(gtin), .text(dealer), .text(region), .integer(scans)])
  }

  /// Counts of dealer → region over a span of days, both ends included; all products when `gtin` is nil.
  package func flows(
    gtin: Int64?, from: Int64, to: Int64
  ) throws -> [(gtin: Int64, dealer: String, region: String, scans: Int64)] {
    try all(
      """
      SELECT gtin, dealer, region, CAST(sum(scans) AS BIGINT) FROM flow
      WHERE (CAST(?1 AS BIGINT) IS NULL OR gtin = ?1) AND day BETWEEN ?2 AND ?3 GROUP BY gtin, dealer, region ORDER BY 1, 2, 3
      """, [.optional(gtin), .integer(from), .integer(to)]
    ) { ($0.int(0), $0.text(1), $0.text(2), $0.int(3)) }
  }
}
