import Casework
import Ledger
import Logging
import ServiceLifecycle
import Storage

/// Reminds of the deadlines of cases, once a minute; of several servers on one database the one that sequences does it.
struct ReminderService: Service {
  let casework: Casework
  let ledger: Ledger
  let logger: Logger

  func run() async throws {
    await repeatUntilShutdown(every: .seconds(60)) {
      guard ledger.store.leads("sequencer") else { return }
      do { try await casework.remind(at: ledger.now()) } catch {
        logger.error("reminding failed", metadata: ["error": "\(error)"])
      }
    }
  }
}

/// Erases what is kept no longer, and the files that go with it, at the start and once a day.
struct RetentionService: Service {
  let privacy: Privacy
  let casework: Casework
  let ledger: Ledger
  let logger: Logger

  func run() async throws {
    await repeatUntilShutdown(every: .seconds(86_400)) {
      guard ledger.store.leads("sequencer") else { return }
      do {
        let count = try await privacy.pass(at: ledger.now())
        let files = try await casework.sweepFiles(at: ledger.now())
        if count + files > 0 {
          logger.notice("erased on schedule", metadata: ["events": "\(count)", "files": "\(files)"])
        }
      } catch { logger.error("erasing failed", metadata: ["error": "\(error)"]) }
    }
  }
}

/// Overwrites what was erased where that could not be done at once, a minute later.
struct ScrubService: Service {
  let privacy: Privacy
  let ledger: Ledger
  let logger: Logger

  func run() async throws {
    await repeatUntilShutdown(every: .seconds(60)) {
      guard ledger.store.leads("sequencer") else { return }
      do { try await privacy.finish() } catch {
        logger.error("overwriting what was erased failed", metadata: ["error": "\(error)"])
      }
    }
  }
}
