import Foundation
import Ledger

/// How a number is shown: most as numbers, some as days and times, some filled up with zeros.
enum NumberShape: Equatable, Sendable {
  case plain
  /// With zeros before it, to so many digits: how people keep the first zero of a GTIN.
  case padded(Int)
  /// With a day, with a time of day, or both.
  case moment(hasDay: Bool, hasTime: Bool)

  /// A format that every program knows by its number (ECMA-376 part 1, §18.8.30), those of Chinese and Japanese among
  /// them.
  init(builtIn id: Int) {
    switch id {
    case 14...17, 27...31, 36, 50...54, 57, 58: self = .moment(hasDay: true, hasTime: false)
    case 18...21, 32...35, 45...47, 55, 56: self = .moment(hasDay: false, hasTime: true)
    case 22: self = .moment(hasDay: true, hasTime: true)
    default: self = .plain
    }
  }

  /// A format of the workbook's own, such as `yyyy"年"m"月"d"日"` or `[h]:mm`; its part for positive numbers counts.
  init(code: String) {
    var (letters, isZeros) = (Set<Character>(), !code.isEmpty)
    var rest = code.lowercased()[...]
    scan: while let character = rest.popFirst() {
      if character != "0" { isZeros = false }
      switch character {
      case ";": break scan
      case "\"":
        rest = rest.drop { $0 != "\"" }.dropFirst()
      case "\\", "_", "*": rest = rest.dropFirst()
      case "[":
        let inside = rest.prefix { $0 != "]" }
        rest = rest.dropFirst(inside.count + 1)
        // Hours, minutes or seconds beyond a day; what else stands in brackets is a colour, a language or a condition.
        if let first = inside.first, "hms".contains(first), inside.allSatisfy({ $0 == first }) { letters.insert("h") }
      case "g" where rest.hasPrefix("eneral"): rest = rest.dropFirst(6)
      case "y", "m", "d", "h", "s": letters.insert(character)
      default: break
      }
    }
    let hasTime = letters.contains("h") || letters.contains("s")
    let hasDay = letters.contains("y") || letters.contains("d") || (letters.contains("m") && !hasTime)
    if hasDay || hasTime {
      self = .moment(hasDay: hasDay, hasTime: hasTime)
    } else {
      self = isZeros && (2...15).contains(code.count) ? .padded(code.count) : .plain
    }
  }

  /// What stands in a cell, as a text that says it in full: digits without an exponent, `2026-09-01`,
  /// `2026-09-01T08:05`, `08:05`. A whole number of more than 15 digits, of which a spreadsheet has lost the last ones,
  /// keeps its exponent (`1.0690123456789E+17`), so that it is never taken for a code.
  func text(_ number: Double, is1904: Bool) -> String {
    switch self {
    case .moment(let hasDay, let hasTime):
      SheetTime.text(number, is1904: is1904, hasDay: hasDay, hasTime: hasTime) ?? Self.plain(number)
    case .padded(let width):
      {
        let digits = Self.plain(number)
        guard digits.allSatisfy(\.isNumber), digits.count < width else { return digits }
        return String(repeating: "0", count: width - digits.count) + digits
      }()
    case .plain: Self.plain(number)
    }
  }

  /// 15 digits are what spreadsheets keep.
  private static func plain(_ number: Double) -> String {
    if number == number.rounded(), abs(number) < 1e15 { return String(Int64(number)) }
    if abs(number) >= 1e15 {
      let parts = String(format: "%.14E", number).split(separator: "E")
      var mantissa = parts[0]
      while mantissa.hasSuffix("0") { mantissa.removeLast() }
      if mantissa.hasSuffix(".") { mantissa.removeLast() }
      return mantissa + "E" + (parts.count > 1 ? parts[1] : "+0")
    }
    let short = String(format: "%.15g", number)
    guard short.contains("e"), let exact = Decimal(string: short, locale: nil) else { return short }
    return "\(exact)"
  }
}

/// Days and times as spreadsheets count them: days since the end of 1899, or since 1904, with a fraction for the time.
enum SheetTime {
  /// The day of 1970-01-01 in the one count and in the other.
  private static let (epoch, epoch1904) = (25_569.0, 24_107.0)
  /// The day after 9999-12-31.
  private static let daysEnd = 2_958_466.0

  /// A moment in Beijing time; nil before 1901, where the count has a day too many, and after 9999.
  static func serial(of time: Timestamp) -> Double? {
    let local = time.advanced(by: Table.Cell.ahead)
    let serial = Double(local.milliseconds / 1000) / 86_400 + epoch
    return (367..<daysEnd).contains(serial) ? serial : nil
  }

  /// A number as day and time, to the second; nil for what is outside of the count.
  static func text(_ number: Double, is1904: Bool, hasDay: Bool, hasTime: Bool) -> String? {
    guard number >= 0, number < daysEnd else { return nil }
    // The count from 1900 knows a 29th of February of that year.
    let shift = is1904 ? epoch1904 : number < 60 ? epoch - 1 : epoch
    let seconds = (number * 86_400).rounded()
    guard hasDay else { return clock(Int64(seconds)) }
    let moment = Timestamp(milliseconds: Int64(seconds - shift * 86_400) * 1000).description
    let day = moment.prefix(10)
    guard hasTime else { return String(day) }
    let time = moment.dropFirst(11).prefix(8)
    return "\(day)T\(time.hasSuffix(":00") ? time.prefix(5) : time)"
  }

  private static func clock(_ seconds: Int64) -> String {
    let pad = { (value: Int64) in value < 10 ? "0\(value)" : String(value) }
    let text = pad(seconds / 3600) + ":" + pad(seconds / 60 % 60)
    return seconds % 60 == 0 ? text : text + ":" + pad(seconds % 60)
  }
}
