/// Scans of one product on one day, of a dealer's goods in a region.
package struct DailyFlow: Sendable {
  /// Days since 1970; the product.
  package let day: Int64, gtin: Int64
  /// Whose goods; the same text while the rows are of one dealer.
  package let dealer: String
  /// The code of the region, and how many.
  package let region: ShortText, scans: Int64
}

/// A text of up to eight bytes as a number, so that tens of thousands of them are compared without making one; of a
/// longer text its first eight bytes.
package struct ShortText: Hashable, Sendable {
  /// The bytes as they lie in memory; zero after the last.
  private let bits: UInt64

  /// The first eight bytes of a text.
  init(_ bytes: UnsafeRawBufferPointer) {
    var bits: UInt64 = 0
    withUnsafeMutableBytes(of: &bits) { $0.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes.prefix(8))) }
    self.bits = bits
  }

  /// The text.
  package var text: String {
    withUnsafeBytes(of: bits) { bytes in String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self) }
  }
}

extension Transaction {
  /// The first event that was learnt at this moment or later; one past the last when there is none. Events are numbered
  /// as they are learnt, so halving finds it.
  package func firstEvent(recordedSince time: Int64) throws -> Int64 {
    var (low, high) = (Int64(1), try lastEventID() + 1)
    while low < high {
      let middle = (low + high) / 2
      let place = try place(of: middle) ?? .everywhere
      let recorded =
        try first("SELECT recorded FROM event e WHERE e.id = ?\(place.sql)", [.integer(middle)] + place.values) {
          $0.int(0)
        } ?? 0
      if recorded < time { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Events before a number, newest first, of one kind or of all but scans.
  package func events(before id: Int64, since first: Int64, kind: String?, limit: Int) throws -> [EventRow] {
    guard let places = try places(after: max(first, 1) - 1) else { return [] }
    return try all(
      """
      \(wholeEvents) WHERE e.id < ? AND e.id >= ?\(places.sql) AND \(kind == nil ? "e.kind <> 'scan'" : "e.kind = ?")
      ORDER BY e.id DESC LIMIT ?
      """,
      [.integer(id), .integer(first)] + places.values + (kind.map { [.text($0)] } ?? []) + [.integer(Int64(limit))]
    ) { EventRow($0) }
  }

  /// Scans of goods by day, product, dealer and region over a span of days, both ends included.
  package func eachDailyFlow(
    from: Int64, to: Int64, _ body: (DailyFlow) throws -> Void
  ) throws {
    var dealer = ""
    // Products first: the primary key begins with them, and there are few.
    try each(
      """
      SELECT day, gtin, dealer, region, scans FROM flow
      WHERE gtin IN (SELECT gtin FROM product) AND day BETWEEN ? AND ?
      """, [.integer(from), .integer(to)]
    ) { row in
      if !row.holds(dealer, 2) { dealer = row.text(2) }
      try body(
        DailyFlow(
          day: row.int(0), gtin: row.int(1), dealer: dealer, region: row.withBytes(3) { ShortText($0) },
          scans: row.int(4)))
    }
  }

  /// Scans of some dealers' goods by dealer and region over a span of days, both ends included, and whether they lie
  /// before the day that splits the span.
  package func flows(
    ofDealers dealers: [String], from: Int64, to: Int64, split: Int64
  ) throws -> [(dealer: String, region: String, isBefore: Bool, scans: Int64)] {
    guard !dealers.isEmpty else { return [] }
    let marks = dealers.map { _ in "?" }.joined(separator: ", ")
    // Products first: the primary key begins with them, and there are few.
    return try all(
      """
      SELECT dealer, region, CAST(CASE WHEN day < ? THEN 1 ELSE 0 END AS BIGINT), CAST(sum(scans) AS BIGINT) FROM flow
      WHERE gtin IN (SELECT gtin FROM product) AND day BETWEEN ? AND ? AND dealer IN (\(marks)) GROUP BY 1, 2, 3
      """, [.integer(split), .integer(from), .integer(to)] + dealers.map(SQLValue.text)
    ) { ($0.text(0), $0.text(1), $0.int(2) == 1, $0.int(3)) }
  }

  /// How long it took from the first scan to the alert, seconds, of alerts before a number, newest first.
  package func alertDelays(
    before id: Int64, limit: Int
  ) throws -> [(id: Int64, dealer: String?, region: String?, seconds: Int64)] {
    try all(
      """
      SELECT a.id, a.dealer, a.region, (a.raised - e.at) / 1000 FROM alert a
      JOIN event e ON e.id = (SELECT min(event) FROM alert_event WHERE alert = a.id)
      WHERE a.id < ? ORDER BY a.id DESC LIMIT ?
      """, [.integer(id), .integer(Int64(limit))]
    ) { ($0.int(0), $0.textOrNil(1), $0.textOrNil(2), $0.int(3)) }
  }
}
