import Crypto
import FoundationEssentials

/// A public key that seals were made with, and when it was to be trusted.
package struct SealPublicKey: Equatable, Sendable {
  /// Derived from the key; see `SealingKey.keyID(of:)`.
  package let keyID: String
  /// 32 bytes.
  package let publicKey: [UInt8]
  /// Seals from this moment on are good, Unix seconds.
  package let notBefore: Int64
  /// Seals from this moment on are not; nil while the key is trusted. For a stolen key this is when the theft may have
  /// happened, because a thief dates seals as he likes.
  package let revokedAt: Int64?

  private let key: Curve25519.Signing.PublicKey

  /// nil unless the key has 32 bytes that are the one encoding of a point (RFC 8032, section 5.1.3).
  package init?(publicKey: [UInt8], notBefore: Int64, revokedAt: Int64? = nil) {
    guard Self.isCanonical(publicKey), let key = try? Curve25519.Signing.PublicKey(rawRepresentation: publicKey) else {
      return nil
    }
    self.key = key
    keyID = SealingKey.keyID(of: publicKey)
    self.publicKey = publicKey
    self.notBefore = notBefore
    self.revokedAt = revokedAt
  }

  /// Whether the coordinate is below 2^255 - 19, and the sign of x clear where x is 0 (y is 1 or -1). BoringSSL takes
  /// the others and reduces them, which RFC 8032 forbids.
  private static func isCanonical(_ key: [UInt8]) -> Bool {
    guard key.count == 32 else { return false }
    let middle = key[1..<31]
    let nearPrime = key[31] & 0x7F == 0x7F && middle.allSatisfy { $0 == 0xFF }
    let isOne = key[0] == 1 && key[31] & 0x7F == 0 && middle.allSatisfy { $0 == 0 }
    let isMinusOne = key[0] == 0xEC && nearPrime
    return !(nearPrime && key[0] >= 0xED) && !((isOne || isMinusOne) && key[31] & 0x80 != 0)
  }

  /// Whether `signature` is the holder's over `message`.
  package func isSignature(_ signature: [UInt8], of message: [UInt8]) -> Bool {
    key.isValidSignature(signature, for: message)
  }

  /// Keys are equal when their bytes and their validity are.
  package static func == (left: SealPublicKey, right: SealPublicKey) -> Bool {
    (left.publicKey, left.notBefore) == (right.publicKey, right.notBefore) && left.revokedAt == right.revokedAt
  }
}

/// A seal that was checked; only a key ring can make one.
package struct VerifiedSeal: Equatable, Sendable {
  /// What the holder of the key stated.
  package let statement: SealStatement

  fileprivate init(_ statement: SealStatement) { self.statement = statement }
}

/// The public keys of a brand's seals, old and new: all that is needed to check a seal without a network.
package struct SealKeyRing: Equatable, Sendable {
  /// In the order of their first day.
  package let keys: [SealPublicKey]
  private let byID: [String: SealPublicKey]

  /// Of two keys with one name the first counts.
  package init(_ keys: [SealPublicKey]) {
    byID = Dictionary(keys.map { ($0.keyID, $0) }, uniquingKeysWith: { first, _ in first })
    self.keys = byID.values.sorted { ($0.notBefore, $0.keyID) < ($1.notBefore, $1.keyID) }
  }

  /// Checks the seal on a code.
  /// - Parameter knownTerritories: the list of the dispatch, if known; it is compared, and filled in, where the code
  ///   carries only the digest of a long list.
  /// - Throws: `malformedSeal`, `unknownSealKey`, `tamperedSeal`, `prematureSealKey`, `revokedSealKey` or
  ///   `territoriesNotSealed`. A signature that does not hold is `tamperedSeal` whatever the state of its key.
  package func verify(
    _ scanned: ScannedCode, knownTerritories: [String]? = nil
  ) throws(CodeError) -> VerifiedSeal {
    let sealed = try SealedCode(scanned)
    let statement = sealed.statement
    guard let key = byID[statement.keyID] else { throw .unknownSealKey(statement.keyID) }
    guard key.isSignature(sealed.signature, of: statement.canonicalBytes) else {
      throw .tamperedSeal
    }
    guard statement.sealedAt >= key.notBefore else { throw .prematureSealKey(key.keyID) }
    if let revokedAt = key.revokedAt, statement.sealedAt >= revokedAt { throw .revokedSealKey(key.keyID) }
    guard !statement.territoriesAreKnown, let knownTerritories else { return VerifiedSeal(statement) }
    return VerifiedSeal(try statement.filled(with: knownTerritories))
  }

  /// Keys without their lookup table, which follows from them.
  package static func == (left: SealKeyRing, right: SealKeyRing) -> Bool { left.keys == right.keys }
}
