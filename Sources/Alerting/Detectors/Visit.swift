import Ledger
import Regions
import TransparencyLog

/// One witness's latest scan of a code, and where it was.
struct Visit: Hashable {
  let event: Int64
  /// Unix milliseconds.
  let clock: Int64
  let observer: Observer
  let isInspector: Bool
  let region: RegionCode?
  let fix: Fix?

  init(_ sighting: Sighting, _ source: Source, _ gazetteer: Gazetteer) {
    event = sighting.event
    clock = sighting.clock
    observer = Observer(sighting)
    isInspector = source == .inspector
    region = sighting.region
    fix = Fix(sighting, gazetteer)
  }

  /// Whether both are the word of one and the same, who was where the scan says; so the later one stands for both.
  ///
  /// A key that is no inspector's and names no terminal may be an app on many phones: its scans at two places are two
  /// visits, though they are one witness.
  func isRepeat(of other: Visit, _ independence: Independence) -> Bool {
    switch (observer, other.observer) {
    case (.terminal, .terminal): return observer == other.observer
    case (.key(let key), .key(let otherKey)):
      if key != otherKey { return false }
      return isInspector || isNear(other, independence)
    case (.anonymous, .anonymous): return isNear(other, independence)
    default: return false
    }
  }

  private func isNear(_ other: Visit, _ independence: Independence) -> Bool {
    if let fix, let otherFix = other.fix, fix.isMeasured, otherFix.isMeasured {
      return fix.spot.meters(to: otherFix.spot) <= independence.householdMeters
    }
    return region == other.region
  }

  /// Somebody of whom nothing is known.
  var isPlaceless: Bool { observer.isAnonymous && region == nil && fix == nil }
}

/// Where a scan was, as a circle.
struct Fix: Hashable {
  let spot: Spot
  /// Metres, what coarsening added included.
  let radiusMeters: Int64
  /// Measured by the device; otherwise the middle of a region.
  let isMeasured: Bool

  /// nil for a place that is unknown or guessed from an IP address.
  init?(_ sighting: Sighting, _ gazetteer: Gazetteer) {
    switch sighting.certainty {
    case .coarse, .unknown: return nil
    case .measured where sighting.position != nil:
      guard let position = sighting.position else { return nil }
      self.init(Spot(position), position.accuracyMeters, isMeasured: true)
    case .measured, .declared, .registered:
      // A measured place that was erased since is still known by its region.
      guard let region = sighting.region, let area = gazetteer.area(region),
        let center = SightedPosition(
          latitude: area.latitude, longitude: area.longitude, accuracyMeters: area.radiusMeters)
      else { return nil }
      self.init(Spot(center), center.accuracyMeters, isMeasured: false)
    }
  }

  private init(_ spot: Spot, _ accuracyMeters: Double, isMeasured: Bool) {
    self.spot = spot
    radiusMeters = Int64((accuracyMeters + Spot.coarseningMeters).rounded(.up))
    self.isMeasured = isMeasured
  }
}

/// Two visits that one item cannot have made.
struct Leap {
  let from: Visit, to: Visit
  let kilometers: Double, kilometersPerHour: Double
  let accuracyKilometers: Double

  /// nil when one item could have been at both places in time.
  init?(from: Visit, to: Visit, _ thresholds: CopiedCode.Thresholds) {
    guard let start = from.fix, let end = to.fix, !from.isRepeat(of: to, thresholds.independence),
      start.isMeasured && end.isMeasured || from.region?.provinceOrSelf != to.region?.provinceOrSelf
    else { return nil }
    let meters = start.spot.meters(to: end.spot)
    let accuracy = Double(start.radiusMeters) + Double(end.radiusMeters)
    let surely = meters - thresholds.accuracyFactor * accuracy
    let apart = (to.clock &- from.clock).magnitude
    let hours = Double(apart) / 3_600_000 + Double(thresholds.clockSlackMilliseconds) / 3_600_000
    kilometersPerHour = surely / 1000 / max(hours, 1e-9)
    guard kilometersPerHour > thresholds.kilometersPerHour else { return nil }
    (self.from, self.to) = from.clock <= to.clock ? (from, to) : (to, from)
    kilometers = meters / 1000
    accuracyKilometers = accuracy / 1000
  }

  func numbers(limit: CopiedCode.Thresholds) -> [String: JSONValue] {
    var numbers: [String: JSONValue] = [
      "kilometers": .integer(Int64(kilometers.rounded())),
      "accuracyKilometers": .integer(Int64(accuracyKilometers.rounded(.up))),
      "minutes": .integer((to.clock &- from.clock) / 60_000),
      "kilometersPerHour": .integer(Int64(kilometersPerHour.rounded())),
      "kilometersPerHourPossible": .integer(Int64(limit.kilometersPerHour)),
      "clockSlackMinutes": .integer(limit.clockSlackMilliseconds / 60_000),
      "firstAt": .string(Timestamp(milliseconds: from.clock).description),
      "lastAt": .string(Timestamp(milliseconds: to.clock).description),
    ]
    numbers["fromRegion"] = from.region.map { .string($0.description) } ?? "-"
    numbers["toRegion"] = to.region.map { .string($0.description) } ?? "-"
    return numbers
  }
}

extension Visit: Remembered {
  init?(json: JSONValue) {
    guard let event = json[0]?.int, let clock = json[1]?.int, let observer = Observer(json: json[2]),
      let isInspector = json[3]?.bool
    else { return nil }
    self.event = event
    self.clock = clock
    self.observer = observer
    self.isInspector = isInspector
    region = json[4]?.string.flatMap(RegionCode.init(reading:))
    fix = json[5].flatMap(Fix.init(json:))
  }

  var json: JSONValue {
    [
      .integer(event), .integer(clock), observer.json, .bool(isInspector),
      region.map { .string($0.description) } ?? .null, fix?.json ?? .null,
    ]
  }
}

extension Fix: Remembered {
  init?(json: JSONValue) {
    guard let spot = Spot(json: json[0]), let radius = json[1]?.int, let isMeasured = json[2]?.bool else { return nil }
    self.spot = spot
    radiusMeters = radius
    self.isMeasured = isMeasured
  }

  var json: JSONValue { [spot.json, .integer(radiusMeters), .bool(isMeasured)] }
}
