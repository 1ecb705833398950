import Casework
import Ledger
import Logging
import ServiceLifecycle
import Storage

/// Reminds of the deadlines of cases, once a minute.
struct ReminderService: Service {
  let casework: Casework
  let ledger: Ledger
  let logger: Logger

  func run() async throws {
    await repeatAsLeader(every: .seconds(60), "reminding", ledger, logger) { _ = try await casework.remind(at: $0) }
  }
}

/// Erases what is kept no longer, at the start and once a day.
struct RetentionService: Service {
  let privacy: Privacy
  let ledger: Ledger
  let logger: Logger

  func run() async throws {
    await repeatAsLeader(every: .seconds(86_400), "erasing", ledger, logger) { now in
      let count = try await privacy.pass(at: now)
      if count > 0 { logger.notice("personal fields erased on schedule", metadata: ["events": "\(count)"]) }
    }
  }
}

/// A duty of the clock: of several servers on one database the one that sequences does it. A failure is logged, and it
/// is done again next time.
private func repeatAsLeader(
  every interval: Duration, _ duty: String, _ ledger: Ledger, _ logger: Logger,
  _ body: @escaping @Sendable (Timestamp) async throws -> Void
) async {
  await repeatUntilShutdown(every: interval) {
    guard ledger.store.leads("sequencer") else { return }
    do { try await body(ledger.now()) } catch {
      logger.error("\(duty) failed", metadata: ["error": "\(error)"])
    }
  }
}
