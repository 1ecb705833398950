import Alerting
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Ledger
import Notifying
import Server
import TestWorld
import Testing
import TransparencyLog

@Suite("Webhooks over the API")
struct WebhookRouteTests {
  private typealias Call =
    @Sendable (String, HTTPRequest.Method, String, String?) async throws -> (
      status: Int, json: JSONValue
    )

  private func serve(_ body: @Sendable (@escaping Call) async throws -> Void) async throws {
    let shop = try await Shop.make()
    let ledger = shop.world.ledger
    let access = Access(ledger)
    var keys: [String: String] = [:]
    for role in [Role.admin, .auditor, .compliance] {
      keys[role.rawValue] = try await access.createKey(role: role).text
    }
    keys["bound"] = try await access.createKey(role: .admin, region: "430000").text
    let courier = Courier { _ throws(DeliveryFault) in .init(status: 204) }
    let services = Services(ledger, alerting: AlertingEngine(ledger: ledger), courier: courier)
    let application = Application(router: YimaServer.router(services))
    try await application.test(.router) { [keys] client in
      try await body { who, method, path, sent in
        var headers: HTTPFields = [.contentType: "application/json"]
        headers[.authorization] = "Bearer \(keys[who] ?? "")"
        return try await client.execute(
          uri: path, method: method, headers: headers, body: sent.map { ByteBuffer(string: $0) }
        ) { response in
          (response.status.code, (try? JSONValue(parsing: Array(response.body.readableBytesView))) ?? .null)
        }
      }
    }
  }

  private static let form = #"{"url":"https://hooks.example.com/yima","types":["alert.raised"],"name":"OA"}"#

  @Test("the administrator sets up, the auditor looks on, others and whoever is bound to a region do neither")
  func roles() async throws {
    try await serve { call async throws in
      #expect(try await call("admin", .post, "/v1/webhooks", Self.form).status == 201)
      for who in ["compliance", "bound"] {
        for path in ["/v1/webhooks", "/v1/webhooks/W1", "/v1/webhooks/W1/deliveries"] {
          #expect(try await call(who, .get, path, nil).status == 403)
        }
      }
      for path in ["/v1/webhooks", "/v1/webhooks/W1", "/v1/webhooks/W1/deliveries"] {
        #expect(try await call("auditor", .get, path, nil).status == 200)
      }
      for (method, path) in [
        (.post, "/v1/webhooks"), (.put, "/v1/webhooks/W1"), (.delete, "/v1/webhooks/W1"),
        (.post, "/v1/webhooks/W1/test"), (.post, "/v1/webhooks/W1/secret"),
        (.post, "/v1/webhooks/W1/deliveries/1/retry"),
      ] as [(HTTPRequest.Method, String)] {
        for who in ["auditor", "compliance", "bound"] {
          #expect(try await call(who, method, path, Self.form).status == 403, "\(who) \(path)")
        }
      }
    }
  }

  @Test("the secret is told when it is made, and by no other answer")
  func secrets() async throws {
    try await serve { call async throws in
      let made = try await call("admin", .post, "/v1/webhooks", Self.form)
      let secret = try #require(made.json["secret"]?.string)
      #expect(WebhookSecret(parsing: secret) != nil && made.json["id"]?.string == "W1")
      let turned = try await call("admin", .post, "/v1/webhooks/W1/secret", nil)
      #expect(turned.status == 201 && turned.json["secret"]?.string != secret && turned.json["oldSecretUntil"] != .null)
      for path in ["/v1/webhooks", "/v1/webhooks/W1", "/v1/webhooks/W1/deliveries", "/v1/events?limit=1000"] {
        let text = try await call("admin", .get, path, nil).json.description
        #expect(
          !text.contains("whsec_") && !text.contains(secret.dropFirst(6)) && !text.contains("\"secret\":"), "\(path)")
      }
    }
  }

  @Test("a bad field is named by its pointer")
  func pointers() async throws {
    try await serve { call async throws in
      for (body, pointer) in [
        (#"{"types":["alert.raised"]}"#, "/url"), (#"{"url":"https://a.example/"}"#, "/types"),
        (#"{"url":"http://a.example/","types":["alert.raised"]}"#, "/url"),
        (#"{"url":"https://10.0.0.1/","types":["alert.raised"]}"#, "/url"),
        (#"{"url":"https://a.example/","types":["alert.raised","x"]}"#, "/types/1"),
        (#"{"url":"https://a.example/","types":[7]}"#, "/types/0"),
        (#"{"url":"https://a.example/","types":["alert.raised"],"enabled":"no"}"#, "/enabled"),
        (#"{"url":"https://a.example/","types":["alert.raised"],"name":"\u0001"}"#, "/name"),
      ] {
        let answer = try await call("admin", .post, "/v1/webhooks", body)
        #expect(answer.status == 422 && answer.json["pointer"]?.string == pointer, "\(body) \(answer)")
      }
      for path in ["/v1/webhooks/W9", "/v1/webhooks/9", "/v1/webhooks/W01"] {
        #expect(try await call("admin", .get, path, nil).status == 404)
      }
    }
  }

  @Test("its life: added, tested, changed, listed in pages, removed")
  func life() async throws {
    try await serve { call async throws in
      for _ in 0..<3 { #expect(try await call("admin", .post, "/v1/webhooks", Self.form).status == 201) }
      let page = try await call("admin", .get, "/v1/webhooks?limit=2", nil).json
      #expect(page["items"]?.array?.count == 2 && page["next"]?.string == "2")
      #expect(try await call("admin", .get, "/v1/webhooks?limit=2&cursor=2", nil).json["items"]?.array?.count == 1)
      let tested = try await call("admin", .post, "/v1/webhooks/W1/test", nil)
      #expect(tested.status == 201 && tested.json["state"] == "delivered" && tested.json["status"]?.int == 204)
      #expect(try await call("admin", .post, "/v1/webhooks/W1/deliveries/1/retry", nil).status == 409)
      #expect(try await call("admin", .post, "/v1/webhooks/W1/deliveries/2/retry", nil).status == 404)
      let off = #"{"url":"https://hooks.example.com/two","types":["case.opened"],"enabled":false}"#
      let changed = try await call("admin", .put, "/v1/webhooks/W1", off).json
      #expect(changed["enabled"] == false && changed["url"] == "https://hooks.example.com/two" && changed["name"] == "")
      #expect(changed["last"]?["type"] == "ping")
      #expect(try await call("admin", .delete, "/v1/webhooks/W1", nil).status == 200)
      #expect(try await call("admin", .get, "/v1/webhooks/W1", nil).status == 404)
      let kinds = try await call("admin", .get, "/v1/events?limit=1000", nil).json["items"]?.array ?? []
      #expect(kinds.filter { $0["kind"] == "webhook" }.count == 4)
      #expect(kinds.contains { $0["kind"] == "webhookRemoved" && $0["data"]?["webhook"]?.int == 1 })
    }
  }
}
