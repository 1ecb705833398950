/// Numbers as ECMAScript prints them (ECMA-262 §6.1.6.1.20), which RFC 8785 §3.2.2.3 prescribes.
enum ECMAScriptNumber {
  /// Adds the text of the number to `bytes`; `null` for NaN and infinities.
  static func append(_ number: Double, to bytes: inout [UInt8]) {
    guard number.isFinite else { return bytes.append(contentsOf: "null".utf8) }
    // Minus zero is zero.
    guard number != 0 else { return bytes.append(UInt8(ascii: "0")) }
    if number < 0 { bytes.append(UInt8(ascii: "-")) }
    let (digits, point) = shortest(number.magnitude)
    append(digits, point: point, to: &bytes)
  }

  /// The shortest digits that read back as the number, the closest if there are several, and where the decimal point
  /// is: the value is 0.d₁d₂… · 10^point.
  private static func shortest(_ magnitude: Double) -> (digits: [UInt8], point: Int) {
    // Swift prints those digits too, only with its point or exponent elsewhere: "120.0", "1.2e-07".
    var digits: [UInt8] = []
    var point: Int?
    var exponent = 0
    var text = magnitude.description.utf8[...]
    while let character = text.popFirst() {
      if let digit = Decimal.digit(character) {
        digits.append(UInt8(ascii: "0") + digit)
      } else if character == UInt8(ascii: ".") {
        point = digits.count
      } else {
        exponent = Int(String(Substring(text))) ?? 0
        break
      }
    }
    let places = (point ?? digits.count) + exponent
    let leadingZeros = digits.prefix { $0 == UInt8(ascii: "0") }.count
    digits.removeFirst(leadingZeros)
    while digits.last == UInt8(ascii: "0") { digits.removeLast() }
    return (digits, places - leadingZeros)
  }

  private static func append(_ digits: [UInt8], point: Int, to bytes: inout [UInt8]) {
    let zero = UInt8(ascii: "0")
    switch point {
    case ...21 where point >= digits.count:
      bytes += digits
      bytes.append(contentsOf: repeatElement(zero, count: point - digits.count))
    case 1...21:
      bytes += digits.prefix(point)
      bytes.append(UInt8(ascii: "."))
      bytes += digits.dropFirst(point)
    case -5...0:
      bytes.append(contentsOf: "0.".utf8)
      bytes.append(contentsOf: repeatElement(zero, count: -point))
      bytes += digits
    default:
      bytes += digits.prefix(1)
      if digits.count > 1 { bytes.append(UInt8(ascii: ".")) }
      bytes += digits.dropFirst()
      bytes.append(contentsOf: (point > 0 ? "e+" : "e-").utf8)
      bytes.append(contentsOf: String((point - 1).magnitude).utf8)
    }
  }
}
