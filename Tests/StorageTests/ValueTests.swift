import Storage
import Testing

@Suite("Values come back as they were bound")
struct ValueTests {
  static let samples = [
    "", "a", "一码", "👩‍👧", "quote ' \" ; --", "line\nbreak", String(repeating: "长", count: 5000),
  ]

  @Test("texts", arguments: samples)
  func texts(_ text: String) async throws {
    for engine in StoreUnderTest.all {
      let bench = try Bench(engine)
      try await bench.store.write { try $0.set("text", to: text) }
      #expect(try await bench.store.read { try $0.setting("text") } == text)
    }
  }

  @Test(
    "a text with U+0000 comes back, or is refused where the engine has no such texts", arguments: StoreUnderTest.all)
  func zeros(_ engine: StoreUnderTest) async throws {
    let bench = try Bench(engine)
    do {
      try await bench.store.write { try $0.set("text", to: "nul\0inside") }
      #expect(try await bench.store.read { try $0.setting("text") } == "nul\0inside")
    } catch {
      #expect(engine.isPostgres && isConstraint(error), "\(error)")
      #expect(try await bench.store.read { try $0.setting("text") } == nil)
    }
  }

  @Test("blobs", arguments: [[], [0], Array(0...255), [UInt8](repeating: 7, count: 100_000)] as [[UInt8]])
  func blobs(_ blob: [UInt8]) async throws {
    for engine in StoreUnderTest.all {
      let bench = try Bench(engine)
      try await bench.store.write {
        _ = try $0.appendEvent(kind: "k", at: 1, recorded: 2, body: blob, personal: blob, previous: nil)
      }
      let event = try await bench.store.read { try $0.event(1) }
      #expect(event?.body == blob)
      #expect(event?.personal == blob)
    }
  }

  @Test("integers, to both ends", arguments: [Int64.min, -1, 0, 1, 1 << 53 + 1, .max])
  func integers(_ integer: Int64) async throws {
    for engine in StoreUnderTest.all {
      let bench = try Bench(engine)
      try await bench.store.write {
        _ = try $0.appendEvent(
          kind: "k", at: integer, recorded: integer, body: [], personal: nil, previous: integer < 1 ? integer : nil)
      }
      let event = try await bench.store.read { try $0.event(1) }
      #expect(event?.at == integer)
      #expect(event?.recorded == integer)
      #expect(event?.previous == (integer < 1 ? integer : nil))
      #expect(event?.personal == nil)
    }
  }

  @Test("literals and optionals bind what they say")
  func conversions() {
    #expect(SQLValue.optional(nil as String?) == .null)
    #expect(SQLValue.optional("x") == "x")
    #expect(SQLValue.optional(nil as Int64?) == nil)
    #expect(SQLValue.optional(Int64(5)) == 5)
    #expect(SQLValue.optional(nil as Double?) == .null)
    #expect(SQLValue.optional(0.5) == .real(0.5))
    #expect(SQLValue.optional(nil as [UInt8]?) == .null)
    #expect(SQLValue.optional([1]) == .blob([1]))
  }

  @Test("a row tells NULL from zero and empty")
  func nulls() async throws {
    let bench = try Bench(StoreUnderTest.all[0])
    try await bench.store.read { transaction throws in
      let row = try transaction.first("SELECT NULL, 0, '', x'', 2.5, NULL") { row in
        #expect(row.isNull(0) && !row.isNull(1) && !row.isNull(2) && !row.isNull(3))
        #expect(row.intOrNil(0) == nil && row.intOrNil(1) == 0)
        #expect(row.textOrNil(0) == nil && row.textOrNil(2)?.isEmpty == true)
        #expect(row.blobOrNil(0) == nil && row.blobOrNil(3)?.isEmpty == true)
        #expect(row.realOrNil(5) == nil && row.realOrNil(4) == 2.5 && row.real(4) == 2.5)
        return true
      }
      #expect(row == true)
      #expect(try transaction.first("SELECT 1 WHERE 0") { $0.int(0) } == nil)
    }
  }
}
