/// A signed head of the log as stored.
package struct CheckpointRow: Sendable {
  /// Leaves, root hash (32 bytes), Unix milliseconds of signing, and the signed note.
  package let size: Int64, root: [UInt8], signed: Int64, note: String

  init(_ row: SQLRow) {
    size = row.int(0)
    root = row.blob(1)
    signed = row.int(2)
    note = row.text(3)
  }

  /// The same checkpoint under a note with more signatures.
  init(_ row: CheckpointRow, note: String) {
    size = row.size
    root = row.root
    signed = row.signed
    self.note = note
  }
}

extension Transaction {
  /// The stored bytes of a tile (up to 256 hashes), nil when there are none yet.
  package func tile(level: Int, number: UInt64) throws -> [UInt8]? {
    try first(
      "SELECT bytes FROM tile WHERE level = ? AND number = ?", [.integer(Int64(level)), .integer(Int64(number))]
    ) { $0.blob(0) }
  }

  /// Stores a tile, which only ever grows.
  package func putTile(level: Int, number: UInt64, bytes: [UInt8]) throws {
    try post(
      """
      INSERT INTO tile VALUES (?, ?, ?) ON CONFLICT (level, number)
      DO UPDATE SET bytes = excluded.bytes WHERE length(excluded.bytes) > length(tile.bytes)
      """, [.integer(Int64(level)), .integer(Int64(number)), .blob(bytes)])
  }

  /// The newest checkpoint.
  package func lastCheckpoint() throws -> CheckpointRow? {
    try first("SELECT size, root, signed, note FROM checkpoint ORDER BY size DESC LIMIT 1") { CheckpointRow($0) }
  }

  /// The first checkpoint that covers this many leaves.
  package func checkpoint(covering size: Int64) throws -> CheckpointRow? {
    try first(
      "SELECT size, root, signed, note FROM checkpoint WHERE size >= ? ORDER BY size LIMIT 1", [.integer(size)]
    ) { CheckpointRow($0) }
  }

  /// The sizes of all checkpoints in order, each with the size of the one before it as it was when it was signed.
  package func checkpointChain() throws -> [(size: Int64, previous: Int64?)] {
    try all("SELECT size, previous FROM checkpoint ORDER BY size") { ($0.int(0), $0.intOrNil(1)) }
  }

  /// Adds a checkpoint; fails when one of this size exists: a size is signed once.
  package func addCheckpoint(size: Int64, root: [UInt8], signed: Int64, note: String) throws {
    let previous = try first("SELECT max(size) FROM checkpoint") { $0.intOrNil(0) } ?? nil
    try post(
      "INSERT INTO checkpoint VALUES (?, ?, ?, ?, ?)",
      [.integer(size), .blob(root), .integer(signed), .text(note), .optional(previous)])
  }
}
