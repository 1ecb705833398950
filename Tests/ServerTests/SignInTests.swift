import Ledger
import Server
import TestWorld
import Testing
import TransparencyLog

@Suite("Signing in over the API")
struct SignInTests {
  @Test("a session's cookie opens the API; what changes something needs the proof")
  func cookies() async throws {
    try await TestServer.run { server in
      try await Access(server.shop.world.ledger).addUser(name: "li", password: "correct horse", role: .issuer)
      let body = #"{"name":"li","password":"correct horse"}"#
      let begun = try await server.call("/v1/sessions", method: .post, body: body)
      #expect(begun.status == 201 && begun.json["role"] == "issuer")
      let cookie = try #require(begun.headers[.setCookie])
      #expect(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"))
      let token = String(cookie.prefix { $0 != ";" })
      #expect(try await server.call("/v1/session", ["Cookie": token]).json["user"] == "li")
      let product = #"{"gtin":"06901234100013","name":{"zh":"茶"}}"#
      let forged = try await server.call("/v1/products", ["Cookie": token], method: .post, body: product)
      #expect(forged.status == 403 && forged.json["type"] == "/problems/unproven")
      let proof = try #require(begun.json["csrfToken"]?.string)
      let headers = ["Cookie": token, "X-CSRF-Token": proof]
      #expect(try await server.call("/v1/products", headers, method: .post, body: product).status == 201)
      #expect(try await server.call("/v1/session", headers, method: .delete).status == 200)
      #expect(try await server.call("/v1/session", ["Cookie": token]).status == 401)
    }
  }

  @Test("after five wrong passwords a name waits, also over Basic; a quarter of an hour later it may try again")
  func guessing() async throws {
    try await TestServer.run { server in
      try await Access(server.shop.world.ledger).addUser(name: "li", password: "correct horse", role: .issuer)
      func attempt(_ password: String) async throws -> Answer {
        let body: JSONValue = ["name": "li", "password": .string(password)]
        return try await server.call("/v1/sessions", method: .post, body: body.description)
      }
      for _ in 0..<5 { #expect(try await attempt("wrong").status == 401) }
      let held = try await attempt("correct horse")
      #expect(held.status == 429 && held.json["retryAfterSeconds"]?.int == 900)
      let basic = "Basic bGk6Y29ycmVjdCBob3JzZQ=="
      #expect(try await server.call("/v1/products", ["Authorization": basic]).status == 429)
      server.shop.world.clock.advance(seconds: 900)
      #expect(try await attempt("correct horse").status == 201)
    }
  }
}
