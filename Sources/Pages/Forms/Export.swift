import Hummingbird
import Ledger
import Server
import Spreadsheets
import TransparencyLog

/// A table as people take it away: as CSV and as XLSX, from the same rows.
struct Export: Sendable {
  /// The file's name without its ending, and the phrase that the sheet is called by.
  let name: String, title: String
  let table: Table

  /// What a table is given away as; the end of its address.
  enum Kind: String, CaseIterable, Sendable { case csv, xlsx }

  /// Rows of one file. More are refused, never cut.
  static let rowsMax = 100_000

  /// More rows than a file may have.
  static let tooLong = Problem(
    .unprocessableContent, "export-too-long",
    "The table has more than \(rowsMax) rows; filter it before it is exported",
    "表格超过 \(rowsMax) 行，请先筛选再导出")
}

extension Page {
  /// The files of a table, beside the page that shows it.
  static func exports(
    _ base: String, _ audience: Audience, _ export: @escaping @Sendable (Visit) async throws -> Export
  ) -> [Page] {
    Export.Kind.allCases.map { kind in
      .get(base + "." + kind.rawValue, audience) { visit in try visit.file(try await export(visit), kind) }
    }
  }
}

extension Visit {
  /// The addresses of a table's files, for the template `exports`.
  func exports(_ base: String, _ query: Query = Query()) -> [String: Any] {
    let end = query.pairs.isEmpty ? "" : "?" + query.text
    return ["csvHref": base + ".csv" + end, "xlsxHref": base + ".xlsx" + end]
  }

  /// A file to be kept.
  fileprivate func file(_ export: Export, _ kind: Export.Kind) throws -> Response {
    var response: Response
    switch kind {
    case .csv: response = .bytes(export.table.csv(), type: "text/csv; charset=utf-8")
    case .xlsx:
      do throws(UnwritableTable) {
        response = .bytes(try export.table.workbook(sheet: t(export.title)), type: Table.workbookType)
      } catch { throw Problem(error) }
    }
    response.headers[.contentDisposition] = "attachment; filename=\"\(export.name).\(kind.rawValue)\""
    return response
  }

  /// A row for every item of a list of the API, as far as a file has room.
  /// - Throws: when there are more.
  func rows(
    _ path: String, _ query: Query = Query(), _ row: (JSONValue) -> [Table.Cell]
  ) async throws -> [[Table.Cell]] {
    var rows: [[Table.Cell]] = []
    var query = query.setting("limit", "1000")
    while true {
      let page = try await api(.get, path, query)
      rows += (page["items"]?.array ?? []).map(row)
      guard rows.count <= Export.rowsMax else { throw Export.tooLong }
      guard let next = page["next"]?.string else { return rows }
      query = query.setting("cursor", next)
    }
  }
}

extension Problem {
  /// A table that the format has no room for.
  fileprivate init(_ error: UnwritableTable) {
    let sentence = error.sentence
    if case .failed(let code) = error {
      self = .internal
      cause = "libxlsxwriter \(code)"
      return
    }
    self.init(.unprocessableContent, "export-too-long", sentence.en, sentence.zh)
  }
}

extension Table.Cell {
  /// A moment out of the API; empty when there is none.
  init(time value: JSONValue?) { self = value?.string.flatMap(Timestamp.init(rfc3339:)).map(Self.moment) ?? .empty }

  /// A count out of the API.
  init(count value: JSONValue?) { self = value?.int.map(Self.whole) ?? .empty }

  /// Money as two cells: the amount, and its currency.
  static func money(_ value: JSONValue?) -> [Self] {
    [value?["amount"]?.string.map(Self.decimal) ?? .empty, Self(value?["currency"]?.string)]
  }
}
