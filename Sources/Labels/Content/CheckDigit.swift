/// The GS1 modulo-10 check digit (GS1 General Specifications 7.9).
enum CheckDigit {
  /// Whether the last digit of an all-digit text is the check digit of those before it.
  static func holds(_ digits: String) -> Bool {
    var sum = 0
    // From the right: the check digit weighs 1, its neighbour 3, and so on.
    for (index, byte) in digits.utf8.reversed().enumerated() {
      guard (48...57).contains(byte) else { return false }
      sum += Int(byte - 48) * (index.isMultiple(of: 2) ? 1 : 3)
    }
    return !digits.isEmpty && sum.isMultiple(of: 10)
  }
}
