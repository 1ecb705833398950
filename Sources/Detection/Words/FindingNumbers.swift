/// The numbers of a finding by name: what an alert keeps, so that its words and its verdict can be made again from it.
package struct FindingNumbers: Sendable, Equatable {
  /// One number, or several.
  package enum Value: Sendable, Equatable {
    /// A measure.
    case real(Double)
    /// A count.
    case whole(Int64)
    /// Several measures.
    case list([Double])
    /// A word.
    case text(String)
  }

  /// By name; a dotted name is a part of what stands before the dot.
  package private(set) var values: [String: Value] = [:]

  /// The numbers of a finding.
  package init(_ finding: Finding) {
    put("finding", .text(finding.kind.rawValue))
    put("grain", .text(finding.grain.rawValue))
    put("time", .whole(finding.time))
    put("evidence", .real(finding.score))
    switch finding.reasons {
    case .diversion(let reasons): put(reasons)
    case .store(let reasons): put(reasons)
    case .price(let reasons): put(reasons)
    case .registration(let reasons): put(reasons)
    case .copy(let reasons): put(reasons)
    case .guess(let reasons): put(reasons)
    case .missing(let reasons): put(reasons)
    case .burning(let reasons): put(reasons)
    }
  }

  /// Numbers that were kept; others among them do no harm.
  package init(values: [String: Value]) { self.values = values }

  /// The finding that these are of, about nobody yet; nil when one is missing.
  package var finding: Finding? {
    guard let kind = text("finding").flatMap(Finding.Kind.init(rawValue:)),
      let grain = text("grain").flatMap(Finding.Grain.init(rawValue:)), let time = whole("time"),
      let score = real("evidence")
    else { return nil }
    let reasons: Finding.Reasons? =
      switch (kind, grain) {
      case (.diversion, .store): store.map(Finding.Reasons.store)
      case (.diversion, _): diversion.map(Finding.Reasons.diversion)
      case (.price, _): price.map(Finding.Reasons.price)
      case (.registration, _): registration.map(Finding.Reasons.registration)
      case (.clone, _): copy.map(Finding.Reasons.copy)
      case (.counterfeit, _): guess.map(Finding.Reasons.guess)
      case (.missing, _): missing.map(Finding.Reasons.missing)
      case (.burning, _): burning.map(Finding.Reasons.burning)
      }
    return reasons.map { Finding(time: time, kind: kind, grain: grain, score: score, reasons: $0) }
  }

  /// What the rule says of these numbers; nil for what is no test (a misplaced store) and when one is missing.
  package var verdict: Verdict? {
    switch finding?.reasons {
    case .diversion(let reasons): reasons.verdict
    case .store(let reasons): reasons.verdict
    case .price(let reasons): reasons.verdict
    case .copy(let reasons): reasons.verdict
    case .guess(let reasons): reasons.verdict
    case .missing(let reasons): reasons.verdict
    case .burning(let reasons): reasons.verdict
    case .registration, nil: nil
    }
  }

  mutating func put(_ name: String, _ value: Value) { values[name] = value }

  private mutating func put(_ name: String, _ channels: Channels) {
    for (part, path) in Self.channels { put("\(name).\(part)", .real(channels[keyPath: path])) }
  }

  mutating func put(_ budget: Budget) {
    put("alpha", .real(budget.alpha))
    put("hypothesis", .whole(Int64(budget.ordinal)))
    put("raisedBefore", .whole(Int64(budget.raised)))
  }

  private static var channels: [(String, WritableKeyPath<Channels, Double>)] {
    [("gps", \.gps), ("ip", \.ip), ("terminal", \.terminal), ("inspector", \.inspector), ("shop", \.shop)]
  }

  private func text(_ name: String) -> String? {
    guard case .text(let text) = values[name] else { return nil }
    return text
  }

  func whole(_ name: String) -> Int64? {
    guard case .whole(let number) = values[name] else { return nil }
    return number
  }

  func count(_ name: String) -> Int? { whole(name).flatMap { Int(exactly: $0) } }

  /// A measure that happens to be whole may have been kept as a count.
  func real(_ name: String) -> Double? {
    switch values[name] {
    case .real(let number): number
    case .whole(let number): Double(number)
    default: nil
    }
  }

  private func list(_ name: String) -> [Double]? {
    guard case .list(let numbers) = values[name] else { return nil }
    return numbers
  }

  private func channels(_ name: String) -> Channels? {
    var channels = Channels()
    for (part, path) in Self.channels {
      guard let number = real("\(name).\(part)") else { return nil }
      channels[keyPath: path] = number
    }
    return channels
  }

  var budget: Budget? {
    guard let alpha = real("alpha"), let ordinal = count("hypothesis"), let raised = count("raisedBefore") else {
      return nil
    }
    return Budget(alpha: alpha, ordinal: ordinal, raised: raised)
  }
}

