/// A table whose head is repeated on every page that it runs over.
struct ReportTable {
  /// A column: its head, and its share of the width.
  struct Column {
    let name: String
    let share: Double
    var face = Typeface.table
  }

  /// The most lines of a cell; what is cut ends in an ellipsis.
  private static let linesMax = 14
  private static let padding = 4.0

  let columns: [Column]

  private func width(_ column: Column) -> Double {
    Flow.width * column.share / columns.reduce(0) { $0 + $1.share }
  }

  /// Draws the rows; a row is never broken over two pages.
  func draw(_ rows: [[String]], in flow: inout Flow) {
    drawHead(&flow)
    for (place, row) in rows.enumerated() {
      let cells = zip(columns, row).map { column, text in
        flow.canvas.set(
          PrintableText.clean(text, most: PrintableText.longestCell), column.face,
          width: width(column) - 2 * Self.padding, lines: Self.linesMax)
      }
      let height = (cells.compactMap { $0?.height }.max() ?? 0) + 2 * Self.padding
      if flow.room < height {
        flow.breakPage()
        drawHead(&flow)
      }
      if place % 2 == 1 {
        flow.canvas.rectangle(Box(x: Flow.left, y: flow.y, width: Flow.width, height: height), fill: .shade)
      }
      var x = Flow.left
      for (column, cell) in zip(columns, cells) {
        if let cell { flow.canvas.draw(cell, x: x + Self.padding, y: flow.y + Self.padding) }
        x += width(column)
      }
      flow.y += height
      flow.canvas.line(from: (Flow.left, flow.y), to: (Flow.left + Flow.width, flow.y))
    }
    flow.gap(8)
  }

  private func drawHead(_ flow: inout Flow) {
    let cells = columns.map { column in
      flow.canvas.set(
        column.name, Typeface(family: Typeface.table.family, size: Typeface.table.size, isBold: true),
        width: width(column) - 2 * Self.padding, lines: 2)
    }
    let height = (cells.compactMap { $0?.height }.max() ?? 0) + 2 * Self.padding
    flow.need(height + 40)
    flow.canvas.line(from: (Flow.left, flow.y), to: (Flow.left + Flow.width, flow.y), ink: .black, width: 0.9)
    var x = Flow.left
    for (column, cell) in zip(columns, cells) {
      if let cell { flow.canvas.draw(cell, x: x + Self.padding, y: flow.y + Self.padding) }
      x += width(column)
    }
    flow.y += height
    flow.canvas.line(from: (Flow.left, flow.y), to: (Flow.left + Flow.width, flow.y), ink: .black, width: 0.6)
  }
}
