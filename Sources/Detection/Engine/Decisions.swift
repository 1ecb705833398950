/// What a person decided on a finding.
package enum Decision: String, Sendable, CaseIterable {
  /// It was what it seemed.
  case confirmed
  /// Goods moved with nothing wrong about it.
  case ordinaryTransfer
  /// A place, registration or price was recorded wrongly.
  case dataError
  /// Nothing was the matter.
  case falseAlarm
}

/// Decisions by kind and grain: the precision that people found.
package struct DecisionRecord: Sendable, Equatable {
  /// One detector's decisions.
  package struct Line: Sendable, Equatable {
    /// What the detector was.
    package let kind: Finding.Kind, grain: Finding.Grain
    /// Decisions by their raw value.
    package let counts: [Decision: Int]

    /// Confirmed of all decided; nil when nothing was.
    package var precision: Double? {
      let all = counts.values.reduce(0, +)
      return all > 0 ? Double(counts[.confirmed] ?? 0) / Double(all) : nil
    }
  }

  private var counts: [Int: Int] = [:]

  init() {}

  mutating func add(_ decision: Decision, _ finding: Finding) {
    counts[Self.index(finding.kind, finding.grain, decision), default: 0] += 1
  }

  private static func index(_ kind: Finding.Kind, _ grain: Finding.Grain, _ decision: Decision) -> Int {
    let kindIndex = Finding.Kind.allCases.firstIndex(of: kind) ?? 0
    let decisionIndex = Decision.allCases.firstIndex(of: decision) ?? 0
    return (kindIndex * Finding.Grain.allCases.count + grain.order) * Decision.allCases.count + decisionIndex
  }

  /// One line for each detector that was decided about, in a fixed order.
  package var report: [Line] {
    Finding.Kind.allCases.flatMap { kind in
      Finding.Grain.allCases.compactMap { grain -> Line? in
        var found: [Decision: Int] = [:]
        for decision in Decision.allCases {
          if let count = counts[Self.index(kind, grain, decision)] { found[decision] = count }
        }
        return found.isEmpty ? nil : Line(kind: kind, grain: grain, counts: found)
      }
    }
  }

  func encode(into writer: inout StateWriter) {
    writer.map(counts) { writer, key, value in
      writer.int(key)
      writer.int(value)
    }
  }

  init(from reader: inout StateReader) throws(StateError) {
    counts = try reader.map { reader throws(StateError) in (try reader.count(), try reader.count()) }
  }
}

extension DetectionEngine {
  /// Learns from what a person decided on a finding of this engine.
  ///
  /// Confirmed: the sightings leave the base rates again, so that diversion never becomes normal. An ordinary transfer:
  /// more of them are normal for this pair from now on. A false alarm: the same, and the pair counts as less certain. A
  /// data error: the sightings leave the base rates and the hypothesis begins anew.
  package mutating func learn(_ decision: Decision, of finding: Finding) {
    record.add(decision, finding)
    guard case .diversion(let reasons) = finding.reasons, finding.kind == .diversion else { return }
    for (index, profile) in diversion.base.profiles.enumerated() where profile.dealer == finding.dealer {
      diversion.learn(decision, profile: index, finding, reasons)
    }
  }
}

extension DiversionDetector {
  mutating func learn(_ decision: Decision, profile: Int, _ finding: Finding, _ reasons: DiversionReasons) {
    let regions = base.map.regions.indices.filter {
      base.map.regions[$0].code == finding.region || base.map.regions[$0].province == finding.region
    }
    switch decision {
    case .confirmed, .dataError:
      let there = regions.reduce(0.0) { sum, region in sum + observedAll(profile, region) }
      guard there > 0 else { return }
      let keep = 1 - min(1, reasons.seen.total / there)
      for region in regions {
        for group in 0..<BaseRates.groups { base.observed[base.offset(profile, group) + region] *= keep }
      }
    case .ordinaryTransfer, .falseAlarm:
      let nu = reasons.dispersion
      let factor = (nu + reasons.seen.total) / (nu + reasons.expected.total)
      for region in regions {
        let key = UInt64(profile) << 16 | UInt64(region)
        base.taught[key] = min(30, max(base.taught[key] ?? 1, factor))
      }
    }
    guard decision != .confirmed else { return }
    let isPrefecture = finding.grain == .lotPrefecture || finding.grain == .dealerPrefecture
    for grain in [Finding.Grain.dealerPrefecture, .dealerProvince] {
      for region in regions {
        let place = grain == .dealerPrefecture ? region : base.map.provinceOf[region]
        guard isPrefecture || grain == .dealerProvince || regions.count > 1 else { continue }
        restart(KeyID(grain: grain, goods: UInt64(profile), place: place), profile)
      }
    }
  }

  private func observedAll(_ profile: Int, _ region: Int) -> Double {
    (0..<BaseRates.groups).reduce(0.0) { $0 + base.observed[base.offset(profile, $1) + region] }
  }

  /// A hypothesis begins anew with the next sighting.
  private mutating func restart(_ id: KeyID, _ profile: Int) {
    guard var state = keys[id] else { return }
    state.seen = Channels()
    state.since = seen[profile]
    state.sinceOrdinary = ordinary[profile]
    state.hasRestarted = true
    state.before = state.history
    keys.with(id, state) { $0 = state }
  }
}
