import Ledger
import Storage

/// Fills an installation with a believable brand, its dealers and weeks of trade, diversions among them.
///
/// The same seed, scale and present tell the same story; keys and salts are fresh each time, and with them the codes.
package struct Demo: Sendable {
  private let ledger: Ledger
  private let clock: DemoClock
  private let seed: UInt64
  private let now: Timestamp
  private let scale: DemoScale

  /// The seed of `yima demo`.
  package static let standardSeed: UInt64 = 20_260_901
  /// The setting under which the summary is kept, as JSON.
  package static let setting = "demo"

  /// A demo whose story ends at `now`. The ledger must have been made under `clock` (`Installation(directory:,now:
  /// clock.now)`), so that its keys are older than the first dispatch.
  package init(
    ledger: Ledger, clock: DemoClock, seed: UInt64 = Demo.standardSeed, now: Timestamp, scale: DemoScale = .full
  ) {
    self.ledger = ledger
    self.clock = clock
    self.seed = seed
    self.now = now
    self.scale = scale
  }

  /// Writes the story and returns what is in it.
  package func fill(progress: @Sendable (DemoProgress) -> Void = { _ in }) async throws(DemoError) -> DemoSummary {
    do {
      progress(DemoProgress(phase: .planning, day: 0, days: scale.days, scans: 0))
      try await checkIsEmpty()
      let plan = try DemoPlan(scale, seed: seed, now: now, ledger.atlas)
      var runner = try DemoRunner(ledger, clock, plan)
      try await runner.run(progress)
      let summary = try await DemoFindings(ledger, runner, seed: seed).summary()
      try await ledger.store.write { try $0.set(Self.setting, to: summary.text) }
      return summary
    } catch { throw DemoError(any: error) }
  }

  private func checkIsEmpty() async throws {
    let isUsed = try await ledger.store.read {
      try !$0.dispatches(after: 0, limit: 1).isEmpty || !$0.products(after: 0, limit: 1).isEmpty
    }
    if isUsed { throw DemoError.notEmpty }
    let oldest = ledger.keystore.keyRing.keys.map(\.notBefore).min() ?? 0
    if oldest > DemoCalendar(now: now, days: scale.days).opening.seconds { throw DemoError.keysTooYoung }
  }
}
