/// The secret from which all item keys of one epoch are derived: 32 bytes. It has no description of its bytes, so that
/// it cannot slip into a log or a failure message.
package struct RootKey: Sendable, Equatable, CustomStringConvertible, CustomReflectable {
  let bytes: [UInt8]

  /// nil unless there are exactly 32 bytes.
  package init?(bytes: some Sequence<UInt8>) {
    let bytes = Array(bytes)
    guard bytes.count == 32 else { return nil }
    self.bytes = bytes
  }

  /// 32 bytes from `random`.
  init(random: inout some RandomNumberGenerator) {
    bytes = randomBytes(32, from: &random)
  }

  /// Says that there is a key, not which.
  package var description: String { "RootKey(32 bytes)" }

  /// Empty, so that `dump` and failed expectations show nothing.
  package var customMirror: Mirror { Mirror(self, children: []) }
}

/// `count` bytes from `random`.
func randomBytes(_ count: Int, from random: inout some RandomNumberGenerator) -> [UInt8] {
  (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
}
