import Crypto

/// The hashes of the log's tree (RFC 6962 §2.1), with SHA-256.
package enum MerkleHash {
  /// The root of the tree without leaves: SHA-256 of nothing.
  package static let empty = Digest32.sha256([])

  // A leaf and an inner node never have the same preimage: that is what these prefixes are for.
  private static let leafPrefix: UInt8 = 0
  private static let nodePrefix: UInt8 = 1

  /// The hash of a leaf whose data is `entry`.
  package static func leaf(_ entry: UnsafeRawBufferPointer) -> Digest32 {
    var hasher = SHA256()
    withUnsafeBytes(of: leafPrefix) { hasher.update(bufferPointer: $0) }
    hasher.update(bufferPointer: entry)
    return Digest32(hasher.finalize())
  }

  /// The hash of a leaf whose data is `entry`.
  package static func leaf(_ entry: [UInt8]) -> Digest32 {
    entry.withUnsafeBytes { leaf($0) }
  }

  /// The hash of a leaf whose data is `entry`.
  package static func leaf(_ entry: ArraySlice<UInt8>) -> Digest32 {
    entry.withUnsafeBytes { leaf($0) }
  }

  /// The hash of a leaf whose data is the 32 bytes of `entry`, as all of Yima's entries are.
  package static func leaf(_ entry: Digest32) -> Digest32 {
    entry.withUnsafeBytes { leaf($0) }
  }

  /// The hash of the node over two subtrees.
  package static func node(_ left: Digest32, _ right: Digest32) -> Digest32 {
    // One buffer and one update: this is the hottest line of the log.
    withUnsafeTemporaryAllocation(byteCount: 1 + 2 * Digest32.byteCount, alignment: 1) { buffer in
      buffer[0] = nodePrefix
      left.withUnsafeBytes { UnsafeMutableRawBufferPointer(rebasing: buffer[1..<33]).copyMemory(from: $0) }
      right.withUnsafeBytes { UnsafeMutableRawBufferPointer(rebasing: buffer[33..<65]).copyMemory(from: $0) }
      return Digest32.sha256(UnsafeRawBufferPointer(buffer))
    }
  }

  /// The root over consecutive hashes of one level, of which there are a power of two; the first one if there is
  /// nothing to combine, ``empty`` if there is none.
  static func perfectRoot(over hashes: some Sequence<Digest32>) -> Digest32 {
    var level = Array(hashes)
    while level.count > 1 {
      level = stride(from: 0, to: level.count - 1, by: 2).map { node(level[$0], level[$0 + 1]) }
    }
    return level.first ?? empty
  }
}
