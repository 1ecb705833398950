import Glibc

/// Finds stores that sell under the floor: evidence grows with every price just under it and shrinks with every price
/// that keeps it, never below 0; a price far under it is more likely a typing error.
struct LowPrices: Sendable {
  /// What is remembered of a store.
  struct Store {
    var evidence = 0.0
    var ordinal = 0
    var sales = 0, under = 0, absurd = 0
    var lowest = 1.0
    /// Latest low price of an open case; nil while none is open.
    var open: Int64?
  }

  var settings: DetectionSettings.Price
  var dial: Double
  var stores = RecentMap<UInt64, Store>()
  var hypotheses = 0, raised = 0

  init(_ settings: DetectionSettings.Price, dial: Double) {
    self.settings = settings
    self.dial = dial
  }

  /// Chances of a price just under the floor, and far under it: honest stores; others.
  static let honest = (0.0015, 0.0085), other = (0.48, 0.02)

  mutating func observe(_ sighting: Sighting, _ map: Geography, _ findings: inout [Finding]) {
    guard settings.isOn, sighting.source == .terminal, sighting.price > 0, sighting.floor > 0, sighting.store != 0
    else { return }
    let ratio = Double(sighting.price) / Double(sighting.floor)
    let isTelling = ratio < 1 && ratio >= settings.telling
    let change =
      isTelling
      ? log(Self.other.0 / Self.honest.0)
      : ratio < 1 ? log(Self.other.1 / Self.honest.1) : log((1 - Self.other.0 - Self.other.1) / 0.99)
    var store = stores[sighting.store] ?? Store()
    if store.ordinal == 0 {
      hypotheses += 1
      store.ordinal = hypotheses
    }
    if store.evidence <= 0 { (store.evidence, store.sales, store.under, store.absurd, store.lowest) = (0, 0, 0, 0, 1) }
    store.evidence += change
    store.sales += 1
    if isTelling {
      store.under += 1
      store.lowest = min(store.lowest, ratio)
    } else if ratio < 1 {
      store.absurd += 1
    }
    if let latest = store.open, isTelling || sighting.time - latest >= settings.quietDays * day {
      // A low price within an open case is more of the same; after a quiet time the store begins anew.
      let isOver = sighting.time - latest >= settings.quietDays * day
      store.open = isOver ? nil : sighting.time
      store.evidence = isOver ? (isTelling ? change : 0) : 0
      if isOver { (store.sales, store.under, store.absurd, store.lowest) = (1, isTelling ? 1 : 0, 0, 1) }
    }
    if isTelling, store.open == nil { raise(&store, sighting, map, &findings) }
    stores.with(sighting.store, store) { $0 = store }
  }

  private mutating func raise(
    _ store: inout Store, _ sighting: Sighting, _ map: Geography, _ findings: inout [Finding]
  ) {
    let reasons = PriceReasons(
      sales: store.sales, under: store.under, absurd: store.absurd, lowest: store.lowest, least: settings.underMin,
      evidence: store.evidence,
      budget: Budget(alpha: settings.share * dial, ordinal: store.ordinal, raised: raised))
    guard reasons.verdict.isRaised else { return }
    raised += 1
    store.open = sighting.time
    store.evidence = 0
    var finding = Finding(
      time: sighting.time, kind: .price, grain: .store, score: reasons.evidence, reasons: .price(reasons))
    finding.store = sighting.store
    finding.region = map.regions[sighting.region].code
    findings.append(finding)
  }

  mutating func turn() { stores.turn() }

  func encode(into writer: inout StateWriter) {
    writer.recent(stores) { writer, id, store in
      writer.fixed(id)
      writer.real(store.evidence)
      for count in [store.ordinal, store.sales, store.under, store.absurd] { writer.int(count) }
      writer.real(store.lowest)
      writer.optional(store.open)
    }
    writer.int(hypotheses)
    writer.int(raised)
  }

  init(from reader: inout StateReader, _ settings: DetectionSettings.Price, dial: Double) throws(StateError) {
    self.init(settings, dial: dial)
    stores = try reader.recent { reader throws(StateError) in
      let id = try reader.fixed()
      var store = Store(evidence: try reader.real())
      store.ordinal = try reader.count()
      store.sales = try reader.count()
      store.under = try reader.count()
      store.absurd = try reader.count()
      store.lowest = try reader.real()
      store.open = try reader.optional()
      return (id, store)
    }
    hypotheses = try reader.count()
    raised = try reader.count()
  }
}
