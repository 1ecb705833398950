import Codes
import Issuing
import Ledger
import Regions
import Storage
import TestWorld
import Testing
import TransparencyLog

@Suite("A dispatch binds and seals")
struct DispatchTests {
  @Test("boxes, items and ranges go together; all of them and all in them are bound")
  func binds() async throws {
    let shop = try await Shop.make()
    shop.tick()
    let units: [UnitReference] = [
      .code(shop.box(0)), .range(batch: 1, level: .box, first: 2, last: 3), .code(shop.loose(5)),
      .range(batch: 2, level: .item, first: 10, last: 14),
    ]
    let made = try #require(
      try await shop.issuing.dispatch([try shop.new(units, to: "A", "430000,440100", number: "发-1")], by: Shop.actor)
        .first)
    #expect(made.row.id == 1 && made.row.number == "发-1" && made.row.dealer == "A" && made.row.items == 42)
    #expect(made.row.territories == "430000,440100" && made.row.at == shop.now.milliseconds)
    #expect(
      made.seals.map(\.code) == [
        shop.loose(5), shop.loose(10), shop.loose(11), shop.loose(12), shop.loose(13), shop.loose(14), shop.box(0),
        shop.box(2), shop.box(3),
      ])
    for code in [shop.box(0), shop.item(0), shop.item(11), shop.item(24), shop.item(47), shop.loose(5), shop.loose(14)]
    {
      let life = try await shop.life(code)
      #expect(life.state == .dispatched && life.dealer == "A" && life.dispatch == 1)
      #expect(life.territory == (try Territory("430000,440100")))
    }
    for code in [shop.item(12), shop.box(1), shop.loose(6), shop.loose(15)] {
      #expect(try await shop.life(code).state == .issued)
    }
    try await shop.checkWhole()
  }

  @Test("seals verify under the key ring, say what was dispatched, and are the same when made again")
  func seals() async throws {
    let shop = try await Shop.make()
    let made = try await shop.dispatch([shop.box(0), shop.box(1), shop.loose(3)], to: "A", "430100,440000")
    #expect(made.seals.count == 3 && made.sealsOmitted == 0)
    let ring = shop.world.keystore.keyRing
    for seal in made.seals {
      let statement = try ring.verify(ScannedCode(seal.uri)).statement
      #expect(statement.subject == (try ScannedCode(seal.code)).subject)
      #expect(statement.dealer == "A" && statement.territories == ["430100", "440000"] && statement.dispatch == "D1")
      #expect(statement.sealedAt == shop.now.seconds && statement.keyID == made.row.sealKey)
      let moved = seal.uri.replacing(seal.code, with: shop.box(7))
      #expect(throws: CodeError.tamperedSeal) { try ring.verify(ScannedCode(moved)) }
    }
    let again = try #require(try await shop.issuing.seals(ofDispatch: 1, limit: 100))
    #expect(again.row.number == made.row.number)
    #expect(again.seals.map(\.uri) == made.seals.map(\.uri) && again.seals.map(\.code) == made.seals.map(\.code))
    for skip in 0...4 as ClosedRange<Int64> {
      let part = try #require(try await shop.issuing.seals(ofDispatch: 1, after: skip, limit: 2))
      #expect(part.seals.map(\.uri) == Array(made.seals.map(\.uri).dropFirst(Int(skip)).prefix(2)))
    }
    #expect(try await shop.issuing.seals(ofDispatch: 1, after: -5, limit: 9)?.seals.count == 3)
    #expect(try await shop.issuing.seals(ofDispatch: 2, limit: 9)?.row.id == nil)
  }

  @Test("after the seal key rotates old dispatches keep their key, and new ones take the one in force when they went")
  func rotation() async throws {
    let shop = try await Shop.make()
    let first = try await shop.dispatch([shop.box(0)])
    let between = shop.now
    shop.world.clock.advance(seconds: 3600)
    var keystore = shop.world.keystore
    var random = SeededGenerator(5)
    keystore.rotateSealKey(now: shop.now.seconds, random: &random)
    shop.world.ledger.use(keystore)
    let second = try await shop.dispatch([shop.box(1)])
    let late = try #require(
      try await shop.issuing.dispatch(
        [try shop.new([.code(shop.box(2))], number: "late", at: between)], by: Shop.actor
      ).first)
    #expect(first.row.sealKey != second.row.sealKey && late.row.sealKey == first.row.sealKey)
    for made in [first, second, late] {
      let again = try #require(try await shop.issuing.seals(ofDispatch: made.row.id, limit: 9))
      #expect(again.seals.map(\.uri) == made.seals.map(\.uri))
      #expect(
        try keystore.keyRing.verify(ScannedCode(try #require(made.seals.first).uri)).statement.keyID == made.row.sealKey
      )
    }
  }

  @Test("without a seal key that is trusted nothing goes")
  func noKey() async throws {
    let shop = try await Shop.make()
    var keystore = shop.world.keystore
    try keystore.revokeSealKey(try #require(keystore.sealingKey).keyID, at: shop.now.seconds)
    shop.world.ledger.use(keystore)
    try await shop.refused(.ledger(.keys("no seal key is in force"))) { try await shop.dispatch([shop.box(0)]) }
  }

  @Test("a long list of territories is sealed by its digest")
  func longTerritory() async throws {
    let shop = try await Shop.make()
    let codes = [
      "430102", "430103", "430104", "430105", "430111", "430112", "430202", "430203", "430204", "430211", "430212",
      "430302", "430304", "430405", "430406",
    ]
    let made = try await shop.dispatch([shop.box(0)], to: "A", codes.joined(separator: ","))
    let seal = try #require(made.seals.first)
    let ring = shop.world.keystore.keyRing
    #expect(try ring.verify(ScannedCode(seal.uri), knownTerritories: codes).statement.territories == codes)
    #expect(throws: CodeError.territoriesNotSealed) {
      try ring.verify(ScannedCode(seal.uri), knownTerritories: ["430000"])
    }
  }

  @Test("the event says who got what, and what lay in it")
  func event() async throws {
    let shop = try await Shop.make()
    let made = try await shop.dispatch([shop.box(0), shop.box(1)], to: "B", "430000", number: "DN-9")
    let row = try #require(try await shop.world.ledger.store.read { try $0.event(made.row.event) })
    let data = try #require(try JSONValue(parsing: row.body)["data"])
    #expect(
      data == [
        "dispatch": 1, "number": "DN-9", "dealer": "B", "territories": ["430000"], "items": 24,
        "sealKey": .string(made.row.sealKey), "units": [["series": "1.6901234", "first": 0, "last": 1]],
        "contents": [["gtin": "06901234567892", "epoch": 0, "first": 0, "last": 23]],
      ])
  }

  @Test("codes are taken in every form that readers give them")
  func forms() async throws {
    let shop = try await Shop.make()
    let sscc = try #require(shop.box(0).split(separator: "/").last)
    let serial = try #require(shop.item(40).split(separator: "/").last)
    let raw = try #require(shop.item(41).split(separator: "/").last)
    let made = try await shop.dispatch([
      String(sscc), "(01)06901234567892(21)\(serial)", "]Q3010690123456789221\(raw)",
      shop.item(42).replacing("id.example.cn", with: "another.example"), "  \(shop.item(43))\n",
    ])
    #expect(made.row.items == 16)
    #expect(made.seals.map(\.code) == [shop.item(40), shop.item(41), shop.item(42), shop.item(43), shop.box(0)])
  }

  @Test("of twenty requests for the same box one wins")
  func race() async throws {
    let shop = try await Shop.make()
    let winners = try await withThrowingTaskGroup(of: Bool.self) { group in
      for number in 0..<20 {
        group.addTask {
          do {
            _ = try await shop.issuing.dispatch(
              [try shop.new([.code(shop.box(0))], to: number % 2 == 0 ? "A" : "B", number: "R-\(number)")],
              by: Shop.actor)
            return true
          } catch IssuingError.refused(let refusals) {
            #expect(refusals.allSatisfy { $0.reason.slug == "alreadyDispatched" })
            return false
          }
        }
      }
      return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    #expect(winners == 1)
    try await shop.checkWhole()
  }
}
