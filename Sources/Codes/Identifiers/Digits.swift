/// Decimal digits as bytes, and the check digit that ends most GS1 keys.
enum Digits {
  /// ASCII `0`.
  static let zero = UInt8(ascii: "0")

  /// Whether `byte` is an ASCII digit; full-width digits are other characters and do not count.
  @inline(__always)
  static func isDigit(_ byte: UInt8) -> Bool {
    byte &- zero < 10
  }

  /// The number written in `digits`; nil when one is no digit, or there are none or more than 19 (UInt64 holds any 19).
  static func value(_ digits: some Collection<UInt8>) -> UInt64? {
    guard !digits.isEmpty, digits.count <= 19 else { return nil }
    var result: UInt64 = 0
    for digit in digits {
      guard isDigit(digit) else { return nil }
      result = result * 10 + UInt64(digit - zero)
    }
    return result
  }

  /// The last `width` decimal digits of `value`, with zeros before them where it has fewer.
  static func bytes(_ value: UInt64, width: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: width) { $1 = write(value, width: width, to: $0) }
  }

  /// The same digits as a string.
  static func text(_ value: UInt64, width: Int) -> String {
    String(unsafeUninitializedCapacity: width) { write(value, width: width, to: $0) }
  }

  /// Writes them into memory that is not initialised and returns how many there are.
  private static func write(_ value: UInt64, width: Int, to digits: UnsafeMutableBufferPointer<UInt8>) -> Int {
    var rest = value
    for position in (0..<width).reversed() {
      digits.initializeElement(at: position, to: zero + UInt8(rest % 10))
      rest /= 10
    }
    return width
  }

  /// The modulo-10 check digit for `digits` (0–9 as numbers), which stand left of it: weights 3, 1, 3 … from the right.
  /// GS1 General Specifications, section 7.9.1.
  static func checkDigit(of digits: some BidirectionalCollection<UInt8>) -> UInt8 {
    var sum = 0
    var weight = 3
    for digit in digits.reversed() {
      sum += Int(digit &- zero) * weight
      weight = 4 - weight
    }
    return UInt8((10 - sum % 10) % 10)
  }

  /// Whether the last digit of `digits` is the check digit of the others; false for anything but digits.
  static func isChecked(_ digits: some BidirectionalCollection<UInt8>) -> Bool {
    guard let last = digits.last, digits.count > 1, digits.allSatisfy(isDigit) else { return false }
    return checkDigit(of: digits.dropLast()) == last - zero
  }
}
