import TransparencyLog

/// The tree as RFC 6962 §2.1 defines it, word for word: slow, and right by reading.
struct ReferenceTree {
  let leaves: [Digest32]

  /// Leaves `leaf 0`, `leaf 1`, … as in the conformance data.
  init(size: Int) {
    leaves = (0..<size).map { MerkleHash.leaf(Array("leaf \($0)".utf8)) }
  }

  /// MTH(D[n])
  func root(_ range: Range<Int>) -> Digest32 {
    switch range.count {
    case 0: MerkleHash.empty
    case 1: leaves[range.lowerBound]
    default: MerkleHash.node(root(range.lowerBound..<split(range)), root(split(range)..<range.upperBound))
    }
  }

  /// PATH(m, D[n])
  func path(_ leaf: Int, _ range: Range<Int>) -> [Digest32] {
    guard range.count > 1 else { return [] }
    let middle = split(range)
    return leaf < middle
      ? path(leaf, range.lowerBound..<middle) + [root(middle..<range.upperBound)]
      : path(leaf, middle..<range.upperBound) + [root(range.lowerBound..<middle)]
  }

  /// PROOF(m, D[n])
  func consistency(_ from: Int, _ to: Int) -> [Digest32] {
    from == 0 ? [] : subproof(from, 0..<to, true)
  }

  private func subproof(_ from: Int, _ range: Range<Int>, _ isWhole: Bool) -> [Digest32] {
    if from == range.upperBound { return isWhole ? [] : [root(range)] }
    let middle = split(range)
    return from <= middle
      ? subproof(from, range.lowerBound..<middle, isWhole) + [root(middle..<range.upperBound)]
      : subproof(from, middle..<range.upperBound, false) + [root(range.lowerBound..<middle)]
  }

  /// The largest power of two below the count.
  private func split(_ range: Range<Int>) -> Int {
    var half = 1
    while half * 2 < range.count { half *= 2 }
    return range.lowerBound + half
  }
}

/// Tiles in memory, stored as the sequencer stores them: one growing value a key.
final class TileShelf {
  private(set) var tiles: [TileKey: [UInt8]] = [:]
  /// Which tiles were read since the start.
  private(set) var read: Set<TileKey> = []

  /// The tiles of a tree with these leaves.
  init(_ leaves: some Sequence<Digest32> = []) {
    var edge = RightEdge()
    for leaf in leaves { edge.append(leaf) }
    store(edge.takeChanged())
  }

  func store(_ changed: [TileKey: [UInt8]]) {
    tiles.merge(changed) { $1 }
  }

  func source(level: Int, index: UInt64) -> [UInt8] {
    let key = TileKey(level: level, index: index)
    read.insert(key)
    return tiles[key] ?? []
  }

  func reader() -> TileHashReader {
    TileHashReader(tiles: source)
  }
}
