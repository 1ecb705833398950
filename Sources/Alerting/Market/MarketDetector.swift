import Detection
import Ledger
import Regions
import TransparencyLog

/// The engine of detection (Detection.docc): diversion, prices, misplaced shops, goods whose codes are missing, and, of
/// phones that say which they are, copied, guessed and burnt codes. Beside it the plain rules, which an inspector's word
/// always suffices for, and everybody's as long as too little is known.
///
/// Everything that it knows follows from the events in their order: a restart or a replay gives the same clues.
package struct MarketDetector: Detector {
  package static let rule = RuleVersion("detection", 1)

  /// What it takes.
  package struct Thresholds: Hashable, Sendable {
    /// Sightings of goods, of all dealers together, until the plain rules leave everything but inspectors' sightings to
    /// the engine: the engine's rates rest on all dealers, so a new dealer of a known brand is no cold start.
    package var coldSightings = 5_000
    /// An alert of the plain rule speaks for the engine's about the same dealer and province for so many days: the
    /// engine's own span for one case.
    package var caseDays: Int64 = 28
    /// Pairs of dealer and province of which scans are kept, to be named in alerts.
    package var pairs = 20_000

    /// The standard thresholds.
    package init() {}
  }

  private let thresholds: Thresholds
  private let map: MarketMap
  /// What compliance chose; `isFixed` when a trial's choice stands whatever the events say.
  private(set) var choice: DetectionChoice
  private let isFixed: Bool
  private(set) var engine: DetectionEngine
  private var outside: OutsideTerritory
  private var floor = PriceFloor()
  private var citations: BoundedMap<Citations>
  private var prices: BoundedMap<PriceCitations>
  private var trails = CodeTrails()
  /// Codes of the dealers that the engine knows by number.
  private var dealers: [UInt64: String] = [:]
  /// Profiles of dealers and territories as they are written; only saves looking them up.
  private var profiles: [String: (profile: Int, authorised: Set<Int>)] = [:]

  /// With an empty memory.
  /// - Parameter choice: stands whatever the events say; nil: the default until an event changes it.
  package init(_ map: MarketMap, choice: DetectionChoice? = nil, _ thresholds: Thresholds = Thresholds()) {
    self.thresholds = thresholds
    self.map = map
    self.choice = choice ?? DetectionChoice()
    isFixed = choice != nil
    engine = DetectionEngine(map: map.geography, settings: self.choice.settings)
    outside = OutsideTerritory(.besideEngine)
    citations = BoundedMap(limit: thresholds.pairs, days: Citations.windowDays)
    prices = BoundedMap(limit: thresholds.pairs, days: PriceCitations.windowDays)
  }

  /// Whether too little is known for the engine alone.
  var isCold: Bool { engine.sightings < thresholds.coldSightings }

  package mutating func observe(_ scan: Sighting) -> [Clue] {
    let known = profile(scan.dealer, scan.territories)
    var reading = MarketReading(scan, map, authorised: known.authorised)
    let isExcepted = choice.excepts(scan)
    var clues: [Clue] = []
    if !isExcepted {
      // Where the engine sees nothing (abroad, or a territory of counties) the plain rule goes on for ever.
      let isBlind = reading?.isFine ?? true
      let isNeeded = choice.market == .china && (isCold || isBlind)
      clues += outside.observe(scan, isNeeded && !isRaised(scan) ? .everyone : .inspectors)
      cite(scan, raised: clues)
    }
    if choice.market == .china { clues += floor.observe(scan, isCold ? .everyone : .inspectors) }
    reading?.sighting.profile = known.profile
    // Without a box a price still counts.
    if isExcepted { reading?.sighting.box = 0 }
    guard let sighting = reading?.sighting ?? MarketReading.forged(scan, map) else { return clues }
    trails.add(scan, sighting)
    if sighting.floor > 0, scan.priceCheck == .belowFloor { citePrice(scan) }
    let hasPrice = clues.contains { $0.kind == .price }
    for finding in engine.observe(sighting) {
      if let clue = self.clue(finding, scan), !(hasPrice && clue.kind == .price) { clues.append(clue) }
    }
    trails.remember(scan, sighting, engine)
    return clues + released(scan)
  }

  package mutating func learn(_ notice: MarketNotice) {
    switch notice {
    case .dispatch(let notice):
      trails.add(notice)
      engine.dispatched(
        Dispatch(
          lot: MarketReading.shipment(notice.dispatch), product: notice.gtin?.value ?? 0,
          profile: profile(notice.dealer, notice.territories).profile, boxes: notice.boxes,
          itemsPerBox: notice.items / max(1, notice.boxes), time: notice.clock / 1000))
    case .withdrawal(let boxes):
      for (dispatch, count) in boxes.sorted(by: { $0.key < $1.key }) {
        engine.withdrawn(lot: MarketReading.shipment(dispatch), boxes: count)
      }
    case .decision(let notice):
      guard let finding = DecidedFinding(notice).finding else { return }
      engine.learn(notice.decision, of: finding)
    case .choice(let choice):
      guard !isFixed, choice != self.choice,
        let engine = try? DetectionEngine(state: engine.state(), map: map.geography, settings: choice.settings)
      else { return }
      self.choice = choice
      self.engine = engine
    }
  }

  private mutating func profile(_ dealer: String?, _ territories: [RegionCode]) -> (profile: Int, authorised: Set<Int>)
  {
    guard let dealer else { return (-1, []) }
    let key = "\(dealer) \(territories.map(\.description).joined(separator: ","))"
    if let known = profiles[key] { return known }
    let authorised = Set(map.indexes(of: territories))
    let number = Detection.StableHash.of(dealer)
    dealers[number] = dealer
    let made = (engine.admit(dealer: number, authorised: authorised.sorted()), authorised)
    profiles[key] = made
    return made
  }
}

