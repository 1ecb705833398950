/// An API key as stored: its SHA-256, never itself.
package struct KeyRow: Sendable {
  /// Row number, role, and what its scope is bound to.
  package let id: Int64, role: String, dealer: String?, region: String?, name: String
  /// Unix milliseconds.
  package let created: Int64, revoked: Int64?

  init(_ row: SQLRow) {
    id = row.int(0)
    role = row.text(1)
    dealer = row.textOrNil(2)
    region = row.textOrNil(3)
    name = row.text(4)
    created = row.int(5)
    revoked = row.intOrNil(6)
  }

  static let columns = "id, role, dealer, region, name, created, revoked"
}

extension Transaction {
  /// Adds a key by its hash and returns its number.
  package func addKey(
    hash: [UInt8], role: String, dealer: String?, region: String?, name: String, created: Int64, event: Int64
  ) throws -> Int64 {
    let id = try nextID(of: "api_key")
    try markCatalogue()
    try post(
      "INSERT INTO api_key (id, hash, role, dealer, region, name, created, event) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      [
        .integer(id), .blob(hash), .text(role), .optional(dealer), .optional(region), .text(name), .integer(created),
        .integer(event),
      ])
    return id
  }

  /// The key with this hash.
  package func key(hash: [UInt8]) throws -> KeyRow? {
    try first("SELECT \(KeyRow.columns) FROM api_key WHERE hash = ?", [.blob(hash)]) { KeyRow($0) }
  }

  /// The key with this number.
  package func key(_ id: Int64) throws -> KeyRow? {
    try first("SELECT \(KeyRow.columns) FROM api_key WHERE id = ?", [.integer(id)]) { KeyRow($0) }
  }

  /// Who acts under a key: the users, and the name that the key was given, in lower case.
  package func persons(ofKey id: Int64) throws -> Set<String> {
    let sql = """
      SELECT lower(name) FROM api_key WHERE id = ?1 AND length(name) > 0
      UNION SELECT lower(name) FROM "user" WHERE key = ?1
      """
    return Set(try all(sql, [.integer(id)]) { $0.text(0) })
  }

  /// All keys, oldest first.
  package func keys() throws -> [KeyRow] {
    try all("SELECT \(KeyRow.columns) FROM api_key ORDER BY id") { KeyRow($0) }
  }

  /// Revokes a key; false when there is none that is still good.
  package func revokeKey(_ id: Int64, at: Int64) throws -> Bool {
    try markCatalogue()
    return try run("UPDATE api_key SET revoked = ? WHERE id = ? AND revoked IS NULL", [.integer(at), .integer(id)]) == 1
  }
}
