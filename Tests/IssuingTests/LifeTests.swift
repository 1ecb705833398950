import Issuing
import Ledger
import Regions
import Storage
import TestWorld
import Testing
import TransparencyLog

@Suite("Whole lives, from issuing to the end")
struct LifeTests {
  private func states(_ shop: Shop, _ code: String) async throws -> [LifeState] {
    try await shop.issuing.lookUp(code).lives.reversed().map(\.state)
  }

  @Test("an item goes down three tiers and is sold; each step narrows where it may be sold")
  func down() async throws {
    let shop = try await Shop.make()
    try await shop.dispatch([shop.box(0)], to: "A", "430000,440000")
    #expect(try await shop.receive([shop.box(0)]) == 12)
    #expect(try await shop.transfer([shop.box(0)], to: "A1") == 12)
    #expect(try await shop.life(shop.item(0)).territory == (try Territory("430100,440100")))
    try await shop.receive([shop.box(0)], by: "A1")
    #expect(try await shop.transfer([shop.item(4)], from: "A1", to: "A11") == 1)
    #expect(try await shop.sell([shop.item(4)], by: "A11") == 1)
    let found = try await shop.issuing.lookUp(shop.item(4))
    #expect(
      found.lives.reversed().map(\.state) == [
        .issued, .dispatched, .received, .dispatched, .received, .dispatched, .sold,
      ])
    #expect(found.lives.reversed().map(\.dealer) == [nil, "A", "A", "A1", "A1", "A11", "A11"])
    #expect(found.lives.first?.territory == (try Territory("430102")))
    #expect(Set(found.lives.compactMap(\.dispatch)) == [1])
    #expect(found.events.map(\.kind) == ["batch", "dispatch", "receipt", "transfer", "receipt", "transfer", "sale"])
    #expect(found.events.map(\.at).sorted() == found.events.map(\.at))
    #expect(found.product?.en == "Liquor" && found.batch?.id == 1 && found.scans == 0 && found.firstScannedAt == nil)
    #expect(try await states(shop, shop.item(5)).last == .received)
    try await shop.checkWhole()
  }

  @Test("goods that skip a tier are bound by the receiver's territory alone")
  func skipsTier() async throws {
    let shop = try await Shop.make()
    try await shop.dispatch([shop.box(0)], to: "A", "430100")
    try await shop.transfer([shop.box(0)], from: "A", to: "A11")
    let life = try await shop.life(shop.item(0))
    #expect(life.dealer == "A11")
    #expect(life.territory == (try Territory("430102")))
  }

  @Test("many boxes are packed at once; one that is refused does not hold up the others")
  func packsMany() async throws {
    let shop = try await Shop.make()
    shop.tick()
    let refusals = try await shop.issuing.pack(
      [
        PackedBox(parent: shop.crate(0), children: [shop.loose(0), shop.loose(1)]),
        PackedBox(parent: shop.crate(1), children: [shop.loose(1), shop.loose(2)]),
        PackedBox(parent: shop.crate(1), children: []),
        PackedBox(parent: shop.crate(1), children: [shop.loose(2)]),
      ], by: .system)
    #expect(refusals.map { $0 == nil } == [true, false, false, true])
    #expect(
      refusals[1] == .refused([Refusal(unit: 0, code: shop.loose(1), .alreadyPacked(box: shop.crate(0)))]))
    #expect(refusals[2] == .refused([Refusal(.empty)]))
    #expect(try await states(shop, shop.loose(1)) == [.issued, .packed])
    #expect(try await states(shop, shop.loose(2)) == [.issued, .packed])
    try await shop.checkWhole()
  }

  @Test("what comes back is free again, and can be repacked and sent to another dealer")
  func returns() async throws {
    let shop = try await Shop.make()
    try await shop.dispatch([shop.box(0)])
    #expect(try await shop.takeBack([shop.box(0)], from: "A") == 12)
    let life = try await shop.life(shop.item(0))
    #expect(life.state == .returned && life.dealer == nil && life.dispatch == nil && life.territory == nil)
    try await shop.unpack([shop.item(0), shop.item(1)], from: shop.box(0))
    try await shop.pack([shop.item(0), shop.item(1)], into: shop.crate(0))
    try await shop.dispatch([shop.crate(0), shop.box(0)], to: "B")
    #expect(try await states(shop, shop.item(0)) == [.issued, .dispatched, .returned, .returned, .packed, .dispatched])
    #expect(try await shop.life(shop.item(0)).dealer == "B")
    #expect(try await shop.life(shop.item(0)).dispatch == 2)
    #expect(try await shop.issuing.lookUp(shop.item(0)).box == shop.crate(0))
    #expect(try await shop.issuing.lookUp(shop.item(2)).box == shop.box(0))
    try await shop.checkWhole()
  }

  @Test("a sold item comes back; the record keeps who sold it")
  func soldAndBack() async throws {
    let shop = try await Shop.make()
    try await shop.dispatch([shop.loose(0)])
    try await shop.sell([shop.loose(0)])
    try await shop.takeBack([shop.loose(0)])
    #expect(try await states(shop, shop.loose(0)) == [.issued, .dispatched, .sold, .returned])
    try await shop.dispatch([shop.loose(0)], to: "B")
    #expect(try await shop.life(shop.loose(0)).dealer == "B")
  }

  @Test("void ranges keep who held them and take no further step")
  func voids() async throws {
    let shop = try await Shop.make()
    try await shop.dispatch([shop.box(1)])
    shop.tick()
    let count = try await shop.issuing.void(
      [.range(batch: 1, level: .box, first: 0, last: 2), .range(batch: 1, level: .item, first: 60, last: 70)],
      reason: "leaked print file", by: Shop.actor)
    #expect(count == 47)
    #expect(try await shop.life(shop.item(13)).dealer == "A")
    #expect(try await shop.life(shop.item(13)).state == .voided)
    #expect(try await shop.life(shop.item(0)).dealer == nil)
    #expect(try await shop.life(shop.item(0)).state == .voided)
    #expect(try await shop.issuing.lookUp(shop.item(0)).box == shop.box(0))
    // Named alone, so it left its box; the others in that box are good.
    #expect(try await shop.issuing.lookUp(shop.item(60)).box == nil)
    #expect(try await shop.life(shop.item(71)).state == .issued)
    try await shop.dispatch([shop.box(5)], to: "B")
    #expect(try await shop.life(shop.item(71)).dealer == "B")
    #expect(try await shop.life(shop.item(60)).dealer == nil)
    try await shop.checkWhole()
  }

  @Test("a pallet moves with everything on it, also what is nested")
  func pallets() async throws {
    let shop = try await Shop.make()
    let (pallet, crate) = (shop.crate(0), shop.crate(1))
    try await shop.pack([shop.loose(0), shop.loose(1)], into: crate)
    try await shop.pack([crate, shop.box(0), shop.box(1), shop.loose(2)], into: pallet)
    let made = try await shop.dispatch([pallet])
    #expect(made.row.items == 27 && made.seals.map(\.code) == [pallet])
    for code in [pallet, crate, shop.box(0), shop.item(0), shop.item(23), shop.loose(0), shop.loose(2)] {
      #expect(try await shop.life(code).dealer == "A")
    }
    // A box taken off the pallet by itself leaves it, with what is in it; the pallet goes on without.
    #expect(try await shop.transfer([shop.box(0)], to: "A1") == 12)
    #expect(try await shop.issuing.lookUp(shop.box(0)).box == nil)
    #expect(try await shop.issuing.lookUp(shop.item(0)).box == shop.box(0))
    #expect(try await shop.receive([pallet]) == 15)
    #expect(try await shop.life(shop.item(0)).dealer == "A1")
    #expect(try await shop.life(shop.item(0)).state == .dispatched)
    try await shop.checkWhole()
  }

  @Test("three levels of boxes are packed from above as from below", arguments: [true, false])
  func levels(_ fromAbove: Bool) async throws {
    let shop = try await Shop.make()
    let steps = [([shop.crate(1)], shop.crate(0)), ([shop.box(0)], shop.crate(1))]
    for (children, parent) in fromAbove ? steps : steps.reversed() { try await shop.pack(children, into: parent) }
    let made = try await shop.dispatch([shop.crate(0)])
    #expect(made.row.items == 12)
    #expect(try await shop.life(shop.item(11)).dealer == "A")
    try await shop.checkWhole()
  }

  @Test(
    "an item named alone leaves its box at every step", arguments: ["receive", "sell", "transfer", "takeBack", "void"])
  func leaving(_ step: String) async throws {
    let shop = try await Shop.make()
    try await shop.pack([shop.loose(0), shop.loose(1), shop.loose(2)], into: shop.crate(0))
    try await shop.dispatch([shop.crate(0), shop.box(0)])
    let units = [shop.loose(1), shop.item(7)]
    switch step {
    case "receive": try await shop.receive(units)
    case "sell": try await shop.sell(units)
    case "transfer": try await shop.transfer(units)
    case "takeBack": try await shop.takeBack(units)
    default: try await shop.void(units)
    }
    for unit in units { #expect(try await shop.issuing.lookUp(unit).box == nil) }
    #expect(try await shop.issuing.lookUp(shop.loose(0)).box == shop.crate(0))
    #expect(try await shop.issuing.lookUp(shop.loose(2)).box == shop.crate(0))
    #expect(try await shop.issuing.lookUp(shop.item(6)).box == shop.box(0))
    #expect(try await shop.receive([shop.crate(0), shop.box(0)]) == 13)
    try await shop.checkWhole()
  }

  @Test("a pre-assigned item is confirmed into its box, taken out, and put elsewhere")
  func confirming() async throws {
    let shop = try await Shop.make()
    try await shop.pack([shop.item(0), shop.item(1)], into: shop.box(0))
    #expect(try await shop.life(shop.item(0)).state == .packed)
    #expect(try await shop.life(shop.item(2)).state == .issued)
    #expect(try await shop.issuing.lookUp(shop.item(0)).box == shop.box(0))
    try await shop.unpack([shop.item(0), shop.item(2)], from: shop.box(0))
    #expect(try await shop.life(shop.item(0)).state == .issued)
    #expect(try await shop.issuing.lookUp(shop.item(0)).box == nil)
    #expect(try await shop.issuing.lookUp(shop.item(2)).box == nil)
    try await shop.pack([shop.item(2)], into: shop.box(9))
    let made = try await shop.dispatch([shop.box(0)])
    #expect(made.row.items == 10)
    #expect(try await shop.dispatch([shop.box(9)], to: "B").row.items == 13)
    try await shop.checkWhole()
  }

  @Test("a dealer opens a box: what is taken out stays with the dealer")
  func opening() async throws {
    let shop = try await Shop.make()
    try await shop.dispatch([shop.box(0)])
    try await shop.unpack([shop.item(0)], from: shop.box(0))
    let life = try await shop.life(shop.item(0))
    #expect(life.state == .dispatched && life.dealer == "A" && life.enclosure == .none)
    #expect(try await shop.receive([shop.box(0)]) == 11)
    #expect(try await shop.receive([shop.item(0)]) == 1)
  }

  @Test("a step of the past is taken as long as nothing later happened; both times are kept")
  func backdated() async throws {
    let shop = try await Shop.make()
    let then = shop.now
    shop.world.clock.advance(seconds: 86_400)
    _ = try await shop.issuing.dispatch([try shop.new([.code(shop.box(0))], at: then)], by: Shop.actor)
    let life = try await shop.life(shop.item(0))
    #expect(life.at == then && life.recorded == shop.now)
    try await shop.issuing.receive([.code(shop.box(0))], dealer: "A", at: then, by: Shop.actor)
    _ = try await shop.issuing.sell(
      [.code(shop.item(0))], dealer: "A", at: shop.now.advanced(by: 600_000), by: Shop.actor)
    try await shop.checkWhole()
  }

  @Test("a code that is not ours, or was never issued, has no life")
  func unknown() async throws {
    let shop = try await Shop.make()
    for (code, reason) in [
      (Impossible.forged(shop), RefusalReason.notOurs("failed-tag")), (try Impossible.future(shop), .notIssued),
      (try Impossible.futureBox(shop), .notIssued), ("", .notOurs("malformed-scanner-data")),
      ("https://id.example.cn/01/06901234567892", .notOurs("missing-identifier")),
      ("https://id.example.cn/01/06901234567893/21/A", .notOurs("wrong-check-digit")),
      ("https://id.example.cn/01/06901234567892/21/A", .notOurs("wrong-length")),
    ] {
      try await shop.refused(.refused([Refusal(code: code, reason)])) { _ = try await shop.issuing.lookUp(code) }
    }
    let box = try await shop.issuing.lookUp(shop.box(3))
    #expect(box.product?.gtin == nil && box.batch?.id == 1 && box.box == nil && box.uri == shop.box(3))
  }

  @Test("scans stand in a code's life in the order in which they happened")
  func scans() async throws {
    let shop = try await Shop.make()
    let ledger = shop.world.ledger
    let (space, number, now) = (shop.boxed.space, Int64(7), shop.now)
    try await ledger.store.write { transaction in
      var previous: Int64?
      for (offset, place) in [(5000, 0), (1000, 1), (9000, 2)] as [(Int64, Int)] {
        let at = now.advanced(by: offset)
        let draft = EventDraft(.scan, at: at, by: .consumer, data: ["place": .integer(Int64(place))])
        let sealed = SealedEvent(draft, recorded: now, salts: ledger.salt)
        let event = try transaction.appendEvent(
          kind: "scan", at: at.milliseconds, recorded: now.milliseconds, body: sealed.body, personal: nil,
          previous: previous)
        try transaction.countScan(space: space, number: number, at: at.milliseconds, region: nil, event: event)
        previous = event
      }
    }
    let found = try await shop.issuing.lookUp(shop.item(number))
    #expect(found.scans == 3 && found.firstScannedAt == now.advanced(by: 1000))
    #expect(found.events.map(\.kind) == ["batch", "scan", "scan", "scan"])
    #expect(found.events.dropFirst().map(\.at) == [1000, 5000, 9000].map { now.advanced(by: $0).milliseconds })
    try await shop.checkWhole()
  }
}
