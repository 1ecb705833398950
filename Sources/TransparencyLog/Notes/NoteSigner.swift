import Crypto

/// A private key that signs notes under a name. It never prints its seed.
package struct NoteSigner: Sendable {
  /// The public half.
  package let key: NoteKey
  private let privateKey: Curve25519.Signing.PrivateKey

  /// An Ed25519 signer.
  /// - Parameters:
  ///   - name: see ``NoteKey/name``.
  ///   - seed: the 32 bytes of RFC 8032 §5.1.5.
  ///   - kind: ``NoteKey/Kind/ed25519`` for a log, ``NoteKey/Kind/cosignatureV1`` for a witness.
  package init(name: String, seed: [UInt8], kind: NoteKey.Kind = .ed25519) throws(NoteKeyError) {
    guard kind != .ecdsaP256 else { throw .unknownType(kind.rawValue) }
    guard let privateKey = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed) else { throw .badKey }
    self.privateKey = privateKey
    key = try NoteKey(name: name, kind: kind, publicKey: [UInt8](privateKey.publicKey.rawRepresentation))
  }

  /// Reads a signer key as Go's `sumdb/note` writes it: `PRIVATE+KEY+name+id+base64(type ‖ seed)`.
  package init(parsing skey: String) throws(NoteKeyError) {
    let parts = skey.split(separator: "+", maxSplits: 4, omittingEmptySubsequences: false)
    guard parts.count == 5, parts[0] == "PRIVATE", parts[1] == "KEY" else { throw .wrongParts }
    let (kind, seed) = try NoteKey.typedKey(parts[4])
    try self.init(name: String(parts[2]), seed: seed, kind: kind)
    try NoteKey.check(id: parts[3], is: key.id)
  }

  /// Signs a note's text, which ends in a newline.
  /// - Throws: ``NoteError/wrongKind`` when the key is a witness's.
  package func sign(_ text: [UInt8]) throws(NoteError) -> NoteSignature {
    guard key.kind == .ed25519 else { throw .wrongKind }
    return NoteSignature(name: key.name, keyID: key.id, signature: try raw(text))
  }

  /// Cosigns a checkpoint as a witness that saw it, after proof that it extends the last one seen (C2SP
  /// tlog-cosignature, `cosignature/v1`).
  /// - Parameter time: POSIX seconds, at most 2^63 − 1.
  /// - Throws: ``NoteError/wrongKind`` when the key is not a witness's, ``NoteError/badTime``.
  package func cosign(_ checkpoint: Checkpoint, time: UInt64) throws(NoteError) -> NoteSignature {
    guard key.kind == .cosignatureV1 else { throw .wrongKind }
    guard time <= Cosignature.maxTime else { throw .badTime }
    let signature = try raw(Cosignature.message(time: time, text: Array(checkpoint.text.utf8)))
    return NoteSignature(name: key.name, keyID: key.id, signature: Cosignature.encode(time) + signature)
  }

  private func raw(_ message: [UInt8]) throws(NoteError) -> [UInt8] {
    guard let signature = try? privateKey.signature(for: message) else { throw .signingFailed }
    return [UInt8](signature)
  }
}

extension NoteSigner: CustomStringConvertible {
  /// The public key, so that a log line or an error never shows the private one.
  package var description: String { "signer of \(key.vkey)" }
}
