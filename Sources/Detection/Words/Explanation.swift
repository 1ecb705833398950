import Glibc

/// A finding in plain words: what was seen, what is normal and where that came from, how unlikely it is, which other
/// explanations were weighed, and what would settle it.
package struct Explanation {
  /// The languages of the catalogue.
  package enum Language: String, Sendable, CaseIterable {
    /// Chinese.
    case zh
    /// English.
    case en
  }

  private let language: Language
  private let name: (UInt64) -> String
  private let place: (Int32) -> String
  private var parts: [String] = []

  /// - Parameters:
  ///   - name: text of a number in the finding: dealer, lot, store, code, device.
  ///   - place: text of a region's code.
  package init(
    _ finding: Finding, _ language: Language, name: @escaping (UInt64) -> String,
    place: @escaping (Int32) -> String = { String($0) }
  ) {
    self.language = language
    self.name = name
    self.place = place
    switch finding.reasons {
    case .diversion(let reasons): explain(finding, reasons)
    case .store(let reasons): explain(finding, reasons)
    case .copy(let reasons): explain(finding, reasons)
    case .price(let reasons): explain(finding, reasons)
    case .guess(let reasons): explain(finding, reasons)
    case .missing(let reasons): explain(finding, reasons)
    case .burning(let reasons): explain(finding, reasons)
    case .registration(let reasons): explain(finding, reasons)
    }
  }

  /// All sentences in one paragraph.
  package var text: String { parts.joined(separator: language == .en ? " " : "") }

  private mutating func say(_ phrase: Phrase, _ values: [String: String] = [:]) { parts.append(fill(phrase, values)) }

  private func fill(_ phrase: Phrase, _ values: [String: String] = [:]) -> String {
    let template = language == .zh ? phrase.texts.zh : phrase.texts.en
    var result = ""
    var rest = Substring(template)
    while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
      result += rest[..<open]
      result += values[String(rest[rest.index(after: open)..<close])] ?? ""
      rest = rest[rest.index(after: close)...]
    }
    return result + rest
  }

  /// A small number as people read it: never a bare zero.
  private func few(_ value: Double) -> String {
    value < 0.01 ? fill(.under, ["n": Self.decimal(0.01, 2)]) : Self.decimal(value, 2)
  }

  private mutating func unlikely(_ verdict: Verdict) {
    say(.unlikely, ["odds": Self.odds(verdict.evidence), "needed": Self.odds(verdict.threshold)])
  }

  private mutating func explain(_ finding: Finding, _ reasons: DiversionReasons) {
    let seen = reasons.seen
    let phrases: [(Phrase, Double)] = [
      (.shop, seen.shop), (.gps, seen.gps), (.ip, seen.ip), (.terminal, seen.terminal), (.inspector, seen.inspector),
    ]
    let sources = phrases.filter { $0.1 > 0 }.map { fill($0.0, ["n": Self.decimal($0.1, 0)]) }
      .joined(separator: language == .zh ? "，" : ", ")
    let lot = finding.lot == 0 ? "" : fill(.seenDays, ["lot": name(finding.lot)])
    say(
      .seen,
      [
        "dealer": name(finding.dealer), "region": place(finding.region), "n": Self.decimal(seen.total, 0),
        "sources": sources, "lot": lot,
      ])
    if seen.shop > 0 { say(.seenOnSale, ["n": Self.decimal(seen.shop, 0)]) }
    say(.normal, ["expected": few(reasons.expected.total)])
    origin(reasons)
    unlikely(reasons.verdict)
    say(.share, ["share": Self.percent(reasons.share)])
    weigh(reasons, isOfLot: finding.grain < .dealerPrefecture)
    say(.settleGoods)
    say(.settleInspect)
  }

  private mutating func origin(_ reasons: DiversionReasons) {
    let origin = reasons.origin
    say(
      origin.dealerSightings < 100 ? .originSparse : .origin,
      [
        "all": Self.decimal(origin.dealerSightings, 0), "there": Self.decimal(origin.dealerSightingsThere, 0),
        "km": Self.decimal(origin.kilometers, 0), "rate": Self.percent(origin.rates.gps),
        "plain": Self.percent(origin.distanceOnly),
      ])
    if abs(origin.history - 1) > 0.1 { say(.history, ["factor": Self.decimal(origin.history, 1)]) }
  }

  private mutating func weigh(_ reasons: DiversionReasons, isOfLot: Bool) {
    let other = reasons.alternatives
    let km = Self.decimal(reasons.origin.kilometers, 0)
    parts.append(
      fill(.weighed)
        + fill(other.season > 1.15 ? .travelHigh : .travelPlain, ["factor": Self.decimal(other.season, 1)])
        + fill(
          isOfLot ? (other.diffusion > 1.15 ? .onlineHigh : .onlinePlain) : .onlineDealer,
          ["factor": Self.decimal(other.diffusion, 1)])
        + fill(other.suspectStores > 0 ? .storesSuspect : .storesPlain, ["n": String(other.suspectStores)])
        + fill(reasons.origin.isNeighbour ? .borderNear : .borderFar, ["km": km]))
  }

  private mutating func explain(_ finding: Finding, _ reasons: StoreReasons) {
    say(
      .seenStore,
      [
        "store": name(finding.store), "region": place(finding.region), "lots": String(reasons.lots),
        "foreign": String(reasons.foreign), "mine": String(reasons.ofDealer), "dealer": name(finding.dealer),
      ])
    say(.normalStore, ["usual": Self.percent(reasons.usual)])
    unlikely(reasons.verdict)
    say(.storeAlternatives)
    say(.settleStore)
  }

  private mutating func explain(_ finding: Finding, _ reasons: CopyReasons) {
    say(
      .copySeen,
      [
        "code": name(finding.code), "devices": String(reasons.devices), "places": String(reasons.places),
      ])
    say(reasons.kilometers < 1 ? .copyHere : .copyAway, ["km": Self.decimal(reasons.kilometers, 0)])
    if reasons.speed > 900 { say(.copyFast, ["speed": Self.decimal(reasons.speed, 0)]) }
    say(.copyNormal, ["chance": Self.percent(reasons.nextDevice)])
    if reasons.lotCodes > 0 { say(.copyLot, ["n": String(reasons.lotCodes)]) }
    unlikely(reasons.verdict)
    say(.copyAlternatives)
    say(.copySettle)
  }

  private mutating func explain(_ finding: Finding, _ reasons: PriceReasons) {
    say(
      .priceSeen,
      [
        "store": name(finding.store), "sales": String(reasons.sales), "under": String(reasons.under),
        "lowest": Self.percent(reasons.lowest),
      ])
    say(.priceNormal)
    unlikely(reasons.verdict)
    say(.priceAlternatives, ["absurd": String(reasons.absurd)])
    say(.priceSettle)
  }

  private mutating func explain(_ finding: Finding, _ reasons: GuessReasons) {
    say(
      .guessSeen,
      [
        "what": fill(reasons.isNetwork ? .network : .device), "device": name(finding.device),
        "failing": String(reasons.failing), "genuine": String(reasons.genuine),
      ])
    say(.guessNormal)
    unlikely(reasons.verdict)
    say(.guessAlternatives)
    say(.guessSettle)
  }

  private mutating func explain(_ finding: Finding, _ reasons: MissingReasons) {
    say(
      .missingSeen,
      [
        "lot": name(finding.lot), "dealer": name(finding.dealer), "days": String(reasons.days),
        "boxes": String(reasons.boxes), "seen": String(reasons.boxesSeen),
      ])
    say(.missingNormal, ["expected": Self.decimal(reasons.boxesExpected, 0)])
    if reasons.outside > 0 { say(.missingOutside, ["n": String(reasons.outside)]) }
    unlikely(reasons.verdict)
    say(.missingAlternatives)
    say(.missingSettle)
  }

  private mutating func explain(_ finding: Finding, _ reasons: BurningReasons) {
    say(
      .burningSeen,
      [
        "device": name(finding.device), "seconds": String(reasons.seconds), "boxes": String(reasons.boxes),
        "codes": String(reasons.codes),
      ])
    say(.burningNormal, ["chance": Self.percent(reasons.nextBox)])
    unlikely(reasons.verdict)
    say(.burningAlternatives)
    say(.burningSettle)
  }

  private mutating func explain(_ finding: Finding, _ reasons: RegistrationReasons) {
    say(
      .registrationSeen,
      [
        "store": name(finding.store), "region": place(finding.region), "all": String(reasons.sightings),
        "fit": String(reasons.fitting), "other": String(reasons.fittingElsewhere),
        "elsewhere": place(reasons.elsewhere),
      ])
    say(.registrationMeaning)
    say(.registrationSettle)
  }
}
