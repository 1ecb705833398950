import Ledger

/// How many scans of codes that are not ours are recorded: evidence of counterfeiting, but not a way to fill the disk.
/// One bucket a key and one for all; both fill again with time.
struct ForgeryBudget {
  private struct Bucket {
    var tokens: Double
    var filled: Timestamp
  }

  private var all = Bucket(tokens: Self.allMax, filled: Timestamp(milliseconds: 0))
  private var byKey: [Int64: Bucket] = [:]

  /// Recorded at once, and then a second, for one key and for all.
  static let keyMax = 1000.0, keyRate = 5.0
  static let allMax = 20_000.0, allRate = 50.0
  /// Keys that are watched; there are never more that are used at once.
  private static let keysMax = 10_000

  /// Takes one from both buckets; false when either is empty.
  mutating func take(key: Int64, _ now: Timestamp) -> Bool {
    if byKey.count >= Self.keysMax { byKey.removeAll() }
    var own = byKey[key] ?? Bucket(tokens: Self.keyMax, filled: now)
    Self.fill(&own, Self.keyMax, Self.keyRate, now)
    Self.fill(&all, Self.allMax, Self.allRate, now)
    defer { byKey[key] = own }
    guard own.tokens >= 1, all.tokens >= 1 else { return false }
    own.tokens -= 1
    all.tokens -= 1
    return true
  }

  private static func fill(_ bucket: inout Bucket, _ most: Double, _ rate: Double, _ now: Timestamp) {
    let seconds = Double(max(0, now.milliseconds - bucket.filled.milliseconds)) / 1000
    bucket.tokens = min(most, bucket.tokens + seconds * rate)
    bucket.filled = now
  }
}
