import Issuing
import Ledger
import Regions
import Spreadsheets

/// A dispatch list as an ERP exports it: lines of number, dealer, territories and code or range. Lines of one number
/// make one dispatch. Either the whole list is good, or every bad line is named.
package struct DispatchList: Sendable {
  /// The dispatches, in the order in which their numbers appear.
  package let dispatches: [NewDispatch]
  /// Of each dispatch, the line of each of its units.
  private let lines: [[Int]]

  /// Reads a file: UTF-8 or GB18030, parted by comma, tab or semicolon, with or without a heading.
  /// - Parameter now: with it, a day without a time means the end of that day, or now; without it, its beginning.
  /// - Throws: every bad line with its reason.
  package init(csv bytes: [UInt8], now: Timestamp? = nil) throws(DispatchListError) {
    guard bytes.count <= ListLimits.bytesMax else {
      throw DispatchListError([BadLine(line: 1, .fileTooLarge(bytes: ListLimits.bytesMax))])
    }
    let text: [UInt8]
    do throws(UnreadableText) { text = try TextDecoding.utf8(bytes) } catch {
      throw DispatchListError([BadLine(line: error.line, .unreadable)])
    }
    var assembly = DispatchAssembly(now: now)
    assembly.take(CSVReader(text, delimiter: .detect(text)))
    try self.init(assembly)
  }

  /// Reads the first visible sheet of an XLSX workbook, whose rows are the lines.
  /// - Parameter now: with it, a day without a time means the end of that day, or now; without it, its beginning.
  /// - Throws: every bad row with its reason.
  package init(workbook bytes: [UInt8], now: Timestamp? = nil) throws(DispatchListError) {
    guard bytes.count <= ListLimits.bytesMax else {
      throw DispatchListError([BadLine(line: 1, .fileTooLarge(bytes: ListLimits.bytesMax))])
    }
    let book: Workbook
    do throws(WorkbookFault) { book = try Workbook(bytes) } catch {
      throw DispatchListError([BadLine(line: error.row, .workbook(error))])
    }
    var assembly = DispatchAssembly(now: now, isSheet: true)
    assembly.take(book.rows)
    try self.init(assembly)
  }

  private init(_ assembly: DispatchAssembly) throws(DispatchListError) {
    guard assembly.bad.isEmpty else { throw DispatchListError(assembly.bad) }
    guard !assembly.drafts.isEmpty else { throw DispatchListError([BadLine(line: 1, .emptyFile)]) }
    dispatches = assembly.drafts.map(\.dispatch)
    lines = assembly.drafts.map(\.lines)
  }

  /// The line of a unit that issuing refused; of a dispatch as a whole, its first line.
  package func line(request: Int, unit: Int?) -> Int {
    guard lines.indices.contains(request) else { return 1 }
    guard let unit, lines[request].indices.contains(unit) else { return lines[request].first ?? 1 }
    return lines[request][unit]
  }

  /// The first lines of the dispatches that a refusal is about, where it names a field and not a unit: an unknown dealer
  /// or region, a date in the future. All of them when it cannot be told.
  package func lines(of error: IssuingError) -> [Int] {
    let concerned: (NewDispatch) -> Bool
    switch error {
    case .refused(let refusals):
      return refusals.map { line(request: $0.request, unit: $0.unit) }
    case .unknown(_, let code): concerned = { $0.dealer == code }
    case .invalid(let field, .territory(let code)) where field.hasPrefix("/territories"):
      concerned = { $0.territory.codes.contains { $0.description == code } }
    case .invalid("/dispatchedAt", _):
      let latest = dispatches.compactMap(\.at).max()
      concerned = { $0.at != nil && $0.at == latest }
    case .invalid("/units", _): concerned = { $0.units.count > IssuingLimits.unitsMax }
    default: concerned = { _ in true }
    }
    return dispatches.indices.filter { concerned(dispatches[$0]) }.map { line(request: $0, unit: nil) }
  }
}

