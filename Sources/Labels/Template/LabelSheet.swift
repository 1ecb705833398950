/// How labels lie on the sheets of a PDF.
package struct LabelSheet: Equatable, Sendable {
  /// Page width, mm.
  package let pageWidth: Double
  /// Page height, mm.
  package let pageHeight: Double
  /// Left edge of the first column, mm.
  package let left: Double
  /// Top edge of the first row, mm.
  package let top: Double
  /// Labels across.
  package let columns: Int
  /// Labels down.
  package let rows: Int
  /// Space between columns, mm.
  package let gapX: Double
  /// Space between rows, mm.
  package let gapY: Double

  /// Labels on a full page.
  package var labelsPerPage: Int { columns * rows }

  /// A roll: every label is a page of its own.
  static func roll(width: Double, height: Double) -> LabelSheet {
    LabelSheet(
      pageWidth: width, pageHeight: height, left: 0, top: 0, columns: 1, rows: 1, gapX: 0, gapY: 0)
  }

  /// Left top corner of a place, counted from 0 row by row, mm.
  func origin(of place: Int, label: (width: Double, height: Double)) -> (x: Double, y: Double) {
    let (row, column) = place.quotientAndRemainder(dividingBy: max(columns, 1))
    return (left + Double(column) * (label.width + gapX), top + Double(row) * (label.height + gapY))
  }
}
