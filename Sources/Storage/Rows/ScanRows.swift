/// What one code's scans so far say, in one row.
package struct HistoryRow: Sendable, Equatable {
  /// First and latest scan, Unix milliseconds of when they happened.
  package let firstAt: Int64, lastAt: Int64
  /// How many scans, the newest one's event, and whether an alert holds the code for a copy.
  package let scans: Int64, lastEvent: Int64, suspected: Bool
  /// Where the latest scan was, as a region code.
  package let lastRegion: String?

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
    try first(
      "SELECT first_at, last_at, scans, last_event, suspected, last_region FROM history WHERE space = ? AND number = ?",
      [.integer(space), .integer(number)]
    ) { HistoryRow($0) }
  }

  /// Counts one scan more. Offline scans may arrive out of order, so first and last are a minimum and a maximum.
  package func countScan(
    space: Int64, number: Int64, at: Int64, region: String?, event: Int64
  ) throws {
    try post(
      """
      INSERT INTO history (space, number, first_at, last_at, scans, last_event, last_region)
      VALUES (?1, ?2, ?3, ?3, 1, ?4, ?5)
      ON CONFLICT (space, number) DO UPDATE SET
      first_at = CASE WHEN excluded.first_at < history.first_at THEN excluded.first_at ELSE history.first_at END,
      last_region = CASE WHEN excluded.last_at >= history.last_at THEN excluded.last_region
        ELSE history.last_region END,
      last_at = CASE WHEN excluded.last_at > history.last_at THEN excluded.last_at ELSE history.last_at END,
      scans = history.scans + 1, last_event = excluded.last_event
      """, [.integer(space), .integer(number), .integer(at), .integer(event), .optional(region)])
  }

  /// Marks or clears a code as suspected of having copies.
  package func setSuspected(_ suspected: Bool, space: Int64, number: Int64) throws {
    try post(
      "UPDATE history SET suspected = ? WHERE space = ? AND number = ?",
      [.integer(suspected ? 1 : 0), .integer(space), .integer(number)])
  }

  /// The event that first answered this client's scan id, nil when it is new.
  package func reply(key: Int64, client: String) throws -> Int64? {
    try first("SELECT event FROM reply WHERE key = ? AND client = ?", [.integer(key), .text(client)]) { $0.int(0) }
  }

  /// Claims this client's scan id for an event; false when it is taken. The insert itself decides.
  package func claimReply(key: Int64, client: String, event: Int64) throws -> Bool {
    try run(
      "INSERT INTO reply VALUES (?, ?, ?) ON CONFLICT DO NOTHING", [.integer(key), .text(client), .integer(event)]) == 1
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
