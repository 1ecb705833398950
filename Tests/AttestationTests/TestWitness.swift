import Attestation
import Ledger
import Synchronization
import TestWorld
import Testing
import TransparencyLog

/// A witness in memory, as `yima witness` runs it.
final class TestWitness: Sendable {
  let witness: Witness
  private let known = Mutex<[String: WitnessedCheckpoint]>([:])

  init(_ ledger: Ledger, name: String = "witness.example/w1", seed: UInt8 = 7) throws {
    let signer = try NoteSigner(name: name, seed: [UInt8](repeating: seed, count: 32), kind: .cosignatureV1)
    let log = Witness.Log(origin: ledger.origin, keys: [try ledger.logSigner().key])
    witness = try Witness(signer: signer, logs: [log])
  }

  var post: Post {
    Post { [self] url, body, _ in
      #expect(url == "http://w.test/add-checkpoint")
      return known.withLock { known in
        let answer = witness.answer(to: body, known: { known[$0] }, time: 1_790_000_000)
        if case .cosigned(let next, _) = answer { known[World.origin] = next }
        return Post.Reply(status: answer.status, body: answer.body.bytes)
      }
    } get: { [self] url in
      guard let seen = known.withLock({ $0[World.origin] }) else { return Post.Reply(status: 404, body: []) }
      #expect(url == "http://w.test/" + Witness.monitoringPath(origin: World.origin))
      return Post.Reply(status: 200, body: seen.note)
    }
  }

  /// The same, without a checkpoint for monitors.
  var silent: Post { Post { [self] in try await post($0, $1, type: $2) } }

  /// What it has, as a note.
  var seen: [UInt8]? { known.withLock { $0[World.origin]?.note } }

  func forget() { known.withLock { $0 = [:] } }
}
