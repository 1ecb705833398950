// Verifying proofs: the algorithms of RFC 9162 §2.1.3.2 and §2.1.4.2 (the same trees as RFC 6962). They need nothing
// but the arguments, and share no code with the making of proofs.
extension MerkleProof {
  /// Checks that a leaf, by its hash, is at `index` of the tree of `size` leaves with the given root.
  package static func verifyInclusion(
    leaf: Digest32, index: UInt64, size: UInt64, proof: [Digest32], root: Digest32
  ) throws(ProofError) {
    guard index < size else { throw .indexOutOfRange(index: index, size: size) }
    let expected = inclusionLength(index: index, size: size)
    guard proof.count == expected else { throw .wrongLength(expected: expected, actual: proof.count) }
    var path = Path(node: index, last: size - 1)
    var hash = leaf
    for sibling in proof {
      hash = path.siblingIsLeft ? MerkleHash.node(sibling, hash) : MerkleHash.node(hash, sibling)
      path.ascend()
    }
    guard hash == root else { throw .rootMismatch }
  }

  /// Checks that the tree of `to` leaves has the tree of `from` leaves as its beginning. Every tree extends the empty
  /// one, whose root is ``MerkleHash/empty``.
  package static func verifyConsistency(
    from: UInt64, oldRoot: Digest32, to: UInt64, newRoot: Digest32, proof: [Digest32]
  ) throws(ProofError) {
    guard from <= to else { throw .sizesOutOfOrder(from: from, to: to) }
    guard from > 0, from < to else {
      guard proof.isEmpty else { throw .wrongLength(expected: 0, actual: proof.count) }
      guard from > 0 || oldRoot == MerkleHash.empty else { throw .oldRootMismatch }
      guard from < to || oldRoot == newRoot else { throw .rootMismatch }
      return
    }
    let expected = consistencyLength(from: from, to: to)
    guard proof.count == expected else { throw .wrongLength(expected: expected, actual: proof.count) }
    // The largest subtree that ends the old tree: known to the reader as the old root if it is all of the old tree.
    let height = from.trailingZeroBitCount
    let isWhole = from.nonzeroBitCount == 1
    guard let start = isWhole ? oldRoot : proof.first else { throw .wrongLength(expected: expected, actual: 0) }
    var path = Path(node: (from - 1) >> UInt64(height), last: (to - 1) >> UInt64(height))
    var old = start
    var new = start
    for part in proof.dropFirst(isWhole ? 0 : 1) {
      if path.siblingIsLeft {
        old = MerkleHash.node(part, old)
        new = MerkleHash.node(part, new)
      } else {
        new = MerkleHash.node(new, part)
      }
      path.ascend()
    }
    guard old == oldRoot else { throw .oldRootMismatch }
    guard new == newRoot else { throw .rootMismatch }
  }

  /// A way up: the place of a node in its level and the place of that level's last node.
  private struct Path {
    var node: UInt64
    var last: UInt64

    var siblingIsLeft: Bool { node & 1 == 1 || node == last }

    mutating func ascend() {
      // A last node without a right sibling is carried up unchanged until it is a right child.
      if node == last, node != 0 {
        let skipped = UInt64(node.trailingZeroBitCount)
        node >>= skipped
        last >>= skipped
      }
      node >>= 1
      last >>= 1
    }
  }

  /// How many hashes the proof has: one for each level while the path and the right edge differ, then one for each
  /// left sibling.
  private static func inclusionLength(index: UInt64, size: UInt64) -> Int {
    let inner = 64 - (index ^ (size - 1)).leadingZeroBitCount
    return inner + (index >> UInt64(inner)).nonzeroBitCount
  }

  private static func consistencyLength(from: UInt64, to: UInt64) -> Int {
    let height = UInt64(from.trailingZeroBitCount)
    let inner = inclusionLength(index: (from - 1) >> height, size: (to - 1) >> height + 1)
    return inner + (from.nonzeroBitCount == 1 ? 0 : 1)
  }
}
