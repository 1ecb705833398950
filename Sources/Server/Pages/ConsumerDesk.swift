import HTTPTypes
import Hummingbird
import Ledger
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
  private typealias Outcome = Result<ScanAnswer, VerificationError>

  private struct Entry {
    let task: Task<Outcome, Never>
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

  init(_ services: Services) {
    ledger = services.ledger
    verification = services.verification
    metrics = services.metrics
    salt = services.ledger.salt().bytes
  }

  /// Who asks, as far as it matters here.
  func fingerprint(_ request: Request, address: String?, code: String) -> Digest32 {
    let forwarded = request.headers[.xForwardedFor] ?? ""
    let parts = [address ?? "", forwarded, request.headers[.userAgent] ?? "", code]
    // NUL parts them, so that no two lists of parts are one text.
    return Digest32.sha256(salt + Array(parts.joined(separator: "\0").utf8))
  }

  /// The verdict on a code; recorded once for each client and window.
  func verdict(on code: String, for client: Digest32) async throws(VerificationError) -> ScanAnswer {
    let outcome = await task(code, client).value
    // What failed may be tried again at once.
    if case .failure = outcome { forget(client) }
    return try outcome.get()
  }

  private func task(_ code: String, _ client: Digest32) -> Task<Outcome, Never> {
    let now = ledger.now()
    return memory.withLock { memory in
      if let entry = memory.young[client] ?? memory.old[client], now.milliseconds - entry.at.milliseconds < Self.window
      {
        return entry.task
      }
      if memory.young.count >= Self.entriesMax {
        memory.old = memory.young
        memory.young = [:]
      }
      // A task of its own: the scan outlives the request, and a second request waits for the first one's answer.
      let task = Task { await record(code) }
      memory.young[client] = Entry(task: task, at: now)
      return task
    }
  }

  private func forget(_ client: Digest32) {
    memory.withLock {
      $0.young[client] = nil
      $0.old[client] = nil
    }
  }

  private func record(_ code: String) async -> Outcome {
    let start = ContinuousClock.now
    do throws(VerificationError) {
      let answer = try await verification.verify(ScanRequest(code: code), by: .consumer)
      let elapsed = ContinuousClock.now - start
      metrics.count(verdict: answer.overall.rawValue, seconds: elapsed / .seconds(1))
      return .success(answer)
    } catch { return .failure(error) }
  }
}

extension HTTPField.Name {
  /// `X-Forwarded-For`, as reverse proxies set it.
  fileprivate static let xForwardedFor = HTTPField.Name("X-Forwarded-For") ?? .userAgent
}
