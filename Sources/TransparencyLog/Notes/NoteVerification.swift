import Crypto

/// A signature that a known key made.
package struct VerifiedSignature: Hashable, Sendable {
  /// Whose it is.
  package let key: NoteKey
  /// When a witness cosigned, in POSIX seconds; nil for other signatures.
  package let time: UInt64?

  fileprivate init(key: NoteKey, time: UInt64?) {
    self.key = key
    self.time = time
  }
}

/// A note that a known key has signed and none has signed wrongly. Only ``SignedNote/verify(keys:)`` makes it.
package struct VerifiedNote: Hashable, Sendable {
  /// The note as read.
  package let note: SignedNote
  /// The signatures of known keys, in the order of the note, each key and time once.
  package let signatures: [VerifiedSignature]
  /// The signatures of keys that are not known: they say nothing.
  package let unknown: [NoteSignature]

  fileprivate init(note: SignedNote, signatures: [VerifiedSignature], unknown: [NoteSignature]) {
    self.note = note
    self.signatures = signatures
    self.unknown = unknown
  }

  /// The signed text.
  package var text: String { String(decoding: note.text, as: UTF8.self) }
}

extension SignedNote {
  /// Checks the signatures of the known keys and ignores the others.
  /// - Throws: ``NoteError/badSignature(keyName:)`` or ``NoteError/noKnownSignature``.
  package func verify(keys: [NoteKey]) throws(NoteError) -> VerifiedNote {
    var good: [VerifiedSignature] = []
    var unknown: [NoteSignature] = []
    var checked: Set<NoteSignature> = []
    for signature in signatures {
      // A repeated line counts once and costs one check.
      guard checked.insert(signature).inserted else { continue }
      guard let key = keys.first(where: { $0.claims(signature) }) else {
        unknown.append(signature)
        continue
      }
      guard let verified = key.check(signature, over: text) else { throw .badSignature(keyName: key.name) }
      if !good.contains(verified) { good.append(verified) }
    }
    guard !good.isEmpty else { throw .noKnownSignature }
    return VerifiedNote(note: self, signatures: good, unknown: unknown)
  }
}

extension NoteKey {
  /// Whether a signature says that it is this key's: by name and id, byte for byte.
  fileprivate func claims(_ signature: NoteSignature) -> Bool {
    signature.keyID == id && signature.name.utf8.elementsEqual(name.utf8)
  }

  fileprivate func check(_ signature: NoteSignature, over text: [UInt8]) -> VerifiedSignature? {
    switch kind {
    case .ed25519:
      return isEd25519(signature.signature, over: text) ? VerifiedSignature(key: self, time: nil) : nil
    case .ecdsaP256:
      return isECDSA(signature.signature, over: text) ? VerifiedSignature(key: self, time: nil) : nil
    case .cosignatureV1:
      // A witness speaks about trees only: over any other text its signature means nothing.
      guard (try? Checkpoint(parsing: text)) != nil, let (time, raw) = Cosignature.split(signature.signature),
        isEd25519(raw, over: Cosignature.message(time: time, text: text))
      else { return nil }
      return VerifiedSignature(key: self, time: time)
    }
  }

  private func isEd25519(_ signature: [UInt8], over message: [UInt8]) -> Bool {
    guard signature.count == 64 else { return false }
    let key = try? Curve25519.Signing.PublicKey(rawRepresentation: publicKey)
    return key?.isValidSignature(signature, for: message) ?? false
  }

  private func isECDSA(_ signature: [UInt8], over message: [UInt8]) -> Bool {
    guard let key = try? P256.Signing.PublicKey(derRepresentation: publicKey),
      let value = try? P256.Signing.ECDSASignature(derRepresentation: signature)
    else { return false }
    return key.isValidSignature(value, for: message)
  }
}
