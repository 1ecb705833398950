import Codes
import Regions
import Storage
import TransparencyLog

/// Proves the rows of the catalogue (products, dealers, terminals, policies, keys, batches, dispatches) against the
/// events that made them: what an event says must be what the row says, and each event has its row.
struct CatalogueAudit {
  private let transaction: Transaction

  init(_ transaction: Transaction) { self.transaction = transaction }

  /// A row, and the event's `data` as the row would have it.
  private struct Claim {
    let what: String
    let event: Int64
    let data: [String: JSONValue?]
    /// When it happened, where the row says so; Unix milliseconds.
    var at: Int64?
  }

  /// Calls `report` for everything that does not hold.
  func run(_ report: (String) -> Void) throws {
    let spaces = try SpaceTable(transaction)
    try compare(.product, "SELECT * FROM product", product, report)
    try compare(.dealer, "SELECT * FROM dealer", dealer, report)
    try compare(.terminal, "SELECT * FROM terminal", terminal, report)
    try compare(.pricePolicy, "SELECT * FROM price_policy", policy, report)
    try compare(.key, "SELECT id, role, dealer, region, event FROM api_key", key, report)
    try compare(.batch, "SELECT id, event FROM batch", { try batch($0, spaces) }, report)
    try compare(
      .dispatch, "SELECT id, number, dealer, territories, at, items, seal_key, event FROM dispatch",
      { try dispatch($0, spaces) }, report)
    try revocations(report)
  }

  private func compare(
    _ kind: EventKind, _ sql: String, _ claim: (SQLRow) throws -> Claim, _ report: (String) -> Void
  ) throws {
    let claims = try transaction.all(sql, [], claim)
    let events = try transaction.first("SELECT count(*) FROM event WHERE kind = ?", [.text(kind.rawValue)]) {
      $0.int(0)
    }
    if Int64(claims.count) != events ?? 0 {
      report("\(events ?? 0) events of the kind \(kind.rawValue) made \(claims.count) rows")
    }
    for claim in claims {
      guard let event = try transaction.event(claim.event), event.kind == kind.rawValue,
        let body = try? JSONValue(parsing: event.body, limits: Audit.bodyLimits), var data = body["data"]?.object
      else {
        report("\(claim.what) has no event")
        continue
      }
      data["contents"] = nil  // what lay in a dispatch's units is proved with the lives
      let isThen = claim.at.map { body["at"] == time($0) } ?? true
      if !isThen || JSONValue.object(data) != .object(claim.data.compactMapValues { $0 }) {
        report("\(claim.what) differs from event \(claim.event)")
      }
    }
  }

  private func gtin(_ number: Int64) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, 14 - digits.utf8.count)) + digits
  }

  private func regions(_ text: String) -> JSONValue { .array(text.split(separator: ",").map { .string(String($0)) }) }

  private func time(_ milliseconds: Int64) -> JSONValue { .string(Timestamp(milliseconds: milliseconds).description) }

  private func money(_ amount: String?, _ currency: String?) -> JSONValue? {
    // Half a price is no price that an event could tell of.
    amount == nil && currency == nil
      ? nil : ["amount": amount.map(JSONValue.string) ?? .null, "currency": currency.map(JSONValue.string) ?? .null]
  }

  private func product(_ row: SQLRow) -> Claim {
    Claim(
      what: "product \(gtin(row.int(0)))", event: row.int(6),
      data: [
        "gtin": .string(gtin(row.int(0))), "name": ["zh": .string(row.text(1)), "en": .string(row.text(2))],
        "listPrice": money(row.textOrNil(3), row.textOrNil(4)), "series": .string(row.text(5)),
      ])
  }

  private func dealer(_ row: SQLRow) -> Claim {
    Claim(
      what: "dealer \(row.text(0))", event: row.int(5),
      data: [
        "code": .string(row.text(0)), "tier": .integer(row.int(2)), "parent": row.textOrNil(3).map(JSONValue.string),
        "territories": regions(row.text(4)),
      ])
  }

  private func terminal(_ row: SQLRow) -> Claim {
    Claim(
      what: "terminal \(row.text(0))", event: row.int(4),
      data: [
        "code": .string(row.text(0)), "dealer": row.textOrNil(1).map(JSONValue.string), "region": .string(row.text(2)),
      ])
  }

  private func policy(_ row: SQLRow) -> Claim {
    Claim(
      what: "price policy \(row.text(0)), version \(row.int(1)),", event: row.int(10),
      data: [
        "id": .string(row.text(0)), "version": .integer(row.int(1)), "gtin": .string(gtin(row.int(2))),
        "regions": regions(row.text(3)), "floor": money(row.text(4), row.text(5)), "mode": .string(row.text(6)),
        "legalBasis": row.textOrNil(7).map(JSONValue.string), "from": time(row.int(8)),
        "to": row.intOrNil(9).map(time),
      ])
  }

  private func key(_ row: SQLRow) -> Claim {
    Claim(
      what: "key \(row.int(0))", event: row.int(4),
      data: [
        "key": .integer(row.int(0)), "role": .string(row.text(1)), "dealer": row.textOrNil(2).map(JSONValue.string),
        "region": row.textOrNil(3).map(JSONValue.string),
      ])
  }

  private func batch(_ row: SQLRow, _ spaces: SpaceTable) throws -> Claim {
    guard let batch = try transaction.batch(row.int(0)) else {
      return Claim(what: "batch \(row.int(0))", event: row.int(1), data: [:])
    }
    func json(_ run: Run) -> JSONValue? { spaces.space(run.space)?.json(run) }
    var items = json(Run(space: batch.space, first: batch.first, last: batch.last))?.object
    items?["gtin"] = .string(gtin(batch.gtin))
    let boxes = batch.boxSpace.map { Run(space: $0, first: batch.boxFirst, last: batch.boxLast) }
    return Claim(
      what: "batch \(batch.id)", event: row.int(1),
      data: [
        "batch": .integer(batch.id), "profile": .string(batch.profile),
        "items": items.map(JSONValue.object),
        "boxes": boxes.flatMap(json), "perBox": batch.perBox.map(JSONValue.integer),
      ])
  }

  private func dispatch(_ row: SQLRow, _ spaces: SpaceTable) throws -> Claim {
    let units = try transaction.units(ofDispatch: row.int(0)).compactMap { unit in
      spaces.space(unit.space)?.json(Run(space: unit.space, first: unit.first, last: unit.last))
    }
    return Claim(
      what: "dispatch \(row.text(1))", event: row.int(7),
      data: [
        "dispatch": .integer(row.int(0)), "number": .string(row.text(1)), "dealer": .string(row.text(2)),
        "territories": regions(row.text(3)), "items": .integer(row.int(5)), "sealKey": .string(row.text(6)),
        "units": .array(units),
      ], at: row.int(4))
  }

  /// A key is revoked when, and since, an event says so: a stolen key must not come back to life.
  private func revocations(_ report: (String) -> Void) throws {
    var revoked: [Int64: Int64] = [:]
    for row in try transaction.all(
      "SELECT id, body FROM event WHERE kind = 'keyRevoked'", [], { ($0.int(0), $0.blob(1)) })
    {
      let body = try? JSONValue(parsing: row.1)
      guard let key = body?["data"]?["key"]?.int, let at = body?["at"]?.string.flatMap({ Timestamp(rfc3339: $0) })
      else {
        continue
      }
      revoked[key] = at.milliseconds
    }
    for key in try transaction.keys() where key.revoked != revoked[key.id] {
      report("key \(key.id): its revocation is not what the events say")
    }
  }
}
