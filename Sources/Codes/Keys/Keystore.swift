/// All secrets of an installation: a root key for each epoch, the keys that seal, and the key that signs the ledger's
/// checkpoints. A value: rotation changes it, saving makes the change last.
package struct Keystore: Sendable, Equatable {
  /// The root key of one epoch.
  package struct Root: Sendable, Equatable {
    /// The number in every serial made with it.
    package let epoch: KeyEpoch
    /// Its algorithms.
    package let suite: Suite
    /// When it was made, Unix seconds.
    package let createdAt: Int64
    let key: RootKey
  }

  /// A key that seals or sealed.
  struct Seal: Sendable, Equatable {
    let key: SealingKey
    let notBefore: Int64
    var revokedAt: Int64?

    static func == (left: Seal, right: Seal) -> Bool {
      (left.key.seed, left.notBefore) == (right.key.seed, right.notBefore) && left.revokedAt == right.revokedAt
    }
  }

  /// In ascending order of their epochs, without gaps, at least one; the last is used for new batches.
  package private(set) var roots: [Root]
  /// In the order in which they were made, at least one; the last that is not revoked seals.
  private(set) var seals: [Seal]
  /// Seed of the Ed25519 key that signs the ledger's checkpoints, 32 bytes. It never rotates: a log is known by it.
  package let logSeed: [UInt8]

  init(roots: [Root], seals: [Seal], logSeed: [UInt8]) {
    self.roots = roots
    self.seals = seals
    self.logSeed = logSeed
  }

  /// A keystore with fresh keys: epoch 0, one seal key, one log key.
  /// - Parameters:
  ///   - now: Unix seconds.
  ///   - random: a cryptographic generator, `SystemRandomNumberGenerator` outside of tests.
  package static func make(now: Int64, random: inout some RandomNumberGenerator) -> Keystore {
    let root = Root(epoch: .first, suite: .intl, createdAt: now, key: RootKey(random: &random))
    var keystore = Keystore(roots: [root], seals: [], logSeed: randomBytes(32, from: &random))
    keystore.rotateSealKey(now: now, random: &random)
    return keystore
  }

  /// The epoch in which new batches are issued.
  package var currentEpoch: KeyEpoch { roots.last?.epoch ?? .first }

  /// Adds the next epoch; codes of older ones stay valid.
  /// - Throws: `epochsExhausted` after epoch 15.
  package mutating func rotateRoot(now: Int64, random: inout some RandomNumberGenerator) throws(KeystoreError) {
    guard let next = currentEpoch.next else { throw .epochsExhausted }
    roots.append(Root(epoch: next, suite: .intl, createdAt: now, key: RootKey(random: &random)))
  }

  /// Adds a new seal key, which seals from now on; seals of older ones stay good.
  package mutating func rotateSealKey(now: Int64, random: inout some RandomNumberGenerator) {
    // Any 32 bytes are an Ed25519 seed, so this never misses.
    guard let key = SealingKey(seed: randomBytes(32, from: &random)) else { return }
    seals.append(Seal(key: key, notBefore: now))
  }

  /// Takes the trust from seals that `keyID` made at `moment` or later. When it was the one that seals, a new key must
  /// be added before anything can be sealed again. An earlier revocation is not undone by a later one.
  /// - Throws: `unknownSealKey`.
  package mutating func revokeSealKey(_ keyID: String, at moment: Int64) throws(KeystoreError) {
    guard let position = seals.firstIndex(where: { $0.key.keyID == keyID }) else { throw .unknownSealKey(keyID) }
    seals[position].revokedAt = min(moment, seals[position].revokedAt ?? moment)
  }

  /// The key for new seals: the newest that is not revoked. nil when all are.
  package var sealingKey: SealingKey? { seals.last { $0.revokedAt == nil }?.key }

  /// The public halves of all seal keys, revoked ones included.
  package var keyRing: SealKeyRing {
    SealKeyRing(
      seals.compactMap {
        SealPublicKey(publicKey: $0.key.publicKey, notBefore: $0.notBefore, revokedAt: $0.revokedAt)
      })
  }

  /// The cipher of one product in one epoch.
  /// - Throws: `unknownEpoch` when there is no root key for it.
  package func cipher(gtin: GTIN, epoch: KeyEpoch) throws(CodeError) -> ProductCipher {
    guard let root = roots.first(where: { $0.epoch == epoch }) else { throw .unknownEpoch(Int(epoch.rawValue)) }
    return ProductCipher(root: root.key, suite: root.suite, gtin: gtin, epoch: epoch)
  }
}
