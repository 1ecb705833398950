/// The design of a label, as data: size, elements, sheet. Written in JSON; `codes/labels/README.md` describes every
/// field. A value of this type has passed every check that does not depend on the content.
package struct LabelTemplate: Equatable, Sendable {
  /// The template's name.
  package let name: String
  /// What it labels.
  package let kind: LabelKind
  /// Width, mm.
  package let width: Double
  /// Height, mm.
  package let height: Double
  /// What is drawn, in this order.
  package let elements: [TemplateElement]
  /// How labels lie on a sheet.
  package let sheet: LabelSheet

  /// Reads a template. Throws `.template` naming the field that is wrong, `.templateNotJSON`, or `.templateTooLarge`.
  package init(parsing bytes: some Sequence<UInt8>) throws(LabelError) {
    // One byte more than allowed tells "too large" without reading an endless sequence.
    let bytes = Array(bytes.prefix(LabelLimits.templateBytes + 1))
    guard bytes.count <= LabelLimits.templateBytes else {
      throw .templateTooLarge(limit: LabelLimits.templateBytes)
    }
    guard let value = JSONValue(parsing: bytes), case .object = value else { throw .templateNotJSON }
    var reader = try TemplateReader(value, path: "")
    let kind: LabelKind = try reader.word("kind")
    var size = try reader.object("size")
    let width = try size.number("width", in: 5...LabelLimits.sideMillimetres)
    let height = try size.number("height", in: 5...LabelLimits.sideMillimetres)
    try size.close()
    var elements: [TemplateElement] = []
    for entry in try reader.objects("elements", limit: LabelLimits.elements) {
      elements.append(try TemplateElement(reading: entry, kind: kind))
    }
    self.kind = kind
    self.width = width
    self.height = height
    self.elements = elements
    name = try reader.text("name", limit: 60)
    _ = try reader.text("description", limit: 500, or: "")
    sheet =
      try reader.optionalObject("sheet").map { sheet throws(LabelError) in
        try LabelSheet(reading: sheet, label: (width, height))
      } ?? .roll(width: width, height: height)
    try reader.close()
    try TemplateChecks.check(elements, label: LabelBox(x: 0, y: 0, width: width, height: height))
  }
}
