import Storage
import TransparencyLog

/// Proves the stored tiles, which outsiders are served, against the newest checkpoint and the events.
package struct TileAudit {
  private let transaction: Transaction

  /// Over this snapshot.
  package init(_ transaction: Transaction) { self.transaction = transaction }

  /// Calls `report` for everything that does not hold.
  package func run(_ report: (String) -> Void) throws {
    let keys = try transaction.all("SELECT level, number FROM tile ORDER BY level, number") {
      (level: $0.int(0), number: $0.int(1))
    }
    guard let head = try transaction.lastCheckpoint() else {
      if !keys.isEmpty { report("there are tiles, and no checkpoint that signs them") }
      return
    }
    for key in keys { try check(level: key.level, number: key.number, head, report) }
    for level in 0..<8 as Range<Int64> {
      let hashes = head.size >> (Int64(Tile.height) * level)
      let needed = (hashes + Int64(Tile.fullWidth) - 1) / Int64(Tile.fullWidth)
      let found = Int64(keys.count { $0.level == level })
      if found < needed { report("level \(level) has \(found) tiles, checkpoint \(head.size) needs \(needed)") }
    }
    try checkRoot(head, report)
  }

  private func checkRoot(_ head: CheckpointRow, _ report: (String) -> Void) throws {
    let reader = TileHashReader { try transaction.tile(level: $0, number: $1) ?? [] }
    do {
      let root = try MerkleProof.root(size: UInt64(clamping: head.size), reader: reader)
      if root.bytes != head.root { report("the tiles give another root than checkpoint \(head.size)") }
    } catch {
      report("the tiles of checkpoint \(head.size) are not readable: \(error)")
    }
  }

  private func check(level: Int64, number: Int64, _ head: CheckpointRow, _ report: (String) -> Void) throws {
    let key = TileKey(level: Int(clamping: level), index: UInt64(clamping: number))
    let bytes = number < 0 ? [] : try transaction.tile(level: key.level, number: key.index) ?? []
    let width = Tile.width(of: key, size: UInt64(clamping: head.size))
    guard width > 0, bytes.count == width * Digest32.byteCount else {
      return report(
        "tile \(level)/\(number) has \(bytes.count) bytes, checkpoint \(head.size) has \(width) hashes there")
    }
    let expected = level == 0 ? try leaves(number, width) : try roots(key, width)
    if bytes != expected { report("tile \(level)/\(number) differs from what it covers") }
  }

  /// The leaf hashes of a tile's events.
  private func leaves(_ number: Int64, _ width: Int) throws -> [UInt8] {
    var bytes: [UInt8] = []
    try transaction.eachBody(after: number * Int64(Tile.fullWidth), limit: width) {
      leafHash(forEvent: $1).append(to: &bytes)
    }
    return bytes
  }

  /// The roots of the full tiles below a tile; a missing or partial one leaves a gap, which shows as a difference.
  private func roots(_ key: TileKey, _ width: Int) throws -> [UInt8] {
    var bytes: [UInt8] = []
    for place in 0..<UInt64(width) {
      let below = try transaction.tile(level: key.level - 1, number: key.index * UInt64(Tile.fullWidth) + place) ?? []
      guard below.count == Tile.fullWidth * Digest32.byteCount else { continue }
      var level = stride(from: 0, to: below.count, by: Digest32.byteCount).compactMap {
        Digest32(bytes: below[$0..<$0 + Digest32.byteCount])
      }
      while level.count > 1 {
        level = stride(from: 0, to: level.count - 1, by: 2).map { MerkleHash.node(level[$0], level[$0 + 1]) }
      }
      level.first?.append(to: &bytes)
    }
    return bytes
  }
}
