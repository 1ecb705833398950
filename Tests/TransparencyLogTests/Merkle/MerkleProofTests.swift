import Testing
import TransparencyLog

@Suite struct MerkleProofTests {
  private static let tree = ReferenceTree(size: 300)
  private static let roots = (0...300).map { tree.root(0..<$0) }

  @Test("the frontier's root is RFC 6962's at every size to 300")
  func frontier() {
    var frontier = LogFrontier()
    for (size, root) in Self.roots.enumerated() {
      #expect(frontier.size == UInt64(size))
      #expect(frontier.root() == root)
      #expect(LogFrontier(size: frontier.size, peaks: frontier.peaks) == frontier)
      if size < 300 { frontier.append(leaf: Self.tree.leaves[size]) }
    }
  }

  @Test("a frontier whose peaks do not fit its size is refused")
  func badFrontier() {
    #expect(LogFrontier(size: 3, peaks: [MerkleHash.empty]) == nil)
    #expect(LogFrontier(size: 0, peaks: [MerkleHash.empty]) == nil)
    let most = Array(repeating: MerkleHash.empty, count: 64)
    #expect(LogFrontier(size: .max, peaks: most) == nil)
    #expect(LogFrontier(size: LogFrontier.maxSize, peaks: most.dropLast()) != nil)
  }

  @Test("every leaf of every tree to 300 is proved, from the tiles of the largest tree")
  func inclusionOfAll() throws {
    let reader = TileShelf(Self.tree.leaves).reader()
    for size in 1...300 {
      for index in 0..<size {
        let proof = try MerkleProof.inclusion(index: UInt64(index), size: UInt64(size), reader: reader)
        try MerkleProof.verifyInclusion(
          leaf: Self.tree.leaves[index], index: UInt64(index), size: UInt64(size), proof: proof, root: Self.roots[size])
      }
    }
  }

  @Test("every pair of trees to 300 is proved consistent, from the tiles of the largest")
  func consistencyOfAll() throws {
    let reader = TileShelf(Self.tree.leaves).reader()
    for to in 0...300 {
      #expect(try MerkleProof.root(size: UInt64(to), reader: reader) == Self.roots[to])
      for from in 0...to {
        let proof = try MerkleProof.consistency(from: UInt64(from), to: UInt64(to), reader: reader)
        try MerkleProof.verifyConsistency(
          from: UInt64(from), oldRoot: Self.roots[from], to: UInt64(to), newRoot: Self.roots[to], proof: proof)
      }
    }
  }

