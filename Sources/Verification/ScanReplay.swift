import Codes
import Ledger
import Regions
import Storage
import TransparencyLog

extension ScanAnswer {
  /// The answer that a recorded scan got, from its event: what a repeated client id is given.
  /// - Parameter product: finds the product of a box, which the event does not name.
  package init(recorded event: EventRow, product: (SSCC) throws -> Int64?) throws {
    guard let data = (try? JSONValue(parsing: event.body))?["data"],
      let overall = data["verdict"]?.string.flatMap(Overall.init),
      let authenticity = data["authenticity"]?.string.flatMap(Authenticity.init),
      let territory = data["territory"]?.string.flatMap(TerritoryVerdict.init),
      let price = data["priceCheck"]?.string.flatMap(PriceVerdict.init), let count = data["scanCount"]?.int
    else { throw LedgerError.inconsistent("event \(event.id) is not a scan's") }
    let state = data["state"]?.string
    let box = data["code"]?["sscc"]?.string.flatMap { try? SSCC($0) }
    self.init(
      event: event.id, at: Timestamp(milliseconds: event.at), overall: overall, authenticity: authenticity,
      state: LifeState.allCases.first { $0.name == state }, territory: territory, price: price,
      reasons: data["reasons"]?.array?.compactMap { $0.string.flatMap(ScanReason.init) } ?? [],
      gtin: try data["code"]?["gtin"]?.string.flatMap { try? GTIN($0) }.map { Int64($0.value) } ?? box.flatMap(product),
      dealer: data["dealer"]?.string,
      firstScannedAt: data["firstScannedAt"]?.string.flatMap { Timestamp(rfc3339: $0) }, scanCount: count)
  }
}