extension FindingNumbers {
  private mutating func put(_ reasons: DiversionReasons) {
    put("seen", reasons.seen)
    put("expected", reasons.expected)
    put("exposure", reasons.exposure)
    put("shares", .list(reasons.shares))
    put("dispersion", .real(reasons.dispersion))
    put(reasons.budget)
    put("fixedThreshold", .real(reasons.fixedThreshold))
    put("threshold", .real(reasons.verdict.threshold))
    let floor = reasons.floor
    put("least.any", .real(floor.any))
    put("least.shelf", .real(floor.shelf))
    put("least.inspector", .real(floor.inspector))
    put("least.multiple", .real(floor.materiality))
    let origin = reasons.origin
    put("rate", origin.rates)
    put("rateByDistance", .real(origin.distanceOnly))
    put("kilometers", .real(origin.kilometers))
    put("neighbour", .whole(origin.isNeighbour ? 1 : 0))
    put("dealerSightings", .real(origin.dealerSightings))
    put("dealerSightingsThere", .real(origin.dealerSightingsThere))
    put("history", .real(origin.history))
    let other = reasons.alternatives
    put("season", .real(other.season))
    put("diffusion", .real(other.diffusion))
    put("suspectStores", .whole(Int64(other.suspectStores)))
    put("onSale", .real(other.onSale))
  }

  private var diversion: DiversionReasons? {
    guard let seen = channels("seen"), let expected = channels("expected"), let exposure = channels("exposure"),
      let shares = list("shares"), let dispersion = real("dispersion"), let budget,
      let any = real("least.any"), let shelf = real("least.shelf"), let inspector = real("least.inspector"),
      let materiality = real("least.multiple"), let rates = channels("rate"), let plain = real("rateByDistance"),
      let kilometers = real("kilometers"), let neighbour = whole("neighbour"), let all = real("dealerSightings"),
      let there = real("dealerSightingsThere"), let history = real("history"), let season = real("season"),
      let diffusion = real("diffusion"), let suspects = count("suspectStores"), let onSale = real("onSale")
    else { return nil }
    return DiversionReasons(
      seen: seen, expected: expected, exposure: exposure, shares: shares, dispersion: dispersion, budget: budget,
      floor: .init(any: any, shelf: shelf, inspector: inspector, materiality: materiality),
      origin: .init(
        rates: rates, distanceOnly: plain, kilometers: kilometers, isNeighbour: neighbour != 0,
        dealerSightings: all, dealerSightingsThere: there, history: history),
      alternatives: .init(season: season, diffusion: diffusion, suspectStores: suspects, onSale: onSale),
      fixedThreshold: real("fixedThreshold") ?? 0)
  }

  private mutating func put(_ reasons: StoreReasons) {
    put("lots", .whole(Int64(reasons.lots)))
    put("foreignLots", .whole(Int64(reasons.foreign)))
    put("foreignLotsOfDealer", .whole(Int64(reasons.ofDealer)))
    put("usualShare", .real(reasons.usual))
    put("shares", .list(reasons.shares))
    put("dispersion", .real(reasons.dispersion))
    put("least.lots", .whole(Int64(reasons.least)))
    put(reasons.budget)
    put("threshold", .real(reasons.verdict.threshold))
  }

  private var store: StoreReasons? {
    guard let lots = count("lots"), let foreign = count("foreignLots"), let mine = count("foreignLotsOfDealer"),
      let usual = real("usualShare"), let shares = list("shares"), let dispersion = real("dispersion"),
      let least = count("least.lots"), let budget
    else { return nil }
    return StoreReasons(
      lots: lots, foreign: foreign, ofDealer: mine, usual: usual, shares: shares, dispersion: dispersion,
      least: least, budget: budget)
  }

  private mutating func put(_ reasons: PriceReasons) {
    put("sales", .whole(Int64(reasons.sales)))
    put("justUnder", .whole(Int64(reasons.under)))
    put("farUnder", .whole(Int64(reasons.absurd)))
    put("lowestOfFloor", .real(reasons.lowest))
    put("least.justUnder", .whole(Int64(reasons.least)))
    put(reasons.budget)
    put("threshold", .real(reasons.verdict.threshold))
  }

  private var price: PriceReasons? {
    guard let sales = count("sales"), let under = count("justUnder"), let absurd = count("farUnder"),
      let lowest = real("lowestOfFloor"), let least = count("least.justUnder"), let evidence = real("evidence"),
      let budget
    else { return nil }
    return PriceReasons(
      sales: sales, under: under, absurd: absurd, lowest: lowest, least: least, evidence: evidence, budget: budget)
  }

  private mutating func put(_ reasons: RegistrationReasons) {
    put("storeSightings", .whole(Int64(reasons.sightings)))
    put("fitting", .whole(Int64(reasons.fitting)))
    put("fittingElsewhere", .whole(Int64(reasons.fittingElsewhere)))
    put("elsewhere", .whole(Int64(reasons.elsewhere)))
  }

  private var registration: RegistrationReasons? {
    guard let all = count("storeSightings"), let fitting = count("fitting"), let other = count("fittingElsewhere"),
      let elsewhere = whole("elsewhere").flatMap({ Int32(exactly: $0) })
    else { return nil }
    return RegistrationReasons(sightings: all, fitting: fitting, fittingElsewhere: other, elsewhere: elsewhere)
  }
}
