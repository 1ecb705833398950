import Testing
import TransparencyLog

@Suite struct RightEdgeTests {
  private static let leaves = (0..<66_000).map { MerkleHash.leaf(Array("leaf \($0)".utf8)) }

  @Test(
    "tiles built in random steps, resumed each time from storage, equal tiles built at once", arguments: [UInt64](1...8)
  )
  func increments(seed: UInt64) throws {
    var random = Seeded(seed: seed)
    let total = [1, 255, 256, 257, 512, 3000, 65_536, 66_000].randomElement(using: &random) ?? 1
    let shelf = TileShelf()
    var frontier = LogFrontier()
    var size = 0
    while size < total {
      var edge = try RightEdge(size: UInt64(size), tiles: shelf.source)
      #expect(edge.root == frontier.root(), "seed \(seed), size \(size)")
      let step = min(Int.random(in: 0...700, using: &random), total - size)
      for leaf in Self.leaves[size..<size + step] {
        edge.append(leaf)
        frontier.append(leaf: leaf)
      }
      size += step
      #expect(edge.size == UInt64(size))
      shelf.store(edge.changed)
    }
    #expect(shelf.tiles == TileShelf(Self.leaves.prefix(total)).tiles, "seed \(seed)")
  }

  @Test("only changed tiles are reported, and each once")
  func changedOnly() throws {
    var edge = RightEdge()
    #expect(edge.changed.isEmpty)
    for leaf in Self.leaves.prefix(300) { edge.append(leaf) }
    let first = edge.takeChanged()
    #expect(Set(first.keys) == [.init(level: 0, index: 0), .init(level: 0, index: 1), .init(level: 1, index: 0)])
    #expect(first.values.map(\.count).sorted() == [32, 44 * 32, 8192])
    #expect(edge.takeChanged().isEmpty)
    edge.append(Self.leaves[300])
    #expect(edge.changed.keys.sorted { $0.level < $1.level } == [.init(level: 0, index: 1)])
    #expect(edge.changed[.init(level: 0, index: 1)]?.count == 45 * 32)
  }

  @Test("a tile that fills leaves nothing behind on its level")
  func fills() {
    var edge = RightEdge()
    for leaf in Self.leaves.prefix(256) { edge.append(leaf) }
    #expect(edge.takeChanged().mapValues(\.count) == [.init(level: 0, index: 0): 8192, .init(level: 1, index: 0): 32])
    for leaf in Self.leaves[256..<512] { edge.append(leaf) }
    #expect(edge.takeChanged().mapValues(\.count) == [.init(level: 0, index: 1): 8192, .init(level: 1, index: 0): 64])
  }

  @Test("storage that lost hashes is refused by name, storage that runs ahead is cut")
  func storedWidth() throws {
    let shelf = TileShelf(Self.leaves.prefix(300))
    let key = TileKey(level: 0, index: 1)
    #expect(throws: TileError.tooShort(key, expectedBytes: 44 * 32, actualBytes: 43 * 32 + 31)) {
      try RightEdge(size: 300) { level, index in
        level == 0 ? shelf.source(level: 0, index: index).dropLast() : shelf.source(level: level, index: index)
      }
    }
    let older = try RightEdge(size: 290, tiles: shelf.source)
    #expect(older.root == TileShelf(Self.leaves.prefix(290)).rootOfAll(290))
    #expect(throws: TileError.sizeTooLarge) { try RightEdge(size: .max, tiles: shelf.source) }
  }

  @Test("an error of the storage comes out as it is")
  func storageError() {
    struct Gone: Error {}
    #expect(throws: Gone.self) { try RightEdge(size: 3) { _, _ in throw Gone() } }
    #expect(throws: Gone.self) { try TileHashReader { _, _ in throw Gone() }.hash(level: 0, index: 0) }
  }

  @Test("the reader names the tile that is too short, and nodes that no tree has")
  func reader() throws {
    let reader = TileShelf(Self.leaves.prefix(300)).reader()
    #expect(try reader.hash(level: 0, index: 299) == Self.leaves[299])
    #expect(try reader.hash(level: 1, index: 149) == MerkleHash.node(Self.leaves[298], Self.leaves[299]))
    #expect(throws: TileError.tooShort(.init(level: 0, index: 1), expectedBytes: 64 * 32, actualBytes: 44 * 32)) {
      try reader.hash(level: 5, index: 9)
    }
    #expect(throws: TileError.tooShort(.init(level: 3, index: 0), expectedBytes: 32, actualBytes: 0)) {
      try reader.hash(level: 24, index: 0)
    }
    for (level, index): (Int, UInt64) in [(-1, 0), (64, 0), (1, .max), (63, 2)] {
      #expect(throws: TileError.noSuchNode(level: level, index: index)) { try reader.hash(level: level, index: index) }
    }
  }
}

extension TileShelf {
  fileprivate func rootOfAll(_ size: UInt64) -> Digest32? {
    try? MerkleProof.root(size: size, reader: reader())
  }
}
