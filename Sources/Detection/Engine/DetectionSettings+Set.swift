/// A setting that does not exist, or a value that it cannot take.
package enum SettingError: Error, Equatable, CustomStringConvertible {
  /// Not of the form `name=value`.
  case form(String)
  /// No such setting.
  case unknown(String)
  /// Not a value of it.
  case value(name: String, text: String)

  /// A sentence for the user.
  package var description: String {
    switch self {
    case .form(let text): "\"\(text)\" is not of the form SETTING=VALUE"
    case .unknown(let name):
      "there is no setting \"\(name)\"; there are \(DetectionSettings.names.joined(separator: ", "))"
    case .value(let name, let text): "\"\(text)\" is no value of \(name)"
    }
  }
}

extension DetectionSettings {
  /// A setting by name.
  private enum Slot {
    case number(WritableKeyPath<DetectionSettings, Double>, ClosedRange<Double>)
    case flag(WritableKeyPath<DetectionSettings, Bool>)
    case int(WritableKeyPath<DetectionSettings, Int>, ClosedRange<Int>)
    case count(WritableKeyPath<DetectionSettings, Int64>, ClosedRange<Int64>)
  }

  private static var slots: [String: Slot] {
    [
      "acceptedFalseShare": .number(\.acceptedFalseShare, 0.0001...1),
      "memoryDays": .count(\.memoryDays, 1...36_500),
      "rates.isLearnt": .flag(\.rates.isLearnt), "rates.halfLifeDays": .number(\.rates.halfLifeDays, 0...36_500),
      "rates.inspectorFactor": .number(\.rates.inspectorFactor, 0.001...10),
      "diversion.lotPrefectureShare": .number(\.diversion.lotPrefectureShare, 1e-9...1),
      "diversion.lotProvinceShare": .number(\.diversion.lotProvinceShare, 1e-9...1),
      "diversion.dealerPrefectureShare": .number(\.diversion.dealerPrefectureShare, 1e-9...1),
      "diversion.dealerProvinceShare": .number(\.diversion.dealerProvinceShare, 1e-9...1),
      "diversion.storeShare": .number(\.diversion.storeShare, 1e-9...1),
      "diversion.head": .int(\.diversion.head, 0...10_000_000),
      "diversion.lotDispersion": .number(\.diversion.lotDispersion, 0.1...100),
      "diversion.historyPrior": .number(\.diversion.historyPrior, 0.1...100),
      "diversion.sightingsMin": .number(\.diversion.sightingsMin, 1...100),
      "diversion.sightingsMinShelf": .number(\.diversion.sightingsMinShelf, 1...100),
      "diversion.sightingsMinInspector": .number(\.diversion.sightingsMinInspector, 1...100),
      "diversion.materiality": .number(\.diversion.materiality, 0...100),
      "diversion.rearmDays": .count(\.diversion.rearmDays, 1...3650),
      "diversion.caseDays": .count(\.diversion.caseDays, 1...3650),
      "diversion.shopRadius": .number(\.diversion.shopRadius, 0...2000),
      "diversion.fixedThreshold": .number(\.diversion.fixedThreshold, 0...1000),
      "diversion.usesSeason": .flag(\.diversion.usesSeason), "diversion.usesHistory": .flag(\.diversion.usesHistory),
      "diversion.usesLots": .flag(\.diversion.usesLots), "diversion.usesDealers": .flag(\.diversion.usesDealers),
      "diversion.usesStores": .flag(\.diversion.usesStores), "diversion.usesVotes": .flag(\.diversion.usesVotes),
      "diversion.usesProvinces": .flag(\.diversion.usesProvinces),
      "diversion.usesRestarts": .flag(\.diversion.usesRestarts),
      "diversion.usesSources": .flag(\.diversion.usesSources), "diversion.usesShops": .flag(\.diversion.usesShops),
      "diversion.usesDiffusion": .flag(\.diversion.usesDiffusion),
      "diversion.suspectsStores": .flag(\.diversion.suspectsStores),
      "copies.isOn": .flag(\.copies.isOn), "copies.codeShare": .number(\.copies.codeShare, 1e-9...1),
      "copies.lotShare": .number(\.copies.lotShare, 1e-9...1),
      "copies.nextDevice": .number(\.copies.nextDevice, 0.01...0.99),
      "copies.lotFraction": .number(\.copies.lotFraction, 0.001...1),
      "copies.lotPartMax": .number(\.copies.lotPartMax, 0...600),
      "copies.head": .int(\.copies.head, 0...10_000_000), "copies.namedMin": .number(\.copies.namedMin, 0...100),
      "copies.devicePrior": .number(\.copies.devicePrior, 0...1e6),
      "copies.placePrior": .number(\.copies.placePrior, 0...1e6),
      "diversion.diffusePrior": .number(\.diversion.diffusePrior, 0.01...1000),
      "diversion.shopRate": .number(\.rates.floors[3], 1e-9...1),
      "diversion.shopOutside": .number(\.rates.outsideShares[3], 1e-9...1),
      "diversion.terminalSeen": .number(\.diversion.seenInPrefecture.terminal, 0.01...1),
      "diversion.terminalSeenProvince": .number(\.diversion.seenInProvince.terminal, 0.01...1),
      "diversion.shopBoxes": .int(\.diversion.shopBoxes, 1...255),
      "diversion.storePrior": .number(\.diversion.storePrior, 0.01...10_000),
      "diversion.provinceDispersion": .number(\.diversion.provinceDispersion, 0.1...100),
      "diversion.dispersionMax": .number(\.diversion.dispersionMax, 0.1...100),
      "diversion.caseRadius": .number(\.diversion.caseRadius, 0...5000),
      "price.underMin": .int(\.price.underMin, 1...1000), "price.quietDays": .count(\.price.quietDays, 1...3650),
      "price.isOn": .flag(\.price.isOn), "price.share": .number(\.price.share, 1e-9...1),
      "guessing.isOn": .flag(\.guessing.isOn), "guessing.share": .number(\.guessing.share, 1e-9...1),
      "missing.isOn": .flag(\.missing.isOn), "missing.removedShare": .number(\.missing.removedShare, 1e-9...1),
      "missing.spread": .number(\.missing.spread, 0.01...10),
      "missing.spreadMin": .number(\.missing.spreadMin, 0.01...10),
      "missing.burntShare": .number(\.missing.burntShare, 1e-9...1),
    ]
  }

  /// What ``set(_:)`` knows.
  package static var names: [String] { (slots.keys + ["market"]).sorted() }

  /// Changes one setting, given as `name=value`.
  package mutating func set(_ assignment: String) throws(SettingError) {
    guard let sign = assignment.firstIndex(of: "=") else { throw .form(assignment) }
    let name = String(assignment[..<sign])
    let text = String(assignment[assignment.index(after: sign)...])
    if name == "market" {
      guard let value = Market(rawValue: text) else { throw .value(name: name, text: text) }
      market = value
      return
    }
    switch Self.slots[name] {
    case .number(let path, let range):
      guard let value = Double(text), range.contains(value) else { throw .value(name: name, text: text) }
      self[keyPath: path] = value
    case .flag(let path):
      guard let value = Bool(text) else { throw .value(name: name, text: text) }
      self[keyPath: path] = value
    case .int(let path, let range):
      guard let value = Int(text), range.contains(value) else { throw .value(name: name, text: text) }
      self[keyPath: path] = value
    case .count(let path, let range):
      guard let value = Int64(text), range.contains(value) else { throw .value(name: name, text: text) }
      self[keyPath: path] = value
    case nil: throw .unknown(name)
    }
  }
}
