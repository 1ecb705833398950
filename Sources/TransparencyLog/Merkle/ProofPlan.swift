/// Which parts of the tree a proof is made of (RFC 6962 §2.1.1, §2.1.2): the shape, without the hashes.
enum ProofPlan {
  /// The leaves `start..<end`, which are one subtree of RFC 6962: `start` is a multiple of a power of two that is not
  /// less than their count.
  struct Subtree: Hashable {
    var start: UInt64
    var end: UInt64

    /// The largest power of two below the count: where RFC 6962 splits. Only for counts above 1.
    var middle: UInt64 {
      let count = end - start
      return start + 1 << UInt64(63 - (count - 1).leadingZeroBitCount)
    }

    /// The complete subtrees it is made of, largest first.
    var nodes: [(level: Int, index: UInt64)] {
      let count = end - start
      var position = start
      return (0..<64).reversed().compactMap { level in
        let leaves: UInt64 = 1 << UInt64(level)
        guard count & leaves != 0 else { return nil }
        defer { position += leaves }
        return (level, position >> UInt64(level))
      }
    }
  }

  /// The siblings on the way from a leaf to the root, lowest first. `index` is below `size`.
  static func inclusion(index: UInt64, size: UInt64) -> [Subtree] {
    var siblings: [Subtree] = []
    var tree = Subtree(start: 0, end: size)
    while tree.end - tree.start > 1 {
      let middle = tree.middle
      if index < middle {
        siblings.append(Subtree(start: middle, end: tree.end))
        tree.end = middle
      } else {
        siblings.append(Subtree(start: tree.start, end: middle))
        tree.start = middle
      }
    }
    return siblings.reversed()
  }

  /// The parts that make up both trees, lowest first. `from` is above 0 and below `to`.
  static func consistency(from: UInt64, to: UInt64) -> [Subtree] {
    var parts: [Subtree] = []
    var tree = Subtree(start: 0, end: to)
    while tree.end != from {
      let middle = tree.middle
      if from <= middle {
        parts.append(Subtree(start: middle, end: tree.end))
        tree.end = middle
      } else {
        parts.append(Subtree(start: tree.start, end: middle))
        tree.start = middle
      }
    }
    // The whole old tree is a part only when it is a subtree of the new one; its root is then known to the reader.
    if tree.start != 0 { parts.append(tree) }
    return parts.reversed()
  }
}
