// The resource path of a tile, C2SP tlog-tiles: "tile/<L>/<N>[.p/<W>]" and "tile/entries/<N>[.p/<W>]".
extension Tile {
  /// The path below the log's prefix, for example `tile/0/x001/x234/067.p/8`.
  package var path: String {
    let kind = content == .entries ? "entries" : String(level)
    return "tile/\(kind)/\(Self.indexPath(index))" + (isPartial ? ".p/\(width)" : "")
  }

  /// Reads exactly what ``path`` writes; nil for anything else.
  package init?(path: String) {
    // 7 groups of 3 digits hold any 64-bit index, so nothing longer is worth splitting.
    guard path.utf8.count <= 64 else { return nil }
    var parts = path.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count >= 3, parts[0] == "tile" else { return nil }
    let kind = parts[1]
    parts.removeFirst(2)
    var width = Self.fullWidth
    if parts.count >= 2, parts[parts.count - 2].hasSuffix(".p"), let last = parts.popLast(), let stem = parts.popLast()
    {
      guard let number = Decimal.parse(last.utf8), (1..<256).contains(number) else { return nil }
      width = Int(number)
      parts.append(stem.dropLast(2))
    }
    guard let index = Self.index(parts) else { return nil }
    if kind == "entries" {
      guard let tile = Tile.entries(index: index, width: width) else { return nil }
      self = tile
    } else {
      guard let level = Decimal.parse(kind.utf8), level <= 63 else { return nil }
      self.init(level: Int(level), index: index, width: width)
    }
    // Printing it back catches the spare spellings ("x000/001"), which would give one tile two addresses.
    guard self.path == path else { return nil }
  }

  private static func indexPath(_ index: UInt64) -> String {
    var groups: [String] = []
    var rest = index
    repeat {
      let digits = String(rest % 1000)
      let group = String(repeating: "0", count: 3 - digits.count) + digits
      groups.append(groups.isEmpty ? group : "x" + group)
      rest /= 1000
    } while rest > 0
    return groups.reversed().joined(separator: "/")
  }

  private static func index(_ groups: [Substring]) -> UInt64? {
    var index: UInt64 = 0
    for (place, group) in groups.enumerated() {
      let isLast = place == groups.count - 1
      let digits = isLast ? group.utf8 : group.utf8.dropFirst()
      guard isLast || group.utf8.first == UInt8(ascii: "x"), digits.count == 3 else { return nil }
      for character in digits {
        guard let digit = Decimal.digit(character) else { return nil }
        let (scaled, tooLarge) = index.multipliedReportingOverflow(by: 10)
        let (sum, overflow) = scaled.addingReportingOverflow(UInt64(digit))
        guard !tooLarge, !overflow else { return nil }
        index = sum
      }
    }
    return groups.isEmpty ? nil : index
  }
}
