import Ledger
import Regions
import Storage
import TransparencyLog

/// A dealer to be added.
package struct NewDealer: Sendable {
  /// Code, name, tier (1: general agent), the dealer above, where it may sell.
  package let code: String, name: String, tier: Int64, parent: String?, territory: Territory

  /// Made from its parts.
  package init(code: String, name: String, tier: Int64, parent: String?, territory: Territory) {
    self.code = code
    self.name = name
    self.tier = tier
    self.parent = parent
    self.territory = territory
  }
}

extension Issuing {
  /// Adds a dealer. Its tier follows its parent's, and its territory lies within the parent's.
  package func add(_ dealer: NewDealer, by actor: Actor) async throws(IssuingError) {
    let code = try dealer.code.asCode("/code")
    let name = try dealer.name.asName("/name")
    try checkTerritory(dealer.territory, field: "/territories")
    try await changeCatalogue { [ledger] transaction, now in
      guard try transaction.dealer(code) == nil else { throw IssuingError.exists(field: "/code", code: code) }
      try Self.checkPlace(of: dealer, transaction)
      var data: [String: JSONValue] = [
        "code": .string(code), "tier": .integer(dealer.tier), "territories": dealer.territory.json,
      ]
      if let parent = dealer.parent { data["parent"] = .string(parent) }
      let draft = EventDraft(.dealer, at: now, by: actor, data: data, personal: ["name": .string(name)])
      let event = try ledger.append(draft, transaction, recorded: now)
      let row = DealerRow(
        code: code, name: name, tier: dealer.tier, parent: dealer.parent, territories: dealer.territory.description)
      try transaction.addDealer(row, event: event)
    }
  }

  private static func checkPlace(of dealer: NewDealer, _ transaction: Transaction) throws {
    guard let parentCode = dealer.parent else {
      if dealer.tier != 1 { throw IssuingError.invalid(field: "/tier", .tier(expected: 1)) }
      return
    }
    guard let parent = try transaction.dealer(parentCode) else {
      throw IssuingError.unknown(field: "/parent", code: parentCode)
    }
    guard dealer.tier == parent.tier + 1, dealer.tier <= 9 else {
      throw IssuingError.invalid(field: "/tier", .tier(expected: parent.tier + 1))
    }
    guard dealer.territory.isWithin(try Territory.stored(parent.territories)) else {
      throw IssuingError.invalid(field: "/territories", .beyondParent(parent.territories))
    }
  }

  /// A territory must be of known regions and not empty.
  func checkTerritory(_ territory: Territory, field: String) throws(IssuingError) {
    guard !territory.isEmpty else { throw .invalid(field: field, .territory("")) }
    for (place, region) in territory.codes.enumerated() where !ledger.atlas.isKnown(region) {
      throw .invalid(field: "\(field)/\(place)", .territory(region.description))
    }
  }
}

extension Territory {
  /// The codes as a JSON array.
  package var json: JSONValue { .array(codes.map { .string($0.description) }) }
}
