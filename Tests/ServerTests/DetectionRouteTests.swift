import Alerting
import Ledger
import Server
import TestWorld
import Testing
import TransparencyLog

/// Settings of detection, trials of them, and decisions on alerts.
@Suite("Detection routes")
struct DetectionRouteTests {
  private static let settings = "/v1/detection/settings"

  /// A server with one diversion, raised by an inspector's sighting.
  private func withAlert(_ body: @escaping @Sendable (TestServer) async throws -> Void) async throws {
    try await TestServer.run { server async throws in
      try await server.shop.dispatch([server.shop.box(0)])
      let scan = "{\"code\":\"\(server.shop.item(0))\",\"location\":{\"region\":\"370102\"}}"
      let inspector = try await server.key(.inspector)
      #expect(try await server.call("/v1/scans", inspector, method: .post, body: scan).status == 200)
      #expect(try await AlertingEngine(ledger: server.shop.world.ledger).catchUp() == [1])
      try await body(server)
    }
  }

  @Test("the settings are the defaults until compliance chooses, and then what it chose")
  func choosing() async throws {
    try await TestServer.run { server async throws in
      let compliance = try await server.key(.compliance)
      let before = try await server.call(Self.settings, compliance).json
      #expect(before["acceptedFalseShare"]?.double == 0.05)
      #expect(before["market"] == "china")
      #expect(before["whitelist"] == [])
      let choice = """
        {"acceptedFalseShare":0.02,"market":"eu","whitelist":[{"reason":"transfer","dealer":"A","region":"370000",\
        "dispatch":7,"from":"2026-09-01T00:00:00Z","until":"2026-10-01T00:00:00Z"}]}
        """
      let put = try await server.call(Self.settings, compliance, method: .put, body: choice)
      #expect(put.status == 200)
      let after = try await server.call(Self.settings, compliance).json
      #expect(after["acceptedFalseShare"]?.double == 0.02)
      #expect(after["market"] == "eu")
      #expect(after["whitelist"]?[0]?["dispatch"] == 7)
      let event = try await server.shop.world.ledger.store.read { try $0.event(try $0.lastEventID()) }
      #expect(event?.kind == "detectionSettings", "an event, so that a replay knows since when")
    }
  }

  @Test("a setting that makes no sense is refused by its pointer, and nothing is changed")
  func refusals() async throws {
    try await TestServer.run { server async throws in
      let compliance = try await server.key(.compliance)
      let last = try await server.shop.world.ledger.store.read { try $0.lastEventID() }
      for (body, pointer) in [
        ("{}", "/acceptedFalseShare"), (#"{"acceptedFalseShare":0.9}"#, "/acceptedFalseShare"),
        (#"{"acceptedFalseShare":0.05,"market":"moon"}"#, "/market"),
        (
          #"{"acceptedFalseShare":0.05,"whitelist":[{"reason":"transfer","until":"2026-09-01T00:00:00Z"}]}"#,
          "/whitelist/0/from"
        ),
        (
          """
          {"acceptedFalseShare":0.05,"whitelist":[{"reason":"transfer","from":"2026-09-02T00:00:00Z",\
          "until":"2026-09-01T00:00:00Z"}]}
          """, "/whitelist/0/until"
        ),
      ] {
        for method in [("/v1/detection/what-if", true), (Self.settings, false)] {
          let answer = try await server.call(
            method.0, compliance, method: method.1 ? .post : .put, body: body)
          #expect(answer.status == 422, "\(body)")
          #expect(answer.json["pointer"]?.string == pointer, "\(body)")
        }
      }
      let terminal = try await server.key(.terminal)
      #expect(try await server.call(Self.settings, terminal).status == 403)
      // The keys are events too; no settings are among them.
      let kinds = try await server.shop.world.ledger.store.read { transaction in
        try transaction.events(after: last, limit: 100).map(\.kind)
      }
      #expect(!kinds.contains("detectionSettings"))
    }
  }

  @Test("a decision closes the alert, is an event without its reason in the log, counts in the report, and stands")
  func deciding() async throws {
    try await withAlert { server in
      let compliance = try await server.key(.compliance)
      let path = "/v1/alerts/A1/decisions"
      let body = #"{"decision":"confirmed","reason":"invoice of shop Zhang"}"#
      #expect(try await server.call(path, try await server.key(.inspector), method: .post, body: body).status == 403)
      for bad in [#"{"decision":"guilty","reason":"x"}"#, #"{"decision":"confirmed","reason":"  "}"#] {
        #expect(try await server.call(path, compliance, method: .post, body: bad).status == 422)
      }
      #expect(try await server.call("/v1/alerts/A9/decisions", compliance, method: .post, body: body).status == 404)
      let answer = try await server.call(path, compliance, method: .post, body: body)
      #expect(answer.status == 201)
      #expect(answer.json["status"] == "closed")
      #expect(answer.json["decision"]?["decision"] == "confirmed")
      #expect(answer.json["decision"]?["reason"] == "invoice of shop Zhang")
      let event = try await server.shop.world.ledger.store.read { try $0.event(try $0.lastEventID()) }
      #expect(event?.kind == "alertDecision")
      #expect(event.map { String(decoding: $0.body, as: UTF8.self).contains("Zhang") } == false)
      let again = try await server.call(path, compliance, method: .post, body: body)
      #expect(again.status == 409)
      #expect(again.json["type"] == "/problems/already-decided")
      let report = try await server.call(Self.settings, compliance).json["decisions"]
      #expect(report?[0]?["rule"] == "outside-territory/1")
      #expect(report?[0]?["confirmed"] == 1)
      #expect(report?[0]?["precision"]?.double == 1)
      #expect(try await server.call("/v1/alerts?status=closed", compliance).json["items"]?.array?.count == 1)
      _ = try await AlertingEngine(ledger: server.shop.world.ledger).catchUp()
    }
  }

  @Test("a trial says what another choice would have raised and which confirmed alert it would have missed")
  func trial() async throws {
    try await withAlert { server in
      let compliance = try await server.key(.compliance)
      _ = try await server.call(
        "/v1/alerts/A1/decisions", compliance, method: .post, body: #"{"decision":"confirmed","reason":"seen"}"#)
      func trial(_ body: String) async throws -> JSONValue {
        let answer = try await server.call("/v1/detection/what-if", compliance, method: .post, body: body)
        #expect(answer.status == 200)
        return answer.json
      }
      let same = try await trial(#"{"acceptedFalseShare":0.05}"#)
      #expect(same["alerts"]?[0] == ["kind": "diversion", "asSet": 1, "whatIf": 1, "both": 1])
      #expect(same["confirmed"] == 1)
      #expect(same["confirmedMissed"] == [])
      let excepting = try await trial(
        """
        {"acceptedFalseShare":0.05,"whitelist":[{"reason":"borderTrade","region":"370000",\
        "from":"2000-01-01T00:00:00Z","until":"2100-01-01T00:00:00Z"}]}
        """)
      #expect(excepting["alerts"]?[0] == ["kind": "diversion", "asSet": 1, "whatIf": 0, "both": 0])
      #expect(excepting["confirmedMissed"] == ["A1"])
      #expect(try await server.call("/v1/alerts", compliance).json["items"]?.array?.count == 1, "nothing is written")
    }
  }
}
