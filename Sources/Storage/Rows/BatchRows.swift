/// A batch as stored: ranges, never rows of codes.
package struct BatchRow: Sendable {
  /// Number of the batch, its product, and the item codes' space and range.
  package let id: Int64, gtin: Int64, space: Int64, first: Int64, count: Int64
  /// `compact` or `strong` serials.
  package let profile: String
  /// The boxes issued with it: their space and range; items a box when they are pre-assigned.
  package let boxSpace: Int64?, boxFirst: Int64, boxCount: Int64, perBox: Int64?
  /// Unix milliseconds.
  package let created: Int64

  /// The last item index of the batch.
  package var last: Int64 { first + count - 1 }
  /// The last box serial of the batch.
  package var boxLast: Int64 { boxFirst + boxCount - 1 }

  /// Made from its fields.
  package init(
    id: Int64, gtin: Int64, space: Int64, first: Int64, count: Int64, profile: String, boxSpace: Int64?,
    boxFirst: Int64, boxCount: Int64, perBox: Int64?, created: Int64
  ) {
    self.id = id
    self.gtin = gtin
    self.space = space
    self.first = first
    self.count = count
    self.profile = profile
    self.boxSpace = boxSpace
    self.boxFirst = boxFirst
    self.boxCount = boxCount
    self.perBox = perBox
    self.created = created
  }

  init(_ row: SQLRow) {
    self.init(
      id: row.int(0), gtin: row.int(1), space: row.int(2), first: row.int(3), count: row.int(4),
      profile: row.text(5), boxSpace: row.intOrNil(6), boxFirst: row.int(7), boxCount: row.int(8),
      perBox: row.intOrNil(9), created: row.int(10))
  }

  static let columns =
    "id, gtin, space, first, count, profile, box_space, box_first, box_count, per_box, created"
}

extension Transaction {
  /// The space with this key, made when missing.
  package func space(_ key: String) throws -> Int64 {
    if let id = try findSpace(key) { return id }
    let id = try nextID(of: "space")
    try post("INSERT INTO space (id, key, next) VALUES (?, ?, 0)", [.integer(id), .text(key)])
    return id
  }

  /// The space with this key, nil when no code of it was ever issued.
  package func findSpace(_ key: String) throws -> Int64? {
    try first("SELECT id FROM space WHERE key = ?", [.text(key)]) { $0.int(0) }
  }

  /// The key of a space.
  package func spaceKey(_ id: Int64) throws -> String? {
    try first("SELECT key FROM space WHERE id = ?", [.integer(id)]) { $0.text(0) }
  }

  /// All spaces: id, key and how many numbers were given.
  package func spaces() throws -> [(id: Int64, key: String, next: Int64)] {
    try all("SELECT id, key, next FROM space ORDER BY id") { ($0.int(0), $0.text(1), $0.int(2)) }
  }

  /// Takes the next `count` numbers of a space and returns the first.
  package func take(_ count: Int64, from space: Int64) throws -> Int64 {
    try first("UPDATE space SET next = next + ? WHERE id = ? RETURNING next", [.integer(count), .integer(space)]) {
      $0.int(0) - count
    } ?? 0
  }

  /// The number that the next batch will have.
  package func nextBatchID() throws -> Int64 {
    try nextID(of: "batch")
  }

  /// Adds a batch.
  package func addBatch(_ batch: BatchRow, event: Int64) throws {
    try markCatalogue()
    try post(
      "INSERT INTO batch (\(BatchRow.columns), event) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      [
        .integer(batch.id), .integer(batch.gtin), .integer(batch.space), .integer(batch.first),
        .integer(batch.count), .text(batch.profile), .optional(batch.boxSpace),
        batch.boxSpace == nil ? .null : .integer(batch.boxFirst), .integer(batch.boxCount),
        .optional(batch.perBox), .integer(batch.created), .integer(event),
      ])
  }

  /// The batch with this number.
  package func batch(_ id: Int64) throws -> BatchRow? {
    try first("SELECT \(BatchRow.columns) FROM batch WHERE id = ?", [.integer(id)]) { BatchRow($0) }
  }

  /// Batches after `id`, newest last.
  package func batches(after id: Int64, limit: Int) throws -> [BatchRow] {
    try all(
      "SELECT \(BatchRow.columns) FROM batch WHERE id > ? ORDER BY id LIMIT ?", [.integer(id), .integer(Int64(limit))]
    ) { BatchRow($0) }
  }

  /// The forms of serial that a space was issued with.
  package func profiles(space: Int64) throws -> [String] {
    try all("SELECT DISTINCT profile FROM batch WHERE space = ?", [.integer(space)]) { $0.text(0) }
  }

  /// The batch that holds this item: one range search.
  package func batch(ofItem index: Int64, space: Int64) throws -> BatchRow? {
    try first(
      "SELECT \(BatchRow.columns) FROM batch WHERE space = ? AND first <= ? ORDER BY first DESC LIMIT 1",
      [.integer(space), .integer(index)]
    ) { BatchRow($0) }.flatMap { index <= $0.last ? $0 : nil }
  }

  /// The batch that this box was issued with.
  package func batch(ofBox serial: Int64, space: Int64) throws -> BatchRow? {
    try first(
      "SELECT \(BatchRow.columns) FROM batch WHERE box_space = ? AND box_first <= ? ORDER BY box_first DESC LIMIT 1",
      [.integer(space), .integer(serial)]
    ) { BatchRow($0) }.flatMap { serial <= $0.boxLast ? $0 : nil }
  }
}
