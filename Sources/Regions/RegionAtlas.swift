/// China's administrative divisions: codes, names, history and boundaries.
///
/// A value: made once (``load()``), then shared by all. The boundaries are those of the source without simplification
/// of our own; how far they may be from the truth is ``boundaryToleranceMeters``.
package struct RegionAtlas: Sendable {
  let history: RegionHistory
  let boundaries: Boundaries
  let index: BoundaryIndex

  /// The day of the Ministry of Civil Affairs' list, as yyyymmdd.
  package let vintage: Int

  /// How far, in metres, a boundary in here may lie from the true one; added to every accuracy circle.
  package let boundaryToleranceMeters: Double

  /// Present counties that the source of boundaries does not know yet: no point is ever located in them.
  package let unmapped: [RegionCode]

  /// Reads the format that tools/regions writes.
  /// - Throws: ``RegionError/resourceDamaged(_:at:)``.
  package init(bytes: [UInt8]) throws(RegionError) {
    var reader = try ResourceReader(bytes)
    vintage = try reader.number()
    boundaryToleranceMeters = Double(try reader.number())
    history = try RegionHistory(&reader)
    boundaries = try Boundaries(&reader)
    try reader.finish()
    index = BoundaryIndex(boundaries)
    unmapped = Self.unmapped(history, boundaries)
  }

  /// Every present region of which no arc bounds a part.
  private static func unmapped(_ history: RegionHistory, _ boundaries: Boundaries) -> [RegionCode] {
    let bounded = Set(boundaries.lefts + boundaries.rights).filter { $0 > 0 }.map { boundaries.leaves[Int($0) - 1] }
    let mapped = Set(bounded.flatMap { [$0, $0.parent, $0.province].compactMap(\.self) })
    let provinces = history.children(of: .china)
    let below = provinces.flatMap(history.children)
    return (provinces + below + below.flatMap(history.children)).filter { !mapped.contains($0) }.sorted()
  }

  /// Whether `code` is, or ever was, a division of China; true for every country and subdivision of ISO 3166.
  package func isKnown(_ code: RegionCode) -> Bool { history.isKnown(code) }

  /// Whether `code` is in the present list (or of ISO 3166).
  package func isCurrent(_ code: RegionCode) -> Bool { code.number == nil || history.entry(code)?.isCurrent ?? false }

  /// The present life of a code, else its last one; nil for codes of ISO 3166 and numbers never given out.
  package func entry(_ code: RegionCode) -> RegionEntry? { history.entry(code) }

  /// All lives of a code, oldest first.
  package func entries(_ code: RegionCode) -> [RegionEntry] { history.entries(code) }

  /// Present divisions directly below, sorted; counties for a municipality, provinces for China.
  package func children(of code: RegionCode) -> [RegionCode] { history.children(of: code) }

  /// The 34 provinces, sorted.
  package var provinces: [RegionCode] { history.children(of: .china) }
}
