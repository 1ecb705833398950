import Hummingbird
import Ledger
import Regions
import Storage
import TransparencyLog

/// Which scans are asked for.
struct ScanFilter: Sendable {
  private let dealer: String?, region: RegionCode?, gtin: String?, territory: String?
  private let span: Range<Int64>

  init(_ request: Request, now: Timestamp) throws {
    let query = request.uri.queryParameters
    dealer = query["dealer"].map(String.init)
    region = try query["region"].map { try FieldReader(.string(String($0)), pointer: "region").region() }
    gtin = try query["gtin"].map { try FieldReader(.string(String($0)), pointer: "gtin").gtin().description }
    territory = query["territory"].map(String.init)
    span = try DaySpan(request, now: now).milliseconds
  }

  /// Scans that one page of a list looks at; a page can be empty and still have a next one.
  static let looked = 20_000

  /// A page of the scans before an event, newest first, and where the next one begins.
  func page(
    before: Int64, limit: Int, _ scope: Scope, _ transaction: Transaction
  ) throws -> (items: [JSONValue], next: Int64?) {
    // Asked for a place or dealer that is not the asker's there is nothing to look through.
    guard scope.meets(region), dealer == nil || scope.holds(dealer: dealer) else { return ([], nil) }
    let first = try transaction.firstEvent(recordedSince: span.lowerBound)
    let end = min(before, try transaction.firstEvent(recordedSince: span.upperBound))
    var items: [JSONValue] = []
    let rows = try transaction.events(before: end, since: first, kind: "scan", limit: Self.looked)
    for row in rows {
      if let item = item(row, scope) { items.append(item) }
      if items.count == limit { return (items, row.id) }
    }
    return (items, rows.count == Self.looked ? rows.last?.id : nil)
  }

  /// A scan as it is listed; nil when it is not asked for, or not the asker's to see.
  private func item(_ row: EventRow, _ scope: Scope) -> JSONValue? {
    guard let body = try? JSONValue(parsing: row.body), let data = body["data"] else { return nil }
    let place = data["place"]?["region"]?.string
    guard scope.holds(place: place), scope.holds(dealer: data["dealer"]?.string) else { return nil }
    if let dealer, data["dealer"]?.string != dealer { return nil }
    if let gtin, data["code"]?["gtin"]?.string != gtin { return nil }
    if let territory, data["territory"]?.string != territory { return nil }
    if let region {
      guard let place, let code = try? RegionCode(place), region.contains(code) else { return nil }
    }
    var item: [String: JSONValue] = ["event": .integer(row.id), "at": row.at.time]
    item["role"] = body["by"]?["role"]
    for name in ["verdict", "territory", "dealer", "authenticity", "dispatch", "terminal", "price", "scanCount"] {
      item[name] = data[name]
    }
    item["region"] = place.map(JSONValue.string)
    item["gtin"] = data["code"]?["gtin"]
    return .object(item)
  }
}
