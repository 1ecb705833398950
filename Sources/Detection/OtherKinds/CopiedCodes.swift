import Glibc

/// Finds codes that are on several items: more phones at more places than one item meets.
///
/// For every code, the evidence grows with every further phone: "is one more phone likely" and "is its place likely",
/// for a genuine item (learnt) against copies spread locally, over a province or over the country. Codes of one lot
/// share evidence, so that many thin copies add up.
struct CopiedCodes: Sendable {
  /// One phone's latest scan of a code.
  struct Glimpse {
    var device: UInt64
    var latitude: Double, longitude: Double
    var time: Int64
    var accuracy: Double
    var isPosition: Bool
    var region: Int

    /// Of a sighting; on a grid of so many degrees what is rounded away becomes inaccuracy. 0: as exact as it is.
    init(_ sighting: Sighting, grid: Double) {
      (device, time, region) = (sighting.device, sighting.time, sighting.region)
      isPosition = sighting.source == .consumerGPS
      (latitude, longitude, accuracy) = (sighting.latitude, sighting.longitude, sighting.accuracy)
      guard grid > 0 else { return }
      latitude = (latitude / grid).rounded() * grid
      longitude = (longitude / grid).rounded() * grid
      // Half a cell's diagonal at the most, in metres.
      accuracy += grid * 111_000 / 2 * 2.0.squareRoot()
    }

    init(
      device: UInt64, latitude: Double, longitude: Double, time: Int64, accuracy: Double, isPosition: Bool, region: Int
    ) {
      (self.device, self.time, self.region) = (device, time, region)
      (self.latitude, self.longitude, self.accuracy) = (latitude, longitude, accuracy)
      self.isPosition = isPosition
    }
  }

  /// What is remembered of a code; at most ``glimpsesMax`` phones.
  struct Code {
    var first: Glimpse
    /// Of further phones: most codes never meet one.
    var others: [Glimpse] = []
    var devices = 0, places = 1
    /// Further phones on the very spot of an earlier one, by position: the item is on display.
    var onSpot = 0
    /// log e for copies near each other, in between, and anywhere.
    var evidence: InlineArray<3, Double> = [0, 0, 0]
    var ordinal = 0
    var isRaised = false

    var glimpses: [Glimpse] { [first] + others }

    /// Seen at several places and never twice on one spot: more phones are then no sign of a display.
    var isSpread: Bool { places > 1 && onSpot == 0 }
  }

  /// What is remembered of a lot.
  struct Lot {
    var evidence = 0.0
    /// Codes with evidence of their own.
    var codes: [UInt64: Double] = [:]
    var ordinal = 0
    var isRaised = false
  }

  static let glimpsesMax = 8
  /// Codes of a lot that are remembered by name.
  static let lotCodesMax = 200
  /// Chances of one more phone before learning, after one, two, three, four and more.
  static let chances = [0.05, 0.12, 0.30, 0.50]
  /// Least chance of one more phone for a code seen at several places.
  static let spreadMin = 0.03
  /// Places of the next phone: same, near (60 km), far, impossibly fast; by position, then by address
  /// (same prefecture, same province, elsewhere).
  static let genuine = [[0.80, 0.06, 0.137, 0.003], [0.62, 0.10, 0.23, 0.05]]
  /// As above for copies spread near each other, in between, and anywhere.
  static let copied = [
    [[0.08, 0.72, 0.14, 0.06], [0.65, 0.15, 0.15, 0.05]],
    [[0.05, 0.35, 0.45, 0.15], [0.30, 0.45, 0.20, 0.05]],
    [[0.03, 0.05, 0.72, 0.20], [0.10, 0.10, 0.70, 0.10]],
  ]

  var settings: DetectionSettings.Copies
  var dial: Double
  var codes = RecentMap<UInt64, Code>()
  var lots = RecentMap<UInt64, Lot>()
  /// Codes held to be copied: their scans say nothing about dealers.
  var copies = RecentSet()
  /// Codes by phones that they met: in one place, in several.
  var reached = [Double](repeating: 0, count: 24)
  var places = [Double](repeating: 0, count: 8)
  var codeHypotheses = 0, lotHypotheses = 0, codesRaised = 0, lotsRaised = 0

  init(_ settings: DetectionSettings.Copies, dial: Double) {
    self.settings = settings
    self.dial = dial
  }

  func isCopied(_ code: UInt64) -> Bool { copies.contains(code) }

  /// Whether a code may yet be named when its lot becomes certain.
  func mayBeNamed(_ code: UInt64, of lot: UInt64) -> Bool { lots[lot]?.codes[code] != nil }

