/// How labels lie in one image: a single label alone, several in rows as on the template's sheet.
struct ImageSheet {
  /// Width of the image, mm.
  let width: Double
  /// Height of the image, mm.
  let height: Double
  private let sheet: LabelSheet
  private let label: (width: Double, height: Double)

  /// A sheet for `count` labels: as many columns as the template's sheet has, as many rows as it takes.
  init(_ template: LabelTemplate, count: Int) {
    label = (template.width, template.height)
    let columns = max(1, min(count, template.sheet.columns))
    let rows = max(1, (count + columns - 1) / columns)
    // Labels that touch on a die-cut sheet are set apart here, where nothing else shows where one ends.
    let gap = count > 1 ? 2.0 : 0
    sheet = LabelSheet(
      pageWidth: 0, pageHeight: 0, left: gap, top: gap, columns: columns, rows: rows,
      gapX: max(gap, template.sheet.gapX), gapY: max(gap, template.sheet.gapY))
    let last = sheet.origin(of: columns * rows - 1, label: label)
    width = last.x + label.width + gap
    height = last.y + label.height + gap
  }

  /// Left top corner of a label, mm.
  func origin(of place: Int) -> (x: Double, y: Double) {
    sheet.origin(of: place, label: label)
  }
}