/// Gathers lines into dispatches, and what is wrong with them.
private struct DispatchAssembly {
  struct Draft {
    let record: DispatchRecord
    var units: [UnitReference] = []
    var lines: [Int] = []

    var dispatch: NewDispatch {
      NewDispatch(
        number: record.number, dealer: record.dealer, territory: record.territory, units: units, at: record.at)
    }
  }

  let now: Timestamp?
  /// Whether lines are rows of a sheet, whose cells have names.
  let isSheet: Bool
  var drafts: [Draft] = []
  var bad: [BadLine] = []
  private var places: [String: Int] = [:]
  private var seen: [String: Int] = [:]
  private var columns: ListColumns?
  private var units = 0

  init(now: Timestamp?, isSheet: Bool = false) {
    self.now = now
    self.isSheet = isSheet
  }

  mutating func take(_ rows: [SheetRow]) {
    for row in rows {
      take(CSVRecord(line: row.number, fields: row.cells))
      if columns == nil, !bad.isEmpty { return }
    }
  }

  mutating func take(_ reader: CSVReader) {
    var reader = reader
    do throws(CSVFault) {
      while let record = try reader.next() {
        if !record.isBlank { take(record) }
        // Without its columns no line can be understood.
        if columns == nil, !bad.isEmpty { return }
      }
    } catch { bad.append(BadLine(line: error.line, Self.reason(error.kind))) }
  }

  private mutating func take(_ record: CSVRecord) {
    guard let columns else { return begin(record) }
    do throws(BadCell) {
      try add(DispatchRecord(record, columns, now: now), line: record.line)
    } catch {
      let place = isSheet ? columns.place(of: error.column) : nil
      let cell = place.map { CellReference(column: $0, row: record.line).description }
      bad.append(BadLine(line: record.line, column: error.column, cell: cell, error.reason))
    }
  }

  /// The first line: a heading, or a line like the others.
  private mutating func begin(_ first: CSVRecord) {
    guard let heading = ListColumns(heading: first) else {
      columns = ListColumns(withoutHeading: first)
      return take(first)
    }
    bad += heading.missing.map { BadLine(line: first.line, column: $0, .columnMissing) }
    bad += heading.doubled.map { BadLine(line: first.line, column: $0, .columnTwice) }
    if bad.isEmpty { columns = heading }
  }

  private mutating func add(_ record: DispatchRecord, line: Int) throws(BadCell) {
    if let earlier = seen.updateValue(line, forKey: record.cell.identity) {
      throw BadCell(.code, .repeats(line: earlier))
    }
    units += record.cell.units.count
    guard units <= ListLimits.unitsMax else { throw BadCell(.code, .tooManyUnits(ListLimits.unitsMax)) }
    let place = try place(of: record)
    drafts[place].units += record.cell.units
    drafts[place].lines += Array(repeating: line, count: record.cell.units.count)
  }

  /// The dispatch that a line belongs to, with which it must agree.
  private mutating func place(of record: DispatchRecord) throws(BadCell) -> Int {
    guard let place = places[record.number] else {
      drafts.append(Draft(record: record))
      places[record.number] = drafts.count - 1
      return drafts.count - 1
    }
    let (first, line) = (drafts[place].record, drafts[place].lines.first ?? 1)
    guard first.dealer == record.dealer else { throw BadCell(.dealer, .differs(fromLine: line)) }
    guard first.territory == record.territory else { throw BadCell(.territories, .differs(fromLine: line)) }
    guard first.at == record.at else { throw BadCell(.dispatchedAt, .differs(fromLine: line)) }
    return place
  }

  private static func reason(_ kind: CSVFault.Kind) -> BadLineReason {
    switch kind {
    case .unclosedQuote: .unclosedQuote
    case .textAfterQuote: .textAfterQuote
    case .tooManyColumns: .tooManyColumns(ListLimits.columnsMax)
    case .tooManyLines: .tooManyLines(ListLimits.linesMax)
    }
  }
}
