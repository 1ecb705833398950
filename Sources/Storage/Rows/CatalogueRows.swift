/// A product as stored.
package struct ProductRow: Sendable {
  /// GTIN as a number; names in both languages; list price; series of its box codes.
  package let gtin: Int64, zh: String, en: String, amount: String?, currency: String?, series: String

  /// Made from its fields.
  package init(gtin: Int64, zh: String, en: String, amount: String?, currency: String?, series: String) {
    self.gtin = gtin
    self.zh = zh
    self.en = en
    self.amount = amount
    self.currency = currency
    self.series = series
  }

  init(_ row: SQLRow) {
    self.init(
      gtin: row.int(0), zh: row.text(1), en: row.text(2), amount: row.textOrNil(3), currency: row.textOrNil(4),
      series: row.text(5))
  }

  static let columns = "gtin, zh, en, amount, currency, series"
}

/// A dealer as stored; territories are canonical text.
package struct DealerRow: Sendable {
  /// Unique code, name, tier from 1, the dealer above, and where it may sell.
  package let code: String, name: String, tier: Int64, parent: String?, territories: String

  /// Made from its fields.
  package init(code: String, name: String, tier: Int64, parent: String?, territories: String) {
    self.code = code
    self.name = name
    self.tier = tier
    self.parent = parent
    self.territories = territories
  }

  init(_ row: SQLRow) {
    self.init(
      code: row.text(0), name: row.text(1), tier: row.int(2), parent: row.textOrNil(3), territories: row.text(4))
  }

  static let columns = "code, name, tier, parent, territories"
}

/// A registered terminal as stored.
package struct TerminalRow: Sendable {
  /// Unique code, the dealer it belongs to, where it stands, and its name.
  package let code: String, dealer: String?, region: String, name: String

  /// Made from its fields.
  package init(code: String, dealer: String?, region: String, name: String) {
    self.code = code
    self.dealer = dealer
    self.region = region
    self.name = name
  }

  init(_ row: SQLRow) {
    self.init(
      code: row.text(0), dealer: row.textOrNil(1), region: row.text(2), name: row.text(3))
  }

  static let columns = "code, dealer, region, name"
}

/// One version of a price policy as stored.
package struct PolicyRow: Sendable {
  /// The policy and which edition of it this is.
  package let id: String, version: Int64
  /// Product, regions (canonical text), floor price.
  package let gtin: Int64, regions: String, amount: String, currency: String
  /// Mode, legal basis, from when until when (Unix milliseconds, end exclusive).
  package let mode: String, basis: String?, since: Int64, until: Int64?

  /// Made from its fields.
  package init(
    id: String, version: Int64, gtin: Int64, regions: String, amount: String, currency: String, mode: String,
    basis: String?, since: Int64, until: Int64?
  ) {
    self.id = id
    self.version = version
    self.gtin = gtin
    self.regions = regions
    self.amount = amount
    self.currency = currency
    self.mode = mode
    self.basis = basis
    self.since = since
    self.until = until
  }

  init(_ row: SQLRow) {
    self.init(
      id: row.text(0), version: row.int(1), gtin: row.int(2), regions: row.text(3), amount: row.text(4),
      currency: row.text(5), mode: row.text(6), basis: row.textOrNil(7), since: row.int(8), until: row.intOrNil(9))
  }

  static let columns = "id, version, gtin, regions, amount, currency, mode, basis, since, until"
}

extension Transaction {
  /// Adds a product; a constraint refuses a second one of the same GTIN.
  package func addProduct(_ product: ProductRow, event: Int64) throws {
    try markCatalogue()
    try post(
      "INSERT INTO product VALUES (?, ?, ?, ?, ?, ?, ?)",
      [
        .integer(product.gtin), .text(product.zh), .text(product.en), .optional(product.amount),
        .optional(product.currency), .text(product.series), .integer(event),
      ])
  }

  /// Products after a GTIN in order.
  package func products(after gtin: Int64, limit: Int) throws -> [ProductRow] {
    try all(
      "SELECT \(ProductRow.columns) FROM product WHERE gtin > ? ORDER BY gtin LIMIT ?",
      [.integer(gtin), .integer(Int64(limit))]
    ) { ProductRow($0) }
  }

