import Detection
import Regions
import TransparencyLog

extension FindingNumbers {
  /// As an alert keeps them: a part of `seen` under `seen`.
  var json: [String: JSONValue] {
    var members: [String: JSONValue] = [:]
    for (name, value) in values {
      let json = Self.json(value)
      if let dot = name.firstIndex(of: ".") {
        let group = String(name[..<dot])
        var parts = members[group] ?? [:]
        parts[String(name[name.index(after: dot)...])] = json
        members[group] = parts
      } else {
        members[name] = json
      }
    }
    return members
  }

  /// Reads what an alert keeps; other numbers among it do no harm.
  init(_ json: [String: JSONValue]) {
    var values: [String: Value] = [:]
    for (name, member) in json {
      guard let parts = member.object else {
        values[name] = Self.value(member)
        continue
      }
      for (part, member) in parts { values["\(name).\(part)"] = Self.value(member) }
    }
    self.init(values: values)
  }

  private static func json(_ value: Value) -> JSONValue {
    switch value {
    case .real(let number): Self.json(number)
    case .whole(let number): .integer(number)
    case .list(let numbers): .array(numbers.map(json))
    case .text(let text): .string(text)
    }
  }

  /// As parsing would give it, so that an alert in memory equals the one read back.
  private static func json(_ number: Double) -> JSONValue {
    if let whole = Int64(exactly: number), abs(number) < 1e15 { return .integer(whole) }
    return .number(number)
  }

  private static func value(_ json: JSONValue) -> Value? {
    switch json {
    case .integer(let number): .whole(number)
    case .number(let number): .real(number)
    case .string(let text): .text(text)
    case .array(let list): .list(list.compactMap(\.double))
    case .object, .bool, .null: nil
    }
  }
}

/// The engine's finding in a clue's numbers, and its words.
package struct FindingWords {
  /// The finding with its dealer, region, lot and shop.
  let finding: Finding
  private let names: [UInt64: String]
  private let rule: RuleVersion
  private let scans: Int

  /// nil for a clue of another rule.
  init?(_ clue: Clue) {
    self.init(rule: clue.rule, clue.subject, clue.numbers, scans: clue.scans.count)
  }

  init?(rule: RuleVersion, _ subject: AlertSubject, _ numbers: [String: JSONValue], scans: Int) {
    guard var finding = FindingNumbers(numbers).finding else { return nil }
    var names: [UInt64: String] = [:]
    func number(_ text: String?, _ shown: String?) -> UInt64 {
      guard let text else { return 0 }
      let number = Detection.StableHash.of(text)
      names[number] = shown
      return number
    }
    finding.dealer = number(subject.dealer, subject.dealer)
    if finding.grain < .dealerPrefecture, let dispatch = subject.dispatch, let dealer = subject.dealer {
      finding.lot = number("\(dispatch)/\(dealer)", String(dispatch))
    }
    let store = numbers["store"]?.string
    finding.store = number(store, store)
    if finding.kind == .missing {
      finding.lot = number(subject.dispatch.map(String.init), subject.dispatch.map(String.init))
    }
    let phone = numbers["phone"]?.string
    finding.device = number(phone, phone)
    if let item = subject.code?.item { finding.code = number(CopiedCode.key(item), "\(item.gtin) #\(item.index)") }
    finding.region = subject.region.flatMap { Int32($0.description) } ?? 0
    self.finding = finding
    self.names = names
    self.rule = rule
    self.scans = scans
  }

  /// The rule, then the engine's sentences, then what the listed scans are.
  func text(_ language: Regions.Language, _ gazetteer: Gazetteer) -> String? {
    let words = Detection.Explanation(
      finding, language == .zh ? .zh : .en, name: { names[$0] ?? String($0) },
      place: { code in RegionCode(reading: String(code)).map { gazetteer.label($0, language) } ?? String(code) }
    ).text
    let hypothesis = Self.hypothesis(finding.grain, language)
    if language == .zh {
      return "由统计规则 \(rule)（\(hypothesis)）提出。" + words + listed(.zh)
    }
    return "Raised by the statistical rule \(rule) (\(hypothesis)). " + words + " " + listed(.en)
  }

  /// What the scans are that an alert lists.
  private func listed(_ language: Regions.Language) -> String {
    let (zh, en) =
      switch finding.kind {
      case .diversion, .price, .registration:
        ("所列 \(scans) 次扫码各由不同见证人作出。", "The \(scans) scans listed are those of different witnesses that bear it out.")
      case .clone: ("所列 \(scans) 次扫码是该码此前的全部扫码。", "The \(scans) scans listed are this code's so far.")
      case .counterfeit, .burning: ("所列 \(scans) 次扫码均出自该手机。", "The \(scans) scans listed are this phone's.")
      case .missing where scans == 0: ("尚无任何一箱被扫到。", "No box has been scanned at all.")
      case .missing:
        ("所列 \(scans) 次扫码是被看到的各箱的首次扫码。", "The \(scans) scans listed are the first of each box that was seen.")
      }
    return language == .zh ? zh : en
  }

  private static func hypothesis(_ grain: Finding.Grain, _ language: Regions.Language) -> String {
    let (zh, en): (String, String) =
      switch grain {
      case .lotPrefecture: ("一张发货单在一个地级市", "one dispatch in one prefecture")
      case .lotProvince: ("一张发货单在一个省", "one dispatch in one province")
      case .dealerPrefecture: ("一个经销商的全部货物在一个地级市", "all goods of one dealer in one prefecture")
      case .dealerProvince: ("一个经销商的全部货物在一个省", "all goods of one dealer in one province")
      case .store: ("一家门店", "one shop")
      case .code: ("一个编码", "one code")
      case .lot: ("一个批次", "one lot")
      case .device: ("一部手机", "one phone")
      }
    return language == .zh ? zh : en
  }
}

/// The verdict of an alert of the engine of detection, from nothing but the numbers in it.
package struct Recomputation: Hashable, Sendable {
  /// Natural logarithm of the evidence, what it had to reach, and whether all conditions hold.
  package let evidence: Double, threshold: Double, isRaised: Bool

  /// nil for numbers of a rule that is no test.
  package init?(numbers: [String: JSONValue]) {
    guard let verdict = FindingNumbers(numbers).verdict else { return nil }
    evidence = verdict.evidence
    threshold = verdict.threshold
    isRaised = verdict.isRaised
  }
}
