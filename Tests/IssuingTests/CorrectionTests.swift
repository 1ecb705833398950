import Issuing
import Ledger
import Regions
import Storage
import TestWorld
import Testing
import Verification

@Suite("Corrections of the record")
struct CorrectionTests {
  private let inspector = Actor(key: 7, role: .inspector)

  private func scan(_ shop: Shop, _ code: String, _ region: String, at: Timestamp? = nil) async throws -> ScanAnswer {
    try await Verification(shop.world.ledger).verify(
      ScanRequest(code: code, at: at, location: .region(try RegionCode(region))), by: inspector)
  }

  private func correct(
    _ shop: Shop, _ what: Correcting, at: Timestamp? = nil
  ) async throws -> Corrected {
    shop.tick()
    return try await shop.issuing.correct(what, reason: "串行", at: at, by: Shop.actor)
  }

  @Test("a wrong binding: verdicts follow it from its moment on, and both moments can be asked for")
  func binding() async throws {
    let shop = try await Shop.make()
    try await shop.dispatch([shop.box(0), shop.box(1)])
    try await shop.receive([shop.box(0)])
    let before = shop.now
    shop.tick()
    let since = shop.now
    let done = try await correct(
      shop, .binding([.code(shop.box(0))], dealer: "A", territory: try Territory("440000")), at: since)
    #expect(done.items == 12 && done.cleared == [])
    shop.tick()
    let now = try await scan(shop, shop.item(3), "440100")
    #expect(now.territory == .inside && now.reasons.contains(.bindingCorrected) && now.state == .received)
    #expect(try await scan(shop, shop.item(3), "430100").territory == .outside)
    // Taken offline before, and of a box that nobody corrected.
    #expect(try await scan(shop, shop.item(4), "430100", at: before).territory == .inside)
    #expect(try await scan(shop, shop.item(13), "430100").reasons == [.genuine, .regionInside])
    let lives = try await shop.issuing.lookUp(shop.item(3)).lives
    #expect(lives.map(\.state) == [.received, .received, .dispatched, .issued], "nothing is lost")
    try await shop.checkWhole()
  }

  @Test("a correction lasts through what follows, and ends with the next dispatch")
  func lasting() async throws {
    let shop = try await Shop.make()
    try await shop.dispatch([shop.box(0)])
    _ = try await correct(
      shop, .transfer([.code(shop.box(0))], from: "A", to: "B", territory: nil))
    try await shop.receive([shop.box(0)], by: "B")
    #expect(try await scan(shop, shop.item(0), "430100").reasons.contains(.transferRecognised))
    try await shop.takeBack([shop.box(0)], from: "B")
    try await shop.dispatch([shop.box(0)])
    #expect(try await !scan(shop, shop.item(0), "430100").reasons.contains(.transferRecognised))
    try await shop.checkWhole()
  }

  @Test("exchanged labels, replaced labels and opened boxes, after which goods go on their way")
  func labels() async throws {
    let shop = try await Shop.make()
    try await shop.dispatch([shop.box(0)], to: "A", "430000")
    try await shop.dispatch([shop.box(1)], to: "B", "430000")
    _ = try await correct(shop, .boxLabel(shop.box(0), shop.box(1)))
    #expect(try await shop.life(shop.item(0)).dealer == "B")
    #expect(try await shop.life(shop.item(12)).dealer == "A")
    #expect(try await scan(shop, shop.item(0), "430100").reasons.contains(.boxLabelCorrected))
    _ = try await correct(shop, .replacedLabel(old: shop.item(0), new: shop.loose(0)))
    let old = try await scan(shop, shop.item(0), "430100")
    #expect(old.overall == .reject && old.reasons.contains(.labelReplaced) && old.state == .voided)
    let new = try await scan(shop, shop.loose(0), "430100")
    #expect(new.overall == .ok && new.reasons.contains(.labelReplaces) && new.dealer == "B")
    _ = try await correct(shop, .openedBox(shop.box(1)))
    #expect(try await shop.issuing.lookUp(shop.loose(0)).box == nil)
    try await shop.sell([shop.loose(0)], by: "B")
    // A box whose label was replaced: its goods are in the new one, and can be received with it.
    _ = try await correct(shop, .replacedLabel(old: shop.box(0), new: shop.crate(0)))
    #expect(try await shop.receive([shop.crate(0)]) == 12)
    #expect(try await shop.life(shop.item(12)).state == .received)
    try await shop.checkWhole()
  }

  @Test("what cannot be is refused with its reason, and nothing changes")
  func refusals() async throws {
    let shop = try await Shop.make()
    let sent = try await shop.dispatch([shop.box(0)])
    let (hunan, code) = (try Territory("430000"), shop.box(0))
    func refused(_ reason: RefusalReason, unit: Int? = nil, code: String? = nil, _ what: Correcting) async throws {
      try await shop.refused(.refused([Refusal(unit: unit, code: code, reason)])) {
        _ = try await shop.issuing.correct(what, reason: "r", by: Shop.actor)
      }
    }
    try await refused(
      .notAuthorised(regions: "330000"), .binding([.code(code)], dealer: "A", territory: Territory("330000")))
    try await refused(.wrongLevel, code: shop.item(0), .openedBox(shop.item(0)))
    try await refused(.empty, .openedBox(shop.crate(0)))
    try await refused(.namedTwice, unit: 1, .boxLabel(code, code))
    try await refused(
      .voided, unit: 0, code: shop.item(50),
      {
        try await shop.void([shop.item(50)])
        return .replacedLabel(old: shop.item(50), new: shop.loose(1))
      }())
    let early = Timestamp(milliseconds: sent.row.at - 1)
    try await shop.refused(.refused([Refusal(.beforePrevious(Timestamp(milliseconds: sent.row.at)))])) {
      _ = try await shop.issuing.correct(
        .binding([.code(code)], dealer: "B", territory: hunan), reason: "r", at: early, by: Shop.actor)
    }
    try await shop.refused(.unknown(field: "/dealer", code: "Z")) {
      _ = try await shop.issuing.correct(
        .binding([.code(code)], dealer: "Z", territory: hunan), reason: "r", by: Shop.actor)
    }
  }

  @Test("an edited correction is found by the audit")
  func audited() async throws {
    let shop = try await Shop.make()
    try await shop.dispatch([shop.box(0)])
    _ = try await correct(shop, .binding([.code(shop.box(0))], dealer: "B", territory: try Territory("430000")))
    for edit in ["dealer = 'A'", "mark = NULL", "territories = '440000'"] {
      let copy = try shop.world.crashed()
      try copy.edit("UPDATE version SET \(edit) WHERE mark = 'binding'")
      #expect(try await !Audit(copy.ledger).run().isClean, "\(edit)")
    }
  }
}
