/// The numbers of findings about codes and phones.
extension FindingNumbers {
  mutating func put(_ reasons: CopyReasons) {
    put("devices", .whole(Int64(reasons.devices)))
    put("devicePlaces", .whole(Int64(reasons.places)))
    put("kilometers", .real(reasons.kilometers))
    put("kilometersPerHour", .real(reasons.speed))
    put("codeEvidence", .real(reasons.code))
    put("lotEvidence", .real(reasons.lot))
    put("lotCodes", .whole(Int64(reasons.lotCodes)))
    put("nextDevice", .real(reasons.nextDevice))
    put(reasons.budget)
    put("threshold", .real(reasons.verdict.threshold))
  }

  var copy: CopyReasons? {
    guard let devices = count("devices"), let places = count("devicePlaces"), let kilometers = real("kilometers"),
      let speed = real("kilometersPerHour"), let code = real("codeEvidence"), let lot = real("lotEvidence"),
      let lotCodes = count("lotCodes"), let next = real("nextDevice"), let budget
    else { return nil }
    return CopyReasons(
      devices: devices, places: places, kilometers: kilometers, speed: speed, code: code, lot: lot,
      lotCodes: lotCodes, nextDevice: next, budget: budget)
  }

  mutating func put(_ reasons: GuessReasons) {
    put("failing", .whole(Int64(reasons.failing)))
    put("existing", .whole(Int64(reasons.genuine)))
    put("network", .whole(reasons.isNetwork ? 1 : 0))
    put(reasons.budget)
    put("threshold", .real(reasons.verdict.threshold))
  }

  var guess: GuessReasons? {
    guard let failing = count("failing"), let genuine = count("existing"), let network = whole("network"),
      let evidence = real("evidence"), let budget
    else { return nil }
    return GuessReasons(
      failing: failing, genuine: genuine, isNetwork: network != 0, evidence: evidence, budget: budget)
  }

  mutating func put(_ reasons: MissingReasons) {
    put("boxes", .whole(Int64(reasons.boxes)))
    put("boxesSeen", .whole(Int64(reasons.boxesSeen)))
    put("boxesExpected", .real(reasons.boxesExpected))
    put("boxRate", .real(reasons.rate))
    put("days", .whole(reasons.days))
    put("boxesOutside", .whole(Int64(reasons.outside)))
    put(reasons.budget)
    put("threshold", .real(reasons.verdict.threshold))
  }

  var missing: MissingReasons? {
    guard let boxes = count("boxes"), let seen = count("boxesSeen"), let expected = real("boxesExpected"),
      let rate = real("boxRate"), let days = whole("days"), let outside = count("boxesOutside"),
      let evidence = real("evidence"), let budget
    else { return nil }
    return MissingReasons(
      boxes: boxes, boxesSeen: seen, boxesExpected: expected, rate: rate, days: days, outside: outside,
      evidence: evidence, budget: budget)
  }

  mutating func put(_ reasons: BurningReasons) {
    put("burstCodes", .whole(Int64(reasons.codes)))
    put("burstBoxes", .whole(Int64(reasons.boxes)))
    put("seconds", .whole(reasons.seconds))
    put("nextBox", .real(reasons.nextBox))
    put(reasons.budget)
    put("threshold", .real(reasons.verdict.threshold))
  }

  var burning: BurningReasons? {
    guard let codes = count("burstCodes"), let boxes = count("burstBoxes"), let seconds = whole("seconds"),
      let next = real("nextBox"), let evidence = real("evidence"), let budget
    else { return nil }
    return BurningReasons(
      codes: codes, boxes: boxes, seconds: seconds, nextBox: next, evidence: evidence, budget: budget)
  }
}
