/// Why a region, a place or the resource of regions was refused. Closed: every caller can answer each case.
package enum RegionError: Error, Equatable, Sendable {
  /// Not six digits of the GB/T 2260 shape, and not an ISO 3166 country or ISO 3166-2 subdivision.
  case malformedCode(String)
  /// The shape is right, but no province of China begins with these two digits (or this ISO 3166-2:CN part).
  case unknownProvince(String)
  /// Two letters that are not in ISO 3166-1.
  case unknownCountry(String)
  /// A number of a position is missing a meaning: not finite, or outside its range.
  case outOfRange(Field)
  /// A territory of more than ``Territory/codesMax`` codes.
  case tooManyRegions(limit: Int)
  /// The file of regions is not in the bundle.
  case resourceMissing
  /// The file of regions is there and cannot be used; `at` is the byte offset where reading stopped.
  case resourceDamaged(Damage, at: Int)

  /// A field of a position, named as the contract's JSON names it.
  package enum Field: String, Sendable {
    case latitude, longitude, accuracyMeters, radiusMeters
  }

  /// What is wrong with the file of regions.
  package enum Damage: Equatable, Sendable {
    case notRegions, checksum, truncated, numberTooLarge, badText, badCode, badIndex, badCoordinate, trailingBytes
  }
}
