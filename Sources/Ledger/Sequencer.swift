import Storage
import TransparencyLog

/// Gives events their place in the Merkle log and signs the head.
///
/// One pass, in steps; what a crash leaves after each:
/// 1. read the newest checkpoint: nothing;
/// 2. read the events after it and hash them: nothing;
/// 3. sign the new head: a signature that nobody has seen;
/// 4. store tiles and checkpoint in one transaction that first compares the old checkpoint: all or nothing. In a cluster
///    the tiles go before, each by itself: tiles that reach beyond the checkpoint, which the next pass makes again.
/// The next pass starts again at 1. A checkpoint is served only from the database, so a head that was seen is stored,
/// and a size is signed once: the table's primary key refuses a second root of the same size.
package final class Sequencer: Sendable {
  private let ledger: Ledger
  private let signer: NoteSigner

  /// Events hashed in one pass; bounds memory and the length of the transaction.
  package static let passMax = 20_000

  /// With the ledger's log key.
  package init(_ ledger: Ledger) throws(LedgerError) {
    self.ledger = ledger
    signer = try ledger.logSigner()
  }

  /// One pass; returns how many events it placed.
  @discardableResult
  package func pass() async throws(LedgerError) -> Int {
    try await pass(faults: .none)
  }

  /// Passes until no event waits.
  package func catchUp() async throws(LedgerError) {
    while try await pass() > 0 {}
  }

  /// One pass in which a test may make a step fail.
  package func pass(faults: Faults) async throws(LedgerError) -> Int {
    let head = try await ledger.read(LedgerError.self) { try $0.lastCheckpoint() }
    let growth = try await hash(after: head)
    guard try await isWorthSigning(growth, after: head) else { return 0 }
    try faults.strike(.sign)
    let time = ledger.now()
    let checkpoint = try sign(growth.edge)
    try faults.strike(.store)
    try await store(growth, after: head, note: checkpoint, at: time, faults)
    try faults.strike(.answer)
    return Int(growth.edge.size - growth.oldSize)
  }

  /// Signs for events of the trade. What others said of a checkpoint waits for these, so that an idle log stays as it was
  /// stamped and cosigned.
  private func isWorthSigning(_ growth: Growth, after head: CheckpointRow?) async throws(LedgerError) -> Bool {
    guard let head else { return true }
    let count = growth.edge.size - growth.oldSize
    guard count > 0, count <= EventKind.attestationsMax else { return count > 0 }
    return try await ledger.read(LedgerError.self) { try $0.oldestUnsigned(after: head.size) != nil }
  }

  /// The right edge before and after the events that wait.
  private struct Growth: Sendable {
    let oldSize: UInt64
    let edge: RightEdge
  }

  private func hash(after head: CheckpointRow?) async throws(LedgerError) -> Growth {
    try await ledger.read(LedgerError.self) { [tail = ledger.store.tail] transaction in
      let size = UInt64(head?.size ?? 0)
      var edge = try RightEdge(size: size) { try transaction.tile(level: $0, number: $1) ?? [] }
      if let head, edge.root.bytes != head.root {
        throw LedgerError.inconsistent("the tiles do not give the root of checkpoint \(head.size)")
      }
      func place(_ id: Int64, _ body: [UInt8]) throws {
        guard id == Int64(edge.size) + 1 else { throw LedgerError.inconsistent("event \(edge.size + 1) is missing") }
        edge.append(leafHash(forEvent: body))
      }
      if let recent = tail.events(after: Int64(size), limit: Self.passMax) {
        for event in recent { try place(event.id, event.body) }
      } else {
        try transaction.eachBody(after: Int64(size), limit: Self.passMax, place)
      }
      return Growth(oldSize: size, edge: edge)
    }
  }

  private func sign(_ edge: RightEdge) throws(LedgerError) -> String {
    do {
      let checkpoint = try Checkpoint(origin: ledger.origin, size: edge.size, root: edge.root)
      return String(decoding: try checkpoint.signed(by: signer).bytes, as: UTF8.self)
    } catch {
      throw .keys("the checkpoint cannot be signed: \(error)")
    }
  }

  private func store(
    _ growth: Growth, after head: CheckpointRow?, note: String, at time: Timestamp, _ faults: Faults
  ) async throws(LedgerError) {
    let expected = head?.size
    let changed = growth.edge.changed
    // In a cluster the tiles lie in many shards, and each is written by itself: no transaction spans two.
    let isApart = ledger.store.isDistributed
    if isApart {
      for (tile, bytes) in changed {
        try await ledger.write(LedgerError.self) {
          try $0.putTile(level: tile.level, number: tile.index, bytes: bytes)
        }
      }
    }
    try await ledger.write(LedgerError.self) { transaction in
      guard try transaction.lastCheckpoint()?.size == expected else {
        throw LedgerError.inconsistent("another sequencer signed a checkpoint meanwhile")
      }
      for (tile, bytes) in changed where !isApart {
        try transaction.putTile(level: tile.level, number: tile.index, bytes: bytes)
      }
      try faults.strike(.midTransaction)
      try transaction.addCheckpoint(
        size: Int64(growth.edge.size), root: growth.edge.root.bytes, signed: time.milliseconds, note: note)
    }
  }
}

extension Sequencer {
  /// Where a test can make a pass fail.
  package enum Step: CaseIterable, Sendable { case sign, store, midTransaction, answer }

  /// Which step fails; in production none does.
  package struct Faults: Sendable {
    let step: Step?

    /// No fault.
    package static let none = Faults(step: nil)
    /// A fault at one step.
    package static func at(_ step: Step) -> Faults { Faults(step: step) }

    func strike(_ reached: Step) throws(LedgerError) {
      if reached == step { throw .inconsistent("fault injected at \(reached)") }
    }
  }
}
