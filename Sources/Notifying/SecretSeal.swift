import Crypto
import Ledger

/// Seals secrets for the database with AES-256-GCM under a key derived from the keystore (HKDF-SHA256, RFC 5869): who has
/// the database alone cannot sign as this server. The keystore's log seed is taken, because it never rotates.
struct SecretSeal: Sendable {
  private let key: SymmetricKey

  init(_ ledger: Ledger) {
    key = HKDF<SHA256>.deriveKey(
      inputKeyMaterial: SymmetricKey(data: ledger.keystore.logSeed), info: Array("yima webhook secrets 1".utf8),
      outputByteCount: 32)
  }

  /// Nonce, ciphertext and tag. The address's number is bound in: a secret moved to another row does not open.
  func seal(_ secret: WebhookSecret, for webhook: Int64, nonce: [UInt8]) throws -> [UInt8] {
    let box = try AES.GCM.seal(
      secret.bytes, using: key, nonce: AES.GCM.Nonce(data: nonce), authenticating: Self.context(webhook))
    return nonce + box.ciphertext + box.tag
  }

  /// Opens what ``seal(_:for:nonce:)`` made.
  /// - Throws: `LedgerError.keys` when it was made under another keystore, or altered.
  func open(_ sealed: [UInt8], for webhook: Int64) throws -> WebhookSecret {
    guard let box = try? AES.GCM.SealedBox(combined: sealed),
      let bytes = try? AES.GCM.open(box, using: key, authenticating: Self.context(webhook)),
      let secret = WebhookSecret(bytes: Array(bytes))
    else { throw LedgerError.keys("the secret of webhook \(webhook) was not sealed under this keystore") }
    return secret
  }

  private static func context(_ webhook: Int64) -> [UInt8] { Array("webhook \(webhook)".utf8) }
}
