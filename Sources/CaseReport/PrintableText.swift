/// Texts as they may stand on paper: what people sent can hold anything.
enum PrintableText {
  /// The most characters of one text that are printed; what is cut is said.
  static let longest = 20_000

  /// The most characters of a cell or a line of the timeline.
  static let longestCell = 600

  /// Without control characters and without what turns the direction of the text around it: a reader of the report and a
  /// reader of its copied text must see the same. Line feeds stay where `isBlock`, else they become blanks.
  static func clean(_ text: String, isBlock: Bool = false, most: Int = longest) -> String {
    var out = String.UnicodeScalarView()
    var count = 0
    var marks = 0
    for scalar in text.unicodeScalars {
      guard count < most else {
        out.append(contentsOf: " […]".unicodeScalars)
        break
      }
      count += 1
      if scalar == "\n", isBlock {
        out.append(scalar)
        continue
      }
      switch scalar.properties.generalCategory {
      case .control, .lineSeparator, .paragraphSeparator: out.append(" ")
      case .surrogate, .unassigned, .privateUse: out.append("\u{FFFD}")
      case .format: if scalar == "\u{200D}" || scalar == "\u{200C}" { out.append(scalar) }
      case .nonspacingMark, .enclosingMark:
        // A pile of marks would reach over the lines above and below.
        marks += 1
        if marks <= 2 { out.append(scalar) }
        continue
      default: out.append(scalar)
      }
      marks = 0
    }
    return String(out)
  }
}