// MARK: - The scans that an alert names

extension MarketDetector {
  private static func pair(_ dealer: String, _ region: RegionCode) -> String { "\(dealer)/\(region.provinceOrSelf)" }

  /// Keeps a scan whose own verdict is outside, and notes what the plain rule raised.
  private mutating func cite(_ scan: Sighting, raised: [Clue]) {
    guard scan.territory == .outside, scan.isTrustworthy, scan.certainty != .coarse, scan.certainty != .unknown,
      let dealer = scan.dealer, let region = scan.region, let dispatch = scan.dispatch, let vote = Vote(scan)
    else { return }
    citations.update(Self.pair(dealer, region), at: scan.clock, make: Citations()) { record in
      record.add(vote, dispatch, Independence())
      if !raised.isEmpty { record.raised = scan.clock }
    }
  }

  /// Whether the engine has raised what the plain rule would repeat: the same dealer and province within one case. An
  /// inspector's word is never a repetition.
  private mutating func isRaised(_ scan: Sighting) -> Bool {
    guard let dealer = scan.dealer, let region = scan.region else { return false }
    let found = citations.update(Self.pair(dealer, region), at: scan.clock, make: Citations()) { $0.found }
    return found.map { scan.clock &- $0 < thresholds.caseDays * millisecondsPerDay } ?? false
  }

  private mutating func citePrice(_ scan: Sighting) {
    guard let store = MarketReading.store(scan), let policy = scan.policy, scan.source == .terminal else { return }
    prices.update(store, at: scan.clock, make: PriceCitations()) { $0.add(scan, policy) }
  }

  /// The clue of a finding, if it is one for people and the plain rule has not spoken.
  private mutating func clue(_ finding: Finding, _ scan: Sighting) -> Clue? {
    var numbers = FindingNumbers(finding).json
    let place = RegionCode(reading: String(finding.region))
    if finding.store != 0 { numbers["store"] = MarketReading.store(scan).map(JSONValue.string) }
    switch finding.kind {
    case .diversion:
      guard let place, let dealer = dealers[finding.dealer] else { return nil }
      let held = Citations.Held(
        numbers: numbers, dispatch: finding.lot == 0 ? nil : scan.dispatch, region: place, clock: scan.clock)
      return diversion(held, dealer, scan, isReleased: false)
    case .price: return price(numbers, scan, place)
    case .registration: return registration(numbers, scan, place)
    case .clone, .counterfeit, .missing, .burning: return trails.clue(finding, scan)
    }
  }

  /// A finding that waited for a scan that it may be shown with.
  private mutating func released(_ scan: Sighting) -> [Clue] {
    guard scan.territory == .outside, scan.certainty != .coarse, let dealer = scan.dealer, let region = scan.region
    else { return [] }
    let held = citations.update(Self.pair(dealer, region), at: scan.clock, make: Citations()) { record in
      record.held
    }
    guard let held else { return [] }
    return diversion(held, dealer, scan, isReleased: true).map { [$0] } ?? []
  }

