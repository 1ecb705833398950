import Detection
import TransparencyLog

/// The engine's finding in an alert that a person decided on.
struct DecidedFinding {
  /// nil for alerts that the engine cannot learn from: its own other kinds, and other rules'.
  let finding: Finding?

  /// An alert of the plain rule teaches as much as its witnesses are worth: the engine is told their number.
  init(_ notice: DecisionNotice) {
    let name = notice.rule.split(separator: "/").first.map(String.init) ?? notice.rule
    if let words = FindingWords(rule: RuleVersion(name, 1), notice.subject, notice.numbers, scans: 0) {
      finding = words.finding
    } else if name == OutsideTerritory.rule.name {
      finding = Self.plain(notice)
    } else {
      finding = nil
    }
  }

  private static func plain(_ notice: DecisionNotice) -> Finding? {
    guard let region = notice.subject.region, let code = Int32(region.description) else { return nil }
    func count(_ name: String) -> JSONValue { .integer(notice.numbers[name]?.int ?? 0) }
    let none: JSONValue = ["gps": 0, "ip": 0, "terminal": 0, "inspector": 0, "shop": 0]
    // One sighting in ten outside is detection.md's cold start; the rest of the numbers is not asked for.
    let numbers: [String: JSONValue] = [
      "finding": "diversion", "grain": region == region.provinceOrSelf ? "lotProvince" : "lotPrefecture", "time": 0,
      "evidence": 0,
      "seen": [
        "gps": count("consumers"), "ip": 0, "terminal": count("terminals"), "inspector": count("inspectors"), "shop": 0,
      ],
      "expected": ["gps": 0.1, "ip": 0, "terminal": 0, "inspector": 0, "shop": 0], "exposure": none, "shares": [0.15],
      "dispersion": 3, "alpha": 0.1, "hypothesis": 1, "raisedBefore": 0, "fixedThreshold": 0,
      "least": ["any": 4, "shelf": 3, "inspector": 1, "multiple": 2.5], "rate": none, "rateByDistance": 0,
      "kilometers": 0, "neighbour": 0, "dealerSightings": 0, "dealerSightingsThere": 0, "history": 1, "season": 1,
      "diffusion": 1, "suspectStores": 0, "onSale": 0,
    ]
    guard var finding = FindingNumbers(numbers).finding else { return nil }
    finding.region = code
    finding.dealer = notice.subject.dealer.map(Detection.StableHash.of) ?? 0
    return finding
  }
}
