import Crypto

/// Why a text or bytes are not a key for notes.
package enum NoteKeyError: Error, Equatable, Sendable {
  /// A verifier key has three parts between plus signs, a signer key five.
  case wrongParts
  /// A key name is empty, or has white space, control characters or a plus sign.
  case badName
  /// The key id is not 8 lower-case hexadecimal digits.
  case badID
  /// The id is not that of the name, type and key.
  case idMismatch(expected: String)
  /// The key is not canonical base64.
  case badBase64
  /// The signature type is not one that this program knows.
  case unknownType(UInt8)
  /// The key itself is not one of its type.
  case badKey
}

/// A public key that signs notes, with its name (C2SP signed-note, "verifier key" or vkey).
package struct NoteKey: Hashable, Sendable {
  /// How the key signs: the signature type byte of C2SP signed-note.
  package enum Kind: UInt8, Hashable, Sendable, CaseIterable {
    /// Ed25519 over the note's text.
    case ed25519 = 0x01
    /// ECDSA P-256 with SHA-256 over the note's text. For reading foreign logs; this program does not sign so.
    case ecdsaP256 = 0x02
    /// A witness's Ed25519 signature over a time and a checkpoint (C2SP tlog-cosignature).
    case cosignatureV1 = 0x04
  }

  /// Who signs: not empty, no white space, no plus sign; by custom an address without a scheme.
  package let name: String
  /// How it signs.
  package let kind: Kind
  /// 32 bytes for the Ed25519 kinds (RFC 8032), SPKI DER for ECDSA.
  package let publicKey: [UInt8]
  /// Finds the key among others in a note. Too short to be trusted for more than that.
  package let id: UInt32

  /// A key from its parts.
  package init(name: String, kind: Kind, publicKey: [UInt8]) throws(NoteKeyError) {
    guard Self.isValid(name: name) else { throw .badName }
    guard Self.isValid(publicKey, kind: kind) else { throw .badKey }
    self.name = name
    self.kind = kind
    self.publicKey = publicKey
    id = Self.id(name: name, kind: kind, publicKey: publicKey)
  }

  /// Reads a verifier key: `name+id+base64(type ‖ key)`.
  package init(parsing vkey: String) throws(NoteKeyError) {
    // The base64 may itself hold plus signs; neither the name nor the id may.
    let parts = vkey.split(separator: "+", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3 else { throw .wrongParts }
    let (kind, key) = try Self.typedKey(parts[2])
    try self.init(name: String(parts[0]), kind: kind, publicKey: key)
    try Self.check(id: parts[1], is: id)
  }

  /// The verifier key: `name+id+base64(type ‖ key)`.
  package var vkey: String {
    "\(name)+\(idHex)+\(Base64.standard.encode([kind.rawValue] + publicKey))"
  }

  /// The id as 8 hexadecimal digits.
  package var idHex: String { Self.hex(id) }

  /// Whether a name may stand in a note's signature line.
  package static func isValid(name: String) -> Bool {
    !name.isEmpty
      && name.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0 != "+" && !$0.properties.isWhitespace }
  }

  /// The signature type and key of the last part of a vkey or skey.
  static func typedKey(_ base64: some StringProtocol) throws(NoteKeyError) -> (Kind, [UInt8]) {
    guard let bytes = Base64.standard.decode(base64.utf8), let type = bytes.first else { throw .badBase64 }
    guard let kind = Kind(rawValue: type) else { throw .unknownType(type) }
    return (kind, Array(bytes.dropFirst()))
  }

  /// Checks the middle part of a vkey or skey.
  static func check(id text: some StringProtocol, is id: UInt32) throws(NoteKeyError) {
    guard let bytes = Hex.decode(text.utf8), bytes.count == 4 else { throw .badID }
    guard bytes == UInt32Bytes.encode(id) else { throw .idMismatch(expected: hex(id)) }
  }

  private static func hex(_ id: UInt32) -> String { Hex.encode(UInt32Bytes.encode(id)) }

  private static func isValid(_ key: [UInt8], kind: Kind) -> Bool {
    switch kind {
    case .ed25519, .cosignatureV1: (try? Curve25519.Signing.PublicKey(rawRepresentation: key)) != nil
    case .ecdsaP256: (try? P256.Signing.PublicKey(derRepresentation: key)) != nil
    }
  }

  private static func id(name: String, kind: Kind, publicKey: [UInt8]) -> UInt32 {
    // ECDSA keys predate the rule and are identified by the key alone.
    let preimage = kind == .ecdsaP256 ? publicKey : Array(name.utf8) + [0x0A, kind.rawValue] + publicKey
    return UInt32Bytes.decode(Digest32.sha256(preimage).bytes.prefix(4))
  }
}

/// 32-bit numbers, big end first, as the note formats write them.
enum UInt32Bytes {
  static func encode(_ number: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: number >> UInt32(24 - 8 * $0)) }
  }

  static func decode(_ bytes: some Sequence<UInt8>) -> UInt32 {
    bytes.reduce(0) { $0 << 8 | UInt32($1) }
  }
}
