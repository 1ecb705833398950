import Alerting
import Codes
import Foundation
import Ledger
import Logging
import ServiceLifecycle
import Storage
import Synchronization

/// Gives events their place in the log, twice a second, and once more before the server stops.
/// Of several servers on one database one does it; another takes over when its connection ends.
struct SequencerService: Service {
  let sequencer: Sequencer
  let store: Store
  let logger: Logger

  func run() async throws {
    await repeatUntilShutdown(every: .milliseconds(500)) {
      guard store.leads("sequencer") else { return }
      do { try await sequencer.catchUp() } catch {
        logger.error("the sequencer failed", metadata: ["error": "\(error)"])
      }
    }
    if store.leads("sequencer") { try await sequencer.catchUp() }
  }
}

/// Shows new events to the detectors, five times a second. Of several servers on one database one does it; the others
/// tell their listeners what that one raised.
struct AlertingService: Service {
  let engine: AlertingEngine
  let store: Store
  let logger: Logger

  func run() async throws {
    await cancelWhenGracefulShutdown {
      await engine.run(every: .milliseconds(200), when: { store.leads("alerting") }) { error in
        logger.error("alerting failed", metadata: ["error": "\(error)"])
      }
    }
  }
}

/// Ends the open alert streams when the server is asked to stop: a server that waits for its connections would wait for
/// them for ever.
struct StreamService: Service {
  let engine: AlertingEngine

  func run() async throws {
    try? await gracefulShutdown()
    engine.broadcast.close()
  }
}

/// Notices that another process rotated the keys, by the keystore file's time of change.
struct KeystoreService: Service {
  let ledger: Ledger
  let installation: Installation
  let logger: Logger

  func run() async throws {
    let known = Mutex(changed)
    await repeatUntilShutdown(every: .seconds(1)) {
      let now = changed
      let isNews = known.withLock { last in
        defer { last = now }
        return last != now
      }
      guard isNews else { return }
      do {
        ledger.use(try Keystore.load(path: installation.keystorePath, passphrase: installation.passphrase))
        logger.notice("the keystore was changed; its keys are in use")
      } catch {
        logger.error("the changed keystore cannot be read", metadata: ["error": "\(error)"])
      }
    }
  }

  private var changed: Date? {
    (try? FileManager.default.attributesOfItem(atPath: installation.keystorePath))?[.modificationDate] as? Date
  }
}

/// Does something again and again until the server is asked to stop.
func repeatUntilShutdown(
  every interval: Duration, _ body: @escaping @Sendable () async -> Void
) async {
  await cancelWhenGracefulShutdown {
    while !Task.isCancelled {
      await body()
      do { try await Task.sleep(for: interval) } catch { break }
    }
  }
}
