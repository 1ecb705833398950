/// One part of the value of an application identifier: so many characters of one set, perhaps with a check.
struct ValueComponent: Sendable {
  /// Checks beyond the character set.
  private enum Check: Substring {
    case checkDigit = "csum"
    case dateOrMonth = "yymmd0"
    case date = "yymmdd"
    case longDate = "yyyymmdd"
  }

  /// How many characters.
  let lengths: ClosedRange<Int>
  /// Whether the value may end before it.
  let isOptional: Bool
  private let set: GS1CharacterSet
  private let checks: [Check]

  /// Reads for instance `N14,csum`, `X..20` or `[N3]`; nil for a row that makes no sense.
  init?(_ text: Substring) {
    let parts = text.split(separator: ",")
    guard let head = parts.first else { return nil }
    isOptional = head.first == "["
    let core = head.filter { $0 != "[" && $0 != "]" }
    guard let set = core.first.flatMap(GS1CharacterSet.init), let longest = Int(core.drop { !$0.isNumber }), longest > 0
    else { return nil }
    self.set = set
    lengths = (core.contains(".") ? 1 : longest)...longest
    checks = parts.dropFirst().compactMap(Check.init)
  }

  /// - Throws: `badAlphabet`, `wrongCheckDigit` or `badDate` of `field`.
  func check(_ part: ArraySlice<UInt8>, field: String) throws(CodeError) {
    guard set.allows(part) else { throw .badAlphabet(field: field) }
    for check in checks {
      switch check {
      case .checkDigit: if !Digits.isChecked(part) { throw .wrongCheckDigit(field: field) }
      case .dateOrMonth: if !CalendarDate.isValid(part, dayMayBeZero: true) { throw .badDate(field: field) }
      case .date, .longDate: if !CalendarDate.isValid(part, dayMayBeZero: false) { throw .badDate(field: field) }
      }
    }
  }
}

/// Whether digits are a date.
enum CalendarDate {
  /// YYMMDD, of the years 2000 to 2099 as far as leap years go, or YYYYMMDD.
  /// - Parameter dayMayBeZero: day 00 stands for the last of the month (GS1 General Specifications, section 3.4.2).
  static func isValid(_ digits: ArraySlice<UInt8>, dayMayBeZero: Bool) -> Bool {
    guard digits.count == 6 || digits.count == 8, let number = Digits.value(digits) else { return false }
    let (year, month, day) = (number / 10_000, number / 100 % 100, number % 100)
    guard (1...12).contains(month) else { return false }
    let isLeap = year % 4 == 0 && (digits.count == 6 || year % 100 != 0 || year % 400 == 0)
    let days: [UInt64] = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    return day <= days[Int(month) - 1] && (day > 0 || dayMayBeZero)
  }
}
