/// Sets a report from top to bottom: knows where the page ends, and puts head and foot on every page.
struct Flow {
  static let margin = 56.0
  static let top = 84.0
  static let bottom = PDFCanvas.height - 64
  static let left = margin
  static let width = PDFCanvas.width - 2 * margin

  /// What stands on every page.
  struct Frame {
    let caseNumber: String
    let brand: String
    let madeAt: String
    /// How many pages there are; nil while that is being counted.
    let pages: Int?
  }

  let canvas: PDFCanvas
  let language: ReportLanguage
  private let frame: Frame
  /// The page being written, from 1.
  private(set) var page: Int
  var y = Flow.top

  init(_ canvas: PDFCanvas, _ language: ReportLanguage, _ frame: Frame, page: Int) {
    self.canvas = canvas
    self.language = language
    self.frame = frame
    self.page = page
    drawFrame()
  }

  /// What is left of the page, points.
  var room: Double { Self.bottom - y }

  func words(_ zh: String, _ en: String) -> String { language == .zh ? zh : en }

  func words(_ text: Bilingual) -> String { PrintableText.clean(text[language], most: PrintableText.longestCell) }

  /// Goes on to the next page.
  mutating func breakPage() {
    canvas.showPage()
    page += 1
    y = Self.top
    drawFrame()
  }

  /// Goes on to the next page unless so much is left of this one.
  mutating func need(_ height: Double) {
    if room < height, y > Self.top { breakPage() }
  }

  mutating func gap(_ height: Double) { y = min(y + height, Self.bottom) }

  private func drawFrame() {
    let right = Self.left + Self.width
    put(
      words("案件 \(frame.caseNumber)", "Case \(frame.caseNumber)"), .label, x: Self.left, y: 40, width: Self.width * 0.6)
    put(words("防窜货证据报告", "Evidence report: diversion of goods"), .small, x: right, y: 42, isRight: true)
    canvas.line(from: (Self.left, 60), to: (right, 60), ink: .black, width: 0.8)
    let foot = PDFCanvas.height - 46
    canvas.line(from: (Self.left, foot - 6), to: (right, foot - 6))
    put("\(frame.brand) · \(frame.madeAt)", .small, x: Self.left, y: foot, width: Self.width * 0.75)
    let total = frame.pages.map(String.init) ?? "000"
    put(words("第 \(page) 页，共 \(total) 页", "Page \(page) of \(total)"), .small, x: right, y: foot, isRight: true)
  }

  /// One line at a place; `isRight` lets it end at `x`.
  func put(
    _ text: String, _ face: Typeface, x: Double, y: Double, width: Double? = nil, isRight: Bool = false,
    ink: Ink = .black
  ) {
    guard let set = canvas.set(text, face, width: width, lines: width == nil ? nil : 1) else { return }
    canvas.draw(set, x: isRight ? x - set.width : x, y: y, ink: ink)
  }
}

extension Flow {
  /// A section's heading, kept together with what follows.
  mutating func heading(_ zh: String, _ en: String, keepingWith height: Double = 40) {
    need(height + 34)
    if y > Self.top { gap(14) }
    guard let set = canvas.set(words(zh, en), .heading, width: Self.width, lines: 2) else { return }
    canvas.draw(set, x: Self.left, y: y, ink: .blue)
    y += set.height + 2
    canvas.line(from: (Self.left, y), to: (Self.left + Self.width, y), ink: .blue, width: 0.8)
    y += 7
  }

  /// A paragraph of any length, over as many pages as it takes.
  mutating func paragraph(
    _ text: String, _ face: Typeface = .body, indent: Double = 0, ink: Ink = .black, after: Double = 5
  ) {
    let text = PrintableText.clean(text, isBlock: true)
    guard let set = canvas.set(text, face, width: Self.width - indent, spacing: 1.4) else { return }
    var start = 0
    while start < set.heights.count {
      var end = start
      var height = 0.0
      while end < set.heights.count, height + set.heights[end] <= room {
        height += set.heights[end]
        end += 1
      }
      if end == start {
        // A line higher than a page cannot be; it is drawn where it stands.
        guard y > Self.top else { end = start + 1; continue }
        breakPage()
        continue
      }
      canvas.draw(set, lines: start..<end, x: Self.left + indent, y: y, ink: ink)
      y += height
      start = end
      if start < set.heights.count { breakPage() }
    }
    gap(after)
  }
}
