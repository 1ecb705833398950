import Ledger
import Regions

/// One scan event as detectors see it: only what they judge by, parsed once (`Sighting.init(number:…)`).
package struct Sighting: Hashable, Sendable {
  /// Number of the scan event in the ledger.
  package var event: Int64
  /// When the code was read, and when Yima learnt it.
  package var at: Timestamp, recorded: Timestamp
  /// Role and number of the API key that scanned; key 0 with the role `consumer` is anybody.
  package var role: Role, key: Int64
  /// The registered terminal that scanned.
  package var terminal: String?
  /// What was read.
  package var code: SightedCode
  /// How the code was judged.
  package var authenticity: Authenticity
  /// The code's life state at the moment of the scan.
  package var state: LifeState?
  /// Who held the goods at the moment of the scan, under which dispatch, for which regions.
  package var dealer: String?, dispatch: Int64?, territories: [RegionCode]
  /// Where it was, as far as known, and what that rests on.
  package var region: RegionCode?, certainty: Certainty
  /// The exact place; personal, nil once erased.
  package var position: SightedPosition?
  /// The pseudonym that the calling app made of the phone or handheld; personal, nil when none was given or once erased.
  package var device: String?
  /// Whether that was where the goods may be sold.
  package var territory: Finding
  /// The price seen, and what the policy said of it.
  package var price: Money?, priceCheck: PriceCheck
  /// The price policy that was applied.
  package var policy: PolicyReference?
  /// What that policy says; not in the scan event, looked up by the engine.
  package var terms: PriceTerms?
  /// Number of the box that it was issued in; not in the scan event, looked up by the engine.
  package var box: UInt64?

  /// A scan of which nothing but the code is known; tests and readers fill in the rest.
  package init(event: Int64, at: Timestamp, role: Role, code: SightedCode) {
    self.event = event
    self.at = at
    recorded = at
    self.role = role
    key = 0
    self.code = code
    authenticity = .genuine
    territories = []
    certainty = .unknown
    territory = .notBound
    priceCheck = .notChecked
  }
}

extension Sighting {
  /// The contract's words for authenticity.
  package enum Authenticity: String, Sendable { case genuine, forged, unproven, suspectedCopy }
  /// The contract's words for territory.
  package enum Finding: String, Sendable { case inside, outside, uncertain, notBound }
  /// What a place rests on (Ledger.docc/Events.md, "scan").
  package enum Certainty: String, Sendable { case declared, registered, measured, coarse, unknown }
  /// The contract's words for the price.
  package enum PriceCheck: String, Sendable { case ok, belowFloor, notChecked }

  /// The moment that windows are counted by, Unix milliseconds: when it happened, but never after we learnt it, so
  /// that a device's wrong clock cannot make everything else look old.
  var clock: Int64 { min(at.milliseconds, recorded.milliseconds) }

  /// Whose word it is; nil for the brand's and the dealers' own handling, which is no sighting of goods on sale.
  var source: Source? { Source(role) }

  /// Whether the authenticity is good enough to accuse someone by. Anyone can print an SSCC that has no seal, so an
  /// unproven box counts only where an inspector stands before it.
  var isTrustworthy: Bool {
    authenticity == .genuine || (authenticity == .unproven && role == .inspector)
  }
}

/// A position in degrees of WGS-84, with the radius of its accuracy circle in metres.
package struct SightedPosition: Hashable, Sendable {
  /// Degrees north and east.
  package let latitude: Double, longitude: Double
  /// Metres.
  package let accuracyMeters: Double

  /// nil for numbers that are no place on Earth.
  package init?(latitude: Double, longitude: Double, accuracyMeters: Double) {
    guard (-90.0...90.0).contains(latitude), (-180.0...180.0).contains(longitude),
      (0.0...20_100_000.0).contains(accuracyMeters)
    else { return nil }
    self.latitude = latitude
    self.longitude = longitude
    self.accuracyMeters = accuracyMeters
  }
}

/// An edition of a price policy.
package struct PolicyReference: Hashable, Sendable {
  /// Which policy, and which edition of it.
  package let id: String, version: Int64

  /// Made from its parts.
  package init(id: String, version: Int64) {
    self.id = id
    self.version = version
  }
}

/// What an edition of a price policy says.
package struct PriceTerms: Hashable, Sendable {
  /// The lowest price allowed.
  package let floor: Money
  /// Whether the brand enforces it; an advised floor raises nothing.
  package let isEnforced: Bool

  /// Made from its parts.
  package init(floor: Money, isEnforced: Bool) {
    self.floor = floor
    self.isEnforced = isEnforced
  }
}

/// Whose word a sighting is, the strongest last.
enum Source: Int64, Comparable, CaseIterable {
  case consumer, terminal, inspector

  init?(_ role: Role) {
    switch role {
    case .consumer: self = .consumer
    case .terminal: self = .terminal
    case .inspector: self = .inspector
    case .admin, .issuer, .warehouse, .compliance, .dealer, .auditor: return nil
    }
  }

  static func < (left: Source, right: Source) -> Bool { left.rawValue < right.rawValue }
}
