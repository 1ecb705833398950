/// How long a serial is, and with it how hard it is to guess. A batch has one profile; readers see it by the length.
package enum SerialProfile: String, CaseIterable, Sendable {
  /// 16 characters with a tag of 40 bits: the short one, for small labels.
  case compact
  /// 20 characters, all that (21) holds, with a tag of 60 bits.
  case strong

  /// Characters of the serial.
  package var length: Int { self == .compact ? 16 : 20 }

  /// Bits of the authentication tag.
  package var tagBits: Int { self == .compact ? 40 : 60 }

  /// The number of the profile in the cipher's input block; part of the published format.
  var code: UInt8 { self == .compact ? 1 : 2 }

  /// The profile of serials of `length` characters, nil when there is none.
  init?(length: Int) {
    switch length {
    case 16: self = .compact
    case 20: self = .strong
    default: return nil
    }
  }
}
