import Glibc

/// Finds who guesses codes: phones and networks whose codes fail far more often than a damaged label does.
struct GuessedCodes: Sendable {
  /// What is remembered of a phone or network that failed at least once.
  struct Guesser {
    var evidence = 0.0
    var ordinal = 0
    var failing = 0, genuine = 0
    var isRaised = false
  }

  var settings: DetectionSettings.Guessing
  var dial: Double
  var guessers = RecentMap<UInt64, Guesser>()
  var hypotheses = 0, raised = 0

  init(_ settings: DetectionSettings.Guessing, dial: Double) {
    self.settings = settings
    self.dial = dial
  }

  mutating func observe(_ sighting: Sighting, _ map: Geography, _ findings: inout [Finding]) {
    guard settings.isOn else { return }
    if sighting.device != 0, sighting.isPhone { observe(sighting, sighting.device, isNetwork: false, map, &findings) }
    if sighting.network != 0 { observe(sighting, ~sighting.network, isNetwork: true, map, &findings) }
  }

  private mutating func observe(
    _ sighting: Sighting, _ id: UInt64, isNetwork: Bool, _ map: Geography, _ findings: inout [Finding]
  ) {
    let isGenuine = sighting.box != 0
    guard var guesser = guessers[id] ?? (isGenuine ? nil : Guesser()) else { return }
    if guesser.ordinal == 0 {
      hypotheses += 1
      guesser.ordinal = hypotheses
    }
    if guesser.evidence <= 0 { (guesser.evidence, guesser.failing, guesser.genuine) = (0, 0, 0) }
    if isGenuine {
      guesser.genuine += 1
      guesser.evidence = max(0, guesser.evidence + log((1 - settings.guessing) / (1 - settings.honest)))
    } else {
      guesser.failing += 1
      guesser.evidence += log(settings.guessing / settings.honest)
      let reasons = GuessReasons(
        failing: guesser.failing, genuine: guesser.genuine, isNetwork: isNetwork, evidence: guesser.evidence,
        budget: Budget(alpha: settings.share * dial, ordinal: guesser.ordinal, raised: raised))
      if !guesser.isRaised, reasons.verdict.isRaised {
        guesser.isRaised = true
        raised += 1
        var finding = Finding(
          time: sighting.time, kind: .counterfeit, grain: .device, score: guesser.evidence, reasons: .guess(reasons))
        finding.device = isNetwork ? sighting.network : sighting.device
        finding.region = map.regions[sighting.region].code
        findings.append(finding)
      }
    }
    guessers.with(id, guesser) { $0 = guesser }
  }

  mutating func turn() { guessers.turn() }

  func encode(into writer: inout StateWriter) {
    writer.recent(guessers) { writer, id, guesser in
      writer.fixed(id)
      writer.real(guesser.evidence)
      for count in [guesser.ordinal, guesser.failing, guesser.genuine] { writer.int(count) }
      writer.flag(guesser.isRaised)
    }
    writer.int(hypotheses)
    writer.int(raised)
  }

  init(from reader: inout StateReader, _ settings: DetectionSettings.Guessing, dial: Double) throws(StateError) {
    self.init(settings, dial: dial)
    guessers = try reader.recent { reader throws(StateError) in
      let id = try reader.fixed()
      var guesser = Guesser(evidence: try reader.real())
      guesser.ordinal = try reader.count()
      guesser.failing = try reader.count()
      guesser.genuine = try reader.count()
      guesser.isRaised = try reader.flag()
      return (id, guesser)
    }
    hypotheses = try reader.count()
    raised = try reader.count()
  }
}
