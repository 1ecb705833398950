/// All detectors behind one interface. A value: it takes sightings one after the other in constant time and returns what
/// each makes certain enough, and the same sightings always give the same findings, however often the engine was put
/// down (``state()``) and taken up between them.
///
/// No clock, no randomness, no I/O. Time is what sightings say it is.
package struct DetectionEngine: Sendable {
  /// The regions that sightings and territories speak of.
  package let map: Geography
  /// The settings that it was made or taken up with.
  package let settings: DetectionSettings
  var diversion: DiversionDetector
  var copies: CopiedCodes
  var prices: LowPrices
  var guessing: GuessedCodes
  var missing: MissingCodes
  /// Profile of a dealer and territory.
  var profileOf: [UInt64: Int] = [:]
  /// Latest time seen; the day of the latest refresh; when memory was last turned.
  var clock: Int64 = 0, refreshed: Int64 = .min, turned: Int64 = .min
  /// Sightings taken in.
  package internal(set) var sightings = 0
  /// What people decided, by detector.
  package internal(set) var record = DecisionRecord()

  /// Knows nothing yet.
  package init(map: Geography, settings: DetectionSettings = DetectionSettings()) {
    self.map = map
    self.settings = settings
    diversion = DiversionDetector(map, settings)
    copies = CopiedCodes(settings.copies, dial: settings.dial)
    prices = LowPrices(settings.price, dial: settings.dial)
    guessing = GuessedCodes(settings.guessing, dial: settings.dial)
    missing = MissingCodes(settings.missing, dial: settings.dial)
  }

  /// Number of a dealer with the territory of a dispatch, for ``Sighting/profile``; the same for the same. Costs time in
  /// proportion to the number of regions when it is new.
  ///
  /// - Parameters:
  ///   - dealer: the caller's number.
  ///   - authorised: indexes of prefectures in ``map``; unknown ones are left out.
  package mutating func admit(dealer: UInt64, authorised: [Int]) -> Int {
    let territory = Set(authorised.filter(map.regions.indices.contains)).sorted()
    let key = Self.profileKey(dealer, territory)
    if let known = profileOf[key] { return known }
    let profile = Profile(dealer: dealer, territory: territory, map)
    diversion.admit(profile)
    profileOf[key] = diversion.base.profiles.count - 1
    return diversion.base.profiles.count - 1
  }

  static func profileKey(_ dealer: UInt64, _ territory: [Int]) -> UInt64 {
    var hash = StableHash()
    hash.add(dealer)
    for region in territory { hash.add(UInt64(region)) }
    return hash.value
  }

  /// Takes one sighting in and returns what it makes certain enough, in a fixed order. A sighting of an unknown region
  /// or profile is left out.
  package mutating func observe(_ sighting: Sighting) -> [Finding] {
    guard map.regions.indices.contains(sighting.region), isSane(sighting) else { return [] }
    var findings: [Finding] = []
    advance(to: sighting.time, &findings)
    sightings += 1
    if settings.market == .china { prices.observe(sighting, map, &findings) }
    guessing.observe(sighting, map, &findings)
    guard sighting.box != 0, diversion.base.profiles.indices.contains(sighting.profile) else { return findings }
    copies.observe(sighting, map, &findings)
    let isOutside = !diversion.base.profiles[sighting.profile].isAuthorised[sighting.region]
    missing.observe(sighting, isOutside: isOutside, map, &findings)
    guard !copies.isCopied(sighting.code) else { return findings }
    diversion.observe(sighting, clock: clock, &findings)
    return findings
  }

  /// Whether a code shows signs of copies, so that it may be named in a later finding about its lot.
  package func mayBeNamed(_ code: UInt64, of lot: UInt64) -> Bool { copies.mayBeNamed(code, of: lot) }

  /// Tells of a dispatch, so that codes which are never seen can be missed.
  package mutating func dispatched(_ dispatch: Dispatch) {
    guard diversion.base.profiles.indices.contains(dispatch.profile), (0...1 << 30).contains(dispatch.boxes),
      (-StateReader.moments...StateReader.moments).contains(dispatch.time)
    else { return }
    missing.dispatched(dispatch)
  }

  /// Tells that boxes of a dispatch came back or were made void: nobody will scan them.
  package mutating func withdrawn(lot: UInt64, boxes: Int) { missing.withdrawn(lot, boxes: boxes) }

  /// Times and prices so large that sums could overflow are no measurements.
  private func isSane(_ sighting: Sighting) -> Bool {
    (-StateReader.moments...StateReader.moments).contains(sighting.time) && sighting.latitude.isFinite
      && sighting.longitude.isFinite && sighting.accuracy.isFinite && sighting.accuracy >= 0
  }

  /// Renews the base rates once a day and forgets what is old.
  private mutating func advance(to time: Int64, _ findings: inout [Finding]) {
    clock = sightings == 0 ? time : max(clock, time)
    let today = clock >= 0 ? clock / day : (clock - day + 1) / day
    guard today > refreshed else { return }
    let passed = refreshed == .min ? 1 : today - refreshed
    refreshed = today
    diversion.refresh(daysPassed: passed)
    missing.count(at: clock, diversion.base, &findings)
    if turned == .min { turned = today }
    guard today - turned >= max(1, settings.memoryDays) else { return }
    turned = today
    diversion.turn()
    copies.turn()
    prices.turn()
    guessing.turn()
    missing.turn()
  }
}

/// Goods sent to a dealer: what could be scanned.
package struct Dispatch: Sendable, Equatable {
  /// The lot.
  package var lot: UInt64
  /// The product.
  package var product: UInt64
  /// What ``DetectionEngine/admit(dealer:authorised:)`` gave.
  package var profile: Int
  /// Boxes in the lot.
  package var boxes: Int
  /// Items in a box.
  package var itemsPerBox: Int
  /// Unix seconds.
  package var time: Int64

  /// Made from its parts.
  package init(lot: UInt64, product: UInt64, profile: Int, boxes: Int, itemsPerBox: Int, time: Int64) {
    self.lot = lot
    self.product = product
    self.profile = profile
    self.boxes = boxes
    self.itemsPerBox = itemsPerBox
    self.time = time
  }
}

extension StateReader {
  /// Seconds beyond which no time is one.
  static var moments: Int64 { Int64(countMax) }
}
