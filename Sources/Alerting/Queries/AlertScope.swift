import Ledger
import Regions
import Storage

/// Which alerts somebody may see.
struct AlertScope: Equatable {
  /// Only of these dealers; nil: of all, and those that name no dealer.
  var dealers: [String]?
  /// Only of places whose code begins so; nil: of all, and those that name no place.
  var regionPrefix: String?
  /// Whether exact places are shown.
  var seesPlaces: Bool

  /// - Throws: ``AlertingError/notAllowed(_:)`` for roles that have nothing to do with alerts.
  init(_ actor: Actor, _ transaction: Transaction) throws {
    switch actor.role {
    case .admin, .compliance, .auditor, .inspector: seesPlaces = true
    case .dealer where actor.dealer != nil: seesPlaces = false
    case .dealer, .issuer, .warehouse, .terminal, .consumer: throw AlertingError.notAllowed(actor.role)
    }
    let scope = try Scope(actor, transaction)
    dealers = scope.dealers?.sorted()
    regionPrefix = scope.region.map { Scope.prefix(of: $0.description) }
  }

  /// Whether a row is to be seen.
  func holds(_ row: AlertRow) -> Bool {
    if let dealers, !dealers.contains(row.dealer ?? "") { return false }
    if let regionPrefix, row.region?.hasPrefix(regionPrefix) != true { return false }
    return true
  }
}
