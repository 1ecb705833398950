import Ledger
import Storage
import TestWorld
import Testing
import TransparencyLog

@Suite("Keys and passwords")
struct AccessTests {
  private func world() async throws -> World {
    let world = try await World.make()
    try await world.ledger.store.write {
      try $0.addDealer(DealerRow(code: "D1", name: "总代", tier: 1, parent: nil, territories: "430000"), event: 1)
    }
    return world
  }

  @Test("a key of each role opens its role and scope", arguments: Role.allCases.filter { $0 != .consumer })
  func roles(_ role: Role) async throws {
    let world = try await world()
    let access = Access(world.ledger)
    let key = try await access.createKey(role: role, dealer: "D1", region: "430102", name: "李四")
    let actor = try await access.actor(forKey: key.text)
    #expect(actor == Actor(key: key.id, role: role, dealer: "D1", region: "430102"))
    #expect(key.text.hasPrefix("ym_") && key.text.utf8.count == 46)
    for wrong in ["", key.text + "A", String(key.text.dropLast()), key.text.lowercased(), "ym_"] {
      #expect(try await access.actor(forKey: wrong) == nil)
    }
  }

  @Test("the event names the key's number and role, and hides the person; the text is stored nowhere")
  func events() async throws {
    let world = try await world()
    let key = try await Access(world.ledger).createKey(
      role: .dealer, dealer: "D1", name: "李四", by: Actor(key: 7, role: .admin))
    let row = try #require(try await world.ledger.store.read { try $0.event(2) })
    let body = try JSONValue(parsing: row.body)
    #expect(body["kind"] == "key" && body["by"] == ["key": 7, "role": "admin"])
    #expect(body["data"] == ["key": .integer(key.id), "role": "dealer", "dealer": "D1"])
    #expect(!String(decoding: row.body, as: UTF8.self).contains("李四"))
    let stored = try await world.ledger.store.read { transaction in
      try transaction.all("SELECT quote(hash) || role || name FROM api_key") { $0.text(0) }
    }
    #expect(!stored.joined().contains(key.text))
  }

  @Test("numbers go up, and no two keys are the same")
  func numbers() async throws {
    let world = try await world()
    let access = Access(world.ledger)
    let keys = try await withThrowingTaskGroup(of: (text: String, id: Int64).self) { group in
      for _ in 0..<20 { group.addTask { try await access.createKey(role: .issuer) } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(Set(keys.map(\.text)).count == 20)
    #expect(keys.map(\.id).sorted() == Array(1...20))
  }

  @Test("a key that must not be is refused, and nothing is written")
  func refusals() async throws {
    let world = try await world()
    let access = Access(world.ledger)
    let before = try await world.dump()
    await #expect(throws: AccessError.dealerMissing) { try await access.createKey(role: .dealer) }
    await #expect(throws: AccessError.unknownDealer("X")) { try await access.createKey(role: .terminal, dealer: "X") }
    await #expect(throws: AccessError.unknownKey(9)) { try await access.revokeKey(9) }
    #expect(try await world.dump() == before)
  }

  @Test("a revoked key opens nothing, is revoked once, and caches hear of it")
  func revocation() async throws {
    let world = try await world()
    let access = Access(world.ledger)
    let key = try await access.createKey(role: .issuer)
    let kept = try await access.createKey(role: .issuer)
    try await access.createUser(name: "li", password: "geheim", key: key.id)
    let generation = world.ledger.catalogueGeneration
    try await access.revokeKey(key.id)
    #expect(world.ledger.catalogueGeneration > generation)
    #expect(try await access.actor(forKey: key.text) == nil)
    #expect(try await access.actor(name: "li", password: "geheim") == nil)
    #expect(try await access.actor(forKey: kept.text)?.key == kept.id)
    await #expect(throws: AccessError.unknownKey(key.id)) { try await access.revokeKey(key.id) }
    #expect(
      try await world.ledger.store.read { try $0.events(after: 1, limit: 9).map(\.kind) } == [
        "key", "key", "keyRevoked",
      ])
  }

  @Test("a person signs in with name and password, and with nothing else")
  func passwords() async throws {
    let world = try await world()
    let access = Access(world.ledger)
    let key = try await access.createKey(role: .compliance)
    try await access.createUser(name: "王五", password: "密码 123", key: key.id)
    try await access.createUser(name: "empty", password: "", key: key.id)
    #expect(try await access.actor(name: "王五", password: "密码 123")?.role == .compliance)
    #expect(try await access.actor(name: "empty", password: "")?.key == key.id)
    for (name, password) in [
      ("王五", "密码 12"), ("王五", ""), ("王五", "密码 123 "), ("赵六", "密码 123"), ("", ""), ("empty", "x"),
    ] {
      #expect(try await access.actor(name: name, password: password) == nil)
    }
    await #expect(throws: AccessError.self) { try await access.createUser(name: "王五", password: "x", key: key.id) }
    await #expect(throws: AccessError.self) { try await access.createUser(name: "zhao", password: "x", key: 99) }
    let same = try await world.ledger.store.read { transaction in
      try transaction.all("SELECT DISTINCT salt FROM user") { $0.blob(0) }
    }
    #expect(same.count == 2)
  }

  @Test("a key that holds a role of no program opens nothing")
  func unknownRole() async throws {
    let world = try await world()
    let key = try await Access(world.ledger).createKey(role: .issuer)
    try world.edit("UPDATE api_key SET role = 'emperor'")
    #expect(try await Access(world.ledger).actor(forKey: key.text) == nil)
  }
}
