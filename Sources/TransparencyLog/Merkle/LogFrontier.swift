/// The right edge of a tree: the roots of the complete subtrees it is made of. From it alone the tree can grow,
/// in O(1) hashes a leaf on average, and tell its root, in O(log n).
package struct LogFrontier: Sendable, Equatable {
  /// How many leaves the tree has.
  package private(set) var size: UInt64

  /// The complete subtrees from left to right, so largest first: one for each set bit of ``size``.
  package private(set) var peaks: [Digest32]

  /// More leaves than any log will have, few enough that no sum of two sizes overflows.
  package static let maxSize = UInt64(Int64.max)

  /// The empty tree.
  package init() {
    size = 0
    peaks = []
  }

  /// A stored frontier; nil when the count of peaks does not fit the size or the size exceeds ``maxSize``.
  package init?(size: UInt64, peaks: [Digest32]) {
    guard size <= Self.maxSize, peaks.count == size.nonzeroBitCount else { return nil }
    self.size = size
    self.peaks = peaks
  }

  /// Adds a leaf by its hash (``MerkleHash/leaf(_:)``).
  package mutating func append(leaf: Digest32) {
    append(leaf: leaf) { _, _ in }
  }

  /// Adds a leaf by its hash, and reports each subtree that it completes (height, root), lowest first.
  mutating func append(leaf: Digest32, completed: (Int, Digest32) -> Void) {
    var hash = leaf
    // Like a carry in binary addition: each trailing one of the size is a subtree that now has its right twin.
    let merges = (~size).trailingZeroBitCount
    for height in 0..<merges {
      guard let left = peaks.popLast() else { break }
      hash = MerkleHash.node(left, hash)
      completed(height + 1, hash)
    }
    peaks.append(hash)
    size &+= 1
  }

  /// The root of the tree; ``MerkleHash/empty`` while it has no leaf.
  package func root() -> Digest32 {
    MerkleHash.fold(peaks)
  }
}

extension MerkleHash {
  /// The root over complete subtrees of falling size, which RFC 6962 §2.1 pairs from the right.
  static func fold(_ peaks: [Digest32]) -> Digest32 {
    guard var hash = peaks.last else { return empty }
    for left in peaks.dropLast().reversed() { hash = node(left, hash) }
    return hash
  }
}
