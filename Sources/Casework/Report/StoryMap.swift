import CaseReport
import Regions
import TransparencyLog

extension StoryMaker {
  /// Outlines of the territories and of the regions scanned in, and a mark for each scan whose place is known: the exact
  /// one where it is disclosed, else the middle of its region with the region's size as accuracy.
  func map(_ claim: JSONValue, _ scans: [Fact]) -> CaseMap? {
    let territories = (claim["territories"]?.array ?? []).compactMap(\.string)
    let regions = Set(scans.compactMap { $0.data["place"]?["region"]?.string }.map(Self.prefecture)).sorted()
    let marks = scans.enumerated().compactMap { place, scan in mark(scan, label: "\(place + 1)") }
    let outlines = (territories.compactMap(outline), regions.compactMap(outline))
    guard !marks.isEmpty || !outlines.0.isEmpty else { return nil }
    return CaseMap(territories: outlines.0, regions: outlines.1, scans: marks)
  }

  /// A county is too small to be seen beside a province.
  private static func prefecture(_ code: String) -> String {
    guard code.utf8.count == 6, code.utf8.allSatisfy({ (48...57).contains($0) }) else { return code }
    return String(code.prefix(4)) + "00"
  }

  private func outline(_ code: String) -> CaseMap.Outline? {
    guard let region = try? RegionCode(code) else { return nil }
    let rings = atlas.outline(of: region)
    guard !rings.isEmpty else { return nil }
    let name = Bilingual(
      zh: atlas.shortName(of: region, .zh) ?? code, en: atlas.shortName(of: region, .en) ?? code)
    return CaseMap.Outline(
      name: name,
      rings: rings.map { $0.map { CaseMap.Point(longitude: $0.longitude, latitude: $0.latitude) } })
  }

  private func mark(_ scan: Fact, label: String) -> CaseMap.Mark? {
    if let exact = scan.shown?["place"]?["value"], let latitude = exact["latitude"]?.double,
      let longitude = exact["longitude"]?.double
    {
      return CaseMap.Mark(
        point: .init(longitude: longitude, latitude: latitude), label: label,
        accuracy: exact["accuracyMeters"]?.double ?? 0)
    }
    guard let code = scan.data["place"]?["region"]?.string, let region = try? RegionCode(code),
      let middle = atlas.centroid(of: region)
    else { return nil }
    let radius = (middle.squareMeters / Double.pi).squareRoot()
    return CaseMap.Mark(
      point: .init(longitude: middle.point.longitude, latitude: middle.point.latitude), label: label, accuracy: radius)
  }
}
