import Ledger
import TestWorld
import Testing

@Suite("People: users, sessions, one-time codes")
struct SessionTests {
  private func access() async throws -> (World, Access) {
    let world = try await World.make(seed: 3)
    return (world, Access(world.ledger))
  }

  private func session(_ attempt: SignIn) throws -> (token: String, session: Session) {
    guard case .done(let token, let session) = attempt else { throw Unexpected() }
    return (token, session)
  }

  private struct Unexpected: Error {}

  @Test("RFC 6238, appendix B: the codes of SHA-1, as far as six digits go")
  func vectors() {
    let secret = Array("12345678901234567890".utf8)
    for (seconds, code) in [
      (59, "287082"), (1_111_111_109, "081804"), (1_111_111_111, "050471"), (1_234_567_890, "005924"),
      (2_000_000_000, "279037"), (20_000_000_000, "353130"),
    ] as [(Int64, String)] {
      let now = Timestamp(milliseconds: seconds * 1000)
      #expect(TOTP.code(secret, step: TOTP.step(at: now)) == code)
      #expect(TOTP.step(of: code, secret, at: now) == TOTP.step(at: now))
      #expect(TOTP.step(of: code, secret, at: now.advanced(by: 29_000)) != nil)
      #expect(TOTP.step(of: code, secret, at: now.advanced(by: 90_000)) == nil)
    }
    #expect(TOTP.base32(secret) == "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
    #expect(TOTP.bytes(base32: "gezd GNBVGY3TQOJQGEZDGNBVGY3TQOJQ") == secret)
    #expect(TOTP.bytes(base32: "1") == nil)
  }

  @Test("a session stands for its user's key until it ends, and no longer than a working day")
  func life() async throws {
    let (world, access) = try await access()
    defer { withExtendedLifetime(world) {} }
    try await access.addUser(name: "li", password: "correct horse", role: .compliance, region: "430000")
    let (token, begun) = try session(try await access.signIn(name: "li", password: "correct horse", code: nil))
    #expect(begun.actor.role == .compliance && begun.actor.region == "430000")
    #expect(try await access.session(token)?.actor == begun.actor)
    #expect(try await access.session(token)?.proof == begun.proof && begun.proof != token)
    #expect(try await access.session(token + "x") == nil)
    world.clock.advance(seconds: Access.sessionLength / 1000)
    #expect(try await access.session(token) == nil)
  }

  @Test("signing out ends one session, everywhere all of them; so do another password and disabling")
  func endings() async throws {
    let (world, access) = try await access()
    defer { withExtendedLifetime(world) {} }
    try await access.addUser(name: "li", password: "correct horse", role: .auditor)
    func begin(_ password: String = "correct horse") async throws -> String {
      try session(try await access.signIn(name: "li", password: password, code: nil)).token
    }
    let (one, two) = (try await begin(), try await begin())
    try await access.signOut(one)
    #expect(try await access.session(one) == nil)
    #expect(try await access.session(two) != nil)
    try await access.signOutEverywhere("li")
    #expect(try await access.session(two) == nil)
    let three = try await begin()
    try await access.setPassword(of: "li", to: "battery staple")
    #expect(try await access.session(three) == nil)
    guard case .refused = try await access.signIn(name: "li", password: "correct horse", code: nil) else {
      throw Unexpected()
    }
    let four = try await begin("battery staple")
    try await access.disableUser("li", by: .system)
    #expect(try await access.session(four) == nil)
    guard case .refused = try await access.signIn(name: "li", password: "battery staple", code: nil) else {
      throw Unexpected()
    }
  }

