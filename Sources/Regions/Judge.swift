/// Judges whether a place is in a territory, with the reason. Both are first brought to the present list of codes, so
/// that a dispatch written in 2015's codes and a scan located by 2026's boundaries meet.
///
/// The rule is that of innocence: `outside` is said only when nothing that the place may be belongs to the territory.
/// An IP address alone must moreover have its whole circle (200 km at least) outside **and** be in no province that
/// the territory has a part in.
package func judge(
  _ place: Place, in territory: Territory, atlas: RegionAtlas
) -> (finding: TerritoryFinding, reason: TerritoryReason) {
  let territory = atlas.current(territory)
  if territory.isEmpty { return (.uncertain, .territoryUnknown) }
  switch place.certainty {
  case .declared, .registered: return judge(region: place.region, territory, atlas)
  case .measured: return judge(measured: place, territory, atlas, isIP: false)
  case .coarse: return judge(measured: place, territory, atlas, isIP: true)
  }
}

private func judge(
  region: RegionCode?, _ territory: Territory, _ atlas: RegionAtlas
) -> (finding: TerritoryFinding, reason: TerritoryReason) {
  guard let region else { return (.uncertain, .placeUnknown) }
  let codes = atlas.resolutions(region)
  if codes.isEmpty { return (.uncertain, .regionUnknown) }
  if codes.allSatisfy(territory.contains) { return (.inside, .regionInside) }
  if !codes.contains(where: territory.overlaps) { return (.outside, .regionOutside) }
  let isPartlyInside = codes.contains(where: territory.contains)
  return (.uncertain, isPartlyInside ? .regionDivided : .regionCoarserThanTerritory)
}

private func judge(
  measured place: Place, _ territory: Territory, _ atlas: RegionAtlas, isIP: Bool
) -> (finding: TerritoryFinding, reason: TerritoryReason) {
  if place == .unknown { return (.uncertain, .placeUnknown) }
  if !place.candidates.contains(where: territory.overlaps) {
    return judge(apart: place, territory, atlas, isIP: isIP)
  }
  guard let region = place.region else { return (.uncertain, isIP ? .ipTooCoarse : .boundaryNotMapped) }
  if place.candidates.allSatisfy(territory.contains) { return (.inside, .regionInside) }
  if isIP { return (.uncertain, .ipTooCoarse) }
  if territory.contains(region) { return (.uncertain, .circleLeavesTerritory) }
  return (.uncertain, territory.overlaps(region) ? .regionCoarserThanTerritory : .circleTouchesTerritory)
}

/// No candidate belongs to the territory: `outside`, unless a part of the territory is not on the map, or it is an IP.
private func judge(
  apart place: Place, _ territory: Territory, _ atlas: RegionAtlas, isIP: Bool
) -> (finding: TerritoryFinding, reason: TerritoryReason) {
  let hasForeignPart = territory.codes.contains { $0.number == nil && $0 != .china }
  if place.reachesBeyond && hasForeignPart { return (.uncertain, .boundaryNotMapped) }
  if territory.codes.contains(where: { atlas.isUnmapped($0, near: place.candidates) }) {
    return (.uncertain, .boundaryNotMapped)
  }
  if isIP {
    let provinces = Set(place.candidates.compactMap(\.province))
    if provinces.contains(where: territory.overlaps) { return (.uncertain, .ipTooCoarse) }
  }
  return (.outside, place.region == nil ? .beyondMap : .regionOutside)
}

extension RegionAtlas {
  /// Whether `code` is a county without boundaries here, cut out of a region that one of `candidates` belongs to.
  fileprivate func isUnmapped(_ code: RegionCode, near candidates: [RegionCode]) -> Bool {
    guard unmapped.contains(code), let parent = code.parent else { return false }
    return candidates.contains(where: parent.contains)
  }
}
