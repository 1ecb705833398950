/// Lends the stored bytes of a tile (32 a hash): at least those of the tree that is read, possibly more.
package typealias TileSource = (_ level: Int, _ index: UInt64) throws -> [UInt8]

/// A stored tile is not what the size of the tree demands.
package enum TileError: Error, Equatable, Sendable {
  /// The stored tile has fewer hashes than the tree of that size needs, or a torn one.
  case tooShort(TileKey, expectedBytes: Int, actualBytes: Int)
  /// The size exceeds ``LogFrontier/maxSize``.
  case sizeTooLarge
  /// No tree has a node at this height or index.
  case noSuchNode(level: Int, index: UInt64)
}

/// Writes the tiles of a growing tree: takes leaf hashes in order, yields each tile that changed, with all its bytes.
///
/// A tile's bytes only ever grow, so a reader of an older and smaller tree may be given the newer tile.
package struct RightEdge: Sendable {
  private var frontier: LogFrontier
  /// The bytes of the partial tile of each level, empty where there is none.
  private var open: [[UInt8]] = []
  /// Which of `open` have changed since the last ``takeChanged()``.
  private var dirty: [Bool] = []
  private var filled: [TileKey: [UInt8]] = [:]

  private static let fullBytes = Tile.fullWidth * Digest32.byteCount

  /// The edge of the empty tree.
  package init() {
    frontier = LogFrontier()
  }

  /// Continues a stored tree. Asks `tiles` once for each partial tile of the right edge, lowest level first. A tile
  /// that is longer than the size says (written before a crash, never signed) is cut to what the size says.
  /// - Throws: ``TileError``, or what `tiles` throws.
  package init(size: UInt64, tiles: TileSource) throws {
    guard size <= LogFrontier.maxSize else { throw TileError.sizeTooLarge }
    frontier = LogFrontier()
    let partial = Tile.partialTiles(size: size)
    for tile in partial {
      let bytes = try tiles(tile.level, tile.index)
      let expected = tile.width * Digest32.byteCount
      guard bytes.count >= expected else {
        throw TileError.tooShort(tile.key, expectedBytes: expected, actualBytes: bytes.count)
      }
      grow(to: tile.level)
      open[tile.level] = Array(bytes.prefix(expected))
    }
    let stems = open
    let peaks = partial.reversed().flatMap { Self.peaks(of: stems[$0.level]) }
    guard let stored = LogFrontier(size: size, peaks: peaks) else { throw TileError.sizeTooLarge }
    frontier = stored
  }

  /// How many leaves the tree has.
  package var size: UInt64 { frontier.size }

  /// The root of the tree, in O(log n).
  package var root: Digest32 { frontier.root() }

  /// Adds a leaf by its hash (``MerkleHash/leaf(_:)``): on average one node hash and a few copies.
  package mutating func append(_ leaf: Digest32) {
    let position = frontier.size
    push(leaf, level: 0, position: position)
    // The frontier computes the hashes of the levels above anyway: every eighth is one that a tile keeps.
    var roots: [Digest32] = []
    frontier.append(leaf: leaf) { height, hash in
      if height.isMultiple(of: Tile.height) { roots.append(hash) }
    }
    for (level, hash) in roots.enumerated() { push(hash, level: level + 1, position: position) }
  }

  /// Each tile that changed since the start or the last ``takeChanged()``, with all its bytes.
  package var changed: [TileKey: [UInt8]] {
    var tiles = filled
    for (level, bytes) in open.enumerated() where dirty[level] && !bytes.isEmpty {
      tiles[TileKey(level: level, index: Self.tileIndex(level: level, position: frontier.size))] = bytes
    }
    return tiles
  }

  /// ``changed``, and forgets it: call it when the tiles are stored.
  package mutating func takeChanged() -> [TileKey: [UInt8]] {
    let tiles = changed
    filled = [:]
    dirty = dirty.map { _ in false }
    return tiles
  }

  private mutating func push(_ hash: Digest32, level: Int, position: UInt64) {
    grow(to: level)
    if open[level].isEmpty { open[level].reserveCapacity(Self.fullBytes) }
    hash.append(to: &open[level])
    dirty[level] = true
    guard open[level].count == Self.fullBytes else { return }
    filled[TileKey(level: level, index: Self.tileIndex(level: level, position: position))] = open[level]
    open[level] = []
    dirty[level] = false
  }

  private mutating func grow(to level: Int) {
    while open.count <= level {
      open.append([])
      dirty.append(false)
    }
  }

  /// The tile of a level that the leaf at `position` falls into.
  private static func tileIndex(level: Int, position: UInt64) -> UInt64 {
    position >> UInt64(Tile.height * (level + 1))
  }

  /// The complete subtrees within a partial tile, largest first.
  private static func peaks(of tile: [UInt8]) -> [Digest32] {
    let width = tile.count / Digest32.byteCount
    var start = 0
    return (0..<Tile.height).reversed().compactMap { height in
      let count = 1 << height
      guard width & count != 0 else { return nil }
      defer { start += count }
      return MerkleHash.perfectRoot(over: (start..<start + count).compactMap { hash(at: $0, in: tile) })
    }
  }

  private static func hash(at place: Int, in tile: [UInt8]) -> Digest32? {
    Digest32(bytes: tile.dropFirst(place * Digest32.byteCount).prefix(Digest32.byteCount))
  }
}
