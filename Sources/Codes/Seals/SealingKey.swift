import Crypto
import FoundationEssentials

/// The private Ed25519 key that seals dispatches. Signatures are deterministic (RFC 8032), so a lost label can be made
/// again from its dispatch, bit for bit.
package struct SealingKey: Sendable, CustomStringConvertible, CustomReflectable {
  /// The first 40 bits of SHA-256 of the public key, in 8 characters of Crockford base 32.
  package let keyID: String
  /// The public key, 32 bytes.
  package let publicKey: [UInt8]
  private let key: Curve25519.Signing.PrivateKey

  /// nil unless `seed` has 32 bytes.
  package init?(seed: some Sequence<UInt8>) {
    guard let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: Array(seed)) else { return nil }
    self.key = key
    publicKey = Array(key.publicKey.rawRepresentation)
    keyID = Self.keyID(of: publicKey)
  }

  /// The secret, 32 bytes.
  var seed: [UInt8] { Array(key.rawRepresentation) }

  /// The name of a public key: short, and derived, so that a key cannot be passed off under another's name by mistake.
  package static func keyID(of publicKey: [UInt8]) -> String {
    let value = SHA256.hash(data: publicKey).prefix(5).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return CrockfordBase32.text(value, length: 8)
  }

  /// Makes and signs the statement about one code of a dispatch.
  /// - Throws: `malformedSeal` with the field that cannot be sealed.
  package func seal(
    _ subject: ScannedCode.Subject, dealer: String, territories: [String], dispatch: String, at sealedAt: Int64
  ) throws(CodeError) -> SealedCode {
    try sign(
      SealStatement(
        subject: subject, dealer: dealer, territories: territories, dispatch: dispatch, sealedAt: sealedAt, keyID: keyID
      ))
  }

  /// Signs `statement`.
  /// - Throws: `malformedSeal(.anotherKey)` when it names another key.
  package func sign(_ statement: SealStatement) throws(CodeError) -> SealedCode {
    guard statement.keyID == keyID else { throw .malformedSeal(.anotherKey) }
    return SealedCode(statement: statement, signature: try signature(for: statement.canonicalBytes))
  }

  /// The 64 bytes of the Ed25519 signature over `message`.
  package func signature(for message: [UInt8]) throws(CodeError) -> [UInt8] {
    guard let signature = try? key.signature(for: message) else { throw .cipherUnavailable }
    return Array(signature)
  }

  /// Names the key without showing it.
  package var description: String { "SealingKey(\(keyID))" }

  /// Empty, so that `dump` and failed expectations do not show the secret.
  package var customMirror: Mirror { Mirror(self, children: []) }
}
