/// Why bytes are not an entry bundle.
package enum EntryBundleError: Error, Equatable, Sendable {
  /// The bytes end within an entry; the offset of its length.
  case truncated(offset: Int)
  /// More than 256 entries.
  case tooManyEntries
  /// An entry longer than 65 535 bytes cannot be written.
  case entryTooLong(place: Int)
}

/// Up to 256 log entries as they are published (C2SP tlog-tiles): each after its length, 16 bits, big end first.
package struct EntryBundle: Hashable, Sendable {
  /// The leaf data, in the order of the log.
  package let entries: [[UInt8]]

  /// The longest entry that can be written, in bytes.
  package static let maxEntryBytes = 65_535

  /// A bundle of entries.
  package init(entries: [[UInt8]]) throws(EntryBundleError) {
    guard entries.count <= Tile.fullWidth else { throw .tooManyEntries }
    if let place = entries.firstIndex(where: { $0.count > Self.maxEntryBytes }) { throw .entryTooLong(place: place) }
    self.entries = entries
  }

  /// Reads a bundle to its last byte.
  package init(parsing bytes: [UInt8]) throws(EntryBundleError) {
    var entries: [[UInt8]] = []
    var rest = bytes[...]
    while !rest.isEmpty {
      guard entries.count < Tile.fullWidth else { throw .tooManyEntries }
      let length = rest.prefix(2).reduce(0) { $0 << 8 | Int($1) }
      let entry = rest.dropFirst(2).prefix(length)
      guard rest.count >= 2, entry.count == length else { throw .truncated(offset: rest.startIndex) }
      entries.append(Array(entry))
      rest = rest[entry.endIndex...]
    }
    self.entries = entries
  }

  /// The bytes to publish. Those of a partial bundle are the beginning of the full one's.
  package var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(entries.reduce(0) { $0 + $1.count + 2 })
    for entry in entries {
      bytes.append(UInt8(truncatingIfNeeded: entry.count >> 8))
      bytes.append(UInt8(truncatingIfNeeded: entry.count))
      bytes.append(contentsOf: entry)
    }
    return bytes
  }

  /// The hashes of the entries: the bytes of the level 0 tile over them.
  package var leafHashes: [Digest32] { entries.map { MerkleHash.leaf($0) } }
}
