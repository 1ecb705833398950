import Ledger
import Storage

/// Whether the code is one that was issued, and this its only bearer.
package enum Authenticity: String, Sendable, CaseIterable {
  /// The code authenticates and was issued.
  case genuine
  /// It claims to be ours and is not.
  case forged
  /// Nothing proves it: an unsealed box, another brand's code.
  case unproven
  /// Genuine, but it was seen where one item cannot be.
  case suspectedCopy
}

/// Where the scan was, seen from the binding at its moment.
package enum TerritoryVerdict: String, Sendable, CaseIterable {
  case inside, outside, uncertain, notBound
}

/// How the price compares to the policy in force.
package enum PriceVerdict: String, Sendable, CaseIterable {
  case ok, belowFloor, notChecked
}

/// The answer in one word.
package enum Overall: String, Sendable, CaseIterable {
  /// Nothing speaks against it.
  case ok
  /// Something for a person to look at; no accusation.
  case attention
  /// Not genuine, or void.
  case reject
}

/// The answer to a scan.
package struct ScanAnswer: Sendable, Equatable {
  /// The event that recorded it; nil when a flood of forged codes was over its budget and this one was not recorded.
  package let event: Int64?
  /// When the scan happened.
  package let at: Timestamp
  /// The four parts and the whole.
  package let overall: Overall, authenticity: Authenticity, state: LifeState?, territory: TerritoryVerdict,
    price: PriceVerdict
  /// Why, most weighty first.
  package let reasons: [ScanReason]
  /// GTIN of the product, when the code names one of ours.
  package let gtin: Int64?
  /// Who held the goods at that moment.
  package let dealer: String?
  /// This code's history, with this scan.
  package let firstScannedAt: Timestamp?, scanCount: Int64

  /// Whether the actor may know who holds the goods.
  package func mayShowDealer(to actor: Actor) -> Bool {
    switch actor.role {
    case .admin, .compliance, .inspector, .auditor, .issuer, .warehouse: true
    case .terminal, .dealer: dealer != nil && actor.dealer == dealer
    case .consumer: false
    }
  }
}
