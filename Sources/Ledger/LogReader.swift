import Codes
import Storage
import TransparencyLog

/// Reads the published log: checkpoints, tiles, proofs (C2SP tlog-tiles, tlog-proof).
package struct LogReader: Sendable {
  private let ledger: Ledger

  /// Over the ledger.
  package init(_ ledger: Ledger) { self.ledger = ledger }

  /// The newest signed checkpoint with the cosignatures gathered so far, nil before the first.
  package func checkpoint() async throws(LedgerError) -> [UInt8]? {
    try await ledger.read(LedgerError.self) { transaction in
      try transaction.lastCheckpoint().map { Array(try transaction.cosigned($0).note.utf8) }
    }
  }

  /// The bytes of a published tile, nil where the signed tree has none of that width.
  package func tile(_ tile: Tile) async throws(LedgerError) -> [UInt8]? {
    try await ledger.read(LedgerError.self) { transaction in
      guard let size = try transaction.lastCheckpoint()?.size,
        tile.width <= Tile.width(of: tile.key, size: UInt64(size))
      else { return nil }
      switch tile.content {
      case .hashes: return try hashes(of: tile, transaction)
      case .entries: return try entries(of: tile, transaction)
      }
    }
  }

  /// A proof that an event is in the log, under the newest checkpoint (or the given one); nil when the event is not
  /// in it yet.
  package func proof(ofEvent id: Int64, under checkpoint: CheckpointRow? = nil) async throws(LedgerError) -> LogProof? {
    try await ledger.read(LedgerError.self) { transaction in
      guard let head = try checkpoint ?? transaction.lastCheckpoint(), id >= 1, id <= head.size else { return nil }
      return try proof(ofEvent: id, under: head, transaction)
    }
  }

  /// The same inside a transaction.
  package func proof(ofEvent id: Int64, under head: CheckpointRow, _ transaction: Transaction) throws -> LogProof {
    guard let proof = try proofs(ofEvents: [id], under: head, transaction).first else {
      throw LedgerError.inconsistent("no proof of event \(id)")
    }
    return proof
  }

  /// Proofs of several events, in their order. Tiles are read, and their nodes computed, once for all of them.
  package func proofs(
    ofEvents ids: [Int64], under head: CheckpointRow, _ transaction: Transaction
  ) throws -> [LogProof] {
    let reader = reader(transaction)
    let note = try SignedNote(parsing: Array(head.note.utf8))
    return try ids.map { id in
      let hashes = try MerkleProof.inclusion(index: UInt64(id - 1), size: UInt64(head.size), reader: reader)
      return LogProof(index: UInt64(id - 1), hashes: hashes, checkpoint: note)
    }
  }

  /// The consistency proof between two sizes of the log.
  package func consistency(from: UInt64, to: UInt64) async throws(LedgerError) -> [Digest32] {
    try await ledger.read(LedgerError.self) {
      try MerkleProof.consistency(from: from, to: to, reader: reader($0))
    }
  }

  private func reader(_ transaction: Transaction) -> TileHashReader {
    TileHashReader { try transaction.tile(level: $0, number: $1) ?? [] }
  }

  private func hashes(of tile: Tile, _ transaction: Transaction) throws -> [UInt8]? {
    let count = tile.width * Digest32.byteCount
    guard let bytes = try transaction.tile(level: tile.level, number: tile.index), bytes.count >= count else {
      return nil
    }
    return Array(bytes.prefix(count))
  }

  /// Entries are hashes of events: what was committed to, never what happened.
  private func entries(of tile: Tile, _ transaction: Transaction) throws -> [UInt8]? {
    var entries: [[UInt8]] = []
    let first = Int64(tile.index) * Int64(Tile.fullWidth)
    try transaction.eachBody(after: first, limit: tile.width) { entries.append(logEntry(forEvent: $1).bytes) }
    return entries.count == tile.width ? try EntryBundle(entries: entries).bytes : nil
  }
}

extension Ledger {
  /// The signer of checkpoints and evidence manifests.
  package func logSigner() throws(LedgerError) -> NoteSigner {
    do {
      return try NoteSigner(name: origin, seed: keystore.logSeed)
    } catch {
      throw .keys("the log key: \(error)")
    }
  }
}
