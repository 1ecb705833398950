import TestWorld
import Ledger
import Storage
import TransparencyLog

/// The Merkle tree of RFC 6962 §2.1 as its definition says it, without tiles, frontier or anything shared with them.
enum NaiveLog {
  /// MTH(D[n]).
  static func root(_ leaves: ArraySlice<[UInt8]>) -> [UInt8] {
    if leaves.isEmpty { return Digest32.sha256([]).bytes }
    if leaves.count == 1 { return leaves[leaves.startIndex] }
    var split = 1
    while split * 2 < leaves.count { split *= 2 }
    let middle = leaves.startIndex + split
    return Digest32.sha256([1] + root(leaves[..<middle]) + root(leaves[middle...])).bytes
  }

  /// The leaf hash of an event: its entry is the SHA-256 of its body.
  static func leaf(_ body: [UInt8]) -> [UInt8] { Digest32.sha256([0] + Digest32.sha256(body).bytes).bytes }

  /// The leaves of all events of a ledger, in order.
  static func leaves(_ ledger: Ledger) async throws -> [[UInt8]] {
    try await ledger.store.read { transaction in
      try transaction.all("SELECT body FROM event ORDER BY id") { leaf($0.blob(0)) }
    }
  }
}

extension World {
  /// Appends events that say nothing.
  func append(_ count: Int) async throws {
    let (ledger, now) = (ledger, clock.now)
    try await ledger.store.write { transaction in
      for number in 0..<count {
        let draft = EventDraft(.sale, at: now, by: .system, data: ["number": .integer(Int64(number))])
        try ledger.append(draft, transaction, recorded: now)
      }
    }
  }

  /// Every stored checkpoint, opened with the log's public key.
  func checkpoints() async throws -> [Checkpoint] {
    let policy = LogPolicy(origin: Self.origin, logKeys: [try ledger.logSigner().key])
    return try await ledger.store.read { transaction in
      var found: [Checkpoint] = []
      while let row = try transaction.checkpoint(covering: Int64(found.last?.size ?? 0) + 1) {
        let checkpoint = try policy.open(Array(row.note.utf8)).checkpoint
        guard checkpoint.size == UInt64(row.size), checkpoint.root.bytes == row.root else { throw Forked() }
        found.append(checkpoint)
      }
      return found
    }
  }

  /// A checkpoint's columns say something else than its note.
  struct Forked: Error {}
}
