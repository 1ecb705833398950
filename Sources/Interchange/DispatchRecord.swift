import Issuing
import Ledger
import Regions
import Spreadsheets

/// One line of a dispatch list, read by itself.
struct DispatchRecord {
  let number: String
  let dealer: String
  let territory: Territory
  let at: Timestamp?
  let cell: UnitCell

  /// Longest number and dealer code, in characters; as issuing has them.
  static let textMax = 64

  /// - Throws: the first field that is wrong.
  init(_ record: CSVRecord, _ columns: ListColumns, now: Timestamp?) throws(BadCell) {
    number = try Self.name(.number, record, columns)
    dealer = try Self.name(.dealer, record, columns)
    territory = try Self.territory(columns.text(.territories, of: record))
    let time = columns.text(.dispatchedAt, of: record)
    guard time.isEmpty || ListTime(time) != nil else { throw BadCell(.dispatchedAt, .notATime) }
    at = ListTime(time)?.moment(now: now)
    cell = try UnitCell(
      code: columns.text(.code, of: record), last: columns.text(.lastCode, of: record),
      range: columns.text(.range, of: record))
  }

  private static func name(
    _ column: ListColumn, _ record: CSVRecord, _ columns: ListColumns
  ) throws(BadCell) -> String {
    let text = columns.text(column, of: record).undressed
    guard !text.isEmpty else { throw BadCell(column, .empty) }
    if text.hasLostDigits { throw BadCell(column, .roundedNumber) }
    if SheetError.isOne(text) { throw BadCell(column, .sheetError(text)) }
    guard text.count <= textMax else { throw BadCell(column, .tooLong(textMax)) }
    guard text.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value != 0x7F }) else {
      throw BadCell(column, .badCharacter)
    }
    return text
  }

  private static func territory(_ text: String) throws(BadCell) -> Territory {
    let text = text.undressed.replacing("|", with: ",")
    let territory: Territory
    do throws(RegionError) { territory = try Territory(text) } catch {
      throw BadCell(.territories, .notARegion(Self.culprit(error) ?? String(text.prefix(24))))
    }
    guard !territory.isEmpty else { throw BadCell(.territories, .empty) }
    return territory
  }

  private static func culprit(_ error: RegionError) -> String? {
    switch error {
    case .malformedCode(let text), .unknownProvince(let text), .unknownCountry(let text): text
    default: nil
    }
  }
}
