/// A person who signs in, as stored: the password only as its scrypt hash.
package struct UserRow: Sendable {
  /// What the person signs in with, and the key that it acts under.
  package let name: String, key: Int64
  /// scrypt's salt and output.
  package let salt: [UInt8], password: [UInt8]
  /// The sealed secret of the one-time codes (RFC 6238), when the person uses them, and the last time step that was used.
  package let totp: [UInt8]?, totpStep: Int64
  /// The person's name at the identity provider.
  package let subject: String?

  init(_ row: SQLRow) {
    name = row.text(0)
    key = row.int(1)
    salt = row.blob(2)
    password = row.blob(3)
    totp = row.blobOrNil(4)
    totpStep = row.int(5)
    subject = row.textOrNil(6)
  }

  // A secret that is not sealed yet counts too: nobody gets in without a code because of it.
  static let columns = "name, key, salt, password, coalesce(totp_sealed, totp), totp_step, subject"
}

extension Transaction {
  /// Adds a user who signs in with a password: salt and scrypt hash, acting under a key.
  package func addUser(
    name: String, salt: [UInt8], password: [UInt8], key: Int64, subject: String? = nil
  ) throws {
    try post(
      "INSERT INTO \"user\" (name, salt, password, key, subject) VALUES (?, ?, ?, ?, ?)",
      [.text(name), .blob(salt), .blob(password), .integer(key), .optional(subject)])
  }

  /// The user of this name.
  package func user(_ name: String) throws -> UserRow? {
    try first("SELECT \(UserRow.columns) FROM \"user\" WHERE name = ?", [.text(name)]) { UserRow($0) }
  }

  /// The user whom the identity provider calls so.
  package func user(subject: String) throws -> UserRow? {
    try first("SELECT \(UserRow.columns) FROM \"user\" WHERE subject = ?", [.text(subject)]) { UserRow($0) }
  }

  /// Users after a name, in order.
  package func users(after name: String, limit: Int) throws -> [UserRow] {
    try all(
      "SELECT \(UserRow.columns) FROM \"user\" WHERE name > ? ORDER BY name LIMIT ?",
      [.text(name), .integer(Int64(limit))]
    ) { UserRow($0) }
  }

  /// A new password.
  package func setPassword(of name: String, salt: [UInt8], password: [UInt8]) throws {
    try run(
      "UPDATE \"user\" SET salt = ?, password = ? WHERE name = ?", [.blob(salt), .blob(password), .text(name)])
  }

  /// Another name at the identity provider, or none.
  package func setSubject(of name: String, to subject: String?) throws {
    try run("UPDATE \"user\" SET subject = ? WHERE name = ?", [.optional(subject), .text(name)])
  }

  /// Begins or ends the use of one-time codes.
  package func setTOTP(of name: String, sealed: [UInt8]?) throws {
    try run(
      "UPDATE \"user\" SET totp = NULL, totp_sealed = ?, totp_step = 0 WHERE name = ?",
      [.optional(sealed), .text(name)])
  }

  /// Secrets that were stored before they were sealed, by user.
  package func openTOTPs() throws -> [(name: String, secret: [UInt8])] {
    try all("SELECT name, totp FROM \"user\" WHERE totp IS NOT NULL ORDER BY name") { ($0.text(0), $0.blob(1)) }
  }

  /// Puts the sealed secret in place of the open one; codes that were used stay used.
  package func replaceOpenTOTP(of name: String, sealed: [UInt8]) throws {
    try run("UPDATE \"user\" SET totp = NULL, totp_sealed = ? WHERE name = ?", [.blob(sealed), .text(name)])
  }

  /// Uses up a time step of a user's one-time codes; false when it, or a later one, was used before.
  package func useTOTP(of name: String, step: Int64) throws -> Bool {
    try run(
      "UPDATE \"user\" SET totp_step = ? WHERE name = ? AND totp_step < ?",
      [.integer(step), .text(name), .integer(step)]) == 1
  }

  /// Begins a session under the hash of its token; ended ones are cleared away.
  package func addSession(hash: [UInt8], name: String, created: Int64, until: Int64) throws {
    try run("DELETE FROM session WHERE until <= ?", [.integer(created)])
    try post(
      "INSERT INTO session (hash, name, created, until) VALUES (?, ?, ?, ?)",
      [.blob(hash), .text(name), .integer(created), .integer(until)])
  }

  /// A session's user and end, Unix milliseconds; also when that has passed.
  package func session(hash: [UInt8]) throws -> (name: String, until: Int64)? {
    try first("SELECT name, until FROM session WHERE hash = ?", [.blob(hash)]) { ($0.text(0), $0.int(1)) }
  }

  /// How many sessions of a user have not ended.
  package func sessions(of name: String, at now: Int64) throws -> Int64 {
    try first("SELECT count(*) FROM session WHERE name = ? AND until > ?", [.text(name), .integer(now)]) {
      $0.int(0)
    } ?? 0
  }

  /// Ends one session.
  package func endSession(hash: [UInt8]) throws {
    try run("DELETE FROM session WHERE hash = ?", [.blob(hash)])
  }

  /// Ends all sessions of a user.
  package func endSessions(of name: String) throws {
    try run("DELETE FROM session WHERE name = ?", [.text(name)])
  }
}
