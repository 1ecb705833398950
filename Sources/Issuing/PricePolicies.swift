import Codes
import Ledger
import Regions
import Storage
import TransparencyLog

/// A price policy as it shall be from now on.
package struct NewPricePolicy: Sendable {
  /// What a price under the floor leads to.
  package enum Mode: String, Sendable, CaseIterable {
    /// Nothing: prices are not checked.
    case off
    /// The scanner is told.
    case advise
    /// The scanner is told and compliance is alerted. Needs a recorded legal basis (product.md, price floors).
    case enforce
  }

  /// Its id, product, regions, floor.
  package let id: String, gtin: GTIN, regions: Territory, floor: Money
  /// Mode and legal basis; from when until when.
  package let mode: Mode, basis: String?, since: Timestamp, until: Timestamp?

  /// Made from its parts.
  package init(
    id: String, gtin: GTIN, regions: Territory, floor: Money, mode: Mode, basis: String?, since: Timestamp,
    until: Timestamp?
  ) {
    self.id = id
    self.gtin = gtin
    self.regions = regions
    self.floor = floor
    self.mode = mode
    self.basis = basis
    self.since = since
    self.until = until
  }
}

extension Issuing {
  /// Adds a price policy or the next version of it; earlier versions stay for scans of their time.
  @discardableResult
  package func put(_ policy: NewPricePolicy, by actor: Actor) async throws(IssuingError) -> PolicyRow {
    let id = try policy.id.asCode("/id")
    let basis = try policy.basis.map { text throws(IssuingError) in try text.asName("/legalBasis") }
    if policy.mode == .enforce, basis == nil { throw .invalid(field: "/legalBasis", .basisMissing) }
    if let until = policy.until, until <= policy.since { throw .invalid(field: "/to", .endsBeforeItBegins) }
    try checkTerritory(policy.regions, field: "/regions")
    return try await changeCatalogue { [ledger] transaction, now in
      guard try transaction.product(Int64(policy.gtin.value)) != nil else {
        throw IssuingError.unknown(field: "/gtin", code: policy.gtin.description)
      }
      let row = PolicyRow(
        id: id, version: (try transaction.policy(id)?.version ?? 0) + 1, gtin: Int64(policy.gtin.value),
        regions: policy.regions.description, amount: policy.floor.amount, currency: policy.floor.currency,
        mode: policy.mode.rawValue, basis: basis, since: policy.since.milliseconds,
        until: policy.until?.milliseconds)
      let draft = EventDraft(.pricePolicy, at: now, by: actor, data: policy.json(version: row.version))
      try transaction.addPolicy(row, event: try ledger.append(draft, transaction, recorded: now))
      return row
    }
  }
}

extension NewPricePolicy {
  fileprivate func json(version: Int64) -> [String: JSONValue] {
    var data: [String: JSONValue] = [
      "id": .string(id), "version": .integer(version), "gtin": .string(gtin.description), "regions": regions.json,
      "floor": floor.json, "mode": .string(mode.rawValue), "from": .string(since.description),
    ]
    if let basis { data["legalBasis"] = .string(basis) }
    if let until { data["to"] = .string(until.description) }
    return data
  }
}
