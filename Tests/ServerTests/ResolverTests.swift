import HTTPTypes
import TestWorld
import Testing
import TransparencyLog

@Suite("The resolver")
struct ResolverTests {
  private static let vocabulary = "https://ref.gs1.org/voc/"

  @Test("a linkset names the code, the default link, the pages and the verdict, and records nothing")
  func linkset() async throws {
    try await TestServer.run { server async throws in
      let shop = server.shop
      let seal = try #require(try await shop.dispatch([shop.box(0)]).seals.first?.uri)
      for (uri, ask) in [
        (shop.item(0), ["Accept": "application/linkset+json"]),
        (seal, ["Accept": "application/linkset+json, */*;q=0.1"]),
        (shop.item(0) + "?linkType=linkset", [:]), (seal + "&linkType=all", ["Accept": "text/html"]),
      ] {
        let answer = try await server.call(TestServer.path(uri), ask)
        #expect(answer.status == 200 && answer.type == "application/linkset+json")
        let links = try #require(answer.json["linkset"]?[0])
        #expect(links["anchor"]?.string.map { uri.hasPrefix($0) && !$0.contains("?") } == true)
        #expect(links["description"]?.string == "白酒 / Liquor")
        let target = uri.replacing("&linkType=all", with: "").replacing("?linkType=linkset", with: "")
        #expect(links[Self.vocabulary + "defaultLink"]?[0]?["href"]?.string == target)
        #expect(links[Self.vocabulary + "pip"]?[1]?["hreflang"]?[0]?.string == "en")
        #expect(links[Self.vocabulary + "pip"]?[0]?["href"]?.string?.contains("lang=zh") == true)
        #expect(links[Self.vocabulary + "verificationService"]?[0]?["type"]?.string == "application/json")
        #expect(answer.headers[values: HTTPField.Name("Link") ?? .allow].count == 2)
      }
      #expect(try await server.scans() == 0)
    }
  }

  @Test("linkType chooses the form, whatever is accepted; an unknown one is not found")
  func linkTypes() async throws {
    try await TestServer.run { server async throws in
      let path = TestServer.path(server.shop.item(0))
      for type in ["gs1:pip", "pip", "https://ref.gs1.org/voc/pip", "gs1:defaultLink"] {
        let page = try await server.call(path + "?linkType=\(type)", ["Accept": "application/json"])
        #expect(page.type.hasPrefix("text/html"), "\(type)")
      }
      let verdict = try await server.call(path + "?linkType=gs1:verificationService", ["Accept": "text/html"])
      #expect(verdict.json["authenticity"]?.string == "genuine")
      let unknown = try await server.call(path + "?linkType=gs1:recipeInfo")
      #expect(unknown.status == 404 && unknown.json["type"]?.string == "/problems/no-such-link")
    }
  }

  @Test("what is not ours has no linkset; what is no code has none and is a bad request")
  func errors() async throws {
    try await TestServer.run { server async throws in
      let accept = ["Accept": "application/linkset+json"]
      #expect(try await server.call("/01/09506000134352/21/ABC", accept).status == 404)
      let bad = try await server.call("/01/06901234567893/21/ABC", accept)
      #expect(bad.status == 400 && bad.json["type"]?.string == "/problems/malformed-code")
      #expect(bad.json["detail"]?.string == "the check digit of (01) is wrong")
    }
  }

  @Test("a program gets the verdict without the dealer")
  func verdict() async throws {
    try await TestServer.run { server async throws in
      let shop = server.shop
      try await shop.dispatch([shop.box(0)])
      let answer = try await server.call(TestServer.path(shop.item(0)), ["Accept": "application/json"])
      #expect(answer.status == 200 && answer.type == "application/json")
      #expect(answer.json["verdict"]?.string == "ok" && answer.json["state"]?.string == "dispatched")
      #expect(answer.json["product"]?["name"]?["zh"]?.string == "白酒")
      #expect(answer.json["dealer"] == nil && answer.json["territory"]?.string == "uncertain")
      #expect(answer.headers[.accessControlAllowOrigin] == "*")
    }
  }

  @Test(
    "the form follows Accept",
    arguments: [
      ("", "text/html"), ("*/*", "text/html"), ("text/*", "text/html"), ("image/png", "text/html"),
      ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"),
      ("application/json", "application/json"), ("application/*", "application/json"),
      ("text/html;q=0.2, application/json;q=0.9", "application/json"), ("text/html;q=0, */*", "application/json"),
      ("application/linkset+json;q=0.9, application/json;q=0.1", "application/linkset+json"),
      (";;q=,=;", "text/html"), ("application/json;q=x", "text/html"),
    ])
  func negotiation(_ accept: String, _ type: String) async throws {
    try await TestServer.run { server async throws in
      let answer = try await server.call(
        TestServer.path(server.shop.item(0)), accept.isEmpty ? [:] : ["Accept": accept])
      #expect(answer.type.hasPrefix(type))
    }
  }

  @Test(
    "the language follows Accept-Language",
    arguments: [
      ("", "zh-CN"), ("zh-CN", "zh-CN"), ("en-US,en;q=0.9", "en"), ("fr-FR", "en"), ("en;q=0.4,zh;q=0.5", "zh-CN"),
      ("zh-TW,en;q=0.8", "zh-CN"), ("fr,*;q=0.5", "en"), ("en;q=0,zh;q=0.1", "zh-CN"),
    ])
  func languages(_ accept: String, _ tag: String) async throws {
    try await TestServer.run { server async throws in
      let answer = try await server.call("/", accept.isEmpty ? [:] : ["Accept-Language": accept])
      #expect(answer.status == 200 && answer.headers[.contentLanguage] == tag)
      #expect(answer.text.contains("/openapi.json") && answer.text.contains("/log/checkpoint"))
    }
  }

  @Test("the resolver description and the keys are where they are looked for")
  func wellKnown() async throws {
    try await TestServer.run { server async throws in
      let resolver = try await server.call("/.well-known/gs1resolver")
      #expect(resolver.json["resolverRoot"]?.string == "https://id.example.cn")
      #expect(resolver.json["supportedPrimaryKeys"] == ["00", "01"])
      let keys = try await server.call("/.well-known/jwks.json")
      #expect(keys.json["keys"]?[0]?["crv"]?.string == "Ed25519" && keys.headers[.accessControlAllowOrigin] == "*")
    }
  }
}
