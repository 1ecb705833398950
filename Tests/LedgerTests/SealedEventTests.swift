import Ledger
import TestWorld
import Testing
import TransparencyLog

@Suite("An event is canonical JSON with commitments for what is personal")
struct SealedEventTests {
  private func sealed(_ personal: [String: JSONValue] = [:], seed: UInt64 = 1) -> SealedEvent {
    let salts = SaltSource(seed)
    let draft = EventDraft(
      .dispatch, at: Timestamp(milliseconds: 1_788_249_600_000), by: Actor(key: 3, role: .warehouse),
      data: ["number": "DN-1", "items": 12], personal: personal)
    return SealedEvent(draft, recorded: Timestamp(milliseconds: 1_788_249_600_120), salts: salts.next)
  }

  @Test("the envelope has the members of Events.md, in canonical form")
  func envelope() throws {
    let event = sealed()
    let body = try JSONValue(parsing: event.body)
    #expect(body.canonicalBytes == event.body)
    #expect(body.object?.keys.sorted() == ["at", "by", "data", "kind", "recorded", "salt", "v"])
    #expect(body["at"] == "2026-09-01T08:00:00Z" && body["recorded"] == "2026-09-01T08:00:00.120Z")
    #expect(body["by"] == ["key": 3, "role": "warehouse"] && body["kind"] == "dispatch" && body["v"] == 1)
    #expect(body["data"] == ["items": 12, "number": "DN-1"])
    #expect(body["salt"]?.string?.utf8.count == 22)
    #expect(event.personal == nil)
  }

  @Test("commitments open with the salts and values beside them, and with no others")
  func commitments() throws {
    let values: [String: JSONValue] = ["name": "李四", "place": ["latitude": 28.2, "source": "gps"]]
    let event = sealed(values)
    let body = try JSONValue(parsing: event.body)
    let beside = try JSONValue(parsing: try #require(event.personal))
    #expect(beside.canonicalBytes == event.personal)
    #expect(body["personal"]?.object?.keys.sorted() == ["name", "place"])
    #expect(!String(decoding: event.body, as: UTF8.self).contains("李四"))
    for (name, value) in values {
      let salt = try #require(beside[name]?["salt"]?.string.flatMap { Commitment.Salt(base64url: $0) })
      let commitment = try #require(body["personal"]?[name]?.string.flatMap { Commitment(base64url: $0) })
      #expect(beside[name]?["value"] == value)
      #expect(commitment.verify(name: name, value: value, salt: salt))
      #expect(!commitment.verify(name: name, value: "王五", salt: salt))
      #expect(!commitment.verify(name: name + "x", value: value, salt: salt))
      #expect(!commitment.verify(name: name, value: value, salt: SaltSource(99).next()))
    }
  }

  @Test("every salt is its own, and equal drafts make different leaves")
  func salts() throws {
    let event = sealed(["a": 1, "b": 1])
    let beside = try JSONValue(parsing: try #require(event.personal))
    let salts = [
      try JSONValue(parsing: event.body)["salt"]?.string, beside["a"]?["salt"]?.string, beside["b"]?["salt"]?.string,
    ]
    #expect(Set(salts).count == 3)
    #expect(leafHash(forEvent: sealed(seed: 1).body) == leafHash(forEvent: sealed(seed: 1).body))
    #expect(leafHash(forEvent: sealed(seed: 1).body) != leafHash(forEvent: sealed(seed: 2).body))
  }

  @Test("the ledger writes the event that was drafted, in the transaction of its change")
  func append() async throws {
    let world = try await World.make()
    let (ledger, now) = (world.ledger, world.clock.now)
    struct Undone: Error {}
    await #expect(throws: LedgerError.self) {
      try await ledger.write(LedgerError.self) {
        try ledger.append(EventDraft(.key, at: now, by: .system, data: [:]), $0, recorded: now)
        throw Undone()
      }
    }
    let id = try await ledger.write(LedgerError.self) {
      try ledger.append(
        EventDraft(.product, at: now, by: .system, data: ["gtin": "x"], personal: ["name": "n"]), $0, recorded: now)
    }
    #expect(id == 2)
    let row = try #require(try await ledger.read(LedgerError.self) { try $0.event(2) })
    #expect(row.kind == "product" && row.at == now.milliseconds && row.recorded == now.milliseconds)
    #expect(try JSONValue(parsing: row.body)["data"] == ["gtin": "x"])
    #expect(row.personal != nil && row.previous == nil)
  }
}
