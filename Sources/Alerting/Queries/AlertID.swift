/// An alert's number as people and clients see it: `A12`.
package struct AlertID: Hashable, Sendable, CustomStringConvertible {
  /// The number.
  package let number: Int64

  /// The id of an alert with this number.
  package init(_ number: Int64) { self.number = number }

  /// Reads `A12`, the one spelling; nil for anything else.
  package init?(_ text: some StringProtocol) {
    guard text.first == "A", let number = Int64(text.dropFirst()), number > 0 else { return nil }
    self.number = number
    guard description == text else { return nil }
  }

  /// `A12`
  package var description: String { "A\(number)" }
}

/// Where an alert is in its handling. The machine only ever opens one; the other words are people's.
package enum AlertStatus: String, Sendable, CaseIterable {
  /// Nobody has taken it up yet.
  case open
  /// It belongs to a case.
  case inCase
  /// A person has dealt with it.
  case closed
}
