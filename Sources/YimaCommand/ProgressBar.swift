import Foundation
import Synchronization

/// A bar with rate and time left on a terminal; nothing where nobody watches.
final class ProgressBar: Sendable {
  private let total: Int64
  private let noun: String
  private let start = ContinuousClock.now
  private let drawn = Mutex(ContinuousClock.now - .seconds(1))
  private let isShown = Console.isTerminal

  /// - Parameter noun: what is counted, in the plural.
  init(total: Int64, noun: String) {
    self.total = total
    self.noun = noun
  }

  /// Draws the bar at most ten times a second.
  func update(_ done: Int64) {
    guard isShown else { return }
    let now = ContinuousClock.now
    let isDue = drawn.withLock { last in
      guard now - last > .milliseconds(100) || done >= total else { return false }
      last = now
      return true
    }
    if isDue { Console.overwrite(line(done, now)) }
  }

  /// Ends the line.
  func finish() { if isShown { Console.note("") } }

  private func line(_ done: Int64, _ now: ContinuousClock.Instant) -> String {
    let seconds = max(0.001, (now - start) / .seconds(1))
    let share = total > 0 ? min(1, Double(done) / Double(total)) : 1
    let filled = Int(share * 30)
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 30 - filled)
    let rate = Double(done) / seconds
    let left = rate > 0 ? Int(Double(total - done) / rate) : 0
    let percent = Int(share * 100)
    return "\(bar) \(percent)%  \(done)/\(total) \(noun)  \(Int(rate))/s  \(left / 60)m\(left % 60)s \u{1b}[K"
  }
}
