/// Sets the texts of labels in their boxes. What is the same on many labels (a product's name) is set once.
final class TextSetter {
  private struct Key: Hashable {
    let element: Int
    let text: String
  }

  /// Settings kept; beyond it all are dropped. A template's constant texts and a batch's names are far fewer.
  private static let kept = 512

  private let book = FontBookPool.take()
  private var settings: [Key: TextBlock] = [:]

  deinit { FontBookPool.giveBack(book) }

  /// The text of an element in its place; `index` is its place in the template. Throws `.doesNotFit` when a character
  /// cannot be drawn or ink would leave the box.
  func block(_ text: String, of element: TextElement, at index: Int) throws(LabelError) -> TextBlock {
    let key = Key(element: index, text: text)
    if let known = settings[key] { return known }
    do throws(FitFaultError) {
      if CodeTypesetter.accepts(text), let lines = try setCode(text, element) {
        return TextBlock(lines, isShared: false)
      }
      let block = TextBlock(try set(text, element), isShared: true)
      if settings.count >= Self.kept { settings.removeAll(keepingCapacity: true) }
      settings[key] = block
      return block
    } catch {
      throw .doesNotFit(element: TemplateChecks.path(index), error.fault)
    }
  }

  /// A code at its full size, or nil when it must be shrunk or cut.
  private func setCode(_ text: String, _ element: TextElement) throws(FitFaultError) -> [TextLine]? {
    let limit = Self.lineLimit(element, size: element.size)
    guard limit > 0 else { return nil }
    let width = (element.box.width + 0.01) / element.size
    guard let lines = try book.codes.set(text, style: element.font, width: width, lines: limit, book: book) else {
      return nil
    }
    return Self.place(lines, element, size: element.size)
  }

  /// A text at the largest size at which it fits, cut with an ellipsis at the smallest.
  private func set(_ text: String, _ element: TextElement) throws(FitFaultError) -> [TextLine] {
    var size = element.size
    while true {
      let isLast = element.overflow == .ellipsis || size <= element.minimumSize
      let limit = Self.lineLimit(element, size: size)
      if limit > 0 {
        let setting = try book.set(
          text, style: element.font, size: size, width: element.box.width, lines: limit)
        let inside = Self.isInside(setting.lines, element, size: size)
        if inside, isLast || !setting.isCut { return Self.place(setting.lines, element, size: size) }
        if isLast { throw FitFaultError(fault: .inkOutsideBox) }
      } else if isLast {
        throw FitFaultError(fault: .inkOutsideBox)
      }
      // Steps of 4 % are too small to see.
      size = max(size * 0.96, element.minimumSize)
    }
  }

  private static func lineLimit(_ element: TextElement, size: Double) -> Int {
    min(element.maxLines, TextMetrics.lines(in: element.box.height, size: size, lineHeight: element.lineHeight))
  }

  /// Whether the ink stays within the lines' own room. Stacked marks and tall scripts can reach far out of it.
  private static func isInside(_ lines: [FontBook.Line], _ element: TextElement, size: Double) -> Bool {
    let slack = 0.08
    let width = element.box.width / size
    return lines.allSatisfy { line in
      line.ink.above <= TextMetrics.ascent + slack && line.ink.below <= TextMetrics.descent + slack
        && line.ink.left >= -slack && line.ink.right <= width + slack
    }
  }

  private static func place(_ lines: [FontBook.Line], _ element: TextElement, size: Double) -> [TextLine] {
    let box = element.box
    let height = TextMetrics.height(lines: lines.count, size: size, lineHeight: element.lineHeight)
    let top: Double =
      switch element.vertical {
      case .top: box.y
      case .middle: box.y + (box.height - height) / 2
      case .bottom: box.bottom - height
      }
    return lines.enumerated().map { index, line in
      let free = box.width - line.width * size
      let x: Double =
        switch element.alignment {
        case .left: box.x
        case .center: box.x + free / 2
        case .right: box.right - line.width * size
        }
      let baseline = top + size * (TextMetrics.ascent + Double(index) * element.lineHeight)
      return TextLine(x: x, baseline: baseline, size: size, width: line.width * size, runs: line.runs)
    }
  }
}
