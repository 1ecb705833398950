import Detection
import Regions
import Synchronization

/// China's prefectures as the engine of detection sees them: points with inhabitants, spoken of by index.
///
/// A municipality is one region, and so is a county that a province administers itself. The atlas knows no inhabitants:
/// each province's (census of 2020) are shared out among its prefectures by the number of their counties, a stated
/// assumption that only matters until the engine has learnt from scans.
package struct MarketMap: Sendable {
  /// The regions of the engine.
  let geography: Geography
  private let atlas: RegionAtlas?
  private let indexes: [RegionCode: Int]
  private let provinces: [RegionCode: [Int]]

  /// Of the atlas; worked out once a process, because the middle of a region is a walk along all borders.
  package init(_ atlas: RegionAtlas) {
    self = Self.made.withLock { made in
      if let known = made[atlas.vintage] { return known }
      let map = MarketMap(measuring: atlas)
      made[atlas.vintage] = map
      return map
    }
  }

  private static let made = Mutex<[Int: MarketMap]>([:])

  private init(measuring atlas: RegionAtlas) {
    var regions: [Geography.Region] = []
    var codes: [RegionCode] = []
    for province in atlas.provinces {
      let below = atlas.children(of: province)
      let isOne = !below.contains { $0.level == .prefecture }
      let parts = isOne ? [province] : below
      let weights = parts.map { isOne ? 1 : max(1, atlas.children(of: $0).count) }
      let inhabitants = (Self.inhabitants[province.description] ?? 1) * 10_000 / Double(weights.reduce(0, +))
      let middle = atlas.centroid(of: province)
      for (part, weight) in zip(parts, weights) {
        guard let code = Int32(part.description), let number = Int32(province.description),
          let area = atlas.centroid(of: part) ?? middle
        else { continue }
        codes.append(part)
        regions.append(
          Geography.Region(
            code: code, province: number, latitude: area.point.latitude, longitude: area.point.longitude,
            population: inhabitants * Double(weight), radius: (area.squareMeters / .pi).squareRoot() / 1000,
            isCapital: isOne || code % 10_000 == 100))
      }
    }
    self.atlas = atlas
    geography = Geography(regions)
    indexes = Dictionary(zip(codes, codes.indices)) { first, _ in first }
    provinces = Dictionary(grouping: codes.indices) { codes[$0].provinceOrSelf }
  }

  /// Index of the prefecture that a region lies in; nil abroad, and for what is larger than a prefecture.
  func index(of code: RegionCode) -> Int? {
    if let index = indexes[code] ?? code.parent.flatMap({ indexes[$0] }) { return index }
    guard let now = atlas?.resolve(code), now != code else { return nil }
    return indexes[now] ?? now.parent.flatMap { indexes[$0] }
  }

  /// Indexes of the prefectures in which goods for these territories may be sold, if only in a part of them.
  func indexes(of territories: [RegionCode]) -> [Int] {
    territories.flatMap { code -> [Int] in
      if code == .china { return Array(geography.regions.indices) }
      if let all = provinces[code] { return all }
      let now = index(of: code).map { [$0] } ?? []
      return now.isEmpty ? (atlas?.resolutions(code) ?? []).compactMap(index) : now
    }
  }

  /// The code of a region of the engine.
  func code(_ index: Int) -> RegionCode? { RegionCode(reading: String(geography.regions[index].code)) }

  /// Inhabitants by province in units of 10 000: National Bureau of Statistics, communiqué no. 3 of the census of
  /// 2020; Taiwan, Hong Kong and Macau by their own figures of that year.
  private static let inhabitants: [String: Double] = [
    "110000": 2189, "120000": 1387, "130000": 7461, "140000": 3492, "150000": 2405, "210000": 4259, "220000": 2407,
    "230000": 3185, "310000": 2487, "320000": 8475, "330000": 6457, "340000": 6103, "350000": 4154, "360000": 4519,
    "370000": 10153, "410000": 9937, "420000": 5775, "430000": 6644, "440000": 12601, "450000": 5013,
    "460000": 1008, "500000": 3205, "510000": 8367, "520000": 3856, "530000": 4721, "540000": 365, "610000": 3953,
    "620000": 2502, "630000": 592, "640000": 720, "650000": 2585, "710000": 2356, "810000": 747, "820000": 68,
  ]
}
