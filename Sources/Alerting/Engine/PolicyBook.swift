import Ledger
import Storage

/// What editions of price policies say. An edition never changes, so what was read once stays true.
struct PolicyBook: Sendable {
  private var terms: [PolicyReference: PriceTerms] = [:]

  /// Editions kept; beyond it all are read anew.
  static let editionsMax = 10_000

  /// Adds to a sighting what the policy that was applied says.
  mutating func complete(_ sighting: inout Sighting, _ transaction: Transaction) throws {
    guard let reference = sighting.policy, let gtin = sighting.code.item?.gtin else { return }
    if terms[reference] == nil {
      if terms.count >= Self.editionsMax { terms = [:] }
      for row in try transaction.policies(gtin: Int64(gtin.value)) {
        guard let floor = Money(amount: row.amount, currency: row.currency) else { continue }
        terms[PolicyReference(id: row.id, version: row.version)] = PriceTerms(
          floor: floor, isEnforced: row.mode == "enforce")
      }
    }
    sighting.terms = terms[reference]
  }
}
