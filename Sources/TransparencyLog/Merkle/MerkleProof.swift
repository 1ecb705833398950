/// Why a proof cannot be made or does not prove what it should.
package enum ProofError: Error, Equatable, Sendable {
  /// The leaf is not in a tree of that size.
  case indexOutOfRange(index: UInt64, size: UInt64)
  /// The older tree is larger than the newer.
  case sizesOutOfOrder(from: UInt64, to: UInt64)
  /// The size exceeds ``LogFrontier/maxSize``.
  case sizeTooLarge
  /// The proof has too few or too many hashes for the sizes.
  case wrongLength(expected: Int, actual: Int)
  /// The hashes do not lead to the root (of the newer tree).
  case rootMismatch
  /// The hashes do not lead to the root of the older tree.
  case oldRootMismatch
}

/// Makes inclusion and consistency proofs (RFC 6962 §2.1.1, §2.1.2); verifying is in `ProofVerification.swift`.
package enum MerkleProof {
  /// The proof that the leaf at `index` is in the tree of `size` leaves, from the leaf's sibling up.
  /// - Throws: ``ProofError``, or what the reader throws.
  package static func inclusion(index: UInt64, size: UInt64, reader: some HashReader) throws -> [Digest32] {
    try inclusionPlan(index: index, size: size).map { try hash($0, reader) }
  }

  /// The proof that the tree of `to` leaves extends the tree of `from` leaves. Empty if they are equal or `from` is 0.
  /// - Throws: ``ProofError``, or what the reader throws.
  package static func consistency(from: UInt64, to: UInt64, reader: some HashReader) throws -> [Digest32] {
    try consistencyPlan(from: from, to: to).map { try hash($0, reader) }
  }

  /// The root of the tree of `size` leaves.
  /// - Throws: ``ProofError/sizeTooLarge``, or what the reader throws.
  package static func root(size: UInt64, reader: some HashReader) throws -> Digest32 {
    guard size <= LogFrontier.maxSize else { throw ProofError.sizeTooLarge }
    return try hash(ProofPlan.Subtree(start: 0, end: size), reader)
  }

  /// The tiles that ``inclusion(index:size:reader:)`` will read: for a store that must fetch them ahead.
  package static func inclusionTiles(index: UInt64, size: UInt64) throws(ProofError) -> Set<TileKey> {
    tiles(try inclusionPlan(index: index, size: size))
  }

  /// The tiles that ``consistency(from:to:reader:)`` will read: for a store that must fetch them ahead.
  package static func consistencyTiles(from: UInt64, to: UInt64) throws(ProofError) -> Set<TileKey> {
    tiles(try consistencyPlan(from: from, to: to))
  }

  private static func inclusionPlan(index: UInt64, size: UInt64) throws(ProofError) -> [ProofPlan.Subtree] {
    guard size <= LogFrontier.maxSize else { throw .sizeTooLarge }
    guard index < size else { throw .indexOutOfRange(index: index, size: size) }
    return ProofPlan.inclusion(index: index, size: size)
  }

  private static func consistencyPlan(from: UInt64, to: UInt64) throws(ProofError) -> [ProofPlan.Subtree] {
    guard to <= LogFrontier.maxSize else { throw .sizeTooLarge }
    guard from <= to else { throw .sizesOutOfOrder(from: from, to: to) }
    return from == 0 || from == to ? [] : ProofPlan.consistency(from: from, to: to)
  }

  private static func hash(_ subtree: ProofPlan.Subtree, _ reader: some HashReader) throws -> Digest32 {
    MerkleHash.fold(try subtree.nodes.map { try reader.hash(level: $0.level, index: $0.index) })
  }

  private static func tiles(_ plan: [ProofPlan.Subtree]) -> Set<TileKey> {
    Set(
      plan.flatMap(\.nodes).map { node in
        let level = node.level / Tile.height
        // A node at height 8k+r lies in tile level k, over 2^r of its hashes.
        return TileKey(level: level, index: node.index >> UInt64(Tile.height - node.level % Tile.height))
      })
  }
}
