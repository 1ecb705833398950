import Storage
import TransparencyLog

/// A person who signs in, as it is shown.
package struct UserView: Sendable {
  /// What the person signs in with, and at the identity provider.
  package let name: String, subject: String?
  /// Whom the person acts as; nil when its key was revoked.
  package let actor: Actor?
  /// Whether one-time codes are asked for, and how many sessions are open.
  package let usesCodes: Bool, sessions: Int64
}

/// A session that has not ended.
package struct Session: Sendable {
  /// The user.
  package let user: String
  /// Whom the user acts as.
  package let actor: Actor
  /// When it ends by itself.
  package let until: Timestamp
  /// What the forms of its pages carry, so that no other site can send them. It is made of the session's token, so it
  /// needs no keeping.
  package let proof: String
}

/// What came of an attempt to sign in.
package enum SignIn: Sendable {
  /// A session began, under a token that is shown once and never stored.
  case done(token: String, Session)
  /// Name and password fit, and a one-time code is asked for.
  case codeNeeded
  /// Name, password or code do not fit.
  case refused
}

extension Access {
  /// How long a session lasts, milliseconds: a working day.
  package static let sessionLength: Int64 = 12 * 3_600_000

  /// Makes a user, and the key that it acts under.
  package func addUser(
    name: String, password: String?, role: Role, dealer: String? = nil, region: String? = nil,
    subject: String? = nil, by actor: Actor = .system
  ) async throws(AccessError) {
    guard (1...64).contains(name.count), name.allSatisfy({ $0.isLetter || $0.isNumber || ".-_@".contains($0) })
    else { throw .invalid(.name) }
    guard role != .consumer, role != .terminal else { throw .invalid(.role) }
    guard subject.map(Self.isSubject) ?? true else { throw .invalid(.subject) }
    // Who signs in elsewhere has a password that nobody knows.
    let (salt, stretched) = try stretched(password.map(Self.checked) ?? unguessable())
    let text = unguessable()
    try await ledger.write(AccessError.self) { transaction in
      guard try transaction.user(name) == nil else { throw AccessError.userExists(name) }
      if let subject, try transaction.user(subject: subject) != nil { throw AccessError.subjectTaken(subject) }
      let key = try addKey(text, role, dealer, region, name, by: actor, transaction)
      try transaction.addUser(name: name, salt: salt, password: stretched, key: key, subject: subject)
    }
  }

  /// Users after a name, in order.
  package func users(after name: String, limit: Int) async throws(AccessError) -> [UserView] {
    let now = ledger.now().milliseconds
    return try await ledger.read(AccessError.self) { transaction in
      try transaction.users(after: name, limit: limit).map { row in
        UserView(
          name: row.name, subject: row.subject, actor: try transaction.key(row.key).flatMap(Self.actor),
          usesCodes: row.totp != nil, sessions: try transaction.sessions(of: row.name, at: now))
      }
    }
  }

  /// A new password; all sessions end.
  package func setPassword(of name: String, to password: String) async throws(AccessError) {
    let (salt, stretched) = try stretched(try Self.checked(password))
    try await ledger.write(AccessError.self) { transaction in
      guard try transaction.user(name) != nil else { throw AccessError.unknownUser(name) }
      try transaction.setPassword(of: name, salt: salt, password: stretched)
      try transaction.endSessions(of: name)
    }
    ledger.catalogueChanged()
  }

  /// Another name of a user at the identity provider, or none; all sessions end.
  package func setSubject(of name: String, to subject: String?) async throws(AccessError) {
    guard subject.map(Self.isSubject) ?? true else { throw .invalid(.subject) }
    try await ledger.write(AccessError.self) { transaction in
      guard try transaction.user(name) != nil else { throw AccessError.unknownUser(name) }
      if let subject, let other = try transaction.user(subject: subject), other.name != name {
        throw AccessError.subjectTaken(subject)
      }
      try transaction.setSubject(of: name, to: subject)
      try transaction.endSessions(of: name)
    }
    ledger.catalogueChanged()
  }

