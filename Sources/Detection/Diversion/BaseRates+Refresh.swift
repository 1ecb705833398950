import Glibc

/// The daily refresh: a gravity model in classes of distance, corrected by what other dealers' goods do at the place, by
/// what this dealer's goods do elsewhere, and by how the two provinces hang together; each estimated without the pair in
/// question, so that an anomaly cannot explain itself.
extension BaseRates {
  /// Renews all rates from the counts. Deterministic, without a look at the clock.
  mutating func refresh() {
    guard !profiles.isEmpty, regions > 0 else { return }
    guard settings.isLearnt else {
      for group in 0..<Self.groups {
        spread(group)
        for profile in profiles.indices { sum(profile, group) }
      }
      return
    }
    if cold.isEmpty { cold = (0..<Self.groups).map { coldIntensity($0, of: profiles) } }
    var work = Refresh(self)
    exchange(&work)
    for group in 0..<Self.groups { work.learn(group, cold[group]) }
    exchange(&work)
  }

  /// What a refresh renews changes hands, so that it is renewed in place.
  private mutating func exchange(_ work: inout Refresh) {
    swap(&rate, &work.rate)
    swap(&provinceRate, &work.provinceRate)
    swap(&totalRate, &work.totalRate)
    swap(&intensity, &work.intensity)
    swap(&dispersion, &work.dispersion)
  }

  /// Ablation: one share outside for everybody, spread by inhabitants.
  private mutating func spread(_ group: Int) {
    var outside = 20 * settings.outsideShares[group]
    var all = 20.0
    for profile in profiles.indices {
      all += exposure[profile * Self.groups + group]
      let start = offset(profile, group)
      for region in 0..<regions { outside += observed[start + region] }
    }
    for (index, profile) in profiles.enumerated() {
      let people = (0..<regions).reduce(0.0) { $0 + (profile.isAuthorised[$1] ? 0 : map.populationShare[$1]) }
      let start = offset(index, group)
      for region in 0..<regions where !profile.isAuthorised[region] {
        rate[start + region] = outside / all * map.populationShare[region] / max(people, 1e-9)
      }
    }
  }
}
