/// When a delivery that failed is tried again (Standard Webhooks, "Deliverability and reliability").
package enum RetrySchedule {
  /// Seconds to wait after the first try, the second …; ten tries within 75 hours and a half.
  private static let waits: [Int64] = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400]

  /// So often a delivery is tried.
  package static let triesMax = Int64(waits.count) + 1

  /// The wait a receiver asks for is kept up to this many seconds.
  package static let askedMax: Int64 = 86_400

  /// Milliseconds to wait after this many tries; nil when there is no further one.
  /// - Parameters:
  ///   - asked: what `Retry-After` says, seconds.
  ///   - random: from 0 to below 1; up to a fifth is added, so that receivers that came back are not run over.
  package static func wait(after tries: Int64, asked: Int64?, random: Double) -> Int64? {
    guard (1..<triesMax).contains(tries) else { return nil }
    let base = waits[Int(tries) - 1] * 1000
    let wait = base + Int64(Double(base) * 0.2 * min(max(random, 0), 1))
    return max(wait, min(max(asked ?? 0, 0), askedMax) * 1000)
  }
}
