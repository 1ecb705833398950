import Alerting
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Ledger
import Server
import TestWorld
import TransparencyLog

/// What a request was answered.
struct Answer: Sendable {
  let status: Int
  let headers: HTTPFields
  let bytes: [UInt8]

  var text: String { String(decoding: bytes, as: UTF8.self) }
  var json: JSONValue { (try? JSONValue(parsing: bytes)) ?? nil }
  var type: String { headers[.contentType] ?? "" }

  /// The page's headline.
  var headline: String {
    guard let start = text.firstRange(of: "<h1"), let open = text[start.upperBound...].firstIndex(of: ">"),
      let end = text.firstRange(of: "</h1>"), open < end.lowerBound
    else { return "" }
    return String(text[text.index(after: open)..<end.lowerBound])
  }
}

/// A server over a shop, asked without a socket.
struct TestServer: Sendable {
  let shop: Shop
  let client: any TestClientProtocol

  /// Runs a test against a new server.
  static func run(_ body: @escaping @Sendable (TestServer) async throws -> Void) async throws {
    let shop = try await Shop.make()
    let services = Services(shop.world.ledger, alerting: AlertingEngine(ledger: shop.world.ledger))
    let application = Application(router: YimaServer.router(services))
    try await application.test(.router) { client in try await body(TestServer(shop: shop, client: client)) }
  }

  /// Asks; `headers` by name.
  func call(
    _ path: String, _ headers: [String: String] = [:], method: HTTPRequest.Method = .get, body: String? = nil
  ) async throws -> Answer {
    var fields = HTTPFields()
    for (name, value) in headers { if let name = HTTPField.Name(name) { fields[name] = value } }
    return try await client.execute(
      uri: path, method: method, headers: fields, body: body.map { ByteBuffer(string: $0) }
    ) { response in
      Answer(
        status: response.status.code, headers: response.headers, bytes: Array(response.body.readableBytesView))
    }
  }

  /// A header with a new key of this role.
  func key(_ role: Role) async throws -> [String: String] {
    ["Authorization": "Bearer " + (try await Access(shop.world.ledger).createKey(role: role).text)]
  }

  /// The path of a code's page.
  static func path(_ uri: String) -> String { uri.replacing("https://id.example.cn", with: "") }

  /// How many scans are on record.
  func scans() async throws -> Int {
    try await shop.world.ledger.store.read { transaction in
      var count = 0
      try transaction.eachBody(after: 0, limit: 1_000_000) { _, body in
        if String(decoding: body, as: UTF8.self).contains("\"kind\":\"scan\"") { count += 1 }
      }
      return count
    }
  }
}
