/// Whether a scan was where the goods may be sold.
package enum TerritoryFinding: String, Sendable, CaseIterable, Codable {
  case inside, outside, uncertain
}

/// Why a finding is what it is. The raw values are part of the API's answers and never change.
package enum TerritoryReason: String, Sendable, CaseIterable, Codable {
  /// Everything the place may be belongs to the territory. Always `inside`.
  case regionInside
  /// Nothing the place may be belongs to the territory. Always `outside`.
  case regionOutside
  /// The point is off the map (sea, another country), and no region of the territory is near. Always `outside`.
  case beyondMap

  // All below are `uncertain`.

  /// The point is not in the territory, but its accuracy circle touches it.
  case circleTouchesTerritory
  /// The point is in the territory, but its accuracy circle reaches over the border.
  case circleLeavesTerritory
  /// Only an IP address is known, and the territory is in a province that it may be in.
  case ipTooCoarse
  /// Nothing is known of the place.
  case placeUnknown
  /// The place is a code that never was given out.
  case regionUnknown
  /// The region known is larger than the territory within it.
  case regionCoarserThanTerritory
  /// The region known is an old code, whose ground is now partly inside and partly outside.
  case regionDivided
  /// The point is off the map, near the territory's coast or border, or the territory has regions without boundaries
  /// here (other countries, counties newer than the map) that it may be in.
  case boundaryNotMapped
  /// The territory is empty.
  case territoryUnknown
}