  mutating func observe(_ sighting: Sighting, _ map: Geography, _ findings: inout [Finding]) {
    guard settings.isOn, !sighting.source.isShelf, sighting.device != 0, sighting.isPhone else { return }
    let glimpse = Glimpse(sighting, grid: settings.grid)
    let known = codes.with(sighting.code, Code(first: glimpse)) { code -> Code? in
      if code.first.device == glimpse.device {
        code.first = glimpse
      } else if let known = code.others.firstIndex(where: { $0.device == glimpse.device }) {
        code.others[known] = glimpse
      } else {
        return code
      }
      guard code.devices == 0 else { return nil }
      code.devices = 1
      reached[1] += 1
      return nil
    }
    guard var grown = known else { return }
    let before = pending(grown)
    let wasAlone = grown.devices == 1
    let step = Step(glimpse, grown.glimpses, map, limit: settings.kilometersPerHour)
    grow(&grown, glimpse, step)
    let evidence = pending(grown)
    if !grown.isRaised { raise(&grown, sighting, step, evidence, &findings) }
    codes.with(sighting.code, grown) { $0 = grown }
    share(sighting, step, grown, wasAlone ? nil : before, evidence, map, &findings)
  }

  /// Chance that a genuine code met by `devices` phones meets one more.
  func chance(_ devices: Int, isSpread: Bool) -> Double {
    let prior = settings.devicePrior
    if isSpread {
      // Copies are most of the codes seen in several places: no learning from them, but from how often any genuine
      // code meets a second phone at all.
      return max(Self.spreadMin, chance(1, isSpread: false))
    }
    let start = min(devices, 11)
    let went = devices < 11 ? reached[start + 1] : 0
    return (prior * Self.chances[min(devices, 4) - 1] + went) / (prior + reached[start])
  }

  private mutating func grow(_ code: inout Code, _ glimpse: Glimpse, _ step: Step) {
    let isSpread = code.isSpread
    let more = log(settings.nextDevice / chance(code.devices, isSpread: isSpread))
    let kind = step.isByPosition ? 0 : 1
    let seen = places[kind * 4..<kind * 4 + 4]
    let prior = Self.genuine[kind][step.place]
    let learnt =
      (settings.placePrior * prior + places[kind * 4 + step.place]) / (settings.placePrior + seen.reduce(0, +))
    let usual = max(learnt, 0.3 * prior)
    for spread in 0..<3 {
      code.evidence[spread] += more + log(Self.copied[spread][kind][step.place] / usual)
    }
    if code.devices <= 2 { places[kind * 4 + step.place] += 1 }
    code.devices += 1
    if !isSpread { reached[min(code.devices, 11)] += 1 }
    // An address is too coarse to tell one place from another, and wrong too often.
    if step.isByPosition { if step.place > 0 { code.places += 1 } else { code.onSpot += 1 } }
    if code.others.count < Self.glimpsesMax - 1 { code.others.append(glimpse) }
    if code.ordinal == 0 {
      codeHypotheses += 1
      code.ordinal = codeHypotheses
    }
  }

  /// log e of a code: the mean over the three spreads, and that nobody has scanned it since.
  private func pending(_ code: Code) -> Double {
    guard code.devices > 1 else { return 0 }
    let best = max(code.evidence[0], code.evidence[1], code.evidence[2])
    let sum = exp(code.evidence[0] - best) + exp(code.evidence[1] - best) + exp(code.evidence[2] - best)
    let mean = best + log(sum / 3)
    let stops = 1 - min(0.95, chance(code.devices, isSpread: code.isSpread))
    return mean + log((1 - settings.nextDevice) / stops)
  }

  private mutating func raise(
    _ code: inout Code, _ sighting: Sighting, _ step: Step, _ evidence: Double, _ findings: inout [Finding]
  ) {
    let budget = Budget(alpha: settings.codeShare * dial, ordinal: code.ordinal + settings.head, raised: codesRaised)
    let reasons = reasons(code, step, evidence, budget)
    guard reasons.verdict.isRaised else { return }
    code.isRaised = true
    codesRaised += 1
    copies.insert(sighting.code)
    findings.append(finding(sighting, sighting.code, .code, reasons))
  }

  private func reasons(_ code: Code, _ step: Step, _ evidence: Double, _ budget: Budget) -> CopyReasons {
    CopyReasons(
      devices: code.devices, places: code.places, kilometers: step.kilometers, speed: step.speed, code: evidence,
      lot: 0, lotCodes: 0, nextDevice: chance(max(1, code.devices - 1), isSpread: code.isSpread), budget: budget)
  }

