import Codes
import Issuing
import Ledger
import TestWorld
import Testing
import TransparencyLog

@Suite("Steps that a client names are taken once")
struct StepIDTests {
  private func id(_ text: String, _ request: String = "a") -> StepID {
    StepID(text, request: Digest32.sha256(Array(request.utf8)))
  }

  @Test("packing, dispatch and return again answer what they answered, and write nothing")
  func again() async throws {
    let shop = try await Shop.make()
    shop.tick()
    let children = [shop.loose(0), shop.loose(1)]
    let packed = try await shop.issuing.pack(
      parent: shop.crate(0), children: children, by: Shop.actor, id: id("1"))
    let new = try shop.new([.code(shop.crate(0))])
    shop.tick()
    let made = try await shop.issuing.dispatch(new, by: Shop.actor, id: id("2"))
    shop.tick()
    let back = try await shop.issuing.takeBack(
      [.code(shop.crate(0))], dealer: "A", reason: "x", by: Shop.actor, id: id("3"))
    let before = try await shop.world.dump()
    shop.tick()
    #expect(
      try await shop.issuing.pack(parent: shop.crate(0), children: children, by: Shop.actor, id: id("1")) == packed)
    let again = try await shop.issuing.dispatch(new, by: Shop.actor, id: id("2"))
    #expect(again.row.id == made.row.id && again.seals.map(\.uri) == made.seals.map(\.uri))
    #expect(
      try await shop.issuing.takeBack(
        [.code(shop.crate(0))], dealer: "A", reason: "x", by: Shop.actor, id: id("3")) == back)
    #expect(try await shop.world.dump() == before)
    try await shop.checkWhole()
  }

  @Test("another request under the same id is refused; another key has ids of its own")
  func reused() async throws {
    let shop = try await Shop.make()
    shop.tick()
    try await shop.issuing.void([.code(shop.loose(0))], reason: "torn", by: Shop.actor, id: id("1"))
    try await shop.refused(.idReused("1")) {
      try await shop.issuing.void([.code(shop.loose(1))], reason: "torn", by: Shop.actor, id: id("1", "b"))
    }
    let other = Actor(key: 3, role: .warehouse)
    try await shop.issuing.void([.code(shop.loose(1))], reason: "torn", by: other, id: id("1", "b"))
    #expect(try await shop.life(shop.loose(1)).state == .voided)
  }

  @Test("a refused step leaves its id free")
  func refusedStep() async throws {
    let shop = try await Shop.make()
    shop.tick()
    await #expect(throws: IssuingError.self) {
      try await shop.issuing.receive([.code(shop.box(0))], dealer: "A", by: Shop.actor, id: id("1"))
    }
    try await shop.dispatch([shop.box(0)])
    shop.tick()
    #expect(try await shop.issuing.receive([.code(shop.box(0))], dealer: "A", by: Shop.actor, id: id("1")) == 12)
  }

  @Test("labels printed before need a reason")
  func prints() async throws {
    let shop = try await Shop.make()
    func new(_ first: Int64, _ last: Int64, _ reason: String? = nil) -> NewPrint {
      NewPrint(.batch(1, first: first, last: last), level: .item, format: "pdf", template: "", reason: reason)
    }
    let first = try await shop.issuing.record(new(0, 9), by: Shop.actor)
    #expect(first.id == 1 && first.first == 0 && first.last == 9)
    try await shop.refused(.alreadyPrinted(first)) { _ = try await shop.issuing.record(new(9, 12), by: Shop.actor) }
    #expect(try await shop.issuing.record(new(9, 12, "torn"), by: Shop.actor).reason == "torn")
    #expect(try await shop.issuing.record(new(13, 119), by: Shop.actor).id == 3)
    try await shop.refused(.invalid(field: "/last", .range(0, 119))) {
      _ = try await shop.issuing.record(new(0, 120), by: Shop.actor)
    }
  }

  @Test("stock and what is on its way follow the codes, outermost units first")
  func holdings() async throws {
    let shop = try await Shop.make()
    try await shop.dispatch([shop.box(0), shop.box(1), shop.loose(3)], number: "DN-1")
    let incoming = try #require(try await shop.issuing.incoming(to: "A").first)
    #expect(incoming.items == 25 && incoming.unitCount == 3)
    #expect(Set(incoming.samples) == [shop.box(0), shop.box(1), shop.loose(3)])
    shop.tick()
    #expect(try await shop.issuing.receive(incoming.units, dealer: "A", by: Shop.actor) == 25)
    #expect(try await shop.issuing.incoming(to: "A").isEmpty)
    try await shop.transfer([shop.box(0)])
    let stock = try await shop.issuing.stock(of: "A").map { "\($0.dealer) \($0.state.name) \($0.items)" }
    #expect(stock == ["A received 13", "A1 dispatched 12"])
    #expect(try await shop.issuing.stock(of: "B").isEmpty)
    #expect(try await shop.issuing.network(of: "A1").map(\.code) == ["A1", "A11"])
    #expect(try await shop.issuing.network(of: "?").isEmpty)
  }
}
