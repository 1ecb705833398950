import Codes
import Evidence
import TransparencyLog

/// The brand's keys.
struct TestKeys {
  let sealing: SealingKey
  let signer: NoteSigner
  var notBefore: Int64 = 1_700_000_000
  var revokedAt: Int64?

  init(seed: UInt8 = 1, origin: String = "log.example.cn/yima") {
    guard let sealing = SealingKey(seed: [UInt8](repeating: seed, count: 32)),
      let signer = try? NoteSigner(name: origin, seed: [UInt8](repeating: seed &+ 100, count: 32))
    else { preconditionFailure("32 bytes are a key") }
    self.sealing = sealing
    self.signer = signer
  }

  var ring: SealKeyRing {
    SealKeyRing(
      [SealPublicKey(publicKey: sealing.publicKey, notBefore: notBefore, revokedAt: revokedAt)].compactMap(\.self))
  }

  /// A verifier that has these keys from elsewhere.
  var verifier: EvidenceVerifier { EvidenceVerifier(sealKeys: ring, logKey: signer.key) }
}

/// A log of these events, all under its newest checkpoint.
struct TestLog {
  let checkpoint: SignedNote
  private let tiles: [TileKey: [UInt8]]
  private let size: UInt64

  init(_ bodies: [[UInt8]], _ signer: NoteSigner) throws {
    var edge = RightEdge()
    for body in bodies { edge.append(leafHash(forEvent: body)) }
    size = edge.size
    checkpoint = try Checkpoint(origin: signer.key.name, size: edge.size, root: edge.root).signed(by: signer)
    tiles = edge.takeChanged()
  }

  func proof(_ index: UInt64) throws -> [UInt8] {
    let reader = TileHashReader { tiles[TileKey(level: $0, index: $1)] ?? [] }
    let hashes = try MerkleProof.inclusion(index: index, size: size, reader: reader)
    return LogProof(index: index, hashes: hashes, checkpoint: checkpoint).bytes
  }
}
