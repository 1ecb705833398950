import Glibc

/// Finds goods that nobody can scan: lots of which far fewer boxes are ever seen than of the product's other lots
/// (codes scraped off, 刮码), and codes that one phone scans in bulk before the goods are sold (burnt codes).
struct MissingCodes: Sendable {
  /// What is remembered of a dispatched lot.
  struct Lot {
    var product: UInt64
    var profile: Int
    var boxes: Int, boxesSeen = 0, outside = 0
    var time: Int64
    /// Next of the maturities at which it is counted.
    var stage = 0
    var ordinal = 0
    var isRaised = false
  }

  /// Boxes dispatched and boxes seen of a product's lots at a maturity.
  struct Usual {
    var boxes = 0.0, seen = 0.0
  }

  /// What is remembered of a phone's burst.
  struct Burst {
    var start: Int64, latest: Int64
    var lastBox: UInt64
    var codes = 1, boxes = 1
    var evidence = 0.0
    var ordinal = 0
    var isRaised = false
  }

  var settings: DetectionSettings.Missing
  var dial: Double
  var lots = RecentMap<UInt64, Lot>()
  /// Lots to be counted, by day.
  var due: [Int64: [UInt64]] = [:]
  var usual: [UInt64: Usual] = [:]
  var seenBoxes = RecentSet(), seenCodes = RecentSet()
  var bursts = RecentMap<UInt64, Burst>()
  /// Phones that came to one box, and those that went on to a second within the burst; to a third from there.
  var reached = [Double](repeating: 0, count: 6)
  /// Lots whose rate was compared with their product's, and the sum of their squared log ratios beyond chance.
  var compared = 0.0, deviations = 0.0
  var lotHypotheses = 0, lotsRaised = 0, burstHypotheses = 0, burstsRaised = 0

  /// Shares of a lot's boxes that may be dark.
  static let darkShares = [0.3, 0.5, 0.7, 0.9]
  /// Chances before learning that an honest phone goes on to another box; that a burning one goes on.
  static let nextBox = 0.02, burning = 0.9
  /// Chance that an honest phone goes on to another item of the same box.
  static let nextItem = 0.6

  init(_ settings: DetectionSettings.Missing, dial: Double) {
    self.settings = settings
    self.dial = dial
  }

  mutating func dispatched(_ dispatch: Dispatch) {
    guard settings.isOn, dispatch.boxes > 0, let first = settings.maturityDays.first else { return }
    var isKnown = true
    lots.with(
      dispatch.lot,
      Lot(product: dispatch.product, profile: dispatch.profile, boxes: dispatch.boxes, time: dispatch.time)
    ) { lot in
      isKnown = lot.stage > 0
      guard !isKnown else { return }
      lot.stage = 1
    }
    if !isKnown { due[dispatch.time / day + first, default: []].append(dispatch.lot) }
  }

  /// Boxes that came back or were made void are not missed.
  mutating func withdrawn(_ lot: UInt64, boxes: Int) {
    guard settings.isOn, boxes > 0, let known = lots[lot] else { return }
    lots.with(lot, known) { $0.boxes = max($0.boxesSeen, $0.boxes - boxes) }
  }

  mutating func observe(_ sighting: Sighting, isOutside: Bool, _ map: Geography, _ findings: inout [Finding]) {
    guard settings.isOn else { return }
    let shipment = sighting.shipment == 0 ? sighting.lot : sighting.shipment
    if seenBoxes.insert(sighting.box), lots[shipment] != nil {
      lots.with(shipment, Lot(product: 0, profile: sighting.profile, boxes: 1, time: sighting.time)) { lot in
        lot.boxesSeen += 1
        if isOutside { lot.outside += 1 }
      }
    }
    if !sighting.source.isShelf, sighting.device != 0, sighting.isPhone { burst(sighting, map, &findings) }
  }

  /// Counts the lots that come of age; once a day.
  mutating func count(at clock: Int64, _ base: BaseRates, _ findings: inout [Finding]) {
    guard settings.isOn else { return }
    let today = clock / day
    // A burst is over after an hour, whatever the memory of lots.
    bursts.turn()
    for key in due.keys.filter({ $0 <= today }).sorted() {
      for id in due.removeValue(forKey: key) ?? [] {
        guard var lot = lots[id], lot.stage >= 1, lot.stage <= settings.maturityDays.count else { continue }
        judge(id, &lot, clock, base, &findings)
        lot.stage += 1
        if lot.stage <= settings.maturityDays.count {
          due[lot.time / day + settings.maturityDays[lot.stage - 1], default: []].append(id)
        }
        lots.with(id, lot) { $0 = lot }
      }
    }
  }

