import Ledger
import Synchronization

/// The time in a demo. It stands still until the story moves it on, so that the ledger learns of each event when it
/// happens and not months later. Hand `clock.now` to the installation that the demo is to fill.
package final class DemoClock: Sendable {
  private let time: Mutex<Timestamp>

  /// A clock that stands at the beginning of a demo that ends at `now`: a week before its first day of trade.
  package init(endingAt now: Timestamp, scale: DemoScale = .full) {
    time = Mutex(DemoCalendar(now: now, days: scale.days).opening)
  }

  /// Where the story is.
  @Sendable package func now() -> Timestamp { time.withLock { $0 } }

  /// Moves on; never back, because the ledger's order is the order of its recording.
  func advance(to moment: Timestamp) { time.withLock { $0 = max($0, moment) } }
}
