/// The place of a tile in the tree (C2SP tlog-tiles): the key under which its growing bytes are stored.
package struct TileKey: Hashable, Sendable {
  /// 0 for leaf hashes; each level above summarises 256 hashes of the one below in one.
  package let level: Int
  /// The place from the left within the level.
  package let index: UInt64

  /// The tile at a level (0…63) and an index.
  package init(level: Int, index: UInt64) {
    self.level = level
    self.index = index
  }
}

/// A tile or an entry bundle as it is published (C2SP tlog-tiles): up to 256 consecutive hashes or entries.
package struct Tile: Hashable, Sendable {
  /// What a tile holds.
  package enum Content: Hashable, Sendable {
    /// Hashes of 32 bytes (`tile/<level>/…`).
    case hashes
    /// Leaf data (`tile/entries/…`), see ``EntryBundle``.
    case entries
  }

  /// What it holds.
  package let content: Content
  /// 0…63; always 0 for entries.
  package let level: Int
  /// The place from the left within the level.
  package let index: UInt64
  /// How many hashes or entries: 1…256. Below 256 the tile is partial.
  package let width: Int

  /// How many hashes a full tile has.
  package static let fullWidth = 256
  /// How many tree levels a tile level spans (2^8 = 256).
  package static let height = 8

  /// A tile of hashes; nil for a level outside 0…63 or a width outside 1…256.
  package init?(level: Int, index: UInt64, width: Int = Tile.fullWidth) {
    self.init(content: .hashes, level: level, index: index, width: width)
  }

  /// A bundle of entries; nil for a width outside 1…256.
  package static func entries(index: UInt64, width: Int = Tile.fullWidth) -> Tile? {
    Tile(content: .entries, level: 0, index: index, width: width)
  }

  private init?(content: Content, level: Int, index: UInt64, width: Int) {
    guard (0...63).contains(level), (1...Self.fullWidth).contains(width) else { return nil }
    self.content = content
    self.level = level
    self.index = index
    self.width = width
  }

  /// Where its bytes are stored.
  package var key: TileKey { TileKey(level: level, index: index) }

  /// Whether it will still grow.
  package var isPartial: Bool { width < Self.fullWidth }

  /// How many hashes the tile at `key` has in a tree of `size` leaves; 0 when it does not exist yet.
  package static func width(of key: TileKey, size: UInt64) -> Int {
    guard (0...63).contains(key.level) else { return 0 }
    let hashes = size >> UInt64(height * key.level)
    let full = hashes >> 8
    return key.index < full ? fullWidth : key.index == full ? Int(hashes & 255) : 0
  }

  /// The tiles at the right edge that are partial in a tree of `size` leaves, lowest level first.
  package static func partialTiles(size: UInt64) -> [Tile] {
    (0...7).compactMap { level in
      let key = TileKey(level: level, index: size >> UInt64(height * (level + 1)))
      return Tile(level: level, index: key.index, width: width(of: key, size: size))
    }
  }
}
