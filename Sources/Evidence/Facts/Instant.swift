/// A moment as events write it: RFC 3339 in UTC, `2026-09-01T08:00:00Z` or with three digits of a second that are not
/// all zero. One moment has one spelling, so the text is kept and the number compared.
struct Instant: Comparable, Hashable {
  let text: String
  /// Unix milliseconds.
  let milliseconds: Int64

  /// nil for any other spelling, and for dates that are in no calendar.
  init?(_ text: String) {
    let bytes = Array(text.utf8.prefix(32))
    guard bytes.count == 20 || bytes.count == 24, bytes.last == UInt8(ascii: "Z"),
      zip(bytes, "0000-00-00T00:00:00".utf8).allSatisfy({ $1 == UInt8(ascii: "0") ? Self.isDigit($0) : $0 == $1 })
    else { return nil }
    func number(_ range: Range<Int>) -> Int64 { bytes[range].reduce(0) { $0 * 10 + Int64($1 & 15) } }
    var fraction: Int64 = 0
    if bytes.count == 24 {
      guard bytes[19] == UInt8(ascii: "."), bytes[20..<23].allSatisfy(Self.isDigit) else { return nil }
      fraction = number(20..<23)
      guard fraction > 0 else { return nil }
    }
    let (year, month, day) = (number(0..<4), number(5..<7), number(8..<10))
    let (hour, minute, second) = (number(11..<13), number(14..<16), number(17..<19))
    guard year >= 1970, (1...12).contains(month), (1...Self.days(in: month, year)).contains(day), hour < 24,
      minute < 60, second < 60
    else { return nil }
    let days = Self.days(before: year, month) + day - 1
    milliseconds = ((days * 24 + hour) * 60 + minute) * 60_000 + second * 1000 + fraction
    self.text = text
  }

  /// Unix seconds, rounded down.
  var seconds: Int64 { milliseconds / 1000 }

  static func < (left: Instant, right: Instant) -> Bool { left.milliseconds < right.milliseconds }

  private static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

  private static func isLeap(_ year: Int64) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

  private static func days(in month: Int64, _ year: Int64) -> Int64 {
    switch month {
    case 2: isLeap(year) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// Days from 1970-01-01 to the first of a month.
  private static func days(before year: Int64, _ month: Int64) -> Int64 {
    let past = year - 1
    let ofYears = past * 365 + past / 4 - past / 100 + past / 400 - 719_162
    return (1..<month).reduce(ofYears) { $0 + days(in: $1, year) }
  }

  /// The spelling of a moment from 1970 on; counts days as in the proleptic Gregorian calendar.
  static func text(seconds: Int64) -> String {
    let (days, rest) = (max(0, seconds) / 86_400, max(0, seconds) % 86_400)
    var year: Int64 = 1970 + days / 366
    while Self.days(before: year + 1, 1) <= days { year += 1 }
    var month: Int64 = 1
    while month < 12, Self.days(before: year, month + 1) <= days { month += 1 }
    func two(_ number: Int64) -> String { (number < 10 ? "0" : "") + String(number) }
    let day = days - Self.days(before: year, month) + 1
    return "\(year)-\(two(month))-\(two(day))T\(two(rest / 3600)):\(two(rest / 60 % 60)):\(two(rest % 60))Z"
  }
}
