import Alerting
import Issuing
import Ledger
import Regions
import TestWorld
import Testing
import TransparencyLog
import Verification

@Suite("Fair to the accused")
struct FairnessTests {
  @Test("an alert that is added after the dealer answered gives it time anew, and an older admission does not cover it")
  func added() async throws {
    try await CaseDesk.run { desk async throws in
      let path = try await desk.notified()
      let told = try await desk.call("li", .get, path).json["dueAt"]?.string
      #expect(try await desk.post("dealer", "\(path)/answers", #"{"text":"认","admits":true}"#).status == 201)
      let admission = try await desk.event(path, "caseAnswered")
      let further = try await desk.raise(.diversion, dealer: "A")
      desk.shop.world.clock.advance(seconds: 86_400)
      let after = try await desk.post("li", "\(path)/alerts", #"{"alert":"A\#(further)"}"#)
      #expect(after.status == 201 && after.json["state"]?.string == "notified", "\(after.text)")
      let due = try #require(after.json["dueAt"]?.string)
      #expect(due > (told ?? ""))
      let bare = #"{"outcome":"confirmed","reason":"x"}"#
      try await desk.refused("answerAwaited", "wang", "\(path)/decisions", bare)
      desk.shop.world.clock.advance(seconds: 8 * 86_400)
      try await desk.invalid(
        "/proofs/0/event", "wang", "\(path)/decisions",
        #"{"outcome":"confirmed","reason":"x","proofs":[{"kind":"admission","event":\#(admission)}]}"#)
      let late = try await desk.post("dealer", "\(path)/answers", #"{"text":"也认","admits":true}"#)
      #expect(late.json["steps"]?.array?.last?["data"]?["late"] == true)
      let second = try await desk.event(path, "caseAnswered")
      let decided = try await desk.post(
        "wang", "\(path)/decisions",
        #"{"outcome":"confirmed","reason":"x","proofs":[{"kind":"admission","event":\#(second)}]}"#)
      #expect(decided.json["state"]?.string == "decided", "\(decided.text)")
      #expect(try await Audit(desk.shop.world.ledger).run().defects == [])
    }
  }

  @Test("what the dealer hands in proves nothing against it, and takes no room of the brand's")
  func handedIn() async throws {
    try await CaseDesk.run { desk async throws in
      let path = try await desk.notified()
      let own: [UInt8] = [0xff, 0xd8, 0xff, 0xe0, 1, 0xff, 0xd9]
      let photo = try await desk.call("dealer", .post, "\(path)/attachments?purpose=photo", bytes: own)
      let other = own + [0xff, 0xd9]
      let receipt = try await desk.call("dealer", .post, "\(path)/attachments?purpose=receipt", bytes: other)
      #expect(photo.status == 201 && receipt.status == 201)
      #expect(try await desk.post("dealer", "\(path)/answers", #"{"text":"不是我们"}"#).status == 201)
      let scan = try await desk.shop.world.ledger.store.read {
        try $0.first("SELECT min(id) FROM event WHERE kind = 'scan'") { $0.int(0) } ?? 0
      }
      let named = try #require(receipt.json["event"]?.int)
      for (kind, event) in [("inspectorVisit", scan), ("purchaseReceipt", named)] {
        try await desk.invalid(
          "/proofs/0/event", "wang", "\(path)/decisions",
          #"{"outcome":"confirmed","reason":"x","proofs":[{"kind":"\#(kind)","event":\#(event)}]}"#)
      }
      let brands: [UInt8] = [0xff, 0xd8, 0xff, 0xe0, 2, 0xff, 0xd9]
      #expect(try await desk.call("li", .post, "\(path)/attachments?purpose=photo", bytes: brands).status == 201)
      let decided = try await desk.post(
        "wang", "\(path)/decisions",
        #"{"outcome":"confirmed","reason":"x","proofs":[{"kind":"inspectorVisit","event":\#(scan)}]}"#)
      #expect(decided.json["state"]?.string == "decided", "\(decided.text)")
    }
  }

  @Test("a correction after the case was closed lets the dealer appeal, and penalties are taken back")
  func corrected() async throws {
    try await CaseDesk.run { desk async throws in
      let path = try await desk.confirmed()
      let mayAppeal = { try await desk.call("dealer", .get, path).json["mayAppeal"] }
      #expect(try await mayAppeal() == true)
      #expect(try await desk.post("li", "\(path)/penalties", #"{"kind":"warning"}"#).status == 201)
      desk.shop.world.clock.advance(seconds: 16 * 86_400)
      #expect(try await mayAppeal() == false, "the time is over")
      #expect(try await desk.post("li", "\(path)/closings", #"{"reason":"完"}"#).status == 201)
      try await desk.refused("wrongState", "dealer", "\(path)/appeals", #"{"text":"不服"}"#)
      let done = try await desk.shop.issuing.correct(
        .binding([.code(desk.shop.box(0))], dealer: "A", territory: Territory("430000,440000")), reason: "绑定有误",
        by: Shop.actor)
      #expect(done.cleared == [1])
      #expect(try await mayAppeal() == true, "the record was corrected")
      let appealed = try await desk.post("dealer", "\(path)/appeals", #"{"text":"记录已更正"}"#)
      #expect(appealed.json["state"]?.string == "appeal", "\(appealed.text)")
      #expect(try await mayAppeal() == false, "it has")
      let upheld = #"{"result":"upheld","outcome":"dataError","reason":"绑定有误"}"#
      let after = try await desk.post("zhao", "\(path)/appeal-decisions", upheld)
      #expect(after.json["penalties"]?.array?.first?["reversed"] == true)
      #expect(try await desk.call("li", .get, "/v1/alerts/A1").json["status"]?.string == "closed", "it stays cleared")
      #expect(try await desk.post("li", "\(path)/closings", #"{"reason":"完"}"#).json["state"]?.string == "closed")
      try await desk.shop.checkWhole()
    }
  }

  @Test("an alert that is raised after a correction took its scans away is closed with the correction as its reason")
  func raisedLate() async throws {
    try await CaseDesk.run { desk async throws in
      let shop = desk.shop
      try await shop.dispatch([shop.box(1)], to: "B", number: "DN-2")
      shop.tick()
      let found = #"{"code":"\#(shop.item(12))","location":{"region":"440106"}}"#
      let scan = try await desk.post("inspector", "/v1/scans", found).json
      #expect(scan["territory"]?.string == "outside")
      let done = try await shop.issuing.correct(
        .binding([.code(shop.box(1))], dealer: "A", territory: Territory("440000")), reason: "实为 A", by: Shop.actor)
      #expect(done.cleared == [], "nothing was raised yet")
      let raised = try await AlertingEngine(ledger: shop.world.ledger).catchUp()
      let id = try #require(raised.last)
      let alert = try await desk.call("li", .get, "/v1/alerts/A\(id)").json
      #expect(alert["status"]?.string == "closed" && alert["dealer"]?.string == "B")
      #expect(alert["corrections"]?.array?.first?["event"]?.int == done.event)
      #expect(alert["corrections"]?.array?.first?["cleared"] == true)
      try await desk.refused("alertTaken", "li", "/v1/cases", #"{"alerts":["A\#(id)"]}"#)
      try await shop.checkWhole()
    }
  }

  @Test("where a consumer stood and with which phone is in no bundle; of the inspector both are")
  func places() async throws {
    try await CaseDesk.run { desk async throws in
      let shop = desk.shop
      try await shop.dispatch([shop.box(1)], number: "DN-2")
      shop.tick()
      let verification = Verification(shop.world.ledger)
      func scan(_ item: Int64, _ latitude: Double, _ actor: Actor) async throws {
        let position = try Position(latitude: latitude, longitude: 113.26, accuracyMeters: 20, source: .gps)
        _ = try await verification.verify(
          ScanRequest(code: shop.item(item), location: .position(position), consent: "c1", device: "app-7c5e-\(item)"),
          by: actor)
        shop.tick()
      }
      try await scan(13, 23.120917253, .consumer)
      try await scan(14, 23.120917254, Actor(key: 7, role: .inspector))
      let id = try #require(try await AlertingEngine(ledger: shop.world.ledger).catchUp().last)
      try await Sequencer(shop.world.ledger).catchUp()
      let alert = try await desk.call("li", .get, "/v1/alerts/A\(id)")
      #expect(alert.json["scans"]?.array?.count == 2, "both are of the alert")
      #expect(!alert.text.contains("app-7c5e-13"))
      let bundle = try await desk.call("li", .get, "/v1/alerts/A\(id)/evidence")
      #expect(bundle.status == 200)
      #expect(bundle.bytes.firstRange(of: Array("23.120917254".utf8)) != nil)
      #expect(bundle.bytes.firstRange(of: Array("23.120917253".utf8)) == nil)
      #expect(bundle.bytes.firstRange(of: Array("app-7c5e-14".utf8)) != nil)
      #expect(bundle.bytes.firstRange(of: Array("app-7c5e-13".utf8)) == nil)
      #expect(try await desk.call("dealer", .get, "/v1/alerts/A\(id)/evidence").bytes == bundle.bytes)
    }
  }
}
