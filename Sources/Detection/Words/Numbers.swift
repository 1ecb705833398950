import Glibc

/// Numbers as people read them, without Foundation.
extension Explanation {
  /// With so many digits after the point, rounded.
  package static func decimal(_ value: Double, _ digits: Int) -> String {
    guard value.isFinite, abs(value) < 1e12 else { return "∞" }
    var scale = 1.0
    for _ in 0..<digits { scale *= 10 }
    let scaled = Int64((abs(value) * scale).rounded())
    let whole = String(scaled / Int64(scale))
    let sign = value < 0 && scaled != 0 ? "-" : ""
    guard digits > 0 else { return sign + whole }
    let part = String(scaled % Int64(scale))
    return sign + whole + "." + String(repeating: "0", count: digits - part.count) + part
  }

  /// As a percentage with two significant digits or so.
  static func percent(_ share: Double) -> String {
    let value = share * 100
    let digits = value >= 10 ? 0 : value >= 1 ? 1 : value >= 0.1 ? 2 : value >= 0.01 ? 3 : 4
    return decimal(value, digits) + "%"
  }

  /// exp of a natural logarithm, as odds: in full up to a million, then as a power of ten.
  static func odds(_ logarithm: Double) -> String {
    guard logarithm.isFinite else { return "∞" }
    if logarithm < 13.8 { return grouped(Int64(exp(max(0, logarithm)).rounded())) }
    let power = (logarithm / log(10)).rounded(.down)
    return decimal(exp(logarithm - power * log(10)), 1) + " × 10^" + decimal(power, 0)
  }

  private static func grouped(_ value: Int64) -> String {
    var digits = String(value)
    var groups: [String] = []
    while digits.count > 3 {
      groups.insert(String(digits.suffix(3)), at: 0)
      digits.removeLast(3)
    }
    return ([digits] + groups).joined(separator: ",")
  }
}
