import Alerting
import Hummingbird
import HummingbirdTesting
import Ledger
import Logging
import Server
import TestWorld
import Testing
import TransparencyLog

/// The API over the router, without a socket.
@Suite struct RouterTests {
  private func serve(
    _ body:
      @Sendable (
        Shop, _ call: @Sendable (HTTPRequest.Method, String, String?, String?) async throws -> (Int, JSONValue)
      ) async throws -> Void
  ) async throws {
    let shop = try await Shop.make()
    let services = Services(shop.world.ledger, alerting: AlertingEngine(ledger: shop.world.ledger))
    let application = Application(router: YimaServer.router(services))
    try await application.test(.router) { client in
      try await body(shop) { method, path, key, json in
        var headers: HTTPFields = [.contentType: "application/json"]
        if let key { headers[.authorization] = "Bearer \(key)" }
        return try await client.execute(
          uri: path, method: method, headers: headers, body: json.map { ByteBuffer(string: $0) }
        ) { response in
          let bytes = Array(response.body.readableBytesView)
          return (response.status.code, (try? JSONValue(parsing: bytes)) ?? nil)
        }
      }
    }
  }

  private func key(_ shop: Shop, _ role: Role, dealer: String? = nil) async throws -> String {
    try await Access(shop.world.ledger).createKey(role: role, dealer: dealer).text
  }

  @Test("no key is 401, the wrong role 403, the right one goes through") func access() async throws {
    try await serve { shop, call async throws in
      let body = #"{"gtin":"06901234567892","quantity":12}"#
      #expect(try await call(.post, "/v1/batches", nil, body).0 == 401)
      #expect(try await call(.post, "/v1/batches", "ym_guess", body).0 == 401)
      let (status, problem) = try await call(.post, "/v1/batches", key(shop, .terminal), body)
      #expect(status == 403)
      #expect(problem["type"]?.string == "/problems/forbidden")
      #expect(try await call(.post, "/v1/batches", key(shop, .issuer), body).0 == 201)
    }
  }

  @Test("a bad field is named by its pointer, and nothing is done") func pointers() async throws {
    try await serve { shop, call async throws in
      let issuer = try await key(shop, .issuer)
      let before = try await shop.world.dump()
      for (body, pointer) in [
        (#"{"gtin":"06901234567893","quantity":12}"#, "/gtin"), (#"{"gtin":"06901234567892"}"#, "/quantity"),
        (#"{"gtin":"06901234567892","quantity":0}"#, "/quantity"),
        (#"{"gtin":"06901234567892","quantity":5,"profile":"long"}"#, "/profile"),
      ] {
        let (status, problem) = try await call(.post, "/v1/batches", issuer, body)
        #expect(status == 422)
        #expect(problem["pointer"]?.string == pointer)
      }
      #expect(try await call(.post, "/v1/batches", issuer, "{").0 == 400)
      #expect(try await shop.world.dump() == before)
    }
  }

  @Test("a terminal sees the dealer's name only when it is its own") func visibility() async throws {
    try await serve { shop, call async throws in
      try await shop.dispatch([shop.box(0)])
      let scan = "{\"code\":\"\(shop.item(0))\",\"location\":{\"region\":\"430102\"}}"
      let (_, own) = try await call(.post, "/v1/scans", key(shop, .terminal, dealer: "A"), scan)
      #expect(own["dealer"]?["code"]?.string == "A")
      #expect(own["verdict"]?.string == "ok")
      let (_, other) = try await call(.post, "/v1/scans", key(shop, .terminal, dealer: "B"), scan)
      #expect(other["dealer"] == nil)
      let (_, inspector) = try await call(.post, "/v1/scans", key(shop, .inspector), scan)
      #expect(inspector["dealer"]?["code"]?.string == "A")
      #expect(inspector["scanCount"]?.int == 3)
    }
  }

  @Test("every route is in the OpenAPI document, under its method") func document() async throws {
    let shop = try await Shop.make()
    let services = Services(shop.world.ledger, alerting: AlertingEngine(ledger: shop.world.ledger))
    let routes = YimaServer.routes(services)
    try await serve { _, call async throws in
      let (status, document) = try await call(.get, "/openapi.json", nil, nil)
      #expect(status == 200)
      for route in routes {
        let path = route.path.replacing("{path…}", with: "{path}")
        let operation = document["paths"]?[path]?[route.method.rawValue.lowercased()]
        #expect(operation != nil, "\(route.method) \(route.path)")
        for status in route.failures.keys {
          #expect(operation?["responses"]?[String(status)] != nil, "\(route.method) \(route.path) \(status)")
        }
      }
    }
  }
}
