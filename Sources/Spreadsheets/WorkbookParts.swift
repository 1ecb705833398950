/// The sheets of a workbook and its way of counting days (ECMA-376 part 1, §18.2).
struct BookVisitor: XMLVisitor {
  struct Sheet {
    let name: String, relation: String, isVisible: Bool
  }

  private(set) var sheets: [Sheet] = []
  /// Days are counted from 1904, as old programs for Macintosh did.
  private(set) var is1904 = false

  mutating func begin(_ name: String, _ attributes: [String: String]) throws(WorkbookFault) {
    switch name {
    case "sheet":
      let relation = attributes.first { $0.key == "id" || $0.key.hasSuffix(":id") }?.value ?? ""
      sheets.append(
        Sheet(
          name: attributes["name"] ?? "", relation: relation,
          isVisible: ["visible", nil].contains(attributes["state"])))
    case "workbookPr": is1904 = ["1", "true"].contains(attributes["date1904"])
    default: break
    }
  }

  mutating func end(_ name: String) {}
  mutating func text(_ text: String) {}
}

/// What a part refers to (ECMA-376 part 2, §9.3).
struct RelationsVisitor: XMLVisitor {
  struct Relation {
    let id: String, type: String, target: String
  }

  private(set) var relations: [Relation] = []

  mutating func begin(_ name: String, _ attributes: [String: String]) throws(WorkbookFault) {
    guard name == "Relationship", attributes["TargetMode"] != "External" else { return }
    guard relations.count < WorkbookLimits.partsMax else { throw .tooLarge }
    relations.append(
      Relation(id: attributes["Id"] ?? "", type: attributes["Type"] ?? "", target: attributes["Target"] ?? ""))
  }

  mutating func end(_ name: String) {}
  mutating func text(_ text: String) {}

  /// The name of a part that another refers to.
  /// - Parameter folder: of the part that refers, with a slash at its end: `xl/`.
  static func path(_ target: String, in folder: String) -> String {
    var parts = target.hasPrefix("/") ? [] : folder.split(separator: "/")
    for part in target.split(separator: "/") {
      switch part {
      case ".": continue
      case "..": _ = parts.popLast()
      default: parts.append(part)
      }
    }
    return parts.joined(separator: "/")
  }
}

/// How the numbers of each cell format are shown (ECMA-376 part 1, §18.8).
struct StylesVisitor: XMLVisitor {
  private var codes: [Int: NumberShape] = [:]
  private var isInCells = false
  /// By the number that a cell gives.
  private(set) var shapes: [NumberShape] = []

  mutating func begin(_ name: String, _ attributes: [String: String]) throws(WorkbookFault) {
    switch name {
    case "numFmt":
      guard codes.count < WorkbookLimits.stylesMax else { throw .tooLarge }
      if let id = attributes["numFmtId"].flatMap({ Int($0) }) {
        codes[id] = NumberShape(code: attributes["formatCode"] ?? "")
      }
    case "cellXfs": isInCells = true
    case "xf" where isInCells:
      guard shapes.count < WorkbookLimits.stylesMax else { throw .tooLarge }
      let id = attributes["numFmtId"].flatMap { Int($0) } ?? 0
      shapes.append(codes[id] ?? NumberShape(builtIn: id))
    default: break
    }
  }

  mutating func end(_ name: String) { if name == "cellXfs" { isInCells = false } }
  mutating func text(_ text: String) {}
}

/// Texts that many cells share (ECMA-376 part 1, §18.4): plain ones and runs of rich text, without what is written above
/// ideographs to say how they sound.
struct SharedTextsVisitor: XMLVisitor {
  private(set) var texts: [String] = []
  private var current = ""
  private var isInText = false, soundDepth = 0

  mutating func begin(_ name: String, _ attributes: [String: String]) throws(WorkbookFault) {
    switch name {
    case "si":
      guard texts.count < WorkbookLimits.sharedMax else { throw .tooLarge }
      current = ""
    case "rPh": soundDepth += 1
    case "t": isInText = soundDepth == 0
    default: break
    }
  }

  mutating func end(_ name: String) {
    switch name {
    case "si": texts.append(current.unescapedFromSheet)
    case "rPh": soundDepth -= 1
    case "t": isInText = false
    default: break
    }
  }

  mutating func text(_ text: String) { if isInText { current += text } }
}
