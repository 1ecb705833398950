import Crypto

/// Seals secrets for the database with AES-256-GCM under a key derived from the keystore (HKDF-SHA256, RFC 5869): who has
/// the database alone can neither sign as this server nor make somebody's one-time codes. The keystore's log seed is
/// taken, because it never rotates.
package struct SecretSeal: Sendable {
  /// What the secrets are for; each has a key of its own.
  package enum Purpose: String, Sendable {
    case webhooks = "yima webhook secrets 1"
    case oneTimeCodes = "yima one-time codes 1"
  }

  private let key: SymmetricKey

  /// With the installation's key for a purpose.
  package init(_ ledger: Ledger, _ purpose: Purpose) {
    key = HKDF<SHA256>.deriveKey(
      inputKeyMaterial: SymmetricKey(data: ledger.keystore.logSeed), info: Array(purpose.rawValue.utf8),
      outputByteCount: 32)
  }

  /// Nonce (12 bytes), ciphertext and tag (16 bytes). The row's name is bound in: a secret moved to another row does not
  /// open.
  package func seal(_ secret: [UInt8], for row: String, nonce: [UInt8]) throws -> [UInt8] {
    let box = try AES.GCM.seal(
      secret, using: key, nonce: AES.GCM.Nonce(data: nonce), authenticating: Array(row.utf8))
    return nonce + box.ciphertext + box.tag
  }

  /// Opens what ``seal(_:for:nonce:)`` made.
  /// - Throws: `LedgerError.keys` when it was made under another keystore, or altered.
  package func open(_ sealed: [UInt8], for row: String) throws(LedgerError) -> [UInt8] {
    guard let box = try? AES.GCM.SealedBox(combined: sealed),
      let bytes = try? AES.GCM.open(box, using: key, authenticating: Array(row.utf8))
    else { throw .keys("the secret of \(row) was not sealed under this keystore") }
    return Array(bytes)
  }
}