  private static func isSubject(_ text: String) -> Bool {
    (1...255).contains(text.count)
      && text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control && !$0.properties.isWhitespace }
  }

  /// A user signs in no more: its key is revoked and its sessions end. What it did stays.
  package func disableUser(_ name: String, by actor: Actor) async throws(AccessError) {
    try await ledger.write(AccessError.self) { transaction in
      guard let row = try transaction.user(name) else { throw AccessError.unknownUser(name) }
      try revokeKey(row.key, by: actor, transaction)
      try transaction.endSessions(of: name)
    }
    ledger.catalogueChanged()
  }

  /// A secret for one-time codes; nothing is asked for until ``confirmCodes(of:secret:code:)``.
  package func newSecret() -> [UInt8] { Array((ledger.salt().bytes + ledger.salt().bytes).prefix(TOTP.secretBytes)) }

  /// One-time codes are asked for from now on, when the user shows that it can make them.
  package func confirmCodes(of name: String, secret: [UInt8], code: String) async throws(AccessError) {
    let now = ledger.now()
    guard secret.count == TOTP.secretBytes, let step = TOTP.step(of: code, secret, at: now) else {
      throw .invalid(.code)
    }
    try await ledger.write(AccessError.self) { transaction in
      try transaction.setTOTP(of: name, sealed: try sealed(secret, of: name))
      _ = try transaction.useTOTP(of: name, step: step)
    }
    ledger.catalogueChanged()
  }

  /// Whether one-time codes are asked for.
  package func usesCodes(_ name: String) async throws(AccessError) -> Bool {
    try await ledger.read(AccessError.self) { try $0.user(name)?.totp != nil }
  }

  /// Seals secrets of one-time codes that an earlier version left open in the database.
  package func sealCodes() async throws(AccessError) {
    try await ledger.write(AccessError.self) { transaction in
      for (name, secret) in try transaction.openTOTPs() {
        try transaction.replaceOpenTOTP(of: name, sealed: try sealed(secret, of: name))
      }
    }
  }

  private func sealed(_ secret: [UInt8], of name: String) throws -> [UInt8] {
    try SecretSeal(ledger, .oneTimeCodes).seal(
      secret, for: Self.row(name), nonce: Array(ledger.salt().bytes.prefix(12)))
  }

  /// What a sealed secret is bound to.
  private static func row(_ name: String) -> String { "user \(name)" }

  /// One-time codes are asked for no more.
  package func endCodes(of name: String) async throws(AccessError) {
    try await ledger.write(AccessError.self) { try $0.setTOTP(of: name, sealed: nil) }
  }

  /// Whom a name and password stand for; nil when they do not fit, or when a one-time code is asked for beside them.
  /// Takes as long for an unknown name.
  package func actor(name: String, password: String) async throws(AccessError) -> Actor? {
    guard let user = try await user(name, password), user.totp == nil else { return nil }
    return try await ledger.read(AccessError.self) { try $0.key(user.key).flatMap(Self.actor) }
  }

  /// Whether this is a user's password.
  package func isPassword(_ password: String, of name: String) async throws(AccessError) -> Bool {
    try await user(name, password) != nil
  }

  /// Begins a session for a name, password and, where it is asked for, one-time code.
  package func signIn(name: String, password: String, code: String?) async throws(AccessError) -> SignIn {
    guard let user = try await user(name, password) else { return .refused }
    guard let sealed = user.totp else { return try await begin(user, step: nil) }
    guard let code, !code.isEmpty else { return .codeNeeded }
    let secret: [UInt8]
    do { secret = try SecretSeal(ledger, .oneTimeCodes).open(sealed, for: Self.row(user.name)) } catch {
      throw .ledger(error)
    }
    guard let step = TOTP.step(of: code, secret, at: ledger.now()) else { return .refused }
    return try await begin(user, step: step)
  }

  /// Begins a session for whom an identity provider vouches.
  package func signIn(subject: String) async throws(AccessError) -> SignIn {
    guard let user = try await ledger.read(AccessError.self, { try $0.user(subject: subject) }) else { return .refused }
    return try await begin(user, step: nil)
  }

  /// The session of a token; nil when it has ended, or its user may do nothing any more.
  package func session(_ token: String) async throws(AccessError) -> Session? {
    let now = ledger.now().milliseconds
    return try await ledger.read(AccessError.self) { transaction in
      guard let row = try transaction.session(hash: Self.hash(token)), row.until > now,
        let user = try transaction.user(row.name), let actor = try transaction.key(user.key).flatMap(Self.actor)
      else { return nil }
      return Self.session(token, user.name, actor, until: row.until)
    }
  }

  /// Ends one session.
  package func signOut(_ token: String) async throws(AccessError) {
    try await ledger.write(AccessError.self) { try $0.endSession(hash: Self.hash(token)) }
  }

  /// Ends all sessions of a user.
  package func signOutEverywhere(_ name: String) async throws(AccessError) {
    try await ledger.write(AccessError.self) { try $0.endSessions(of: name) }
  }

  private func begin(_ user: UserRow, step: Int64?) async throws(AccessError) -> SignIn {
    let token = unguessable()
    let now = ledger.now().milliseconds
    return try await ledger.write(AccessError.self) { transaction in
      guard let actor = try transaction.key(user.key).flatMap(Self.actor) else { return .refused }
      // A code works once: whoever read it over a shoulder comes too late.
      if let step, try !transaction.useTOTP(of: user.name, step: step) { return .refused }
      let until = now + Self.sessionLength
      try transaction.addSession(hash: Self.hash(token), name: user.name, created: now, until: until)
      return .done(token: token, Self.session(token, user.name, actor, until: until))
    }
  }

  private static func session(_ token: String, _ user: String, _ actor: Actor, until: Int64) -> Session {
    Session(user: user, actor: actor, until: Timestamp(milliseconds: until), proof: proof(token))
  }

  /// What stands in forms beside a secret cookie.
  package static func proof(_ token: String) -> String {
    Base64.url.encode(Array(hash("yima form " + token).prefix(16)))
  }

  /// The user of this name when the password fits.
  private func user(_ name: String, _ password: String) async throws(AccessError) -> UserRow? {
    try await ledger.read(AccessError.self) { transaction in
      let user = try transaction.user(name)
      let stretched = try Self.stretch(password, user?.salt ?? [UInt8](repeating: 0, count: 16))
      guard let user, Self.equal(stretched, user.password) else { return nil }
      return user
    }
  }

  private static func checked(_ password: String) throws(AccessError) -> String {
    guard (10...200).contains(password.count) else { throw .invalid(.password) }
    return password
  }

  /// A fresh salt and the password under it.
  func stretched(_ password: String) throws(AccessError) -> (salt: [UInt8], password: [UInt8]) {
    let salt = ledger.salt().bytes
    do { return (salt, try Self.stretch(password, salt)) } catch { throw AccessError(any: error) }
  }

  /// 32 bytes that nobody guesses.
  private func unguessable() -> String { Base64.url.encode(ledger.salt().bytes + ledger.salt().bytes) }
}
