/// Cases: a sighting near an open case of the same dealer is more evidence, not a new alert.
extension DiversionDetector {
  /// The open case that a place belongs to, or a new one.
  mutating func open(
    _ sighting: Sighting, place: Int, isPrefecture: Bool, province: Int
  ) -> (id: Int, isNew: Bool) {
    let dealer = base.profiles[sighting.profile].dealer
    var open = (matters[dealer] ?? []).filter { sighting.time - $0.latest < 2 * rules.rearmDays * day }
    let near = open.firstIndex { matter in
      guard sighting.time - matter.latest < rules.caseDays * day else { return false }
      return matter.province == province
        || isPrefecture && matter.isPrefecture && base.map.distance(matter.place, place) < rules.caseRadius
    }
    if let near {
      open[near].latest = max(open[near].latest, sighting.time)
      matters[dealer] = open
      return (open[near].id, false)
    }
    lastMatter += 1
    open.append(
      Matter(id: lastMatter, latest: sighting.time, place: place, isPrefecture: isPrefecture, province: province))
    matters[dealer] = open
    return (lastMatter, true)
  }

  /// A case grows.
  mutating func extend(_ sighting: Sighting, _ id: Int) {
    let dealer = base.profiles[sighting.profile].dealer
    guard let index = matters[dealer]?.firstIndex(where: { $0.id == id }) else { return }
    matters[dealer]?[index].latest = sighting.time
  }
}
