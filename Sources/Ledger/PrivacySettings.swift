import Storage
import TransparencyLog

/// How long what is personal is kept, in days since it was recorded. The exact place of a scan goes first, its device
/// with it, and leaves the district that its event names: that is coarsening. What people wrote in cases goes later.
package struct PrivacySettings: Hashable, Sendable {
  /// Days that exact places and devices of scans are kept, by the role of the key that scanned.
  package var placeDays: [Role: Int64]
  /// Days that texts and names in cases, decisions, corrections, inspections and people's reports are kept, once the case
  /// is closed.
  package var caseDays: Int64

  /// What can be chosen.
  package static let days: ClosedRange<Int64> = 1...36_500
  /// The roles that scan.
  package static let roles: [Role] = [.consumer, .terminal, .dealer, .warehouse, .inspector, .compliance, .admin]

  /// A consumer's place 30 days, a terminal's and dealer's 180, those of people who work for the brand three years;
  /// cases five years.
  package init() {
    placeDays = [
      .consumer: 30, .terminal: 180, .dealer: 180, .warehouse: 1095, .inspector: 1095, .compliance: 1095, .admin: 1095,
    ]
    caseDays = 1825
  }

  /// `{"caseDays":1825,"placeDays":{"consumer":30,…}}`
  package var json: JSONValue {
    [
      "caseDays": .integer(caseDays),
      "placeDays": .object(Dictionary(uniqueKeysWithValues: placeDays.map { ($0.rawValue, .integer($1)) })),
    ]
  }

  /// Reads what ``json`` gave; what is not named stays as it is by default. nil for anything else.
  package init?(_ json: JSONValue?) {
    self.init()
    guard let json, let places = json["placeDays"]?.object else { return nil }
    for (name, value) in places {
      guard let role = Role(rawValue: name), Self.roles.contains(role), let days = value.int,
        Self.days.contains(days)
      else { return nil }
      placeDays[role] = days
    }
    guard let days = json["caseDays"] else { return }
    guard let days = days.int, Self.days.contains(days) else { return nil }
    caseDays = days
  }

  /// The row of `setting` that holds the choice.
  static let row = "privacy"

  /// The choice in force.
  static func read(_ transaction: Transaction) throws -> PrivacySettings {
    guard let text = try transaction.setting(row) else { return PrivacySettings() }
    guard let json = try? JSONValue(parsing: Array(text.utf8)), let settings = PrivacySettings(json) else {
      throw LedgerError.inconsistent("the privacy settings")
    }
    return settings
  }
}