  @Test("proofs are those of RFC 6962, hash for hash", arguments: [1, 2, 3, 5, 7, 8, 13, 64, 65, 100])
  func referenceProofs(size: Int) throws {
    let reader = TileShelf(Self.tree.leaves.prefix(size)).reader()
    for place in 0..<size {
      #expect(
        try MerkleProof.inclusion(index: UInt64(place), size: UInt64(size), reader: reader)
          == Self.tree.path(place, 0..<size))
      #expect(
        try MerkleProof.consistency(from: UInt64(place), to: UInt64(size), reader: reader)
          == Self.tree.consistency(place, size))
    }
  }

  @Test("the tiles named in advance are those a proof reads")
  func tilesAhead() throws {
    let size: UInt64 = 70_000
    let shelf = TileShelf((0..<size).lazy.map { MerkleHash.leaf(Array("\($0)".utf8)) })
    for (index, from): (UInt64, UInt64) in [(0, 1), (255, 256), (256, 257), (65_535, 65_536), (69_999, 69_999)] {
      let inclusion = TileShelf()
      inclusion.store(shelf.tiles)
      _ = try MerkleProof.inclusion(index: index, size: size, reader: inclusion.reader())
      #expect(try MerkleProof.inclusionTiles(index: index, size: size) == inclusion.read)
      let consistency = TileShelf()
      consistency.store(shelf.tiles)
      _ = try MerkleProof.consistency(from: from, to: size, reader: consistency.reader())
      #expect(try MerkleProof.consistencyTiles(from: from, to: size) == consistency.read)
    }
  }

  @Test("a changed inclusion proof is refused, with the reason", arguments: [2, 3, 8, 100, 255, 257])
  func changedInclusion(size: Int) throws {
    let tree = Self.tree
    var random = Seeded(seed: UInt64(size))
    for index in Set([0, size / 2, size - 1]) {
      let proof = tree.path(index, 0..<size)
      func refusal(_ proof: [Digest32], leaf: Digest32? = nil, root: Digest32? = nil) -> ProofError? {
        Self.refusal { () throws(ProofError) in
          try MerkleProof.verifyInclusion(
            leaf: leaf ?? tree.leaves[index], index: UInt64(index), size: UInt64(size), proof: proof,
            root: root ?? Self.roots[size])
        }
      }
      #expect(refusal(proof) == nil)
      for place in proof.indices {
        var changed = proof
        changed[place] = random.flip(proof[place])
        #expect(refusal(changed) == .rootMismatch)
        changed.remove(at: place)
        #expect(refusal(changed) == .wrongLength(expected: proof.count, actual: proof.count - 1))
      }
      #expect(
        refusal(proof + [MerkleHash.empty]) == .wrongLength(expected: proof.count, actual: proof.count + 1))
      #expect(refusal(proof, leaf: random.flip(tree.leaves[index])) == .rootMismatch)
      #expect(refusal(proof, root: random.flip(Self.roots[size])) == .rootMismatch)
    }
  }

  @Test("a changed consistency proof is refused, with the reason", arguments: [2, 3, 8, 100, 255, 257])
  func changedConsistency(to: Int) throws {
    var random = Seeded(seed: UInt64(to))
    for from in Set([1, to / 2, to - 1]) where from > 0 {
      let proof = Self.tree.consistency(from, to)
      func refusal(_ proof: [Digest32], old: Digest32? = nil, new: Digest32? = nil) -> ProofError? {
        Self.refusal { () throws(ProofError) in
          try MerkleProof.verifyConsistency(
            from: UInt64(from), oldRoot: old ?? Self.roots[from], to: UInt64(to), newRoot: new ?? Self.roots[to],
            proof: proof)
        }
      }
      #expect(refusal(proof) == nil)
      for place in proof.indices {
        var changed = proof
        changed[place] = random.flip(proof[place])
        #expect([.rootMismatch, .oldRootMismatch].contains(refusal(changed)))
        changed.remove(at: place)
        #expect(refusal(changed) == .wrongLength(expected: proof.count, actual: proof.count - 1))
      }
      #expect(refusal(proof, new: random.flip(Self.roots[to])) == .rootMismatch)
      #expect([.oldRootMismatch, .rootMismatch].contains(refusal(proof, old: random.flip(Self.roots[from]))))
    }
  }

  @Test("impossible sizes and places are refused by name")
  func impossible() {
    let reader = TileShelf().reader()
    #expect(throws: ProofError.indexOutOfRange(index: 3, size: 3)) {
      try MerkleProof.inclusion(index: 3, size: 3, reader: reader)
    }
    #expect(throws: ProofError.sizesOutOfOrder(from: 4, to: 3)) {
      try MerkleProof.consistency(from: 4, to: 3, reader: reader)
    }
    #expect(throws: ProofError.sizeTooLarge) { try MerkleProof.root(size: .max, reader: reader) }
    #expect(throws: ProofError.sizeTooLarge) { try MerkleProof.inclusion(index: 0, size: .max, reader: reader) }
    #expect(throws: ProofError.sizesOutOfOrder(from: 2, to: 1)) {
      try MerkleProof.verifyConsistency(
        from: 2, oldRoot: MerkleHash.empty, to: 1, newRoot: MerkleHash.empty, proof: [])
    }
    #expect(throws: ProofError.oldRootMismatch) {
      try MerkleProof.verifyConsistency(
        from: 0, oldRoot: Self.roots[1], to: 1, newRoot: Self.roots[1], proof: [])
    }
  }

  @Test("the largest numbers are refused or verified without a trap", arguments: [UInt64](1...200))
  func arbitraryNumbers(seed: UInt64) {
    var random = Seeded(seed: seed)
    let edges: [UInt64] = [0, 1, 2, .max, .max - 1, 1 << 63, 1 << 63 - 1, 1 << 32]
    let one = edges.randomElement(using: &random) ?? random.next()
    let other = random.next() >> UInt64.random(in: 0..<64, using: &random)
    let proof = (0..<Int.random(in: 0..<70, using: &random)).map { _ in MerkleHash.empty }
    for (index, size) in [(one, other), (other, one)] {
      let inclusion = Self.refusal { () throws(ProofError) in
        try MerkleProof.verifyInclusion(
          leaf: Self.roots[1], index: index, size: size, proof: proof, root: MerkleHash.empty)
      }
      #expect(inclusion != nil, "seed \(seed)")
      let consistency = Self.refusal { () throws(ProofError) in
        try MerkleProof.verifyConsistency(
          from: index, oldRoot: Self.roots[1], to: size, newRoot: MerkleHash.empty, proof: proof)
      }
      #expect(consistency != nil, "seed \(seed)")
    }
  }

  private static func refusal(_ body: () throws(ProofError) -> Void) -> ProofError? {
    do { try body() } catch { return error }
    return nil
  }
}

extension Seeded {
  /// The digest with one bit changed.
  mutating func flip(_ digest: Digest32) -> Digest32 {
    var bytes = digest.bytes
    bytes[Int.random(in: 0..<32, using: &self)] ^= 1 << UInt8.random(in: 0..<8, using: &self)
    return Digest32(bytes: bytes) ?? digest
  }
}
