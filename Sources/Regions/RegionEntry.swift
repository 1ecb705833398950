/// One life of a code: the division it stood for, from when to when, and what became of it.
///
/// A number can have several lives, since numbers of dissolved counties were given out again before 1995.
package struct RegionEntry: Hashable, Sendable {
  package let code: RegionCode
  /// 芙蓉区
  package let nameZh: String
  /// Furong; established spellings for provinces and well-known prefectures, else Hanyu Pinyin of the Chinese name.
  package let nameEn: String
  /// The year whose list first had it, nil if it is older than the record (1980) or the record does not say.
  package let validFrom: Int?
  /// The year whose list no longer had it; nil while it is valid.
  package let validTo: Int?
  /// Where its ground went, in the codes of the year `validTo`. Where the record names no heir this is the region that
  /// stood above it: coarser, but sure. Empty while it is valid.
  package let successors: [RegionCode]

  package var level: RegionLevel { code.level }

  /// Whether the list of ``RegionAtlas/vintage`` has it.
  package var isCurrent: Bool { validTo == nil && successors.isEmpty }

  /// A code such as 110100 (市辖区) or 429000 (省直辖县级行政区划): the statistics bureau's tables have it, and other
  /// systems send it, but it never was a division. Its successors are what it stands for.
  package var isStatistical: Bool { validTo == nil && !successors.isEmpty }

  /// The name in `language`, without the regions above.
  package func name(_ language: Language) -> String { language == .zh ? nameZh : nameEn }

  /// Whether the list of `year` has it.
  func isValid(in year: Int) -> Bool {
    !isStatistical && year >= validFrom ?? .min && year < validTo ?? .max
  }
}
