import Crypto
import Foundation

/// One-time codes that change with the time (RFC 6238): six digits, half a minute, HMAC-SHA-1, as the usual
/// authenticator programs make them.
package enum TOTP {
  /// Seconds of one code.
  package static let period: Int64 = 30
  /// Bytes of a secret, as RFC 4226 recommends.
  package static let secretBytes = 20

  /// The time step of a moment.
  package static func step(at now: Timestamp) -> Int64 { now.seconds / period }

  /// The code of a step.
  package static func code(_ secret: [UInt8], step: Int64) -> String {
    let counter = withUnsafeBytes(of: step.bigEndian) { Array($0) }
    let mac = HMAC<Insecure.SHA1>.authenticationCode(for: counter, using: SymmetricKey(data: secret))
    let bytes = Array(mac)
    // Dynamic truncation: RFC 4226, section 5.3.
    let offset = Int(bytes[bytes.count - 1] & 0x0f)
    let number = bytes[offset..<offset + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) } & 0x7fff_ffff
    let digits = String(number % 1_000_000)
    return String(repeating: "0", count: 6 - digits.count) + digits
  }

  /// The step whose code this is: the present one, or one beside it, for clocks that differ. Nil for a wrong code.
  package static func step(of code: String, _ secret: [UInt8], at now: Timestamp) -> Int64? {
    let present = step(at: now)
    return [present, present - 1, present + 1].first {
      Access.equal(Array(Self.code(secret, step: $0).utf8), Array(code.utf8))
    }
  }

  /// A secret as people type it (RFC 4648 base 32).
  package static func base32(_ bytes: [UInt8]) -> String {
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
    var text = ""
    var (held, bits) = (0, 0)
    for byte in bytes {
      held = held << 8 | Int(byte)
      bits += 8
      while bits >= 5 {
        bits -= 5
        text.append(letters[held >> bits & 31])
      }
      held &= (1 << bits) - 1
    }
    if bits > 0 { text.append(letters[held << (5 - bits) & 31]) }
    return text
  }

  /// A secret out of base 32; nil when it is none.
  package static func bytes(base32 text: String) -> [UInt8]? {
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
    var bytes: [UInt8] = []
    var (held, bits) = (0, 0)
    for letter in text.uppercased() where letter != " " {
      guard let value = letters.firstIndex(of: letter), bytes.count < 64 else { return nil }
      held = held << 5 | value
      bits += 5
      if bits >= 8 {
        bits -= 8
        bytes.append(UInt8(truncatingIfNeeded: held >> bits))
        held &= (1 << bits) - 1
      }
    }
    return bytes
  }
}
