import Ledger

/// When goods went, as ERP systems write it: RFC 3339, or a date with or without a time, which then is China's (UTC+8).
struct ListTime: Equatable {
  /// The instant; of a day alone its first.
  let instant: Timestamp
  /// Whether only a day was given.
  let isDay: Bool

  private static let dayLength: Int64 = 86_400_000

  /// nil when it is no time. Read are `2026-09-01`, `2026/9/1`, `2026年9月1日`, `20260901`, each alone or followed by
  /// `8:05` or `08:05:30`.
  init?(_ text: String) {
    if let instant = Timestamp(rfc3339: text) {
      self.init(instant: instant, isDay: false)
      return
    }
    guard text.utf8.count <= 40 else { return nil }
    let halves = text.split(maxSplits: 1, whereSeparator: { $0 == " " || $0 == "T" })
    guard let first = halves.first, let day = Self.day(first) else { return nil }
    let clock = halves.count > 1 ? Self.clock(halves[1]) : "00:00:00"
    guard let clock, let instant = Timestamp(rfc3339: "\(day)T\(clock)+08:00") else { return nil }
    self.init(instant: instant, isDay: halves.count == 1)
  }

  private init(instant: Timestamp, isDay: Bool) {
    self.instant = instant
    self.isDay = isDay
  }

  /// The instant to record. Of a day alone it is the day's last, because goods are packed before they go, or now, while
  /// the day lasts.
  func moment(now: Timestamp?) -> Timestamp {
    guard isDay, let now, instant <= now else { return instant }
    return min(instant.advanced(by: Self.dayLength - 1), now)
  }

  private static func day(_ text: Substring) -> String? {
    var parts = text.split(whereSeparator: { "-/.年月日".contains($0) }).map(String.init)
    if parts.count == 1, text.utf8.count == 8 {
      parts = [String(text.prefix(4)), String(text.dropFirst(4).prefix(2)), String(text.suffix(2))]
    }
    guard parts.count == 3, parts[0].utf8.count == 4, let month = two(parts[1]), let day = two(parts[2]) else {
      return nil
    }
    return "\(parts[0])-\(month)-\(day)"
  }

  private static func clock(_ text: Substring) -> String? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard (2...3).contains(parts.count), let hour = two(parts[0]), let minute = two(parts[1]) else { return nil }
    guard let second = parts.count == 3 ? two(parts[2]) : "00" else { return nil }
    return "\(hour):\(minute):\(second)"
  }

  /// One or two characters, filled up with a zero; that they are digits is for RFC 3339 to say.
  private static func two(_ text: String) -> String? {
    (1...2).contains(text.utf8.count) ? (text.utf8.count == 1 ? "0" : "") + text : nil
  }
}
