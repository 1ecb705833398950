/// How a GS1-128 symbol divides its box: bars above, the line for people below.
enum GS1128Layout {
  /// Space between the bars and the line, mm.
  static let gap = 0.8

  /// Height of the line for people with the space above it, mm.
  static func textHeight(_ size: Double) -> Double {
    gap + TextMetrics.height(lines: 1, size: size, lineHeight: 1)
  }

  /// The line as a text element of its own, under the bars.
  static func textElement(for linear: LinearElement, text: String) -> TextElement? {
    guard let size = linear.textSize else { return nil }
    let box = LabelBox(
      x: linear.box.x, y: linear.box.y + linear.barHeight + gap, width: linear.box.width,
      height: TextMetrics.height(lines: 1, size: size, lineHeight: 1))
    return TextElement(
      content: TextPattern(constant: text), box: box,
      font: FontStyle(family: FontStyle.defaultFamily, weight: .regular), size: size, minimumSize: size * 0.7,
      lineHeight: 1, alignment: .center, vertical: .top, maxLines: 1, overflow: .shrink)
  }
}
