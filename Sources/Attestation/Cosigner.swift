import Ledger
import Storage
import TimeStamps
import TransparencyLog

/// Shows the newest checkpoint to each witness from time to time (C2SP tlog-witness) and keeps its cosignature. A witness
/// that is away or refuses is asked again later, is told of, and blocks nothing.
package actor Cosigner {
  private let ledger: Ledger
  private let settings: AttestationSettings
  private let post: Post
  private let board: AttestationBoard
  private let schedule = StampSchedule()
  /// What each witness is known to have, when it last cosigned by our clock, and when it failed, how often.
  private var sizes: [String: UInt64] = [:]
  private var asked: [String: Int64] = [:]
  private var failed: [String: (times: Int, last: Int64)] = [:]

  /// Over the ledger; the board is told how it goes.
  package init(
    _ ledger: Ledger, _ settings: AttestationSettings, post: Post, board: AttestationBoard = AttestationBoard()
  ) {
    self.ledger = ledger
    self.settings = settings
    self.post = post
    self.board = board
  }

  /// One pass over all witnesses; tells what failed, by name. Each is asked once in the life of the process even about a
  /// checkpoint that it cosigned: the database may be an older copy of the one that it knows.
  package func pass() async throws(LedgerError) -> [String: AttestationError] {
    let now = ledger.now().seconds
    var failures: [String: AttestationError] = [:]
    for witness in settings.witnesses {
      let name = witness.key.name
      if let past = failed[name], past.last + schedule.wait(after: past.times) > now { continue }
      let (head, last) = try await ledger.read(LedgerError.self) {
        (try $0.lastCheckpoint(), try $0.lastCosignature(witness: name))
      }
      guard let head, last?.size != head.size || asked[name] == nil else { continue }
      if let past = asked[name], now - past < settings.cosignEvery { continue }
      do {
        let row = try await ask(witness, head, knows: sizes[name] ?? UInt64(last?.size ?? 0))
        try await ledger.keep(row)
        sizes[name] = UInt64(head.size)
        asked[name] = now
        failed[name] = nil
        board.succeeded(.cosignature, name)
      } catch let error as AttestationError {
        failures[name] = error
        let times = (failed[name]?.times ?? 0) + 1
        failed[name] = (times, now)
        board.failed(.cosignature, name, error, times: times, nextTry: now + schedule.wait(after: times))
      } catch { throw LedgerError(any: error) }
    }
    return failures
  }

  /// Asks once, and once more from the size that the witness says it has.
  private func ask(_ witness: WitnessAddress, _ head: CheckpointRow, knows old: UInt64) async throws -> CosignatureRow {
    var reply = try await send(witness, head, from: min(old, UInt64(head.size)))
    if reply.status == 409, let size = Self.size(reply.body) {
      guard size <= UInt64(head.size) else { throw try await dispute(witness, status: 409, claimed: size) }
      sizes[witness.key.name] = size
      reply = try await send(witness, head, from: size)
    }
    if reply.status == 422 { throw try await dispute(witness, status: 422, claimed: nil) }
    guard reply.status == 200 else { throw AttestationError.status(reply.status) }
    do {
      let note = try SignedNote(parsing: Array(head.note.utf8))
      let merged = try CosignatureLines.merge(reply.body, into: note, witnesses: [witness.key])
      guard let new = merged.signatures.first(where: { !note.signatures.contains($0) }),
        let time = try merged.verify(keys: [witness.key]).signatures.compactMap(\.time).min(),
        let seconds = Int64(exactly: time), seconds < Int64.max / 1000
      else { throw AttestationError.notBelieved("no cosignature") }
      return CosignatureRow(size: head.size, witness: witness.key.name, at: seconds * 1000, line: new.line)
    } catch let error as NoteError { throw AttestationError.notBelieved("\(error)") }
  }

  /// A witness says that it has a larger or another tree. What it shows for it must be signed by this log to prove that;
  /// where it agrees with the database after all (another server was faster), the failure is one like others.
  private func dispute(
    _ witness: WitnessAddress, status: Int, claimed: UInt64?
  ) async throws(LedgerError) -> AttestationError {
    let shown = try? await post.get(witness.url + "/" + Witness.monitoringPath(origin: ledger.origin))
    guard let shown, shown.status == 200 else { return .disputed(.init(size: claimed, isProven: false)) }
    switch try await OutsideCheckpoint(ledger).compare(shown.body) {
    case .agrees: return .status(status)
    case .rolledBack(let size, _), .forked(let size): return .disputed(.init(size: size, isProven: true))
    case .notOurs: return .disputed(.init(size: claimed, isProven: false))
    }
  }

  private func send(_ witness: WitnessAddress, _ head: CheckpointRow, from old: UInt64) async throws -> Post.Reply {
    let proof = old == 0 ? [] : try await LogReader(ledger).consistency(from: old, to: UInt64(head.size))
    let note = try SignedNote(parsing: Array(head.note.utf8))
    let body = try AddCheckpoint(oldSize: old, proof: proof, note: note).bytes
    do {
      return try await post(witness.url + "/add-checkpoint", body, type: "text/plain; charset=utf-8")
    } catch { throw AttestationError.unreachable("\(error)") }
  }

  private static func size(_ body: [UInt8]) -> UInt64? {
    UInt64(String(decoding: body.prefix(24), as: UTF8.self).filter { !$0.isWhitespace })
  }
}
