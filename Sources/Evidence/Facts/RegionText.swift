/// Regions as texts: GB/T 2260 (six digits, pairs of zeros at the end for what is larger) within China, ISO 3166
/// elsewhere. One lies in another when the other's digits begin it; no atlas is needed for that.
enum RegionText {
  /// Whether `region` is `larger` or lies within it.
  static func contains(_ larger: String, _ region: String) -> Bool {
    if larger == region { return true }
    if larger == "CN" { return isChinese(region) }
    guard isChinese(larger) else { return larger.utf8.count == 2 && region.hasPrefix(larger + "-") }
    return isChinese(region) && region.hasPrefix(stem(larger))
  }

  /// Whether some of `region` lies within one of the territories.
  static func overlaps(_ territories: [String], _ region: String) -> Bool {
    territories.contains { contains($0, region) || contains(region, $0) }
  }

  /// Sorted, each once, and without what another contains.
  static func normalised(_ territories: [String]) -> [String] {
    let all = Set(territories)
    return all.filter { code in !all.contains { $0 != code && contains($0, code) } }.sorted()
  }

  /// What lies within both.
  static func intersection(_ left: [String], _ right: [String]) -> [String] {
    normalised(
      left.filter { code in right.contains { contains($0, code) } }
        + right.filter { code in left.contains { contains($0, code) } })
  }

  /// The province of a Chinese region, the whole code of any other.
  static func province(_ region: String) -> String {
    isChinese(region) ? region.prefix(2) + "0000" : region
  }

  private static func isChinese(_ region: String) -> Bool {
    region.utf8.count == 6 && region.utf8.allSatisfy { $0 &- UInt8(ascii: "0") < 10 }
  }

  private static func stem(_ region: String) -> Substring {
    var digits = region[...]
    while digits.utf8.count > 2, digits.hasSuffix("00") { digits = digits.dropLast(2) }
    return digits
  }
}
