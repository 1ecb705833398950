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

/// Erases what is kept no longer, and the files that go with it, at the start and once a day.
struct RetentionService: Service {
  let privacy: Privacy
  let casework: Casework
  let ledger: Ledger
  let logger: Logger

  func run() async throws {
    await repeatAsLeader(every: .seconds(86_400), "erasing", ledger, logger) { now in
      let count = try await privacy.pass(at: now)
      let files = try await casework.sweepFiles(at: now)
      if count + files > 0 {
        logger.notice("erased on schedule", metadata: ["events": "\(count)", "files": "\(files)"])
      }
    }
  }
}

/// Overwrites what was erased: on schedule at night, and where it could not be done at once, a minute later.
struct ScrubService: Service {
  let privacy: Privacy
  let ledger: Ledger
  let logger: Logger

  func run() async throws {
    await repeatAsLeader(every: .seconds(60), "overwriting what was erased", ledger, logger) {
      try await privacy.scrub(at: $0)
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
