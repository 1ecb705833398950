import Testing
import TransparencyLog

/// A log as it lives: it grows, signs heads, is read at old and new sizes, restarts, and is watched by a witness.
@Suite struct GrowingLogTests {
  @Test("every head ever signed is extended by every later one, across restarts", arguments: [UInt64](1...6))
  func heads(seed: UInt64) throws {
    var random = Seeded(seed: seed)
    let origin = "yima.example/log"
    let signer = try NoteSigner(name: origin, seed: random.bytes(32))
    let policy = LogPolicy(origin: origin, logKeys: [signer.key])
    let shelf = TileShelf()
    var heads: [Checkpoint] = []
    var size = 0
    for _ in 0..<12 {
      var edge = try RightEdge(size: UInt64(size), tiles: shelf.source)
      for _ in 0..<Int.random(in: 0...400, using: &random) {
        edge.append(leafHash(forEvent: Self.event(size)))
        size += 1
      }
      shelf.store(edge.takeChanged())
      let note = try Checkpoint(origin: origin, size: edge.size, root: edge.root).signed(by: signer)
      heads.append(try policy.open(note.bytes).checkpoint)
    }
    for (place, old) in heads.enumerated() {
      for new in heads[place...] {
        let proof = try MerkleProof.consistency(from: old.size, to: new.size, reader: shelf.reader())
        try MerkleProof.verifyConsistency(
          from: old.size, oldRoot: old.root, to: new.size, newRoot: new.root, proof: proof)
      }
    }
    try prove(size, heads, shelf, &random)
  }

  /// Proofs of random events under random heads, through the text that is handed out.
  private func prove(_ size: Int, _ heads: [Checkpoint], _ shelf: TileShelf, _ random: inout Seeded) throws {
    for head in heads where head.size > 0 {
      let index = UInt64.random(in: 0..<head.size, using: &random)
      let hashes = try MerkleProof.inclusion(index: index, size: head.size, reader: shelf.reader())
      let leaf = leafHash(forEvent: Self.event(Int(index)))
      try MerkleProof.verifyInclusion(leaf: leaf, index: index, size: head.size, proof: hashes, root: head.root)
    }
  }

  @Test("a log that rewrites its past cannot prove that it did not", arguments: [0, 1, 254, 255, 256, 299])
  func rewritten(place: Int) throws {
    let honest = (0..<300).map { leafHash(forEvent: Self.event($0)) }
    var rewritten = honest + (300..<520).map { leafHash(forEvent: Self.event($0)) }
    rewritten[place] = leafHash(forEvent: Self.event(9999))
    let old = try MerkleProof.root(size: 300, reader: TileShelf(honest).reader())
    let shelf = TileShelf(rewritten)
    let new = try MerkleProof.root(size: 520, reader: shelf.reader())
    let proof = try MerkleProof.consistency(from: 300, to: 520, reader: shelf.reader())
    #expect(throws: ProofError.oldRootMismatch) {
      try MerkleProof.verifyConsistency(from: 300, oldRoot: old, to: 520, newRoot: new, proof: proof)
    }
  }

  @Test("one flipped byte in a stored tile changes the root that is read from it", arguments: [UInt64](1...20))
  func flippedTile(seed: UInt64) throws {
    var random = Seeded(seed: seed)
    let shelf = TileShelf((0..<700).map { leafHash(forEvent: Self.event($0)) })
    let root = try MerkleProof.root(size: 700, reader: shelf.reader())
    // The root is read from the right edge: the two level 1 hashes and the partial tile.
    let keys = try MerkleProof.consistencyTiles(from: 1, to: 700).intersection([
      .init(level: 0, index: 2), .init(level: 1, index: 0),
    ])
    let key = try #require(keys.sorted { $0.level < $1.level }.randomElement(using: &random))
    var bytes = try #require(shelf.tiles[key])
    bytes[Int.random(in: 0..<bytes.count, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
    shelf.store([key: bytes])
    #expect(try MerkleProof.root(size: 700, reader: shelf.reader()) != root, "seed \(seed)")
  }

  private static func event(_ number: Int) -> [UInt8] {
    JSONValue.object(["number": .integer(Int64(number)), "kind": "scanned"]).canonicalBytes
  }
}
