import Glibc

/// One sighting outside, as every hypothesis about it sees it.
private struct Trial {
  let id: KeyID
  let rates: Channels
  /// Chance of being seen there, by channel.
  let reach: Channels
  let shares: [Double]
  var dispersion: Double
  /// Factors of the expected: this pair's own record; how diffuse the lot is.
  var history: Double, diffusion: Double
  /// Sightings of the goods anywhere: raw, and in units of ordinary days.
  let seen: Channels, ordinary: Channels
  let restarts: Bool
}

extension DiversionDetector {
  /// Puts a sighting outside to every hypothesis about it.
  mutating func test(_ sighting: Sighting, _ channel: Int, isNewInProvince: Bool, _ findings: inout [Finding]) {
    let profile = sighting.profile
    let goods = UInt64(profile)
    let province = base.map.provinceOf[sighting.region]
    let isAway = province != base.profiles[profile].home
    guard let lot = lots[sighting.lot] else { return }
    for isProvince in [false, true] where !isProvince || isNewInProvince {
      let place = isProvince ? province : sighting.region
      let lotKey = KeyID(grain: isProvince ? .lotProvince : .lotPrefecture, goods: sighting.lot, place: place)
      let dealerKey = KeyID(
        grain: isProvince ? .dealerProvince : .dealerPrefecture, goods: goods, place: place)
      let isTested = !isProvince || isAway && rules.usesProvinces
      let rates = base.rates(profile, place, isProvince: isProvince)
      let reach = isProvince ? rules.seenInProvince : rules.seenInPrefecture
      let ofLot = keys[lotKey]?.history ?? 0
      let ofDealer = keys[dealerKey]?.history ?? 0
      if isTested, rules.usesLots {
        let trial = Trial(
          id: lotKey, rates: rates, reach: reach, shares: rules.lotShares, dispersion: rules.lotDispersion,
          history: pairHistory(rates, ofDealer - ofLot, profile, lot),
          diffusion: rules.usesDiffusion ? diffusion(lot, ofLot, rates) : 1, seen: lot.seen, ordinary: lot.ordinary,
          restarts: false)
        push(trial, sighting, channel, &findings)
      }
      keys.with(lotKey, KeyState()) { $0.history += 1 }
      keys.with(dealerKey, KeyState()) { $0.history += 1 }
      if isTested, rules.usesDealers {
        let trial = Trial(
          id: dealerKey, rates: rates, reach: reach, shares: rules.dealerShares,
          dispersion: isProvince ? rules.provinceDispersion : base.pairDispersion(profile, place), history: 1,
          diffusion: 1, seen: seen[profile], ordinary: ordinary[profile], restarts: rules.usesRestarts)
        push(trial, sighting, channel, &findings)
      }
    }
    lots.with(sighting.lot, lot) { $0.outside += 1 }
  }

  /// This pair's own record outside the lot: mean of a Gamma–Poisson posterior.
  private func pairHistory(_ rates: Channels, _ outsideLot: Double, _ profile: Int, _ lot: LotState) -> Double {
    guard rules.usesHistory else { return 1 }
    let expected = (ordinary[profile].beyond(lot.ordinary) * rates).total
    return min(30, max(0.5, (rules.historyPrior + outsideLot) / (rules.historyPrior + expected)))
  }

  /// A lot that is outside everywhere is sold online or copied, not diverted to one place.
  private func diffusion(_ lot: LotState, _ here: Double, _ rates: Channels) -> Double {
    let nu = rules.diffusePrior
    let elsewhere = max(0, lot.expectedOutside - (lot.ordinary * rates).total)
    return max(1, (nu + lot.outside - here) / (nu + elsewhere))
  }

  private mutating func push(_ trial: Trial, _ sighting: Sighting, _ channel: Int, _ findings: inout [Finding]) {
    var trial = trial
    let order = trial.id.grain.order
    let (rearmSeconds, dispersionMax) = (rules.rearmDays * day, rules.dispersionMax)
    var fresh = 0
    let next = hypotheses[order] + 1
    let state = keys.with(trial.id, KeyState()) { state -> KeyState in
      if state.ordinal == 0 {
        state.ordinal = next
        fresh = 1
      }
      // What raised a case is spent with it: after a quiet time a matter begins anew.
      let isRearmed = state.raised.map { sighting.time - $0 >= rearmSeconds } ?? false
      if isRearmed { state.raised = nil }
      Self.restart(&state, &trial, channel, dispersionMax, isRearmed: isRearmed)
      state.seen[channel] += 1
      return state
    }
    hypotheses[order] += fresh
    let numbers = Self.numbers(state, trial)
    decide(sighting, trial, state, numbers.expected, numbers.exposure, &findings)
  }

  private static func numbers(_ state: KeyState, _ trial: Trial) -> (expected: Channels, exposure: Channels) {
    let factor = trial.history * trial.diffusion
    let expected = factor * (trial.ordinary.beyond(state.sinceOrdinary) * trial.rates)
    return (expected.atLeast(1e-12), trial.seen.beyond(state.since) * trial.reach)
  }

