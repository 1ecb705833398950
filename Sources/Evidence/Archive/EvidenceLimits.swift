/// How much a bundle may hold; the verifier looks at nothing beyond.
package enum EvidenceLimits {
  /// The whole file, in bytes: 256 MiB.
  package static let bytesMax = 256 << 20
  /// Files in a bundle; ZIP without its 64-bit extension ends at 65 534.
  package static let filesMax = 65_534
  /// Scans that one claim rests on.
  package static let scansMax = 20_000
  /// Events in the chain of one code; a code lives through a dozen.
  package static let chainMax = 256
  /// Events in all chains together.
  package static let chainsMax = 400_000
  /// Seals in one file: as often as a box was dispatched.
  package static let sealsMax = 8
  /// One JSON document, in bytes: 16 MiB.
  package static let documentMax = 16 << 20
}
