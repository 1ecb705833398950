extension TemplateElement {
  /// The `type` of an element in a template file.
  private enum Name: String, CaseIterable {
    case qr, text, linear, line, rect
  }

  /// Reads one element of a template for labels of `kind`.
  init(reading entry: TemplateReader, kind: LabelKind) throws(LabelError) {
    var reader = entry
    let name: Name = try reader.word("type")
    switch name {
    case .qr: self = .qr(try QRElement(reading: &reader, kind: kind))
    case .text: self = .text(try TextElement(reading: &reader, kind: kind))
    case .linear: self = .linear(try LinearElement(reading: &reader, kind: kind))
    case .line: self = .ink([try Self.line(&reader)])
    case .rect: self = .ink(try Self.rect(&reader))
    }
    try reader.close()
  }

  /// A horizontal or vertical rule: its box is the line with its width about the middle.
  private static func line(_ reader: inout TemplateReader) throws(LabelError) -> LabelBox {
    let from = try point(&reader, "from")
    let end = try point(&reader, "to")
    let width = try reader.number("width", in: 0.05...10)
    guard from.x == end.x || from.y == end.y else {
      throw .template(field: reader.path, .expected("a horizontal or vertical line"))
    }
    let half = width / 2
    let horizontal = from.y == end.y
    return LabelBox(
      x: min(from.x, end.x) - (horizontal ? 0 : half), y: min(from.y, end.y) - (horizontal ? half : 0),
      width: horizontal ? abs(from.x - end.x) : width, height: horizontal ? width : abs(from.y - end.y))
  }

  private static func point(
    _ reader: inout TemplateReader, _ name: String
  ) throws(LabelError) -> (x: Double, y: Double) {
    var point = try reader.object(name)
    let side = 0...LabelLimits.sideMillimetres
    let result = (x: try point.number("x", in: side), y: try point.number("y", in: side))
    try point.close()
    return result
  }

  /// A filled rectangle, or a frame: four rules within the box's edge.
  private static func rect(_ reader: inout TemplateReader) throws(LabelError) -> [LabelBox] {
    let box = try reader.box("box")
    let fill = try reader.flag("fill", or: false)
    let stroke = try reader.number("stroke", in: 0.05...10, or: fill ? 0.05 : nil)
    if fill { return [box] }
    guard stroke * 2 <= min(box.width, box.height) else {
      throw .template(field: reader.path(of: "stroke"), .outOfRange(0.05, min(box.width, box.height) / 2))
    }
    let inner = box.height - 2 * stroke
    return [
      LabelBox(x: box.x, y: box.y, width: box.width, height: stroke),
      LabelBox(x: box.x, y: box.bottom - stroke, width: box.width, height: stroke),
      LabelBox(x: box.x, y: box.y + stroke, width: stroke, height: inner),
      LabelBox(x: box.right - stroke, y: box.y + stroke, width: stroke, height: inner),
    ]
  }
}

extension QRElement {
  fileprivate init(reading reader: inout TemplateReader, kind: LabelKind) throws(LabelError) {
    content = try TextPattern(
      parsing: try reader.text("content", limit: LabelLimits.patternCharacters), kind: kind,
      path: reader.path(of: "content"))
    box = try reader.box("box")
    level = try reader.word("errorCorrection", or: .medium)
    module = try reader.optionalNumber("module", in: 0.1...10)
    minimumModule = try reader.number("minimumModule", in: 0.1...10, or: LabelLimits.warnModuleMillimetres)
  }
}

extension TextElement {
  fileprivate init(reading reader: inout TemplateReader, kind: LabelKind) throws(LabelError) {
    content = try TextPattern(
      parsing: try reader.text("content", limit: LabelLimits.patternCharacters), kind: kind,
      path: reader.path(of: "content"))
    box = try reader.box("box")
    var font = try reader.object("font")
    self.font = FontStyle(
      family: try font.text("family", limit: 100, or: FontStyle.defaultFamily),
      weight: try font.word("weight", or: .regular))
    size = try font.number("size", in: 0.5...100)
    minimumSize = try font.number("minimumSize", in: 0.5...100, or: min(size, max(0.5, size * 0.7)))
    lineHeight = try font.number("lineHeight", in: 0.9...3, or: 1.25)
    try font.close()
    alignment = try reader.word("align", or: .left)
    vertical = try reader.word("vertical", or: .top)
    maxLines = try reader.count("maxLines", in: 1...50, or: 1)
    overflow = try reader.word("overflow", or: .shrink)
    // A box lower than one line would never show anything.
    guard TextMetrics.height(lines: 1, size: minimumSize, lineHeight: lineHeight) <= box.height + 0.01 else {
      throw .template(field: reader.path(of: "box.height"), .outOfRange(minimumSize * TextMetrics.em, 100))
    }
    guard minimumSize <= size else {
      throw .template(field: reader.path(of: "font.minimumSize"), .outOfRange(0.5, size))
    }
  }
}

extension LinearElement {
  /// The two placeholders whose digits have a fixed length and a check digit.
  private enum Content: String, CaseIterable {
    case sscc = "{sscc}"
    case gtin = "{gtin}"
  }

  fileprivate init(reading reader: inout TemplateReader, kind: LabelKind) throws(LabelError) {
    let content: Content = try reader.word("content")
    field = content == .sscc ? .sscc : .gtin
    guard field.kinds.contains(kind) else {
      throw .template(field: reader.path(of: "content"), .placeholder(field.rawValue))
    }
    box = try reader.box("box")
    xDimension = try reader.number("xDimension", in: 0.15...2, or: 0.5)
    let readable = try reader.flag("humanReadable", or: true)
    let size = try reader.number("textSize", in: 1...20, or: 3.5)
    textSize = readable ? size : nil
    let room = box.height - (readable ? GS1128Layout.textHeight(size) : 0)
    guard room >= 3 else { throw .template(field: reader.path(of: "box.height"), .outOfRange(3, 420)) }
    barHeight = try reader.number("barHeight", in: 3...room, or: room)
  }
}

extension LabelSheet {
  /// Reads the sheet of a template for labels of the given size, mm.
  init(reading entry: TemplateReader, label: (width: Double, height: Double)) throws(LabelError) {
    var reader = entry
    let side = 5...2_000.0
    var page = try reader.object("page")
    pageWidth = try page.number("width", in: side)
    pageHeight = try page.number("height", in: side)
    try page.close()
    var margins = try reader.object("margins")
    left = try margins.number("left", in: 0...1_000)
    top = try margins.number("top", in: 0...1_000)
    try margins.close()
    columns = try reader.count("columns", in: 1...100)
    rows = try reader.count("rows", in: 1...100)
    if var gap = try reader.optionalObject("gap") {
      gapX = try gap.number("x", in: 0...1_000, or: 0)
      gapY = try gap.number("y", in: 0...1_000, or: 0)
      try gap.close()
    } else {
      gapX = 0
      gapY = 0
    }
    try reader.close()
    let last = origin(of: labelsPerPage - 1, label: label)
    guard last.x + label.width <= pageWidth + 0.01, last.y + label.height <= pageHeight + 0.01 else {
      throw .template(field: reader.path, .outsidePage)
    }
  }
}