  /// CUSUM of the evidence: when it is under 1 before a sighting, the hypothesis begins anew with it, and carries its
  /// record as its prior.
  private static func restart(
    _ state: inout KeyState, _ trial: inout Trial, _ channel: Int, _ dispersionMax: Double,
    isRearmed: Bool
  ) {
    let nu = trial.dispersion
    func carry() {
      guard state.hasRestarted else { return }
      let expected = (state.sinceOrdinary * trial.rates).total
      trial.history = min(5, max(1, (nu + state.before) / (nu + expected)))
      trial.dispersion = min(nu + state.before, dispersionMax)
    }
    if trial.restarts { carry() }
    if !isRearmed {
      guard trial.restarts else { return }
      let now = numbers(state, trial)
      let value = Evidence.logRatio(
        seen: state.seen, expected: now.expected, exposure: now.exposure, shares: trial.shares,
        dispersion: trial.dispersion)
      guard value < 0 else { return }
    }
    state.seen = Channels()
    state.since = trial.seen
    state.sinceOrdinary = trial.ordinary
    state.since[channel] = max(0, state.since[channel] - 1)
    state.sinceOrdinary[channel] = max(0, state.sinceOrdinary[channel] - 1)
    state.hasRestarted = true
    state.before = max(0, state.history - 1)
  }

  private mutating func decide(
    _ sighting: Sighting, _ trial: Trial, _ state: KeyState, _ expected: Channels, _ exposure: Channels,
    _ findings: inout [Finding]
  ) {
    let order = trial.id.grain.order
    if state.raised != nil {
      let value = Evidence.logRatio(
        seen: state.seen, expected: expected, exposure: exposure, shares: trial.shares, dispersion: trial.dispersion)
      guard value > 0 else { return }
      keys.with(trial.id, state) { $0.raised = sighting.time }
      extend(sighting, state.matter)
      return
    }
    let floor = DiversionReasons.Floor(
      any: rules.sightingsMin, shelf: rules.sightingsMinShelf, inspector: rules.sightingsMinInspector,
      materiality: rules.materiality)
    var counted = state.seen
    if settings.market == .eu { counted = Channels(gps: 0, ip: 0, terminal: 0, inspector: counted.inspector) }
    guard floor.isReached(counted, expected: expected.total) else { return }
    var reasons = DiversionReasons(
      seen: counted, expected: expected, exposure: exposure, shares: trial.shares, dispersion: trial.dispersion,
      budget: Budget(alpha: alpha(trial.id.grain), ordinal: state.ordinal + rules.head, raised: raised[order]),
      floor: floor,
      origin: .init(
        rates: trial.rates, distanceOnly: 0, kilometers: 0, isNeighbour: false, dealerSightings: 0,
        dealerSightingsThere: 0, history: trial.history),
      alternatives: .init(
        season: season.ratio, diffusion: trial.diffusion, suspectStores: 0, onSale: counted.shop),
      fixedThreshold: rules.fixedThreshold)
    let verdict = reasons.verdict
    guard verdict.isRaised else { return }
    raised[order] += 1
    let province = base.map.provinceOf[sighting.region]
    let isPrefecture = trial.id.grain == .lotPrefecture || trial.id.grain == .dealerPrefecture
    let (matter, isNew) = open(sighting, place: trial.id.place, isPrefecture: isPrefecture, province: province)
    keys.with(trial.id, state) {
      $0.raised = sighting.time
      $0.matter = matter
    }
    guard isNew else { return }
    reasons.origin = origin(sighting, trial.rates, trial.history, isPrefecture: isPrefecture)
    reasons.alternatives.suspectStores = leftOut(sighting)
    var finding = Finding(
      time: sighting.time, kind: .diversion, grain: trial.id.grain, score: verdict.evidence,
      reasons: .diversion(reasons))
    finding.dealer = base.profiles[sighting.profile].dealer
    finding.region =
      isPrefecture ? base.map.regions[trial.id.place].code : base.map.provinces[trial.id.place]
    if trial.id.grain < .dealerPrefecture { finding.lot = sighting.lot }
    findings.append(finding)
  }

  private func alpha(_ grain: Finding.Grain) -> Double {
    let share =
      switch grain {
      case .lotPrefecture: rules.lotPrefectureShare
      case .lotProvince: rules.lotProvinceShare
      case .dealerPrefecture: rules.dealerPrefectureShare
      default: rules.dealerProvinceShare
      }
    return share * settings.dial
  }

  private func origin(
    _ sighting: Sighting, _ rates: Channels, _ history: Double, isPrefecture: Bool
  ) -> DiversionReasons.Origin {
    let map = base.map
    let province = map.provinceOf[sighting.region]
    let profile = base.profiles[sighting.profile]
    let band = Int(profile.bands[sighting.region])
    let places = isPrefecture ? [sighting.region] : map.provinceOf.indices.filter { map.provinceOf[$0] == province }
    var there = 0.0
    var plain = 0.0
    for region in places where !profile.isAuthorised[region] {
      for group in 0..<BaseRates.groups { there += base.observed[base.offset(sighting.profile, group) + region] }
      plain += base.intensity[Int(profile.bands[region])] * map.populationShare[region]
    }
    return DiversionReasons.Origin(
      rates: rates, distanceOnly: plain,
      kilometers: profile.distance(to: sighting.region, base.map), isNeighbour: band < 2 * Bands.farStart,
      dealerSightings: seen[sighting.profile].total, dealerSightingsThere: there, history: history)
  }

  /// Sightings of this region's suspect stores that were left out.
  private func leftOut(_ sighting: Sighting) -> Int {
    var sum = 0
    for generation in [stores.current, stores.previous] {
      for entry in generation.entries where entry.value.region == sighting.region { sum += entry.value.leftOut }
    }
    return sum
  }
}
