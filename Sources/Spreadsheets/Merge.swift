/// Cells that were made one: what stands in them stands in the first.
struct Merge: Equatable {
  /// Rows from 1, columns from 0, both ends within.
  let top: Int, bottom: Int, left: Int, right: Int

  /// Reads `A1:C3`.
  init?(_ text: String) {
    let ends = text.split(separator: ":", omittingEmptySubsequences: false)
    guard (1...2).contains(ends.count), let first = CellReference(ends[0]),
      let last = CellReference(ends[ends.count - 1]),
      first.row <= last.row, first.column <= last.column
    else { return nil }
    (top, bottom, left, right) = (first.row, last.row, first.column, last.column)
  }

  private var goesDown: Bool { bottom > top }

  /// Rows of a heading at most.
  private static let headingMax = 5

  /// The rows as a list means them: what was merged downwards stands in each of its rows, a title above the heading is
  /// left out, and a heading of several rows is one, in which the lowest word of each column counts.
  /// - Throws: when merged ranges cover more cells than a sheet may have.
  static func resolved(_ rows: [SheetRow], _ merges: [Merge]) throws(WorkbookFault) -> [SheetRow] {
    guard !merges.isEmpty else { return rows }
    var rows = try filled(rows, merges)
    while let first = rows.first, rows.count > 1, isTitle(first, merges) { rows.removeFirst() }
    guard let first = rows.first, let bottom = headingEnd(first, merges) else { return rows }
    let heading = rows.prefix { $0.number <= bottom }
    var words: [String] = []
    for row in heading {
      for (column, text) in row.cells.enumerated() {
        while words.count <= column { words.append("") }
        if !text.isEmpty { words[column] = text }
      }
    }
    let number = heading.last?.number ?? first.number
    return [SheetRow(number: number, cells: words)] + rows.dropFirst(heading.count)
  }

  private static func filled(_ rows: [SheetRow], _ merges: [Merge]) throws(WorkbookFault) -> [SheetRow] {
    var (rows, visited) = (rows, 0)
    for merge in merges where merge.goesDown {
      guard let start = place(of: merge.top, in: rows), rows[start].cells.indices.contains(merge.left) else { continue }
      let text = rows[start].cells[merge.left]
      var next = start + 1
      while !text.isEmpty, next < rows.count, rows[next].number <= merge.bottom {
        visited += 1
        guard visited <= WorkbookLimits.cellsMax else { throw .tooManyCells(WorkbookLimits.cellsMax) }
        rows[next].fill(text, at: merge.left)
        next += 1
      }
    }
    return rows
  }

  /// A row by its number, which rise.
  private static func place(of number: Int, in rows: [SheetRow]) -> Int? {
    var (low, high) = (0, rows.count)
    while low < high {
      let middle = (low + high) / 2
      if rows[middle].number < number { low = middle + 1 } else { high = middle }
    }
    return low < rows.count && rows[low].number == number ? low : nil
  }

  /// Whether a row is one text across several columns.
  private static func isTitle(_ row: SheetRow, _ merges: [Merge]) -> Bool {
    let filled = row.cells.indices.filter { !row.cells[$0].isEmpty }
    guard filled.count == 1 else { return false }
    return merges.contains { $0.top == row.number && $0.left == filled[0] && $0.right > $0.left && !$0.goesDown }
  }

  /// The last row of a heading that is more than one row high: each of its cells is merged, one of them downwards. In a
  /// list without heading the code at least stands alone.
  private static func headingEnd(_ row: SheetRow, _ merges: [Merge]) -> Int? {
    let own = merges.filter { $0.top == row.number }
    let isMerged = row.cells.indices.allSatisfy { column in
      row.cells[column].isEmpty || own.contains { $0.left == column }
    }
    guard isMerged, let bottom = own.map(\.bottom).max(), bottom > row.number, bottom - row.number < headingMax else {
      return nil
    }
    return bottom
  }
}
