/// An authority's time stamp over a checkpoint as stored.
package struct TimeStampRow: Sendable, Equatable {
  /// The checkpoint's size, the authority's name, the time stamped (Unix milliseconds), and the answer in DER.
  package let size: Int64, authority: String, at: Int64, answer: [UInt8]

  /// Made from its parts.
  package init(size: Int64, authority: String, at: Int64, answer: [UInt8]) {
    self.size = size
    self.authority = authority
    self.at = at
    self.answer = answer
  }

  init(_ row: SQLRow) {
    self.init(size: row.int(0), authority: row.text(1), at: row.int(2), answer: row.blob(3))
  }
}

/// A witness's cosignature of a checkpoint as stored: one signature line of a note.
package struct CosignatureRow: Sendable, Equatable {
  /// The checkpoint's size, the name of the witness's key, when it says it saw it (Unix milliseconds), and the line.
  package let size: Int64, witness: String, at: Int64, line: String

  /// Made from its parts.
  package init(size: Int64, witness: String, at: Int64, line: String) {
    self.size = size
    self.witness = witness
    self.at = at
    self.line = line
  }

  init(_ row: SQLRow) {
    self.init(size: row.int(0), witness: row.text(1), at: row.int(2), line: row.text(3))
  }
}

extension Transaction {
  /// Keeps a time stamp; the first of an authority over a checkpoint stays.
  package func addTimeStamp(_ row: TimeStampRow) throws {
    try post(
      "INSERT INTO time_stamp (size, authority, at, answer) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
      [.integer(row.size), .text(row.authority), .integer(row.at), .blob(row.answer)])
  }

  /// The time stamps over a checkpoint, by authority.
  package func timeStamps(size: Int64) throws -> [TimeStampRow] {
    try all("SELECT size, authority, at, answer FROM time_stamp WHERE size = ? ORDER BY authority", [.integer(size)]) {
      TimeStampRow($0)
    }
  }

  /// The newest stamp of an authority.
  package func lastTimeStamp(authority: String) throws -> TimeStampRow? {
    try first(
      "SELECT size, authority, at, answer FROM time_stamp WHERE authority = ? ORDER BY size DESC LIMIT 1",
      [.text(authority)]
    ) { TimeStampRow($0) }
  }

  /// Keeps a cosignature; the first of a witness over a checkpoint stays.
  package func addCosignature(_ row: CosignatureRow) throws {
    try post(
      "INSERT INTO cosignature (size, witness, at, line) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
      [.integer(row.size), .text(row.witness), .integer(row.at), .text(row.line)])
  }

  /// The cosignatures of a checkpoint, by witness.
  package func cosignatures(size: Int64) throws -> [CosignatureRow] {
    try all("SELECT size, witness, at, line FROM cosignature WHERE size = ? ORDER BY witness", [.integer(size)]) {
      CosignatureRow($0)
    }
  }

  /// The sizes of the checkpoints that anybody stamped or cosigned.
  package func attestedSizes() throws -> [Int64] {
    try all("SELECT size FROM time_stamp UNION SELECT size FROM cosignature ORDER BY 1") { $0.int(0) }
  }

  /// The newest cosignature of a witness.
  package func lastCosignature(witness: String) throws -> CosignatureRow? {
    try first(
      "SELECT size, witness, at, line FROM cosignature WHERE witness = ? ORDER BY size DESC LIMIT 1", [.text(witness)]
    ) { CosignatureRow($0) }
  }

  /// The checkpoint that evidence over this many leaves rests on: the first that was stamped, else the first that was
  /// cosigned, else the first of all. It stays the same as the log grows.
  package func attestedCheckpoint(covering size: Int64) throws -> CheckpointRow? {
    let sql = { (table: String) in
      """
      SELECT size, root, signed, note FROM checkpoint WHERE size >= ?1
      AND size = (SELECT min(size) FROM \(table) WHERE size >= ?1)
      """
    }
    for table in ["time_stamp", "cosignature"] {
      if let row = try first(sql(table), [.integer(size)], { CheckpointRow($0) }) { return try cosigned(row) }
    }
    return try checkpoint(covering: size).map { try cosigned($0) }
  }

  /// A checkpoint with the cosignatures that were gathered: its note is the log's, and a line for each witness.
  package func cosigned(_ row: CheckpointRow) throws -> CheckpointRow {
    CheckpointRow(row, note: row.note + (try cosignatures(size: row.size).map(\.line).joined()))
  }
}
