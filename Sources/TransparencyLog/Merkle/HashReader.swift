/// Gives the hash of a complete subtree: 2^`level` leaves beginning at leaf `index` · 2^`level`.
package protocol HashReader {
  /// The root hash of that subtree.
  /// - Throws: when it is not stored or cannot be read.
  func hash(level: Int, index: UInt64) throws -> Digest32
}

/// Reads subtree hashes from stored tiles, computing the levels between and keeping all it saw.
///
/// Make one for each request: it never forgets a tile, and a stored tile may have grown since.
package final class TileHashReader: HashReader {
  private let source: TileSource
  private var tiles: [TileKey: LoadedTile] = [:]

  /// A reader over `tiles`, which is asked once for each tile.
  package init(tiles: @escaping TileSource) {
    source = tiles
  }

  /// The root hash of a complete subtree (see ``HashReader``).
  /// - Throws: ``TileError``, or what the source throws.
  package func hash(level: Int, index: UInt64) throws -> Digest32 {
    guard (0...63).contains(level), index <= UInt64.max >> UInt64(level) else {
      throw TileError.noSuchNode(level: level, index: index)
    }
    let height = level % Tile.height
    let first = index << UInt64(height)
    let key = TileKey(level: level / Tile.height, index: first >> UInt64(Tile.height))
    let place = Int(truncatingIfNeeded: (first & 255) >> UInt64(height))
    let tile = try load(key)
    guard let hash = tile.hash(height: height, place: place) else {
      let expected = (place + 1) << height * Digest32.byteCount
      throw TileError.tooShort(key, expectedBytes: expected, actualBytes: tile.width * Digest32.byteCount)
    }
    return hash
  }

  private func load(_ key: TileKey) throws -> LoadedTile {
    if let tile = tiles[key] { return tile }
    let tile = LoadedTile(try source(key.level, key.index))
    tiles[key] = tile
    return tile
  }
}

/// One tile in memory and the nodes computed over it so far.
private final class LoadedTile {
  /// How many hashes were stored.
  let width: Int
  /// A heap: the children of node i are 2i and 2i+1, so the stored hashes begin at 256.
  private var nodes: [Digest32?]

  init(_ bytes: [UInt8]) {
    width = min(bytes.count / Digest32.byteCount, Tile.fullWidth)
    nodes = Array(repeating: nil, count: 2 * Tile.fullWidth)
    bytes.withUnsafeBytes { buffer in
      for place in 0..<width {
        let start = place * Digest32.byteCount
        nodes[Tile.fullWidth + place] = Digest32(
          bytes: UnsafeRawBufferPointer(rebasing: buffer[start..<start + Digest32.byteCount]))
      }
    }
  }

  /// The node at `height` (0…7) above the stored hashes; nil unless all hashes below it are stored.
  func hash(height: Int, place: Int) -> Digest32? {
    node(Tile.fullWidth >> height + place)
  }

  private func node(_ position: Int) -> Digest32? {
    guard nodes.indices.contains(position) else { return nil }
    if let known = nodes[position] { return known }
    // Below 256 are inner nodes; a missing stored hash stays missing.
    guard position < Tile.fullWidth, let left = node(2 * position), let right = node(2 * position + 1) else {
      return nil
    }
    let hash = MerkleHash.node(left, right)
    nodes[position] = hash
    return hash
  }
}
