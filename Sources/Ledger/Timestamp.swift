/// An instant, in milliseconds since 1970-01-01T00:00:00Z; leap seconds as POSIX counts them.
package struct Timestamp: Hashable, Comparable, Sendable {
  /// Unix milliseconds.
  package let milliseconds: Int64

  /// From Unix milliseconds.
  package init(milliseconds: Int64) { self.milliseconds = milliseconds }

  /// Earlier instants come first.
  package static func < (left: Timestamp, right: Timestamp) -> Bool { left.milliseconds < right.milliseconds }

  /// Whole seconds since 1970, rounded down.
  package var seconds: Int64 { Self.floorDivide(milliseconds, 1000) }

  /// Whole days since 1970-01-01 UTC.
  package var day: Int64 { Self.floorDivide(milliseconds, 86_400_000) }

  /// The instant this many milliseconds later; saturates.
  package func advanced(by delta: Int64) -> Timestamp {
    let (sum, overflow) = milliseconds.addingReportingOverflow(delta)
    return Timestamp(milliseconds: overflow ? (delta > 0 ? .max : .min) : sum)
  }

  static func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
    let quotient = value / divisor
    return value % divisor < 0 ? quotient - 1 : quotient
  }
}

extension Timestamp: CustomStringConvertible {
  /// The first and last instant that four digits of a year can hold, Unix milliseconds.
  private static let first: Int64 = -62_167_219_200_000
  private static let last: Int64 = 253_402_300_799_999

  /// RFC 3339 in UTC with `Z`; a fraction of three digits only when there is one.
  package var description: String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(24)
    write(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Appends the RFC 3339 form. An instant outside of the years 0000 to 9999, which only a damaged database can hold,
  /// is written as the nearest one within.
  package func write(to bytes: inout [UInt8]) {
    let milliseconds = min(max(milliseconds, Self.first), Self.last)
    let day = Self.floorDivide(milliseconds, 86_400_000)
    let (year, month, dayOfMonth) = Self.civil(day)
    let ofDay = milliseconds - day * 86_400_000
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 24) { text in
      var count = 0
      func put(_ value: Int64, _ width: Int, _ end: Unicode.Scalar) {
        var rest = value
        for place in (count..<count + width).reversed() {
          text[place] = UInt8(ascii: "0") + UInt8(rest % 10)
          rest /= 10
        }
        text[count + width] = UInt8(ascii: end)
        count += width + 1
      }
      put(year, 4, "-")
      put(month, 2, "-")
      put(dayOfMonth, 2, "T")
      put(ofDay / 3_600_000, 2, ":")
      put(ofDay / 60_000 % 60, 2, ":")
      let part = ofDay % 1000
      put(ofDay / 1000 % 60, 2, part == 0 ? "Z" : ".")
      if part != 0 { put(part, 3, "Z") }
      bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[..<count]))
    }
  }

  /// Proleptic Gregorian year, month and day of a day number (H. Hinnant, "chrono-compatible low-level date
  /// algorithms", civil_from_days).
  static func civil(_ day: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let shifted = day + 719_468
    let era = floorDivide(shifted, 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
  }

  /// The day number of a date; the inverse of `civil`.
  static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
    let shifted = month <= 2 ? year - 1 : year
    let era = floorDivide(shifted, 400)
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }
}

extension Timestamp {
  /// Parses RFC 3339 §5.6 `date-time` with any offset; nil for anything else. Years 1970 to 9999, also in UTC. A
  /// fraction is cut to milliseconds; a leap second reads as the second after it.
  package init?(rfc3339 text: some StringProtocol) {
    guard text.utf8.count <= 64 else { return nil }
    var reader = DateReader(bytes: Array(text.utf8))
    guard let year = reader.number(4), reader.take("-"), let month = reader.number(2), reader.take("-"),
      let day = reader.number(2), reader.takeTimeMark(), let hour = reader.number(2), reader.take(":"),
      let minute = reader.number(2), reader.take(":"), let second = reader.number(2)
    else { return nil }
    guard let fraction = reader.fraction(), let offset = reader.offset(), reader.atEnd else { return nil }
    guard year >= 1970, (1...12).contains(month), day >= 1, day <= Self.daysIn(month, year), hour < 24, minute < 60,
      second <= 60
    else { return nil }
    let seconds = Self.days(year: year, month: month, day: day) * 86_400 + hour * 3600 + minute * 60 + second
    let instant = (seconds - offset * 60) * 1000 + fraction
    // The offset may carry the first or last day out of the years that can be written.
    guard (0...Self.last).contains(instant) else { return nil }
    milliseconds = instant
  }

  private static func daysIn(_ month: Int64, _ year: Int64) -> Int64 {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}

/// Reads the parts of an RFC 3339 date and time from the left.
private struct DateReader {
  let bytes: [UInt8]
  var position = 0

  var atEnd: Bool { position == bytes.count }
  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  mutating func number(_ digits: Int) -> Int64? {
    guard bytes.count - position >= digits else { return nil }
    var value: Int64 = 0
    for byte in bytes[position..<position + digits] {
      guard (48...57).contains(byte) else { return nil }
      value = value * 10 + Int64(byte - 48)
    }
    position += digits
    return value
  }

  mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard next == UInt8(ascii: scalar) else { return false }
    position += 1
    return true
  }

  mutating func takeTimeMark() -> Bool { take("T") || take("t") || take(" ") }

  /// Milliseconds of an optional fraction; nil when a point is followed by no digit.
  mutating func fraction() -> Int64? {
    guard take(".") else { return 0 }
    var value: Int64 = 0
    var digits = 0
    while let byte = next, (48...57).contains(byte) {
      if digits < 3 { value = value * 10 + Int64(byte - 48) }
      digits += 1
      position += 1
    }
    guard digits > 0 else { return nil }
    for _ in 0..<max(0, 3 - digits) { value *= 10 }
    return value
  }

  /// Minutes east of UTC.
  mutating func offset() -> Int64? {
    if take("Z") || take("z") { return 0 }
    let sign: Int64
    if take("+") { sign = 1 } else if take("-") { sign = -1 } else { return nil }
    guard let hours = number(2), take(":"), let minutes = number(2), hours < 24, minutes < 60 else { return nil }
    return sign * (hours * 60 + minutes)
  }
}
