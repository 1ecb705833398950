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
    dealers = try actor.dealer.map { try Self.family(of: $0, transaction) }
    // A dealer's goods are its own wherever they turn up, which is the point of an alert.
    if actor.role != .dealer { regionPrefix = actor.region.map(Scope.prefix(of:)) }
  }

  /// The dealer and all below it.
  private static func family(of dealer: String, _ transaction: Transaction) throws -> [String] {
    var children: [String: [String]] = [:]
    var after = ""
    while true {
      let page = try transaction.dealers(after: after, limit: 1_000)
      for row in page { if let parent = row.parent { children[parent, default: []].append(row.code) } }
      guard let last = page.last else { break }
      after = last.code
    }
    var family = [dealer]
    var next = 0
    while next < family.count {
      family += (children[family[next]] ?? []).filter { !family.contains($0) }
      next += 1
    }
    return family.sorted()
  }

  /// Whether a row is to be seen.
  func holds(_ row: AlertRow) -> Bool {
    if let dealers, !dealers.contains(row.dealer ?? "") { return false }
    if let regionPrefix, row.region?.hasPrefix(regionPrefix) != true { return false }
    return true
  }
}
