import Codes
import Ledger
import Regions
import TransparencyLog

/// What kind of matter an alert is about; the names are part of the API.
package enum AlertKind: String, Sendable, CaseIterable {
  /// Goods outside of their territory.
  case diversion
  /// Goods below the price floor; never evidence of diversion.
  case price
  /// One code on several items.
  case clone
  /// Codes that were never issued.
  case forgery
  /// Goods on sale that were voided, returned or never dispatched.
  case unsold
  /// A shop that is not where its registration says; never held against a dealer.
  case registration
  /// Goods whose codes nobody scans: removed, or never sold.
  case missing
  /// Codes scanned in bulk before their goods are sold.
  case burning
}

/// How soon a person should look.
package enum Severity: String, Sendable, CaseIterable, Comparable {
  case notice, warning, serious

  /// 0 for the least urgent.
  package var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }

  /// The more urgent is greater.
  package static func < (left: Severity, right: Severity) -> Bool { left.rank < right.rank }
}

/// Whom, what and where an alert is about.
package struct AlertSubject: Hashable, Sendable {
  /// The dealer who held the goods.
  package var dealer: String?
  /// Where they were seen: a prefecture or province.
  package var region: RegionCode?
  /// The product.
  package var gtin: GTIN?
  /// The dispatch under which they left.
  package var dispatch: Int64?
  /// The one code it is about.
  package var code: SightedCode?

  /// Made from its parts.
  package init(
    dealer: String? = nil, region: RegionCode? = nil, gtin: GTIN? = nil, dispatch: Int64? = nil,
    code: SightedCode? = nil
  ) {
    self.dealer = dealer
    self.region = region
    self.gtin = gtin
    self.dispatch = dispatch
    self.code = code
  }

  /// As alert events write it.
  package var json: JSONValue {
    var members: [String: JSONValue] = [:]
    members["dealer"] = dealer.map(JSONValue.string)
    members["region"] = region.map { .string($0.description) }
    members["gtin"] = gtin.map { .string($0.description) }
    members["dispatch"] = dispatch.map(JSONValue.integer)
    members["code"] = code?.json
    return .object(members)
  }

  /// Reads the `subject` of an alert event; members that are none are left out.
  package init(_ json: JSONValue?) {
    dealer = json?["dealer"]?.string
    region = json?["region"]?.string.flatMap(RegionCode.init(reading:))
    gtin = json?["gtin"]?.string.flatMap { try? GTIN($0) }
    dispatch = json?["dispatch"]?.int
    code = json?["code"].flatMap(SightedCode.init)
  }
}

/// What a detector found worth a person's look, with the numbers that made it so. Never a verdict: a machine raises,
/// only a person decides.
package struct Clue: Hashable, Sendable {
  /// Names the matter; the same matter is raised once.
  package let identity: String
  /// The rule that found it.
  package let rule: RuleVersion
  /// What kind of matter it is.
  package let kind: AlertKind
  /// How soon a person should look.
  package let severity: Severity
  /// Whom, what and where it is about.
  package let subject: AlertSubject
  /// Which explanation of the catalogue fits.
  package let message: AlertMessage
  /// The numbers that made it so, by name.
  package let numbers: [String: JSONValue]
  /// The scan events that it rests on, ascending.
  package private(set) var scans: [Int64]
  /// When the last of them happened.
  package let occurredAt: Timestamp
  /// Items to be treated as copied from now on.
  package let suspects: [ItemIdentity]
  /// The item whose scans up to an event belong to it, besides those above; the ledger knows them.
  package let lookBack: LookBack?

  /// An item's scans up to an event.
  package struct LookBack: Hashable, Sendable {
    /// Whose.
    package let item: ItemIdentity
    /// The number of the last event.
    package let event: Int64
  }

  /// More scans than a person reads; the first are kept, their number is among the numbers.
  package static let scansMax = 200

  init(
    _ identity: String, rule: RuleVersion, kind: AlertKind, severity: Severity, subject: AlertSubject,
    message: AlertMessage, numbers: [String: JSONValue], scans: [Int64], occurredAt: Timestamp,
    suspects: [ItemIdentity] = [], lookBack: LookBack? = nil, sharing other: RuleVersion? = nil
  ) {
    // What two rules find of one matter is raised once.
    self.identity = "\((other ?? rule).name)/\(identity)"
    self.rule = rule
    self.kind = kind
    self.severity = severity
    self.subject = subject
    self.message = message
    self.numbers = numbers
    self.scans = Array(Set(scans).sorted().prefix(Self.scansMax))
    self.occurredAt = occurredAt
    self.suspects = suspects
    self.lookBack = lookBack
  }
}

extension Clue {
  /// The same with the scans that the ledger gave.
  func with(scans: [Int64]) -> Clue {
    var clue = self
    clue.scans = Array(Set(scans).sorted().prefix(Self.scansMax))
    return clue
  }
}