  private mutating func diversion(
    _ held: Citations.Held, _ dealer: String, _ scan: Sighting, isReleased: Bool
  ) -> Clue? {
    let caseLength = thresholds.caseDays * millisecondsPerDay
    let store = held.numbers["store"]?.string
    let votes = citations.update(Self.pair(dealer, held.region), at: scan.clock, make: Citations()) {
      record -> [Vote] in
      record.held = nil
      // The plain rule has raised this, or network addresses alone were too long ago.
      if let raised = record.raised, scan.clock &- raised < caseLength { return [] }
      if isReleased, scan.clock &- held.clock > caseLength { return [] }
      let votes = record.votes(in: held.region, dispatch: held.dispatch, store: store)
      if votes.isEmpty { record.held = held } else { record.found = scan.clock }
      return votes
    }
    guard !votes.isEmpty else { return nil }
    let tally = Tally(votes)
    let grain = held.numbers["grain"]?.string ?? "-"
    let matter = "\(dealer)→\(held.region)" + (held.dispatch.map { "/dispatch \($0)" } ?? "")
    return Clue(
      "\(grain)/\(matter)/from \(scan.event)", rule: RuleVersion("detection-diversion", 1), kind: .diversion,
      severity: tally.inspectors > 0 && tally.votes >= 3 ? .serious : .warning,
      subject: AlertSubject(dealer: dealer, region: held.region, gtin: tally.gtin, dispatch: held.dispatch),
      message: .detection, numbers: held.numbers.merging(tally.numbers) { $1 }, scans: tally.events,
      occurredAt: tally.last)
  }

  private mutating func price(_ numbers: [String: JSONValue], _ scan: Sighting, _ place: RegionCode?) -> Clue? {
    guard let store = MarketReading.store(scan), let policy = scan.policy else { return nil }
    let cited = prices.update(store, at: scan.clock, make: PriceCitations()) { $0.events(policy, scan.dealer) }
    guard !cited.isEmpty else { return nil }
    var numbers = numbers
    numbers["policy"] = .string(policy.id)
    numbers["policyVersion"] = .integer(policy.version)
    return Clue(
      "\(store)/from \(scan.event)", rule: RuleVersion("detection-price", 1), kind: .price, severity: .notice,
      subject: AlertSubject(dealer: scan.dealer, region: scan.region?.prefecture), message: .detection,
      numbers: numbers, scans: cited, occurredAt: Timestamp(milliseconds: scan.clock))
  }

  private func registration(_ numbers: [String: JSONValue], _ scan: Sighting, _ place: RegionCode?) -> Clue? {
    guard let store = MarketReading.store(scan) else { return nil }
    return Clue(
      "\(store)/from \(scan.event)", rule: RuleVersion("detection-registration", 1), kind: .registration,
      severity: .notice, subject: AlertSubject(region: place), message: .detection, numbers: numbers,
      scans: [scan.event], occurredAt: Timestamp(milliseconds: scan.clock))
  }
}

// MARK: - Memory

extension MarketDetector {
  package var state: JSONValue {
    [
      "choice": choice.json, "engine": .string(Base64.standard.encode(engine.state())), "outside": outside.state,
      "floor": floor.state, "citations": citations.json, "prices": prices.json, "trails": trails.json,
      "dealers": .array(dealers.values.sorted().map(JSONValue.string)),
    ]
  }

  package mutating func restore(_ state: JSONValue) throws(DetectorStateError) {
    var copy = self
    guard let choice = DetectionChoice(state["choice"]), let dealers = state["dealers"]?.array?.compactMap(\.string),
      let bytes = state["engine"]?.string.flatMap({ Base64.standard.decode($0.utf8) }),
      copy.citations.restore(state["citations"]), copy.prices.restore(state["prices"]),
      copy.trails.restore(state["trails"]),
      (try? copy.outside.restore(state["outside"] ?? .null)) != nil,
      (try? copy.floor.restore(state["floor"] ?? .null)) != nil
    else { throw DetectorStateError(rule: Self.rule) }
    if !isFixed { copy.choice = choice }
    do {
      copy.engine = try DetectionEngine(state: bytes, map: map.geography, settings: copy.choice.settings)
    } catch { throw DetectorStateError(rule: Self.rule) }
    copy.dealers = Dictionary(dealers.map { (Detection.StableHash.of($0), $0) }) { first, _ in first }
    copy.profiles = [:]
    self = copy
  }
}
