/// The `cosignature/v1` message (C2SP tlog-cosignature, Ed25519): a witness's statement that, at a time, it saw no
/// larger consistent tree.
enum Cosignature {
  /// The largest time that may be signed: 2^63 − 1.
  static let maxTime = UInt64(Int64.max)

  /// What is signed: a header against confusion with other signatures, the time, the note's text.
  static func message(time: UInt64, text: [UInt8]) -> [UInt8] {
    Array("cosignature/v1\ntime \(time)\n".utf8) + text
  }

  /// The time as it stands before the signature: 8 bytes, big end first.
  static func encode(_ time: UInt64) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: time >> UInt64(56 - 8 * $0)) }
  }

  /// Takes apart the time and the 64 bytes of Ed25519; nil for another length or a time beyond ``maxTime``.
  static func split(_ signature: [UInt8]) -> (time: UInt64, ed25519: [UInt8])? {
    guard signature.count == 8 + 64 else { return nil }
    let time = signature.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return time <= maxTime ? (time, Array(signature.dropFirst(8))) : nil
  }
}
