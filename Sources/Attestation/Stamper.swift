import Ledger
import Storage
import TimeStamps
import TransparencyLog

/// Has the newest checkpoint stamped by each authority from time to time. A failed stamp is tried again with growing
/// waits, is told, and blocks nothing: neither the log nor the other authorities.
package actor Stamper {
  private let ledger: Ledger
  private let settings: AttestationSettings
  private let post: Post
  /// Unix seconds.
  private let clock: @Sendable () -> Int64
  private let board: AttestationBoard
  private let schedule = StampSchedule()
  /// What each authority is asked for now, and how often that failed.
  private var targets: [String: UInt64] = [:]
  private var attempts: [String: [UInt64: StampSchedule.Attempt]] = [:]

  /// How far a stamp may be from the time of receipt, seconds.
  static let tolerance: Int64 = 300

  /// - Parameters:
  ///   - board: is told how it goes.
  ///   - clock: the time, Unix seconds; the ledger's unless said.
  package init(
    _ ledger: Ledger, _ settings: AttestationSettings, post: Post, board: AttestationBoard = AttestationBoard(),
    clock: (@Sendable () -> Int64)? = nil
  ) {
    self.ledger = ledger
    self.settings = settings
    self.post = post
    self.board = board
    self.clock = clock ?? { ledger.now().seconds }
  }

  /// One pass over all authorities; tells what failed, by name.
  package func pass() async throws(LedgerError) -> [String: AttestationError] {
    let now = clock()
    var failures: [String: AttestationError] = [:]
    for authority in settings.authorities {
      guard let head = try await target(authority.name, now) else { continue }
      let size = UInt64(head.size)
      let plan = schedule.plan(
        authorities: [authority.name], sizes: [size], attempts: attempts, now: now)
      guard !plan.now.isEmpty else { continue }
      do {
        let row = try await stamp(head, by: authority)
        try await ledger.keep(row)
        targets[authority.name] = nil
        attempts[authority.name] = nil
        board.succeeded(.timeStamp, authority.name)
      } catch let error as AttestationError {
        failures[authority.name] = error
        var times = 1
        if case .failed(let before, _) = attempts[authority.name]?[size] { times = before + 1 }
        attempts[authority.name] = [size: .failed(times: times, last: now)]
        board.failed(.timeStamp, authority.name, error, times: times, nextTry: now + schedule.wait(after: times))
      } catch { throw LedgerError(any: error) }
    }
    return failures
  }

  /// The checkpoint that an authority shall stamp: the newest, when its last stamp is old enough; one that failed stays
  /// until it is stamped, so that failures are counted.
  private func target(_ name: String, _ now: Int64) async throws(LedgerError) -> CheckpointRow? {
    let (head, last) = try await ledger.read(LedgerError.self) {
      (try $0.lastCheckpoint(), try $0.lastTimeStamp(authority: name))
    }
    guard let head, head.size > 0 else { return nil }
    if let size = targets[name], UInt64(head.size) != size {
      return try await ledger.read(LedgerError.self) { try $0.checkpoint(covering: Int64(size)) }
    }
    if let last, last.size == head.size || now - last.at / 1000 < settings.stampEvery { return nil }
    targets[name] = UInt64(head.size)
    return head
  }

  private func stamp(_ head: CheckpointRow, by authority: TimeStampAuthority) async throws -> TimeStampRow {
    let note = Array(head.note.utf8)
    let request: TimeStampRequest
    do {
      request = try TimeStampRequest(note: note, nonce: ledger.salt().bytes, policy: authority.policy)
    } catch { throw AttestationError.notBelieved("\(error)") }
    let reply: Post.Reply
    do {
      reply = try await post(authority.url, request.der, type: TimeStampRequest.contentType)
    } catch { throw AttestationError.unreachable("\(error)") }
    guard reply.status == 200 else { throw AttestationError.status(reply.status) }
    do {
      let answer = try TimeStampAnswer(der: reply.body)
      let demand = TimeStampAnswer.Demand(
        anchors: authority.anchors, nonce: request.nonce, policy: authority.policy,
        received: (clock(), Self.tolerance))
      let stamp = try answer.verify(note: note, demand)
      return TimeStampRow(size: head.size, authority: authority.name, at: stamp.time * 1000, answer: answer.der)
    } catch { throw AttestationError.notBelieved("\(error)") }
  }
}
