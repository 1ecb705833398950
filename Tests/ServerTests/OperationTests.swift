import Alerting
import Attestation
import HTTPTypes
import Ledger
import Server
import Spreadsheets
import Storage
import TestWorld
import Testing
import TransparencyLog

@Suite("Operation and description")
struct OperationTests {
  @Test("the document has every route that the router serves, and no other")
  func everyRoute() async throws {
    try await TestServer.run { server async throws in
      let document = try await server.call("/openapi.json").json
      #expect(document["openapi"]?.string == "3.1.0")
      let ledger = server.shop.world.ledger
      let routes = YimaServer.routes(Services(ledger, alerting: AlertingEngine(ledger: ledger)))
      let served = Set(routes.map { "\($0.method.rawValue.lowercased()) \($0.path.replacing("…}", with: "}"))" })
      let described = try #require(document["paths"]?.object).flatMap { path, item in
        (item.object ?? [:]).keys.map { "\($0) \(path)" }
      }
      #expect(Set(described) == served && described.count == routes.count)
    }
  }

  @Test("operations are complete: unique ids, path parameters, a success, problems where they can occur")
  func operations() async throws {
    try await TestServer.run { server async throws in
      let document = try await server.call("/openapi.json").json
      var identifiers: Set<String> = []
      for (path, item) in try #require(document["paths"]?.object) {
        for (method, operation) in item.object ?? [:] {
          let name = "\(method) \(path)"
          let isNew = identifiers.insert(operation["operationId"]?.string ?? "").inserted
          #expect(isNew, "\(name)")
          let inPath = (operation["parameters"]?.array ?? []).filter { $0["in"]?.string == "path" }
          let expected = path.matches(of: /\{([a-zA-Z]+)\}/).map { String($0.1) }
          #expect(inPath.compactMap { $0["name"]?.string } == expected, "\(name)")
          let statuses = Set((operation["responses"]?.object ?? [:]).keys)
          #expect(statuses.contains { $0.hasPrefix("2") }, "\(name)")
          let isOpen = operation["security"]?.array?.isEmpty == true
          // Whoever signs in may get it wrong without having been anybody before.
          #expect(isOpen != statuses.contains("401") || name == "post /v1/sessions", "\(name)")
          #expect(operation["requestBody"] == nil || statuses.isSuperset(of: ["400", "422"]), "\(name)")
        }
      }
    }
  }

  @Test("schemas follow from the examples, with what is required")
  func schemas() async throws {
    try await TestServer.run { server async throws in
      let document = try await server.call("/openapi.json").json
      let body = document["paths"]?["/v1/batches"]?["post"]?["requestBody"]?["content"]?["application/json"]
      let schema = try #require(body?["schema"])
      #expect(schema["required"] == ["gtin", "quantity"])
      #expect(schema["properties"]?["quantity"] == ["type": "integer"])
      #expect(schema["properties"]?["gtin"] == ["type": "string"])
      let answer = document["paths"]?["/v1/batches"]?["post"]?["responses"]?["201"]?["content"]?["application/json"]
      #expect(answer?["schema"]?["properties"]?["createdAt"] == ["type": "string", "format": "date-time"])
      let dispatch = document["paths"]?["/v1/dispatches"]?["post"]?["requestBody"]?["content"]
      #expect(dispatch?["text/csv"]?["schema"] == ["type": "string"])
      #expect(dispatch?[Table.workbookType]?["schema"] == ["type": "string"])
      let dealer = document["paths"]?["/v1/dealers"]?["post"]?["requestBody"]?["content"]?["application/json"]
      #expect(dealer?["schema"]?["properties"]?["parent"] == [:], "what is null in the example is left open")
      #expect(dealer?["schema"]?["properties"]?["territories"] == ["type": "array", "items": ["type": "string"]])
    }
  }

  @Test("the document is the same every time")
  func stable() async throws {
    let first = Shelf(), second = Shelf()
    try await TestServer.run { await first.put(try await $0.call("/openapi.json").bytes) }
    try await TestServer.run { await second.put(try await $0.call("/openapi.json").bytes) }
    #expect(await first.bytes == second.bytes)
    #expect(await !first.bytes.isEmpty)
  }

  private actor Shelf {
    var bytes: [UInt8] = []
    func put(_ bytes: [UInt8]) { self.bytes = bytes }
  }

  @Test("the process lives; it is ready while the log keeps up, and not when an event waits for longer than 30 s")
  func readiness() async throws {
    try await TestServer.run { server async throws in
      #expect(try await server.call("/healthz").json == ["status": "ok"])
      let ledger = server.shop.world.ledger
      try await Sequencer(ledger).catchUp()
      server.shop.world.clock.advance(seconds: 3600)
      let idle = try await server.call("/readyz")
      #expect(
        idle.status == 200 && idle.json["status"]?.string == "ready" && idle.json["checkpointAgeSeconds"]?.int == 3600)
      #expect(idle.json["eventsNotInLog"]?.int == 0 && idle.json["logBehindSeconds"]?.int == 0)
      try await server.shop.issuing.void([.code(server.shop.item(0))], reason: "x", by: Shop.actor)
      server.shop.world.clock.advance(seconds: 30)
      #expect(try await server.call("/readyz").status == 200)
      server.shop.world.clock.advance(seconds: 1)
      let behind = try await server.call("/readyz")
      #expect(behind.status == 503 && behind.json["logBehindSeconds"]?.int == 31)
      #expect(behind.json["eventsNotInLog"]?.int == 1 && behind.json["writer"]?.string == "ok")
    }
  }

  @Test("what an idle log's witnesses said does not wait for it, nor age what comes next")
  func attested() async throws {
    try await TestServer.run { server async throws in
      let ledger = server.shop.world.ledger
      try await Sequencer(ledger).catchUp()
      let size = try #require(try await ledger.store.read { try $0.lastCheckpoint() }).size
      try await ledger.keep(CosignatureRow(size: size, witness: "w", at: 0, line: "— w AAAA\n"))
      server.shop.world.clock.advance(seconds: 3600)
      let idle = try await server.call("/readyz")
      #expect(idle.status == 200 && idle.json["eventsNotInLog"]?.int == 0)
      try await server.shop.issuing.void([.code(server.shop.item(0))], reason: "x", by: Shop.actor)
      let busy = try await server.call("/readyz")
      #expect(busy.status == 200 && busy.json["eventsNotInLog"]?.int == 2 && busy.json["logBehindSeconds"]?.int == 0)
      try await Sequencer(ledger).catchUp()
      #expect(try await server.call("/readyz").json["eventsNotInLog"]?.int == 0)
    }
  }

  @Test("metrics are Prometheus text, and count what pages answer")
  func metrics() async throws {
    try await TestServer.run { server async throws in
      try await server.shop.dispatch([server.shop.box(0)])
      _ = try await server.call(TestServer.path(server.shop.item(0)))
      let answer = try await server.call("/metrics")
      #expect(answer.type == "text/plain; version=0.0.4; charset=utf-8")
      #expect(answer.text.contains("yima_scans_total{verdict=\"ok\"} 1\n"))
      #expect(answer.text.contains("# TYPE yima_events_not_in_log gauge\n"))
      for line in answer.text.split(separator: "\n") where !line.hasPrefix("#") {
        #expect(line.wholeMatch(of: /[a-z_]+(\{[a-z]+="[^"]*"\})? [0-9.e+-]+/) != nil, "\(line)")
      }
    }
  }
}