  @Test("a one-time code is asked for when it was set up, and works once")
  func codes() async throws {
    let (world, access) = try await access()
    defer { withExtendedLifetime(world) {} }
    try await access.addUser(name: "li", password: "correct horse", role: .auditor)
    let secret = access.newSecret()
    let code = TOTP.code(secret, step: TOTP.step(at: world.clock.now))
    await #expect(throws: AccessError.invalid(.code)) {
      try await access.confirmCodes(of: "li", secret: secret, code: "x")
    }
    try await access.confirmCodes(of: "li", secret: secret, code: code)
    guard case .codeNeeded = try await access.signIn(name: "li", password: "correct horse", code: nil) else {
      throw Unexpected()
    }
    guard case .refused = try await access.signIn(name: "li", password: "correct horse", code: code) else {
      throw Unexpected()
    }
    // Without a place for the code, the password alone opens nothing.
    #expect(try await access.actor(name: "li", password: "correct horse") == nil)
    world.clock.advance(seconds: 60)
    let later = TOTP.code(secret, step: TOTP.step(at: world.clock.now))
    _ = try session(try await access.signIn(name: "li", password: "correct horse", code: later))
    guard case .refused = try await access.signIn(name: "li", password: "correct horse", code: later) else {
      throw Unexpected()
    }
  }

  @Test("the secret of one-time codes lies sealed in the database, and opens for its user alone")
  func sealedCodes() async throws {
    let (world, access) = try await access()
    defer { withExtendedLifetime(world) {} }
    for name in ["li", "wang"] { try await access.addUser(name: name, password: "correct horse", role: .auditor) }
    let secret = access.newSecret()
    let code = TOTP.code(secret, step: TOTP.step(at: world.clock.now))
    try await access.confirmCodes(of: "li", secret: secret, code: code)
    let rows = try await world.ledger.store.read { try ($0.user("li"), $0.openTOTPs().count) }
    #expect(rows.0?.totp?.count == 48 && rows.0?.totp?.firstRange(of: secret) == nil && rows.1 == 0)
    try world.edit("UPDATE user SET totp_sealed = (SELECT totp_sealed FROM user WHERE name = 'li')")
    world.clock.advance(seconds: 60)
    let later = TOTP.code(secret, step: TOTP.step(at: world.clock.now))
    _ = try session(try await access.signIn(name: "li", password: "correct horse", code: later))
    await #expect(throws: AccessError.ledger(.keys("the secret of user wang was not sealed under this keystore"))) {
      try await access.signIn(name: "wang", password: "correct horse", code: later)
    }
  }

  @Test("a secret that an earlier version left open lets nobody in before it is sealed, and works after")
  func openCodes() async throws {
    let (world, access) = try await access()
    defer { withExtendedLifetime(world) {} }
    try await access.addUser(name: "li", password: "correct horse", role: .auditor)
    let secret = [UInt8](repeating: 7, count: 20)
    try world.edit("UPDATE user SET totp = x'\(String(repeating: "07", count: 20))'")
    let code = TOTP.code(secret, step: TOTP.step(at: world.clock.now))
    guard case .codeNeeded = try await access.signIn(name: "li", password: "correct horse", code: nil) else {
      throw Unexpected()
    }
    await #expect(throws: AccessError.ledger(.keys("the secret of user li was not sealed under this keystore"))) {
      try await access.signIn(name: "li", password: "correct horse", code: code)
    }
    try await access.sealCodes()
    #expect(try await world.ledger.store.read { try $0.openTOTPs().isEmpty })
    _ = try session(try await access.signIn(name: "li", password: "correct horse", code: code))
  }

  @Test("what cannot be a user is refused, and nothing is written")
  func refusals() async throws {
    let (world, access) = try await access()
    defer { withExtendedLifetime(world) {} }
    try await access.addUser(name: "li", password: "correct horse", role: .auditor, subject: "sub-1")
    let before = try await world.dump()
    for (name, password, role, dealer, subject, error) in [
      ("li", "correct horse", .auditor, nil, nil, .userExists("li")),
      ("wu", "correct horse", .auditor, nil, "sub-1", .subjectTaken("sub-1")),
      ("wu", "short", .auditor, nil, nil, .invalid(.password)),
      ("", "correct horse", .auditor, nil, nil, .invalid(.name)),
      ("a b", "correct horse", .auditor, nil, nil, .invalid(.name)),
      ("wu", "correct horse", .consumer, nil, nil, .invalid(.role)),
      ("wu", "correct horse", .dealer, nil, nil, .dealerMissing),
      ("wu", "correct horse", .dealer, "X", nil, .unknownDealer("X")),
    ] as [(String, String, Role, String?, String?, AccessError)] {
      await #expect(throws: error) {
        try await access.addUser(name: name, password: password, role: role, dealer: dealer, subject: subject)
      }
    }
    #expect(try await world.dump() == before)
  }
}
