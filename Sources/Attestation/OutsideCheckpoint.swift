import Ledger
import TransparencyLog

/// Holds a checkpoint of this log that somebody outside kept against what the database has now. It finds a database that
/// was swapped for an older copy, or for another history, which nothing inside of the database can show.
package struct OutsideCheckpoint: Sendable {
  /// What the comparison says.
  package enum Finding: Equatable, Sendable {
    /// The database's log begins with that tree.
    case agrees(size: UInt64)
    /// This log's key signed a larger tree than the database has.
    case rolledBack(outside: UInt64, here: UInt64)
    /// This log's key signed another tree of that size.
    case forked(size: UInt64)
    /// It is no checkpoint signed by this log's key, so it says nothing.
    case notOurs
  }

  private let ledger: Ledger

  /// Of this ledger.
  package init(_ ledger: Ledger) { self.ledger = ledger }

  /// Compares a signed note.
  package func compare(_ note: [UInt8]) async throws(LedgerError) -> Finding {
    let policy = LogPolicy(origin: ledger.origin, logKeys: [try ledger.logSigner().key])
    guard let outside = try? policy.open(note).checkpoint else { return .notOurs }
    let head = try await ledger.read(LedgerError.self) { try $0.lastCheckpoint() }
    let here = UInt64(head?.size ?? 0)
    guard outside.size <= here else { return .rolledBack(outside: outside.size, here: here) }
    guard let head, outside.size > 0 else {
      return outside.root == MerkleHash.empty ? .agrees(size: 0) : .forked(size: outside.size)
    }
    guard let root = Digest32(bytes: head.root) else { throw .inconsistent("the root of checkpoint \(here)") }
    let proof = try await LogReader(ledger).consistency(from: outside.size, to: here)
    do {
      try MerkleProof.verifyConsistency(
        from: outside.size, oldRoot: outside.root, to: here, newRoot: root, proof: proof)
      return .agrees(size: outside.size)
    } catch { return .forked(size: outside.size) }
  }

  /// What a finding says of the database, for the audit; nil when it says nothing against it.
  /// - Parameter source: where the checkpoint came from.
  package static func defect(_ finding: Finding, from source: String) -> String? {
    switch finding {
    case .agrees: nil
    case .rolledBack(let outside, let here):
      "\(source) has a checkpoint of \(outside) events signed by this log, and the database ends at \(here): it was rolled back"
    case .forked(let size):
      "\(source) has another tree of \(size) events signed by this log: the log forked"
    case .notOurs: "\(source) has no checkpoint that is signed by this log"
    }
  }
}
