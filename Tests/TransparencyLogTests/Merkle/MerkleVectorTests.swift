import Testing
import TransparencyLog

/// The data of transparency-dev/merkle, and of RFC 6962 computed by another program.
@Suite(.enabled(if: Conformance.isPresent, Conformance.absent)) struct MerkleVectorTests {
  @Test("small trees have the roots of transparency-dev/merkle")
  func smallRoots() throws {
    for item in try Conformance.cases("merkle_roots_small.json") {
      if let leaves = item["leavesHex"]?.array {
        var frontier = LogFrontier()
        for leaf in leaves {
          frontier.append(leaf: MerkleHash.leaf(try #require(Hex.decode((leaf.string ?? "").utf8))))
        }
        #expect(frontier.root().hex == (try item.text("root")))
      } else if let leaf = item["leafHashOf"]?.string {
        #expect(MerkleHash.leaf(try #require(Hex.decode(leaf.utf8))).hex == (try item.text("hash")))
      } else {
        // Its two children are 4 bytes each, not digests: only the prefix can be compared.
        let parts = try #require(item["nodeHashOf"]?.array).map { try #require(Hex.decode(($0.string ?? "").utf8)) }
        #expect(Digest32.sha256([1] + parts.flatMap { $0 }).hex == (try item.text("hash")))
      }
    }
  }

  @Test("inclusion proofs are accepted and refused as by transparency-dev/merkle")
  func inclusion() throws {
    for item in try Conformance.cases("merkle_inclusion.json") {
      let name = try item.text("id")
      let isWrong = try item.flag("wantErr")
      let verdict = Result { () throws(any Error) in
        try MerkleProof.verifyInclusion(
          leaf: item.hash("leafHash"), index: item.number("leafIdx"), size: item.number("treeSize"),
          proof: item.hashes("proof"), root: item.hash("root"))
      }
      #expect(verdict.isFailure == isWrong, "\(name)")
    }
  }

  @Test("consistency proofs are accepted and refused as by transparency-dev/merkle")
  func consistency() throws {
    for item in try Conformance.cases("merkle_consistency.json") {
      let name = try item.text("id")
      let isWrong = try item.flag("wantErr")
      let verdict = Result { () throws(any Error) in
        try MerkleProof.verifyConsistency(
          from: item.number("size1"), oldRoot: item.hash("root1"), to: item.number("size2"),
          newRoot: item.hash("root2"), proof: item.hashes("proof"))
      }
      #expect(verdict.isFailure == isWrong, "\(name)")
    }
  }

  @Test("trees of up to 70 000 leaves have the roots, proofs and tiles another program computed")
  func bigTrees() throws {
    for item in try Conformance.cases("merkle_big.json") {
      let size = try item.number("size")
      let shelf = TileShelf((0..<size).lazy.map { MerkleHash.leaf(Array("leaf \($0)".utf8)) })
      #expect(try MerkleProof.root(size: size, reader: shelf.reader()).hex == item.text("root"))
      for proof in item["inclusion"]?.array ?? [] {
        let hashes = try MerkleProof.inclusion(index: proof.number("index"), size: size, reader: shelf.reader())
        #expect(hashes.map { JSONValue.string($0.hex) } == proof["proof"]?.array, "size \(size)")
      }
      for proof in item["consistency"]?.array ?? [] {
        let hashes = try MerkleProof.consistency(from: proof.number("from"), to: size, reader: shelf.reader())
        #expect(hashes.map { JSONValue.string($0.hex) } == proof["proof"]?.array, "size \(size)")
      }
      try checkTiles(item, size: size, shelf)
    }
  }

  private func checkTiles(_ item: JSONValue, size: UInt64, _ shelf: TileShelf) throws {
    let tiles = try #require(item["tiles"]?.array)
    for tile in tiles {
      let level = Int(try tile.number("level"))
      let full = try tile.number("full")
      let partial = Int(try tile.number("partialWidth"))
      let isPartial = partial > 0
      let last = TileKey(level: level, index: isPartial ? full : full - 1)
      #expect(Tile.width(of: last, size: size) == (isPartial ? partial : 256))
      #expect(shelf.tiles[last]?.count == (isPartial ? partial : 256) * 32)
      #expect(Tile(level: level, index: last.index, width: isPartial ? partial : 256)?.path == (try tile.text("last")))
      #expect(UInt64(shelf.tiles.keys.count { $0.level == level }) == full + (isPartial ? 1 : 0))
    }
    #expect(shelf.tiles.keys.allSatisfy { $0.level < tiles.count })
  }
}

extension Result {
  var isFailure: Bool {
    if case .failure = self { true } else { false }
  }
}
