import FoundationEssentials

/// A text that is not a set of keys that this program could have published.
package enum KeySetError: Error, Equatable, Sendable {
  /// Not JSON with a `keys` array, or longer than 256 KiB.
  case notAKeySet
  /// A key that says it is an Ed25519 key for signatures and is not; the argument is its `kid`, or its position.
  case badKey(String)
}

extension SealKeyRing {
  /// The longest key set that is read, in bytes.
  private static let longestSet = 256 * 1024

  /// The key set for `/.well-known/jwks.json`: RFC 7517 with the OKP keys of RFC 8037, and two members of our own,
  /// `notBefore` and `revokedAt` in Unix seconds.
  package func jwks() -> [UInt8] {
    let set = KeySet(keys: keys.map(KeySet.Key.init))
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // Encoding structs of strings and integers has no way to fail.
    return (try? encoder.encode(set)).map(Array.init) ?? []
  }

  /// Reads a key set. Keys of other types, curves and uses are passed over, as RFC 7517 asks.
  /// - Throws: `notAKeySet`; `badKey` for an Ed25519 key that is broken or not called by its own name.
  package init(jwks: some Sequence<UInt8>) throws(KeySetError) {
    let data = Data(jwks)
    guard data.count <= Self.longestSet, let set = try? JSONDecoder().decode(KeySet.self, from: data) else {
      throw .notAKeySet
    }
    var keys: [SealPublicKey] = []
    for (position, key) in set.keys.enumerated() where key.isForSeals {
      guard let read = key.publicKey else { throw .badKey(key.kid ?? "\(position)") }
      keys.append(read)
    }
    self.init(keys)
  }
}

/// The JSON of a key set.
private struct KeySet: Codable {
  struct Key: Codable {
    let kty: String
    let crv: String?
    let x: String?
    let kid: String?
    let use: String?
    let alg: String?
    let notBefore: Int64?
    let revokedAt: Int64?
  }

  let keys: [Key]
}

extension KeySet.Key {
  init(_ key: SealPublicKey) {
    self.init(
      kty: "OKP", crv: "Ed25519", x: Base64URL.encode(key.publicKey), kid: key.keyID, use: "sig", alg: "EdDSA",
      notBefore: key.notBefore, revokedAt: key.revokedAt)
  }

  /// Whether the key claims to be of the kind that seals.
  var isForSeals: Bool { kty == "OKP" && crv == "Ed25519" && (use ?? "sig") == "sig" }

  /// nil when the point cannot be read or `kid` is not its name.
  var publicKey: SealPublicKey? {
    guard let x, let bytes = Base64URL.decode(x),
      let key = SealPublicKey(publicKey: bytes, notBefore: notBefore ?? 0, revokedAt: revokedAt), key.keyID == kid
    else { return nil }
    return key
  }
}
