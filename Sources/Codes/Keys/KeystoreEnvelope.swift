import Crypto
import CryptoExtras
import FoundationEssentials

/// An encrypted keystore file: scrypt makes a key of the passphrase, AES-256-GCM encrypts the document under it.
struct KeystoreEnvelope: Codable {
  static let currentFormat = "yima-keystore/v1+scrypt-aes256gcm"

  let format: String
  /// scrypt's cost N, block size r and parallelism p.
  let cost: Int
  let blockSize: Int
  let parallelism: Int
  let salt: Data
  /// Nonce, ciphertext and tag one after the other.
  let box: Data

  /// Encrypts `document` with fresh salt and nonce from the system's generator.
  static func seal(_ document: Data, passphrase: String) throws(KeystoreError) -> KeystoreEnvelope {
    var random = SystemRandomNumberGenerator()
    let salt = Data(randomBytes(16, from: &random))
    let draft = KeystoreEnvelope(
      format: currentFormat, cost: 1 << 15, blockSize: 8, parallelism: 1, salt: salt, box: Data())
    guard let key = draft.key(passphrase),
      let box = try? AES.GCM.seal(document, using: key, authenticating: draft.authenticated).combined
    else { throw .notAKeystore("it cannot be encrypted") }
    return KeystoreEnvelope(
      format: currentFormat, cost: draft.cost, blockSize: draft.blockSize, parallelism: draft.parallelism, salt: salt,
      box: box)
  }

  /// Decrypts the document.
  /// - Throws: `unsupportedFormat`, `notAKeystore` for a cost that is out of bounds, or `wrongPassphrase`.
  func open(passphrase: String) throws(KeystoreError) -> Data {
    guard format == Self.currentFormat else { throw .unsupportedFormat(format) }
    // A file must not be able to ask for gigabytes: 2^20 with r = 8 takes one already.
    guard (1 << 10...1 << 20).contains(cost), cost.nonzeroBitCount == 1, (1...16).contains(blockSize),
      (1...4).contains(parallelism), salt.count >= 16, let key = key(passphrase)
    else { throw .notAKeystore("its scrypt parameters are out of bounds") }
    guard let sealed = try? AES.GCM.SealedBox(combined: box),
      let document = try? AES.GCM.open(sealed, using: key, authenticating: authenticated)
    else { throw .wrongPassphrase }
    return document
  }

  private func key(_ passphrase: String) -> SymmetricKey? {
    try? KDF.Scrypt.deriveKey(
      from: Array(passphrase.utf8), salt: salt, outputByteCount: 32, rounds: cost, blockSize: blockSize,
      parallelism: parallelism)
  }

  /// The parameters are bound to the ciphertext, so that none can be exchanged.
  private var authenticated: Data {
    Data("\(format) \(cost) \(blockSize) \(parallelism)".utf8) + salt
  }
}
