import Alerting
import Ledger
import TestWorld
import Testing
import TransparencyLog

@Suite("Cases over the API")
struct CaseRouteTests {
  @Test("a case goes its whole way, every step is an event, and the audit finds nothing")
  func wholeWay() async throws {
    try await CaseDesk.run { desk async throws in
      let opened = try await desk.post("li", "/v1/cases", #"{"alerts":["A1"]}"#)
      #expect(opened.status == 201 && opened.json["state"]?.string == "open", "\(opened.text)")
      #expect(opened.json["dealer"]?.string == "A" && opened.json["kind"]?.string == "diversion")
      #expect(try await desk.call("li", .get, "/v1/alerts/A1").json["status"]?.string == "inCase")
      let worker = try await desk.number("zhao")
      let assigned = try await desk.post("li", "/v1/cases/C1/assignments", "{\"key\":\(worker)}")
      #expect(assigned.json["assignee"]?.int == worker)
      let workers = try await desk.call("li", .get, "/v1/workers").json["items"]?.array ?? []
      #expect(workers.contains { $0["key"]?.int == worker && $0["active"]?.bool == true })
      #expect(workers.allSatisfy { ["compliance", "admin"].contains($0["role"]?.string) })
      #expect(try await desk.call("dealer", .get, "/v1/workers").status == 403)
      let told = try await desk.post("zhao", "/v1/cases/C1/notifications", #"{"text":"请说明"}"#)
      #expect(told.json["state"]?.string == "notified" && told.json["dueAt"]?.string != nil)
      let answered = try await desk.post("dealer", "/v1/cases/C1/answers", #"{"text":"认","admits":true}"#)
      #expect(answered.json["state"]?.string == "answered" && answered.json["openedBy"] == nil)
      let proposal = #"{"outcome":"confirmed","reason":"x"}"#
      #expect(try await desk.post("zhao", "/v1/cases/C1/proposals", proposal).status == 201)
      let event = try await desk.event("/v1/cases/C1", "caseAnswered")
      let decided = try await desk.post(
        "wang", "/v1/cases/C1/decisions",
        #"{"outcome":"confirmed","reason":"自认","proofs":[{"kind":"admission","event":\#(event)}]}"#)
      #expect(decided.json["outcome"]?.string == "confirmed" && decided.json["state"]?.string == "decided")
      let penalty = try await desk.post(
        "li", "/v1/cases/C1/penalties",
        #"{"kind":"rebate","amount":{"amount":"5000.00","currency":"CNY"},"terms":"四季度"}"#)
      #expect(penalty.json["penalties"]?.array?.first?["amount"] == ["amount": "5000.00", "currency": "CNY"])
      try await desk.refused("appealAwaited", "li", "/v1/cases/C1/closings", #"{"reason":"完"}"#)
      desk.shop.world.clock.advance(seconds: 16 * 86_400)
      let closed = try await desk.post("li", "/v1/cases/C1/closings", #"{"reason":"完"}"#)
      #expect(closed.json["state"]?.string == "closed")
      #expect(try await desk.call("li", .get, "/v1/alerts/A1").json["status"]?.string == "closed")
      let kinds = closed.json["steps"]?.array?.compactMap { $0["kind"]?.string }
      #expect(
        kinds == [
          "caseOpened", "caseAssigned", "caseNotified", "caseAnswered", "caseProposed", "caseDecided", "casePenalty",
          "caseClosed",
        ])
      try await desk.shop.checkWhole()
    }
  }

  @Test("a second person decides: not who opened, not who proposed")
  func secondPerson() async throws {
    try await CaseDesk.run { desk async throws in
      let path = try await desk.notified()
      let body = #"{"outcome":"falseAlarm","reason":"误报"}"#
      #expect(try await desk.post("wang", "\(path)/proposals", body).status == 201)
      try await desk.refused("samePerson", "li", "\(path)/decisions", body)
      try await desk.refused("samePerson", "wang", "\(path)/decisions", body)
      #expect(try await desk.post("zhao", "\(path)/decisions", body).json["state"]?.string == "decided")
      try await desk.refused("wrongState", "zhao", "\(path)/decisions", body)
      try await desk.refused("notConfirmed", "li", "\(path)/penalties", #"{"kind":"warning"}"#)
    }
  }

  @Test("confirming waits for the dealer, and needs a business proof of this case beside scans")
  func confirmation() async throws {
    try await CaseDesk.run { desk async throws in
      let path = try await desk.notified()
      let bare = #"{"outcome":"confirmed","reason":"x"}"#
      try await desk.refused("answerAwaited", "wang", "\(path)/decisions", bare)
      desk.shop.world.clock.advance(seconds: 8 * 86_400)
      #expect(try await desk.call("li", .get, "/v1/cases?overdue=true").json["items"]?.array?.count == 1)
      try await desk.refused("proofMissing", "wang", "\(path)/decisions", bare)
      let dispatch = try await desk.shop.world.ledger.store.read {
        try $0.first("SELECT event FROM dispatch") { $0.int(0) } ?? 0
      }
      for (kind, event) in [("admission", 1), ("purchaseReceipt", dispatch), ("inspectorVisit", dispatch)] {
        try await desk.invalid(
          "/proofs/0/event", "wang", "\(path)/decisions",
          #"{"outcome":"confirmed","reason":"x","proofs":[{"kind":"\#(kind)","event":\#(event)}]}"#)
      }
      let proved = try await desk.post(
        "wang", "\(path)/decisions",
        #"{"outcome":"confirmed","reason":"x","proofs":[{"kind":"dispatchRecord","event":\#(dispatch)}]}"#)
      #expect(proved.status == 201, "\(proved.text)")
    }
  }

  @Test("a price alert never feeds a diversion penalty: refused with the legal reason")
  func priceAlerts() async throws {
    try await CaseDesk.run { desk async throws in
      let price = try await desk.raise(.price, dealer: "A")
      try await desk.refused("priceApart", "li", "/v1/cases", #"{"alerts":["A1","A\#(price)"]}"#)
      let path = try await desk.confirmed()
      let before = try await desk.dump()
      let answer = try await desk.post("li", "\(path)/penalties", #"{"kind":"warning","alerts":["A1","A\#(price)"]}"#)
      #expect(answer.status == 409 && answer.json["reason"]?.string == "pricePenalty")
      #expect(answer.json["detail"]?.string?.contains("Anti-Monopoly Law Art. 18") == true)
      #expect(answer.json["message"]?["zh"]?.string?.contains("《反垄断法》第十八条") == true)
      #expect(try await desk.dump() == before)
      #expect(try await desk.post("li", "/v1/cases", #"{"alerts":["A\#(price)"]}"#).status == 201)
      try await desk.refused("pricePenalty", "li", "/v1/cases/C2/penalties", #"{"kind":"warning"}"#)
      let other = try await desk.raise(.diversion, dealer: "A")
      try await desk.refused("priceApart", "li", "/v1/cases/C2/alerts", #"{"alert":"A\#(other)"}"#)
    }
  }

  @Test("a dealer reads and answers only its own cases, and only once it was told")
  func dealers() async throws {
    try await CaseDesk.run { desk async throws in
      #expect(try await desk.post("li", "/v1/cases", #"{"alerts":["A1"]}"#).status == 201)
      #expect(try await desk.call("dealer", .get, "/v1/cases/C1").status == 404)
      #expect(try await desk.call("dealer", .get, "/v1/cases").json["items"] == [])
      #expect(try await desk.post("li", "/v1/cases/C1/notifications", #"{"text":"请说明"}"#).status == 201)
      let proposal = #"{"outcome":"dataError","reason":"x"}"#
      #expect(try await desk.post("wang", "/v1/cases/C1/proposals", proposal).status == 201)
      let own = try await desk.call("dealer", .get, "/v1/cases/C1")
      #expect(own.status == 200 && !own.text.contains("caseProposed") && !own.text.contains("\"key\""))
      #expect(try await desk.call("other", .get, "/v1/cases/C1").status == 404)
      #expect(try await desk.call("other", .get, "/v1/cases").json["items"] == [])
      #expect(try await desk.post("other", "/v1/cases/C1/answers", #"{"text":"x"}"#).status == 404)
      for path in ["evidence", "report", "attachments/\(String(repeating: "0", count: 64))"] {
        #expect(try await desk.call("other", .get, "/v1/cases/C1/\(path)").status == 404)
      }
      #expect(try await desk.post("dealer", "/v1/cases/C1/decisions", proposal).status == 403)
      #expect(try await desk.post("li", "/v1/cases/C1/answers", #"{"text":"x"}"#).status == 403)
      #expect(try await desk.call("till", .get, "/v1/cases").status == 403)
      #expect(try await desk.post("auditor", "/v1/cases/C1/closings", #"{"reason":"x"}"#).status == 403)
    }
  }

  @Test("an appeal that is upheld takes every penalty back; a third person decides on it")
  func appeals() async throws {
    try await CaseDesk.run { desk async throws in
      let path = try await desk.confirmed()
      #expect(try await desk.post("li", "\(path)/penalties", #"{"kind":"warning"}"#).status == 201)
      #expect(try await desk.post("dealer", "\(path)/appeals", #"{"text":"不服"}"#).json["state"]?.string == "appeal")
      try await desk.refused("wrongState", "li", "\(path)/penalties", #"{"kind":"warning"}"#)
      let upheld = #"{"result":"upheld","outcome":"dataError","reason":"绑定有误"}"#
      try await desk.refused("samePerson", "wang", "\(path)/appeal-decisions", upheld)
      try await desk.refused("samePerson", "li", "\(path)/appeal-decisions", upheld)
      try await desk.invalid("/outcome", "zhao", "\(path)/appeal-decisions", #"{"result":"upheld","reason":"x"}"#)
      let after = try await desk.post("zhao", "\(path)/appeal-decisions", upheld)
      #expect(after.json["outcome"]?.string == "dataError" && after.json["state"]?.string == "decided")
      #expect(after.json["penalties"]?.array?.first?["reversed"] == true)
      try await desk.refused("notConfirmed", "dealer", "\(path)/appeals", #"{"text":"再"}"#)
      try await desk.shop.checkWhole()
    }
  }

  @Test("an appeal is made once, and in time; rejected, the penalty stands")
  func appealLimits() async throws {
    try await CaseDesk.run { desk async throws in
      let path = try await desk.confirmed()
      #expect(try await desk.post("li", "\(path)/penalties", #"{"kind":"supplyLimit","terms":"减半"}"#).status == 201)
      #expect(try await desk.post("dealer", "\(path)/appeals", #"{"text":"不服"}"#).status == 201)
      let rejected = try await desk.post("zhao", "\(path)/appeal-decisions", #"{"result":"rejected","reason":"维持"}"#)
      #expect(rejected.json["state"]?.string == "penalty" && rejected.json["outcome"]?.string == "confirmed")
      try await desk.refused("appealedBefore", "dealer", "\(path)/appeals", #"{"text":"再"}"#)
      #expect(try await desk.post("li", "\(path)/closings", #"{"reason":"完"}"#).status == 201)
      try await desk.shop.checkWhole()
    }
    try await CaseDesk.run { desk async throws in
      let path = try await desk.confirmed()
      desk.shop.world.clock.advance(seconds: 16 * 86_400)
      try await desk.refused("tooLate", "dealer", "\(path)/appeals", #"{"text":"不服"}"#)
    }
  }

  @Test("fields are named when they cannot be what they are")
  func fields() async throws {
    try await CaseDesk.run { desk async throws in
      try await desk.invalid("/alerts", "li", "/v1/cases", "{}")
      try await desk.invalid("/alerts/0", "li", "/v1/cases", #"{"alerts":["A9"]}"#)
      try await desk.invalid("/alerts", "li", "/v1/cases", #"{"alerts":["A1","A1"]}"#)
      let path = try await desk.confirmed()
      for (pointer, body) in [
        ("/kind", #"{"kind":"beating"}"#), ("/amount", #"{"kind":"deposit"}"#),
        ("/amount", #"{"kind":"warning","amount":{"amount":"1.00","currency":"CNY"}}"#),
        ("/amount/amount", #"{"kind":"rebate","amount":{"amount":1.5,"currency":"CNY"}}"#),
        ("/amount", #"{"kind":"rebate","amount":{"amount":"0.00","currency":"CNY"}}"#),
        ("/terms", #"{"kind":"supplyLimit"}"#), ("/alerts/0", #"{"kind":"warning","alerts":["A7"]}"#),
      ] { try await desk.invalid(pointer, "li", "\(path)/penalties", body) }
      try await desk.invalid("/text", "dealer", "\(path)/appeals", #"{"text":"  "}"#)
      try await desk.invalid(
        "/attachments/0", "dealer", "\(path)/appeals",
        #"{"text":"x","attachments":["\#(String(repeating: "0", count: 64))"]}"#)
      try await desk.refused("alertTaken", "li", "/v1/cases", #"{"alerts":["A1"]}"#)
      let dealer = try await desk.number("dealer")
      try await desk.invalid("/key", "li", "\(path)/assignments", "{\"key\":\(dealer)}")
    }
  }

  @Test("the audit finds every row of a case that was edited behind the program's back")
  func edits() async throws {
    for (edit, finding) in [
      ("UPDATE casefile SET outcome = 'falseAlarm'", "case C1 differs from what its events say"),
      ("UPDATE casefile SET due = due + 1", "case C1 differs from what its events say"),
      ("UPDATE penalty SET amount = '1.00'", "case C1: its penalties are not those of its events"),
      ("DELETE FROM penalty", "case C1: its penalties are not those of its events"),
      (
        "DELETE FROM case_step WHERE event = (SELECT max(event) FROM case_step)",
        "case C1: its course is not its events"
      ),
      ("DELETE FROM case_alert", "case C1: its alerts are not those of its events"),
      ("UPDATE alert SET status = 'closed'", "alert A1: its status is not what the events say"),
    ] {
      try await CaseDesk.run { desk async throws in
        let path = try await desk.confirmed()
        let body = #"{"kind":"deposit","amount":{"amount":"900.00","currency":"CNY"}}"#
        #expect(try await desk.post("li", "\(path)/penalties", body).status == 201)
        try await desk.shop.checkWhole()
        try desk.shop.world.edit(edit)
        #expect(try await Audit(desk.shop.world.ledger).run().defects.contains(finding), "\(edit)")
      }
    }
  }
}
