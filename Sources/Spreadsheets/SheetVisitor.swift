/// The rows of a sheet (ECMA-376 part 1, §18.3): every cell as a text.
struct SheetVisitor: XMLVisitor {
  /// What cells refer to.
  struct Surroundings {
    let name: String, texts: [String], shapes: [NumberShape], is1904: Bool
  }

  private let around: Surroundings
  private(set) var rows: [SheetRow] = []
  private(set) var merges: [Merge] = []
  private var (row, column, cells) = (0, 0, 0)
  private var current: [String] = []
  private var cell = Cell()
  private var isInText = false, isInValue = false, soundDepth = 0
  private var textLeft = WorkbookLimits.textMax

  /// A cell while it is read.
  private struct Cell {
    var type = "n", style = 0, value = "", hasFormula = false
  }

  init(_ around: Surroundings) { self.around = around }

  private var damaged: WorkbookFault { .damaged(around.name) }

  mutating func begin(_ name: String, _ attributes: [String: String]) throws(WorkbookFault) {
    switch name {
    case "row": try beginRow(attributes["r"])
    case "c": try beginCell(attributes)
    case "v": isInValue = true
    case "t": isInText = soundDepth == 0
    case "rPh": soundDepth += 1
    case "f": cell.hasFormula = true
    case "mergeCell":
      guard merges.count < WorkbookLimits.mergesMax else { throw .tooLarge }
      guard let merge = Merge(attributes["ref"] ?? "") else { throw damaged }
      merges.append(merge)
    default: break
    }
  }

  mutating func end(_ name: String) throws(WorkbookFault) {
    switch name {
    case "row": try endRow()
    case "c": try endCell()
    case "v": isInValue = false
    case "t": isInText = false
    case "rPh": soundDepth -= 1
    default: break
    }
  }

  mutating func text(_ text: String) throws(WorkbookFault) {
    guard isInValue || (isInText && cell.type == "inlineStr") else { return }
    textLeft -= text.utf8.count
    guard textLeft >= 0 else { throw .tooLarge }
    cell.value += text
  }

  /// A row may leave its number away; then it follows the one before.
  private mutating func beginRow(_ number: String?) throws(WorkbookFault) {
    let next = number.map { Int($0) ?? 0 } ?? row + 1
    guard next > row, next <= CellReference.rowsMax else { throw damaged }
    (row, column, current) = (next, 0, [])
  }

  private mutating func endRow() throws(WorkbookFault) {
    guard current.contains(where: { text in text.contains { !$0.isWhitespace } }) else { return }
    guard rows.count < WorkbookLimits.rowsMax else { throw .tooManyRows(WorkbookLimits.rowsMax) }
    rows.append(SheetRow(number: row, cells: current))
  }

  private mutating func beginCell(_ attributes: [String: String]) throws(WorkbookFault) {
    if let reference = attributes["r"] {
      guard let place = CellReference(reference), place.row == row, place.column >= column else { throw damaged }
      column = place.column
    }
    cell = Cell()
    cell.type = attributes["t"] ?? "n"
    if let style = attributes["s"] { cell.style = Int(style) ?? 0 }
  }

  private mutating func endCell() throws(WorkbookFault) {
    defer { column += 1 }
    let text = try shown()
    guard !text.isEmpty else { return }
    guard column < WorkbookLimits.columnsMax else { throw .tooManyColumns(WorkbookLimits.columnsMax, row: row) }
    cells += 1
    guard cells <= WorkbookLimits.cellsMax else { throw .tooManyCells(WorkbookLimits.cellsMax) }
    while current.count < column { current.append("") }
    current.append(text)
  }

  /// What stands in the cell. A formula is never worked out here: its last result counts, and where the program that
  /// wrote it left none, the cell says so as an error does.
  private mutating func shown() throws(WorkbookFault) -> String {
    if cell.value.isEmpty { return cell.hasFormula && cell.type != "str" ? SheetError.notCalculated : "" }
    switch cell.type {
    case "s":
      guard let place = Int(cell.value.trimmed), around.texts.indices.contains(place) else { throw damaged }
      let text = around.texts[place]
      textLeft -= text.utf8.count
      guard textLeft >= 0 else { throw .tooLarge }
      return text
    case "str", "inlineStr": return cell.value.unescapedFromSheet
    case "b": return cell.value.trimmed == "1" ? "TRUE" : "FALSE"
    case "e", "d": return cell.value
    case "n":
      guard let number = Double(cell.value.trimmed), number.isFinite else { throw damaged }
      let shape = around.shapes.indices.contains(cell.style) ? around.shapes[cell.style] : .plain
      return shape.text(number, is1904: around.is1904)
    default: throw damaged
    }
  }
}

/// What a spreadsheet shows where a formula has no result.
package enum SheetError {
  /// Of a formula that no program has worked out yet.
  static let notCalculated = "#CALC!"

  /// All of them that programs write.
  private static let all: Set<String> = [
    "#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", notCalculated, "#SPILL!", "#GETTING_DATA",
  ]

  /// Whether a cell shows an error.
  package static func isOne(_ text: String) -> Bool { text.hasPrefix("#") && all.contains(text) }
}

extension String {
  /// Without white space at its ends.
  fileprivate var trimmed: String {
    guard first?.isWhitespace == true || last?.isWhitespace == true else { return self }
    return String(drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
  }
}