  private mutating func judge(
    _ id: UInt64, _ lot: inout Lot, _ clock: Int64, _ base: BaseRates, _ findings: inout [Finding]
  ) {
    let key = pairBits(lot.product, UInt64(lot.stage))
    let norm = usual[key] ?? Usual()
    defer {
      if !lot.isRaised {
        compare(lot, norm)
        usual[key, default: Usual()].boxes += Double(lot.boxes)
        usual[key, default: Usual()].seen += Double(lot.boxesSeen)
      }
    }
    // Without some twenty other lots of the product there is no norm.
    guard norm.boxes >= 1_000, norm.seen > 0, !lot.isRaised else { return }
    if lot.ordinal == 0 {
      lotHypotheses += 1
      lot.ordinal = lotHypotheses
    }
    let share = min(norm.seen / norm.boxes, 0.999)
    let evidence = Self.darkness(boxes: lot.boxes, seen: lot.boxesSeen, usual: share, spread: spread)
    let reasons = MissingReasons(
      boxes: lot.boxes, boxesSeen: lot.boxesSeen, boxesExpected: share * Double(lot.boxes), rate: -log(1 - share),
      days: (clock - lot.time) / day, outside: lot.outside, evidence: evidence,
      budget: Budget(alpha: settings.removedShare * dial, ordinal: lot.ordinal, raised: lotsRaised))
    guard reasons.verdict.isRaised else { return }
    lot.isRaised = true
    lotsRaised += 1
    var finding = Finding(time: clock, kind: .missing, grain: .lot, score: evidence, reasons: .missing(reasons))
    finding.lot = id
    finding.dealer = base.profiles[lot.profile].dealer
    findings.append(finding)
  }

  /// σ: how far the scan rates of one product's lots are apart, on the logarithmic scale; learnt.
  private var spread: Double {
    let prior = settings.spreadPrior
    let square = (prior * settings.spread * settings.spread + deviations) / (prior + compared)
    return max(settings.spreadMin, square.squareRoot())
  }

  /// Learns from a lot that is not held to be dark. What is far off says more about the lot than about the spread.
  private mutating func compare(_ lot: Lot, _ norm: Usual) {
    guard norm.boxes >= 1_000, norm.seen > 0 else { return }
    let share = min(norm.seen / norm.boxes, 0.999)
    let boxes = Double(lot.boxes)
    guard share * boxes >= 8 else { return }
    let usual = -log(1 - share)
    let rate = -log(1 - min((Double(lot.boxesSeen) + 0.5) / (boxes + 1), 0.999))
    let ratio = min(1, max(-1, log(rate / usual)))
    deviations += ratio * ratio - share / ((1 - share) * boxes * usual * usual)
    deviations = max(0, deviations)
    compared += 1
  }

  /// log Bayes factor of "a share of the boxes is dark" against "all can be seen", with the lot's own scan rate spread
  /// around the product's by a log-normal factor with σ, on a grid.
  static func darkness(boxes: Int, seen: Int, usual: Double, spread: Double) -> Double {
    let rate = -log(1 - usual)
    var genuine = -Double.infinity
    var dark = -Double.infinity
    for step in -12...12 {
      let z = Double(step) / 3
      let factor = exp(spread * z - spread * spread / 2)
      let weight = -z * z / 2
      let chance = min(1 - exp(-rate * factor), 1 - 1e-9)
      func likelihood(_ chance: Double) -> Double {
        Double(seen) * log(chance) + Double(max(0, boxes - seen)) * log(1 - chance)
      }
      genuine = addLogs(genuine, weight + likelihood(chance))
      for share in darkShares {
        dark = addLogs(dark, weight + likelihood(chance * (1 - share)) - log(Double(darkShares.count)))
      }
    }
    return dark - genuine
  }

  private mutating func burst(_ sighting: Sighting, _ map: Geography, _ findings: inout [Finding]) {
    guard seenCodes.insert(pairBits(sighting.code, sighting.device)) else { return }
    let fresh = Burst(start: sighting.time, latest: sighting.time, lastBox: sighting.box)
    guard var burst = bursts[sighting.device], sighting.time - burst.latest < settings.burstSeconds else {
      bursts.with(sighting.device, fresh) { $0 = fresh }
      reached[1] += 1
      return
    }
    let level = min(burst.boxes, 4)
    let chance = (50 * Self.nextBox + reached[level + 1]) / (50 + reached[level])
    burst.codes += 1
    burst.latest = max(burst.latest, sighting.time)
    if sighting.box == burst.lastBox {
      burst.evidence += log(Self.burning / Self.nextItem)
    } else {
      burst.evidence += log(Self.burning / max(chance, Self.nextBox / 2))
      burst.boxes += 1
      burst.lastBox = sighting.box
      if burst.boxes <= 3 { reached[min(burst.boxes, 5)] += 1 }
    }
    if burst.ordinal == 0 {
      burstHypotheses += 1
      burst.ordinal = burstHypotheses
    }
    let reasons = BurningReasons(
      codes: burst.codes, boxes: burst.boxes, seconds: burst.latest - burst.start, nextBox: chance,
      evidence: burst.evidence,
      budget: Budget(alpha: settings.burntShare * dial, ordinal: burst.ordinal, raised: burstsRaised))
    if !burst.isRaised, burst.boxes >= 3, reasons.verdict.isRaised {
      burst.isRaised = true
      burstsRaised += 1
      var finding = Finding(
        time: sighting.time, kind: .burning, grain: .device, score: burst.evidence, reasons: .burning(reasons))
      finding.device = sighting.device
      finding.lot = sighting.lot
      finding.region = map.regions[sighting.region].code
      findings.append(finding)
    }
    bursts.with(sighting.device, burst) { $0 = burst }
  }

  mutating func turn() {
    lots.turn()
    seenBoxes.turn()
    seenCodes.turn()
  }
}

/// log(exp(a) + exp(b)).
func addLogs(_ a: Double, _ b: Double) -> Double {
  let most = max(a, b)
  return most.isFinite ? most + log1p(exp(min(a, b) - most)) : most
}
