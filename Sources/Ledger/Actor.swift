/// What an API key may do.
package enum Role: String, Sendable, CaseIterable {
  case admin, issuer, warehouse, terminal, inspector, compliance, dealer, auditor
  /// Nobody signed in: a person who opened a code's page. No key carries it.
  case consumer
}

/// Who did something: a key and the scope it is bound to. Events name the key's number, never a person.
package struct Actor: Hashable, Sendable {
  /// The API key's number; 0 is the installation itself (command line, detectors).
  package let key: Int64
  /// The key's role.
  package let role: Role
  /// The dealer that the key belongs to, when it is bound to one.
  package let dealer: String?
  /// The region that the key is bound to.
  package let region: String?

  /// Made from its parts.
  package init(key: Int64, role: Role, dealer: String? = nil, region: String? = nil) {
    self.key = key
    self.role = role
    self.dealer = dealer
    self.region = region
  }

  /// The installation itself.
  package static let system = Actor(key: 0, role: .admin)
  /// An anonymous consumer.
  package static let consumer = Actor(key: 0, role: .consumer)
}
