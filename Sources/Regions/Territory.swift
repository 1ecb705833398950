/// The set of regions where a dealer may sell: sorted, and without what another of its codes already contains.
package struct Territory: Hashable, Sendable, CustomStringConvertible {
  /// Sorted; none contains another.
  package let codes: [RegionCode]

  /// There are some 3 200 divisions: a longer list is a mistake.
  package static let codesMax = 4_000

  /// - Throws: ``RegionError/tooManyRegions(limit:)``.
  package init(_ codes: [RegionCode]) throws(RegionError) {
    guard codes.count <= Self.codesMax else { throw .tooManyRegions(limit: Self.codesMax) }
    self.init(merging: codes)
  }

  /// For lists made here, of which the length is known.
  init(merging codes: [RegionCode]) {
    let all = Set(codes)
    self.codes = all.filter { code in !code.ancestors.contains(where: all.contains) }.sorted()
  }

  /// Reads "430000,440100". Commas, semicolons and the ideographic marks ，；、 part the codes, spaces around them do no
  /// harm, and an empty text is the empty territory.
  /// - Throws: the error of the first code that is none, or ``RegionError/tooManyRegions(limit:)``.
  package init(_ text: String) throws(RegionError) {
    var codes: [RegionCode] = []
    for part in text.split(whereSeparator: { ",;，；、 \t\r\n".contains($0) }) {
      guard codes.count < Self.codesMax else { throw .tooManyRegions(limit: Self.codesMax) }
      codes.append(try RegionCode(String(part)))
    }
    self.init(merging: codes)
  }

  /// The canonical text, "430000,440100": the same for the same territory.
  package var description: String { codes.map(\.description).joined(separator: ",") }

  package var isEmpty: Bool { codes.isEmpty }

  /// Whether all of `region` belongs to the territory.
  package func contains(_ region: RegionCode) -> Bool { codes.contains { $0.contains(region) } }

  /// Whether some of `region`, or all, belongs to the territory.
  package func overlaps(_ region: RegionCode) -> Bool {
    codes.contains { $0.contains(region) || region.contains($0) }
  }

  /// Whether every region of this one belongs to `other`; the empty territory is within every other.
  package func isWithin(_ other: Territory) -> Bool { codes.allSatisfy(other.contains) }

  /// What belongs to both.
  package func intersection(_ other: Territory) -> Territory {
    Territory(merging: codes.filter(other.contains) + other.codes.filter(contains))
  }
}

extension RegionCode {
  /// What lies above, the nearest first.
  var ancestors: [RegionCode] {
    var all: [RegionCode] = []
    var above = parent
    while let region = above {
      all.append(region)
      above = region.parent
    }
    // 110100 and 429000 are nobody's parent, yet they contain their counties.
    if let number, number % 100 != 0, let column = RegionCode(number: number / 100 * 100), !all.contains(column) {
      all.append(column)
    }
    return all
  }
}

extension Territory: Codable {
  /// Reads an array of codes.
  package init(from decoder: any Decoder) throws {
    let codes = try [RegionCode](from: decoder)
    try self.init(codes)
  }

  /// Writes an array of codes, sorted.
  package func encode(to encoder: any Encoder) throws { try codes.encode(to: encoder) }
}
