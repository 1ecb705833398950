import Synchronization

/// How asking each authority and witness goes, for `/readyz` and the console. In memory, and known to the server that
/// asks: of several servers on one database the one that sequences.
package final class AttestationBoard: Sendable {
  /// What is asked for.
  package enum Kind: Hashable, Sendable { case timeStamp, cosignature }

  /// How it goes with one of them.
  package struct Standing: Equatable, Sendable {
    /// Failures since the last success, and why the last one was.
    package var failures = 0, error: AttestationError?
    /// When it is asked again after a failure, Unix seconds.
    package var nextTry: Int64?
    /// That a witness has a larger or another tree of this log; it stays until that witness cosigns again.
    package var dispute: AttestationError.Dispute?

    /// In a word: `ok`, `failing` or `rolledBackOrForked`.
    package var word: String { dispute != nil ? "rolledBackOrForked" : failures > 0 ? "failing" : "ok" }
  }

  private struct Place: Hashable {
    let kind: Kind
    let name: String
  }

  private let standings = Mutex<[Place: Standing]>([:])

  /// Where nobody was asked yet.
  package init() {}

  /// How it goes with one of them.
  package func standing(_ kind: Kind, _ name: String) -> Standing {
    standings.withLock { $0[Place(kind: kind, name: name)] ?? Standing() }
  }

  /// Disputes of witnesses about this log.
  package var disputes: [AttestationError.Dispute] {
    standings.withLock { $0.values.compactMap(\.dispute) }
  }

  func succeeded(_ kind: Kind, _ name: String) {
    standings.withLock { $0[Place(kind: kind, name: name)] = Standing() }
  }

  func failed(_ kind: Kind, _ name: String, _ error: AttestationError, times: Int, nextTry: Int64) {
    standings.withLock { standings in
      var standing = standings[Place(kind: kind, name: name)] ?? Standing()
      standing.failures = times
      standing.error = error
      standing.nextTry = nextTry
      if case .disputed(let dispute) = error { standing.dispute = dispute }
      standings[Place(kind: kind, name: name)] = standing
    }
  }
}
