/// Stores: whose shelves hold other territories' goods, and which are not where they are registered.
extension DiversionDetector {
  /// Counts a sighting in a store, and puts the store to its hypothesis.
  mutating func visitStore(_ sighting: Sighting, _ isOutside: Bool, _ findings: inout [Finding]) {
    let profile = UInt64(sighting.profile)
    let isNewLot = shown.insert(pairBits(sighting.store, sighting.lot))
    let next = hypotheses[Finding.Grain.store.order] + 1
    var fresh = 0
    let store = stores.with(sighting.store, StoreState(region: sighting.region)) { store -> StoreState in
      // A store carries a bounded number of dealers' goods; beyond it the rest is counted with the first.
      if store.profiles.count < 64 || store.profiles[profile] != nil { store.profiles[profile, default: 0] += 1 }
      if store.ordinal == 0 {
        store.ordinal = next
        fresh = 1
      }
      if isNewLot {
        store.lots += 1
        if isOutside {
          store.foreign += 1
          if store.foreignOf.count < 64 || store.foreignOf[profile] != nil {
            store.foreignOf[profile, default: 0] += 1
          }
        }
      }
      return store
    }
    hypotheses[Finding.Grain.store.order] += fresh
    if isOutside, rules.suspectsStores { reportRegistration(store, sighting, &findings) }
    guard isNewLot, rules.usesStores else { return }
    shelfLots[sighting.region] += 1
    if isOutside, store.foreign <= 2 { shelfForeign[sighting.region] += 1 }
    if isOutside, settings.market == .china { judge(store, sighting, &findings) }
  }

  /// Whether a store's goods fit another place better than the one where it is registered.
  func isSuspect(_ id: UInt64) -> Bool {
    guard let store = stores[id] else { return false }
    return fit(store).isSuspect
  }

  private func fit(_ store: StoreState) -> (isSuspect: Bool, reasons: RegistrationReasons) {
    let all = store.profiles.values.reduce(0, +)
    var fitting = 0
    var best = (profile: UInt64(0), count: -1)
    for (profile, count) in store.profiles {
      if base.profiles[Int(profile)].isAuthorised[store.region] { fitting += count }
      if count > best.count || count == best.count && profile < best.profile { best = (profile, count) }
    }
    var elsewhere = (region: store.region, count: 0)
    guard best.count > 0 else {
      return (false, RegistrationReasons(sightings: 0, fitting: 0, fittingElsewhere: 0, elsewhere: 0))
    }
    for region in base.profiles[Int(best.profile)].territory {
      let count = store.profiles.reduce(0) {
        $0 + (base.profiles[Int($1.key)].isAuthorised[region] ? $1.value : 0)
      }
      if count > elsewhere.count { elsewhere = (region, count) }
    }
    let isSuspect = elsewhere.count > fitting && 5 * elsewhere.count >= 4 * all
    let reasons = RegistrationReasons(
      sightings: all, fitting: fitting, fittingElsewhere: elsewhere.count,
      elsewhere: base.map.regions[elsewhere.region].code)
    return (isSuspect, reasons)
  }

  /// Once a store, when enough speaks for it: at least eight sightings, of which half at the most belong where it is
  /// registered. With less a store is only left out; its keeper would look in vain nine times in ten.
  private mutating func reportRegistration(_ store: StoreState, _ sighting: Sighting, _ findings: inout [Finding]) {
    guard !store.isReported, store.profiles.values.reduce(0, +) >= 8 else { return }
    let (isSuspect, reasons) = fit(store)
    guard isSuspect, 2 * reasons.fitting <= reasons.sightings else { return }
    stores.with(sighting.store, store) { $0.isReported = true }
    var finding = Finding(
      time: sighting.time, kind: .registration, grain: .store, score: 0, reasons: .registration(reasons))
    finding.store = sighting.store
    finding.region = base.map.regions[store.region].code
    findings.append(finding)
  }

  private mutating func judge(_ store: StoreState, _ sighting: Sighting, _ findings: inout [Finding]) {
    guard store.foreign >= rules.storeLotsMin, !fit(store).isSuspect else { return }
    let region = sighting.region
    let order = Finding.Grain.store.order
    let usual =
      (rules.storePrior * rules.storeUsual + shelfForeign[region] - Double(min(store.foreign, 2)))
      / (rules.storePrior + shelfLots[region] - Double(store.lots))
    let mostly = store.foreignOf.min { ($1.value, $0.key) < ($0.value, $1.key) }
    let reasons = StoreReasons(
      lots: store.lots, foreign: store.foreign, ofDealer: mostly?.value ?? 0, usual: usual,
      shares: rules.storeShares, dispersion: rules.storeDispersion, least: rules.storeLotsMin,
      budget: Budget(
        alpha: rules.storeShare * settings.dial, ordinal: store.ordinal, raised: raised[order]))
    if let latest = store.raised, sighting.time - latest < rules.rearmDays * day { return }
    let verdict = reasons.verdict
    guard verdict.isRaised, let mostly else { return }
    raised[order] += 1
    stores.with(sighting.store, store) { $0.raised = sighting.time }
    var blamed = sighting
    blamed.profile = Int(mostly.key)
    let province = base.map.provinceOf[region]
    guard open(blamed, place: region, isPrefecture: true, province: province).isNew else { return }
    var finding = Finding(
      time: sighting.time, kind: .diversion, grain: .store, score: verdict.evidence, reasons: .store(reasons))
    finding.dealer = base.profiles[blamed.profile].dealer
    finding.region = base.map.regions[region].code
    finding.store = sighting.store
    findings.append(finding)
  }
}