  /// The product with this GTIN.
  package func product(_ gtin: Int64) throws -> ProductRow? {
    try first("SELECT \(ProductRow.columns) FROM product WHERE gtin = ?", [.integer(gtin)]) { ProductRow($0) }
  }

  /// Adds a dealer.
  package func addDealer(_ dealer: DealerRow, event: Int64) throws {
    try markCatalogue()
    try post(
      "INSERT INTO dealer VALUES (?, ?, ?, ?, ?, ?)",
      [
        .text(dealer.code), .text(dealer.name), .integer(dealer.tier), .optional(dealer.parent),
        .text(dealer.territories), .integer(event),
      ])
  }

  /// Dealers after a code in order.
  package func dealers(after code: String, limit: Int) throws -> [DealerRow] {
    try all(
      "SELECT \(DealerRow.columns) FROM dealer WHERE code > ? ORDER BY code LIMIT ?",
      [.text(code), .integer(Int64(limit))]
    ) { DealerRow($0) }
  }

  /// The dealer with this code.
  package func dealer(_ code: String) throws -> DealerRow? {
    try first("SELECT \(DealerRow.columns) FROM dealer WHERE code = ?", [.text(code)]) { DealerRow($0) }
  }

  /// Adds a terminal.
  package func addTerminal(_ terminal: TerminalRow, event: Int64) throws {
    try markCatalogue()
    try post(
      "INSERT INTO terminal VALUES (?, ?, ?, ?, ?)",
      [
        .text(terminal.code), .optional(terminal.dealer), .text(terminal.region), .text(terminal.name),
        .integer(event),
      ])
  }

  /// Terminals after a code in order.
  package func terminals(after code: String, limit: Int) throws -> [TerminalRow] {
    try all(
      "SELECT \(TerminalRow.columns) FROM terminal WHERE code > ? ORDER BY code LIMIT ?",
      [.text(code), .integer(Int64(limit))]
    ) { TerminalRow($0) }
  }

  /// The terminal with this code.
  package func terminal(_ code: String) throws -> TerminalRow? {
    try first("SELECT \(TerminalRow.columns) FROM terminal WHERE code = ?", [.text(code)]) { TerminalRow($0) }
  }

  /// Adds a version of a price policy; earlier versions stay for scans of their time.
  package func addPolicy(_ policy: PolicyRow, event: Int64) throws {
    try markCatalogue()
    try post(
      "INSERT INTO price_policy VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      [
        .text(policy.id), .integer(policy.version), .integer(policy.gtin), .text(policy.regions),
        .text(policy.amount), .text(policy.currency), .text(policy.mode), .optional(policy.basis),
        .integer(policy.since), .optional(policy.until), .integer(event),
      ])
  }

  /// Every version of every policy of a product, newest version first.
  package func policies(gtin: Int64) throws -> [PolicyRow] {
    try all(
      "SELECT \(PolicyRow.columns) FROM price_policy WHERE gtin = ? ORDER BY version DESC, id", [.integer(gtin)]
    ) { PolicyRow($0) }
  }

  /// The newest version of a policy.
  package func policy(_ id: String) throws -> PolicyRow? {
    try first(
      "SELECT \(PolicyRow.columns) FROM price_policy WHERE id = ? ORDER BY version DESC LIMIT 1", [.text(id)]
    ) { PolicyRow($0) }
  }

  /// The newest version of the policies after an id, in order.
  package func policies(after id: String, limit: Int) throws -> [PolicyRow] {
    try all(
      """
      SELECT \(PolicyRow.columns) FROM price_policy AS p WHERE id > ? AND version =
      (SELECT max(version) FROM price_policy AS q WHERE q.id = p.id) ORDER BY id LIMIT ?
      """, [.text(id), .integer(Int64(limit))]
    ) { PolicyRow($0) }
  }
}

extension Transaction {
  /// The event that added a product.
  package func productEvent(_ gtin: Int64) throws -> Int64? {
    try first("SELECT event FROM product WHERE gtin = ?", [.integer(gtin)]) { $0.int(0) }
  }

  /// The event that set a version of a price policy.
  package func policyEvent(_ id: String, version: Int64) throws -> Int64? {
    try first("SELECT event FROM price_policy WHERE id = ? AND version = ?", [.text(id), .integer(version)]) {
      $0.int(0)
    }
  }
}
