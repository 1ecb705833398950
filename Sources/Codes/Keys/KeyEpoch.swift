/// Which root key a serial was made with, 0–15. Rotation goes up by one; older epochs stay valid.
package struct KeyEpoch: RawRepresentable, Hashable, Comparable, Sendable {
  /// The number, 0–15: what fits into the first 4 bits of a serial.
  package let rawValue: UInt8

  /// nil above 15.
  package init?(rawValue: UInt8) {
    guard rawValue <= 15 else { return nil }
    self.rawValue = rawValue
  }

  /// The epoch in the top 4 of 40 bits.
  init(leadingBitsOf head: UInt64) {
    rawValue = UInt8(head >> 36 & 15)
  }

  private init(unchecked rawValue: UInt8) { self.rawValue = rawValue }

  /// The epoch of a new keystore.
  package static let first = KeyEpoch(unchecked: 0)

  /// The epoch after this one, nil after the last.
  package var next: KeyEpoch? { KeyEpoch(rawValue: rawValue + 1) }

  /// In the order of rotation.
  package static func < (left: KeyEpoch, right: KeyEpoch) -> Bool { left.rawValue < right.rawValue }
}
