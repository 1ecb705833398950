import Codes
import HTTPTypes
import Hummingbird
import Ledger
import NIOCore
import NIOPosix
import Synchronization
import TransparencyLog
import Verification

/// Takes the scans of people who open a code's page. A page is loaded again for many reasons (a reload, the other
/// language, coming back to the tab), and each must not count as another scan: for ten minutes one client gets the same
/// answer about the same code.
///
/// Clients are told apart by a hash of address and browser under a salt that lives as long as the process; neither is
/// kept or recorded.
final class ConsumerDesk: Sendable {
  typealias Outcome = Result<ScanAnswer, VerificationError>

  private struct Entry {
    let outcome: EventLoopFuture<Outcome>
    let at: Timestamp
  }

  /// Two generations, so that forgetting costs nothing: when the young one is full, the old one is dropped.
  private struct Memory {
    var young: [Digest32: Entry] = [:]
    var old: [Digest32: Entry] = [:]
  }

  private let ledger: Ledger
  private let verification: Verification
  private let metrics: Metrics
  private let salt: [UInt8]
  private let memory = Mutex(Memory())

  /// How long a client gets the same answer, milliseconds.
  static let window: Int64 = 10 * 60 * 1000
  /// Answers kept in one generation.
  static let entriesMax = 20_000

  init(_ ledger: Ledger, _ verification: Verification, _ metrics: Metrics) {
    self.ledger = ledger
    self.verification = verification
    self.metrics = metrics
    salt = ledger.salt().bytes
  }

  /// Who asks, as far as it matters here.
  func fingerprint(_ request: Request, address: String?, code: ScannedCode) -> Digest32 {
    fingerprint(
      address: address, forwarded: request.headers[.xForwardedFor], agent: request.headers[.userAgent], code: code)
  }

  /// The same by the header fields alone.
  func fingerprint(address: String?, forwarded: String?, agent: String?, code: ScannedCode) -> Digest32 {
    let parts = [address ?? "", forwarded ?? "", agent ?? "", code.identity]
    // NUL parts them, so that no two lists of parts are one text.
    return Digest32.sha256(salt + Array(parts.joined(separator: "\0").utf8))
  }

  /// The verdict on a code; recorded once for each client and window.
  func verdict(on code: String, for client: Digest32) async throws(VerificationError) -> ScanAnswer {
    let answer = outcome(of: code, for: client, on: MultiThreadedEventLoopGroup.singleton.any())
    let outcome = await withCheckedContinuation { done in answer.whenSuccess { done.resume(returning: $0) } }
    // What failed may be tried again at once.
    if case .failure = outcome { forget(client) }
    return try outcome.get()
  }

  /// The same for callers on an event loop. A failure is remembered until it was told by
  /// ``verdict(on:for:)``. The scan outlives the request, and a second request waits for the first one's answer.
  func outcome(of code: String, for client: Digest32, on loop: any EventLoop) -> EventLoopFuture<Outcome> {
    let now = ledger.now()
    let promise = loop.makePromise(of: Outcome.self)
    let known: EventLoopFuture<Outcome>? = memory.withLock { memory in
      if let entry = memory.young[client] ?? memory.old[client], now.milliseconds - entry.at.milliseconds < Self.window
      {
        return entry.outcome
      }
      if memory.young.count >= Self.entriesMax {
        memory.old = memory.young
        memory.young = [:]
      }
      memory.young[client] = Entry(outcome: promise.futureResult, at: now)
      return nil
    }
    guard let known else {
      record(code, promise)
      return promise.futureResult
    }
    known.cascade(to: promise)
    return promise.futureResult
  }

  private func forget(_ client: Digest32) {
    memory.withLock {
      $0.young[client] = nil
      $0.old[client] = nil
    }
  }

  private func record(_ code: String, _ promise: EventLoopPromise<Outcome>) {
    let start = ContinuousClock.now
    do throws(VerificationError) {
      try verification.submit(ScanRequest(code: code), by: .consumer) { [metrics] outcome in
        if case .success(let answer) = outcome {
          metrics.count(verdict: answer.overall.rawValue, seconds: (ContinuousClock.now - start).inSeconds)
        }
        promise.succeed(outcome)
      }
    } catch { promise.succeed(.failure(error)) }
  }
}

extension HTTPField.Name {
  /// `X-Forwarded-For`, as reverse proxies set it.
  static let xForwardedFor = HTTPField.Name("X-Forwarded-For") ?? .userAgent
}

extension ScannedCode {
  /// What makes two readings the same: what is named, and the seal.
  fileprivate var identity: String {
    attributes.isEmpty
      ? subject.description
      : subject.description + attributes.sorted { $0.key < $1.key }.map { "(\($0.key))\($0.value)" }.joined()
  }
}
