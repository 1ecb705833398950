import TransparencyLog

/// What a verifier found, link by link.
package struct EvidenceReport: Equatable, Sendable {
  /// A link of the chain and whether it holds.
  package struct Link: Equatable, Sendable {
    /// Which link.
    package let name: LinkName
    /// What was found.
    package let finding: Finding
  }

  /// What was found of a link.
  package enum Finding: Equatable, Sendable {
    /// It holds; the words say what was checked.
    case holds(Wording)
    /// It does not hold: why, and the path of the file in which it shows; nil where it is the bundle as a whole.
    case broken(Flaw, file: String?)
    /// This kind of alert does not rest on it.
    case notApplicable
    /// It could not be looked at, because what it needs is missing or broken.
    case notChecked
  }

  /// Every link once, in the order of `LinkName`.
  package let links: [Link]
  /// The name of the case, where the manifest could be read.
  package let caseID: String?

  init(findings: [LinkName: Finding], caseID: String?) {
    links = LinkName.allCases.map { Link(name: $0, finding: findings[$0] ?? .notChecked) }
    self.caseID = caseID
  }

  /// Whether the evidence is good: nothing is broken, and nothing was left unchecked.
  package var isGood: Bool {
    links.allSatisfy { link in
      switch link.finding {
      case .holds, .notApplicable: true
      case .broken, .notChecked: false
      }
    }
  }

  /// What was found of a link.
  package subscript(name: LinkName) -> Finding {
    links.first { $0.name == name }?.finding ?? .notChecked
  }

  /// The links that are broken.
  package var broken: [Link] {
    links.filter { if case .broken = $0.finding { true } else { false } }
  }
}

extension EvidenceReport {
  /// The report for programs: `{"good","case"?,"links":[{"link","title","finding","detail"?,"flaw"?,"file"?}]}`.
  package var json: JSONValue {
    var report: JSONValue = ["good": .bool(isGood), "links": .array(links.map(\.json))]
    if let caseID { report["case"] = .string(caseID) }
    return report
  }
}

extension EvidenceReport.Link {
  fileprivate var json: JSONValue {
    var link: JSONValue = ["link": .string(name.rawValue), "title": name.title.json]
    switch finding {
    case .holds(let detail):
      link["finding"] = "holds"
      link["detail"] = detail.json
    case .broken(let flaw, let file):
      link["finding"] = "broken"
      link["flaw"] = .string(flaw.slug)
      link["detail"] = flaw.wording.json
      link["file"] = file.map(JSONValue.string)
    case .notApplicable: link["finding"] = "notApplicable"
    case .notChecked: link["finding"] = "notChecked"
    }
    return link
  }
}

extension Wording {
  fileprivate var json: JSONValue { ["zh": .string(zh), "en": .string(en)] }
}

extension EvidenceReport.Finding {
  /// The finding as a sentence for people.
  package var wording: Wording {
    switch self {
    case .holds(let detail): detail
    case .broken(let flaw, let file):
      file.map { Wording(zh: "\($0)：\(flaw.wording.zh)", en: "\($0): \(flaw.wording.en)") } ?? flaw.wording
    case .notApplicable: Wording(zh: "不适用", en: "does not apply")
    case .notChecked: Wording(zh: "未能检查：所依赖的环节已断", en: "not checked: what it rests on is broken")
    }
  }
}
