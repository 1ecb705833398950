/// How deep a region lies, from the whole country to the county.
package enum RegionLevel: Int, Sendable, Comparable, CaseIterable, Codable {
  case country, province, prefecture, county

  package static func < (left: RegionLevel, right: RegionLevel) -> Bool {
    left.rawValue < right.rawValue
  }
}