  private func finding(
    _ sighting: Sighting, _ code: UInt64, _ grain: Finding.Grain, _ reasons: CopyReasons
  ) -> Finding {
    var finding = Finding(
      time: sighting.time, kind: .clone, grain: grain, score: reasons.verdict.evidence, reasons: .copy(reasons))
    finding.code = code
    finding.lot = sighting.lot
    return finding
  }

  /// Adds a code's evidence to its lot's; when the lot is certain, its codes with evidence are.
  private mutating func share(
    _ sighting: Sighting, _ step: Step, _ code: Code, _ before: Double?, _ evidence: Double,
    _ map: Geography, _ findings: inout [Finding]
  ) {
    let fraction = settings.lotFraction
    let most = settings.lotPartMax
    func part(_ value: Double) -> Double { log(1 - fraction + fraction * exp(min(most, value))) }
    var lot = lots[sighting.lot] ?? Lot()
    if lot.ordinal == 0 {
      lotHypotheses += 1
      lot.ordinal = lotHypotheses
    }
    lot.evidence += part(evidence) - (before.map(part) ?? 0)
    if evidence > 2, lot.codes.count < Self.lotCodesMax || lot.codes[sighting.code] != nil {
      lot.codes[sighting.code] = evidence
    }
    let budget = Budget(alpha: settings.lotShare * dial, ordinal: lot.ordinal + settings.head, raised: lotsRaised)
    // One odd code, such as an item on display, must not speak for its lot: the others must carry half of it.
    let isShared = lot.evidence - part(lot.codes.values.max() ?? 0) >= budget.threshold / 2
    if !lot.isRaised, lot.codes.count >= 3, isShared, lot.evidence >= budget.threshold {
      lot.isRaised = true
      lotsRaised += 1
      for (id, value) in lot.codes.sorted(by: { $0.key < $1.key })
      where value >= settings.namedMin && !copies.contains(id) {
        copies.insert(id)
        // Each code with its own places: the lot was decided by another code's.
        let named = codes[id] ?? code
        let own = id == sighting.code ? step : Step(latestOf: named, map, limit: settings.kilometersPerHour)
        var reasons = reasons(named, own, value, budget)
        reasons.lot = lot.evidence
        reasons.lotCodes = lot.codes.count
        findings.append(finding(sighting, id, .lot, reasons))
      }
    }
    lots.with(sighting.lot, lot) { $0 = lot }
  }

  mutating func turn() {
    codes.turn()
    lots.turn()
    copies.turn()
  }
}

/// One more phone: where it is, as seen from the phones before.
struct Step {
  /// 0 same, 1 near, 2 far, 3 impossibly fast; addresses: same prefecture, same province, elsewhere.
  let place: Int
  /// Whether two positions were compared, rather than an address with something.
  let isByPosition: Bool
  /// Kilometres to the nearest earlier place, and the greatest speed one item would have needed.
  let kilometers: Double, speed: Double

  /// The step to the phone that was there last.
  init(latestOf code: CopiedCodes.Code, _ map: Geography, limit: Double) {
    var before = code.glimpses
    let latest = before.indices.max { before[$0].time < before[$1].time } ?? 0
    let now = before.remove(at: latest)
    self.init(now, before, map, limit: limit)
  }

  init(_ now: CopiedCodes.Glimpse, _ before: [CopiedCodes.Glimpse], _ map: Geography, limit: Double) {
    let positions = now.isPosition ? before.filter(\.isPosition) : []
    isByPosition = !positions.isEmpty
    var nearest = Double.infinity
    var fastest = 0.0
    for glimpse in isByPosition ? positions : before {
      let distance = greatCircle(glimpse.latitude, glimpse.longitude, now.latitude, now.longitude)
      // Three times both accuracies: what the circles leave of the distance.
      let gap = max(0, distance - 3 * (glimpse.accuracy + now.accuracy) / 1000)
      nearest = min(nearest, gap)
      let hours = Double((glimpse.time &- now.time).magnitude) / 3600 + 0.25
      fastest = max(fastest, gap / hours)
    }
    kilometers = nearest.isFinite ? nearest : 0
    speed = fastest
    if isByPosition {
      place = fastest > limit ? 3 : nearest <= 1 ? 0 : nearest <= 60 ? 1 : 2
    } else if before.contains(where: { $0.region == now.region }) {
      place = 0
    } else if before.contains(where: { map.provinceOf[$0.region] == map.provinceOf[now.region] }) {
      place = 1
    } else {
      place = fastest > limit ? 3 : 2
    }
  }
}
