import Foundation
import JWTKit
import Synchronization
import Testing
import TransparencyLog

@testable import Identity

/// Claims of any kind, to be signed.
private struct Claims: JWTPayload {
  var members: [String: JSONValue]

  init(_ members: [String: JSONValue]) { self.members = members }
  init(from decoder: any Decoder) throws { members = [:] }
  func verify(using algorithm: some JWTAlgorithm) {}

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Name.self)
    for (name, value) in members {
      switch value {
      case .string(let text): try container.encode(text, forKey: Name(name))
      case .integer(let number): try container.encode(number, forKey: Name(name))
      case .bool(let flag): try container.encode(flag, forKey: Name(name))
      case .array(let entries): try container.encode(entries.compactMap(\.string), forKey: Name(name))
      default: Issue.record("a claim of no kind that tests use")
      }
    }
  }

  struct Name: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(_ text: String) { stringValue = text }
    init?(stringValue: String) { self.init(stringValue) }
    init?(intValue: Int) { nil }
  }
}

/// A provider that answers as it is told, and remembers what it was asked.
private actor StandIn {
  static let issuer = "https://login.example.com"
  static let now: Int64 = 1_790_000_000_000

  let signing = JWTKeyCollection()
  var keys: [JSONValue] = []
  var claims: [String: JSONValue] = [:]
  var token: String?
  var asked: [ProviderRequest] = []
  var metadata: JSONValue = [
    "issuer": .string(issuer), "authorization_endpoint": .string(issuer + "/authorize?tenant=1"),
    "token_endpoint": .string(issuer + "/token"), "jwks_uri": .string(issuer + "/keys"),
  ]
  var failure: ProviderReply?

  func add(_ name: String) async {
    let key = ES256PrivateKey()
    await signing.add(ecdsa: key, kid: JWKIdentifier(string: name))
    guard let parameters = key.parameters else {
      Issue.record("no parameters")
      return
    }
    let url = { (text: String) in
      JSONValue.string(
        text.replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: ""))
    }
    keys.append(["kty": "EC", "crv": "P-256", "kid": .string(name), "x": url(parameters.x), "y": url(parameters.y)])
  }

  func publish(_ keys: [JSONValue]) { self.keys = keys }
  func set(_ name: String, _ value: JSONValue?) { claims[name] = value }
  func say(_ name: String, _ value: JSONValue) { metadata[name] = value }
  func fail(_ reply: ProviderReply?) { failure = reply }
  func give(_ token: String?) { self.token = token }

  func sign(_ key: String) async throws -> String {
    try await signing.sign(Claims(claims), kid: JWKIdentifier(string: key))
  }

  func answer(_ request: ProviderRequest) async throws -> ProviderReply {
    asked.append(request)
    switch request.url {
    case Self.issuer + "/.well-known/openid-configuration":
      return ProviderReply(status: 200, body: metadata.canonicalBytes)
    case Self.issuer + "/keys":
      return ProviderReply(status: 200, body: JSONValue.object(["keys": .array(keys)]).canonicalBytes)
    case Self.issuer + "/token":
      if let failure { return failure }
      let text: String
      if let token { text = token } else { text = try await sign("one") }
      let body: JSONValue = ["id_token": .string(text), "access_token": "unused", "token_type": "Bearer"]
      return ProviderReply(status: 200, body: body.canonicalBytes)
    default: return ProviderReply(status: 404, body: [])
    }
  }
}

@Suite("Signing in by the word of an identity provider")
struct IdentityTests {
  private static func settings(_ claim: String = "sub") throws -> ProviderSettings {
    let text = """
      {"name":{"zh":"公司账号","en":"Company account"},"issuer":"\(StandIn.issuer)","clientId":"yima:1",
       "clientSecret":"s/ecret","claim":"\(claim)","publicAddress":"https://yima.example.com/"}
      """
    return try ProviderSettings(parsing: Array(text.utf8))
  }

  private struct Scene {
    let standIn = StandIn()
    let provider: IdentityProvider
    let attempt = SignInAttempt(random: (0..<32).map { UInt8($0) })

    init(_ claim: String = "sub") async throws {
      provider = IdentityProvider(try IdentityTests.settings(claim), now: { StandIn.now }) { [standIn] in
        try await standIn.answer($0)
      }
      await standIn.add("one")
      await standIn.set("iss", .string(StandIn.issuer))
      await standIn.set("sub", "248289761001")
      await standIn.set("aud", "yima:1")
      await standIn.set("exp", .integer(StandIn.now / 1000 + 300))
      await standIn.set("iat", .integer(StandIn.now / 1000))
      await standIn.set("nonce", .string(attempt.nonce))
    }

    func subject(
      state: String? = nil, issuer: String? = nil, error: String? = nil
    ) async throws(IdentityError) -> String {
      let answer = ProviderAnswer(code: "c0de", state: state ?? attempt.state, issuer: issuer, error: error)
      return try await provider.subject(of: answer, for: attempt)
    }
  }

  @Test("a person is sent with state, nonce and challenge, and named by the token that comes back for the code")
  func whole() async throws {
    let scene = try await Scene()
    let address = try await scene.provider.address(for: scene.attempt)
    #expect(address.hasPrefix("https://login.example.com/authorize?tenant=1&response_type=code&client_id=yima%3A1&"))
    #expect(address.contains("redirect_uri=https%3A%2F%2Fyima.example.com%2Fsign-in%2Fprovider%2Fanswer"))
    #expect(address.contains("&scope=openid&state=\(scene.attempt.state)&nonce=\(scene.attempt.nonce)&"))
    #expect(address.hasSuffix("&code_challenge=\(scene.attempt.challenge)&code_challenge_method=S256"))
    #expect(!address.contains(scene.attempt.verifier) && !address.contains(scene.attempt.secret))
    #expect(try await scene.subject() == "248289761001")
    let request = try #require(await scene.standIn.asked.first { $0.form != nil })
    #expect(request.authorization == "Basic " + Data("yima%3A1:s%2Fecret".utf8).base64EncodedString())
    #expect(request.form?.contains("code=c0de") == true)
    #expect(request.form?.contains("code_verifier=\(scene.attempt.verifier)") == true)
    #expect(request.form?.contains("ecret") == false)
  }

  @Test("the challenge is the verifier's SHA-256, as in appendix B of RFC 7636")
  func challenge() {
    let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    #expect(
      Base64.url.encode(Digest32.sha256(Array(verifier.utf8)).bytes) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")
    let attempts = (0..<50).map { SignInAttempt(random: Array(repeating: UInt8($0), count: 32)) }
    let words = attempts.flatMap { [$0.state, $0.nonce, $0.verifier, $0.challenge, $0.secret] }
    #expect(Set(words).count == words.count && words.allSatisfy { $0.utf8.count == 43 })
  }

  @Test("a provider that takes the secret only in the form gets it there")
  func secretInForm() async throws {
    let scene = try await Scene()
    await scene.standIn.say("token_endpoint_auth_methods_supported", ["client_secret_post", "private_key_jwt"])
    #expect(try await scene.subject() == "248289761001")
    let request = try #require(await scene.standIn.asked.first { $0.form != nil })
    #expect(request.authorization == nil && request.form?.hasSuffix("&client_secret=s%2Fecret") == true)
  }

  private typealias Lie = (name: String, value: JSONValue?, fault: TokenFault)

  @Test("a token that is not for this attempt, of this issuer, of now, is refused with the reason")
  func lies() async throws {
    let lies: [Lie] = [
      ("iss", "https://other.example.com", .issuer), ("iss", nil, .issuer), ("aud", "another", .audience),
      ("aud", ["yima:1", "another"], .audience), ("aud", nil, .audience), ("azp", "another", .audience),
      ("exp", .integer(StandIn.now / 1000 - 61), .expired), ("exp", nil, .malformed), ("exp", "soon", .malformed),
      ("iat", nil, .malformed), ("iat", .integer(StandIn.now / 1000 + 61), .issuedLater),
      ("nbf", .integer(StandIn.now / 1000 + 61), .issuedLater), ("nonce", "another", .nonce), ("nonce", nil, .nonce),
      ("sub", nil, .subject), ("sub", "", .subject), ("sub", .string(String(repeating: "x", count: 256)), .subject),
    ]
    for lie in lies {
      let scene = try await Scene()
      await scene.standIn.set(lie.name, lie.value)
      await #expect(throws: IdentityError.token(lie.fault), "\(lie.name)") { try await scene.subject() }
    }
  }

  @Test("within a minute the clocks may differ, and several audiences are fine when the token was made for us")
  func leeway() async throws {
    let scene = try await Scene()
    await scene.standIn.set("exp", .integer(StandIn.now / 1000 - 59))
    await scene.standIn.set("iat", .integer(StandIn.now / 1000 + 59))
    await scene.standIn.set("aud", ["another", "yima:1"])
    await scene.standIn.set("azp", "yima:1")
    #expect(try await scene.subject() == "248289761001")
  }

  @Test("tokens without a signature, under a shared secret, of another key or changed after signing are refused")
  func forgeries() async throws {
    let scene = try await Scene()
    let good = try await scene.standIn.sign("one")
    let parts = good.split(separator: ".").map(String.init)
    let header = { (text: String) in Base64.url.encode(Array(text.utf8)) }
    let changed = try #require(Base64.url.decode(parts[1].utf8)).map {
      $0 == UInt8(ascii: "2") ? UInt8(ascii: "3") : $0
    }
    let forged: [(String, TokenFault)] = [
      (header(#"{"alg":"none"}"#) + "." + parts[1] + ".", .algorithm),
      (header(#"{"alg":"HS256","kid":"one"}"#) + "." + parts[1] + "." + parts[2], .algorithm),
      (header(#"{"alg":"RS256","kid":"one"}"#) + "." + parts[1] + "." + parts[2], .signature),
      (header(#"{"alg":"ES256","kid":"two"}"#) + "." + parts[1] + "." + parts[2], .signature),
      (header(#"{"alg":"ES256","kid":"one","crit":["b64"]}"#) + "." + parts[1] + "." + parts[2], .malformed),
      (parts[0] + "." + Base64.url.encode(changed) + "." + parts[2], .signature),
      (parts[0] + "." + parts[1] + ".", .signature), (parts[0] + "." + parts[1], .malformed), ("", .malformed),
      (String(repeating: "a", count: IDToken.tokenMax + 1), .malformed),
    ]
    for (token, fault) in forged {
      await scene.standIn.give(token)
      await #expect(throws: IdentityError.token(fault), "\(token.prefix(60))") { try await scene.subject() }
    }
    await scene.standIn.give(good)
    #expect(try await scene.subject() == "248289761001")
  }

  @Test("a new key of the provider is found, and an unknown one does not make the provider be asked without end")
  func rotation() async throws {
    let now = MovingClock(StandIn.now)
    let scene = try await Scene()
    let provider = IdentityProvider(try Self.settings(), now: { now.value }) { try await scene.standIn.answer($0) }
    let answer = ProviderAnswer(code: "c", state: scene.attempt.state, issuer: nil, error: nil)
    #expect(try await provider.subject(of: answer, for: scene.attempt) == "248289761001")
    await scene.standIn.add("two")
    await scene.standIn.give(try await scene.standIn.sign("two"))
    await #expect(throws: IdentityError.token(.signature)) {
      try await provider.subject(of: answer, for: scene.attempt)
    }
    now.advance(60_000)
    #expect(try await provider.subject(of: answer, for: scene.attempt) == "248289761001")
    let asked = await scene.standIn.asked.filter { $0.url.hasSuffix("/keys") }.count
    #expect(asked == 2)
  }

  @Test("an e-mail address is taken only when the provider has verified it, and its case does not matter")
  func email() async throws {
    let scene = try await Scene("email")
    await scene.standIn.set("email", "Wang@Example.com")
    await #expect(throws: IdentityError.token(.unverifiedEmail)) { try await scene.subject() }
    await scene.standIn.set("email_verified", false)
    await #expect(throws: IdentityError.token(.unverifiedEmail)) { try await scene.subject() }
    await scene.standIn.set("email_verified", true)
    #expect(try await scene.subject() == "wang@example.com")
    #expect(try await scene.provider.address(for: scene.attempt).contains("scope=openid%20email"))
  }

  @Test("an answer of another attempt or another provider, and a refusal, name nobody and ask for no token")
  func answers() async throws {
    let scene = try await Scene()
    await #expect(throws: IdentityError.notOurs) { try await scene.subject(state: "another") }
    await #expect(throws: IdentityError.notOurs) { try await scene.subject(issuer: "https://other.example.com") }
    await #expect(throws: IdentityError.refused("access_denied")) { try await scene.subject(error: "access_denied") }
    await #expect(throws: IdentityError.refused("unknown")) { try await scene.subject(error: "<script>") }
    #expect(await scene.standIn.asked.allSatisfy { $0.form == nil })
    await scene.standIn.say("authorization_response_iss_parameter_supported", true)
    let strict = try await Scene()
    await strict.standIn.say("authorization_response_iss_parameter_supported", true)
    await #expect(throws: IdentityError.notOurs) { try await strict.subject() }
    #expect(try await strict.subject(issuer: StandIn.issuer) == "248289761001")
  }

  @Test("a provider that fails, lies about itself or sends secrets over plain HTTP is not believed")
  func badProviders() async throws {
    for (name, value) in [
      ("issuer", "https://login.example.com/"), ("token_endpoint", "http://login.example.com/token"),
      ("jwks_uri", "file:///etc/passwd"), ("authorization_endpoint", "https://a@b.example.com/"),
    ] {
      let scene = try await Scene()
      await scene.standIn.say(name, .string(value))
      await #expect(throws: IdentityError.malformed(name)) { try await scene.subject() }
    }
    let scene = try await Scene()
    await scene.standIn.fail(ProviderReply(status: 500, body: Array("<html>".utf8)))
    await #expect(throws: IdentityError.unreachable(status: 500)) { try await scene.subject() }
    await scene.standIn.fail(ProviderReply(status: 400, body: Array(#"{"error":"invalid_grant"}"#.utf8)))
    await #expect(throws: IdentityError.refused("invalid_grant")) { try await scene.subject() }
    await scene.standIn.fail(ProviderReply(status: 200, body: Array("{}".utf8)))
    await #expect(throws: IdentityError.malformed("id_token")) { try await scene.subject() }
  }

  @Test("keys of other kinds, short ones and private members are left out, and a set may name none")
  func keySets() async throws {
    let scene = try await Scene()
    let good = await scene.standIn.keys
    let short: JSONValue = [
      "kty": "RSA", "kid": "one", "n": .string(String(repeating: "A", count: 170) + "A"), "e": "AQAB",
    ]
    await scene.standIn.publish([["kty": "oct", "k": "c2VjcmV0"], short, "no key", ["kty": "EC"]])
    await #expect(throws: IdentityError.token(.signature)) { try await scene.subject() }
    var unnamed = good[0]
    unnamed["kid"] = nil
    unnamed["use"] = "sig"
    let other = try await Scene()
    let own = await other.standIn.keys
    await other.standIn.publish([["kty": "oct", "k": "c2VjcmV0"]] + own)
    #expect(try await other.subject() == "248289761001")
  }

  @Test("settings that cannot be right are refused by the name of the member, and never shown")
  func settingsFaults() throws {
    let whole: [String: JSONValue] = [
      "name": "Company", "issuer": "https://login.example.com", "clientId": "yima", "clientSecret": "hidden-secret",
      "publicAddress": "https://yima.example.com",
    ]
    let read = { (members: [String: JSONValue]) throws(ProviderSettingsError) in
      try ProviderSettings(parsing: JSONValue.object(members).canonicalBytes)
    }
    #expect(try read(whole).returnAddress == "https://yima.example.com/sign-in/provider/answer")
    #expect(try read(whole).claim == .subject)
    let faults: [(String, JSONValue?)] = [
      ("name", nil), ("name", ["zh": "只有中文"]), ("issuer", "http://login.example.com"), ("issuer", "login"),
      ("issuer", "https://a#b"), ("issuer", "https://a/?b"), ("clientId", ""), ("clientId", .integer(1)),
      ("clientSecret", nil), ("clientSecret", "two words"), ("claim", "groups"), ("publicAddress", "https://"),
      ("publicAddress", "https://x:99999"), ("publicAddress", "https://x:8x"), ("tenant", "x"),
    ]
    for (name, value) in faults {
      var members = whole
      members[name] = value
      let error = #expect(throws: ProviderSettingsError.self, "\(name)") { try read(members) }
      #expect(error?.member == name)
      #expect(error?.description.contains("hidden-secret") == false)
    }
    #expect(throws: ProviderSettingsError.self) { try ProviderSettings(parsing: Array("[]".utf8)) }
  }

  @Test("plain HTTP is for this machine only, however an address is spelled")
  func addresses() {
    for good in [
      "https://a.example.com", "http://127.0.0.1:9000/x", "http://localhost", "http://[::1]:80/", "https://[::1]/",
    ] {
      #expect(WebAddress.isSafe(good), "\(good)")
    }
    for bad in [
      "http://127.0.0.1.example.com", "http://localhost@example.com", "http://127.0.0.1:", "http://[::1", "https://",
      "http:///x", "https://a b", "https://a\nb", "ftp://localhost", "HTTP://localhost", "https://[]/", "https://:80/",
      "https://例", "https://a\"b", "http://127.1", "http://2130706433",
    ] { #expect(!WebAddress.isSafe(bad), "\(bad)") }
  }

  @Test("no token and no set of keys, however garbled, brings a reader down")
  func fuzz() async throws {
    let scene = try await Scene()
    let token = Array(try await scene.standIn.sign("one").utf8)
    let keys = JSONValue.object(["keys": .array(await scene.standIn.keys)]).canonicalBytes
    let good = try ProviderKeys(parsing: keys)
    var state: UInt64 = 20_261_122
    func next(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    var survivors = 0
    for _ in 0..<400 {
      var (garbled, garbledKeys) = (token, keys)
      for _ in 0...next(4) {
        garbled[next(garbled.count)] = UInt8(next(128))
        garbledKeys[next(garbledKeys.count)] = UInt8(next(128))
      }
      if next(4) == 0 { garbled.removeLast(next(garbled.count)) }
      if (try? await good.claims(of: String(decoding: garbled, as: UTF8.self))) != nil { survivors += 1 }
      _ = try? ProviderKeys(parsing: garbledKeys)
      _ = try? ProviderMetadata(parsing: garbledKeys, issuer: StandIn.issuer)
      _ = try? ProviderSettings(parsing: garbledKeys)
    }
    // A letter may be put where it was before; nothing else passes.
    #expect(survivors < 10)
  }
}

/// A clock that tests move.
private final class MovingClock: Sendable {
  private let milliseconds: Mutex<Int64>
  init(_ start: Int64) { milliseconds = Mutex(start) }
  var value: Int64 { milliseconds.withLock { $0 } }
  func advance(_ by: Int64) { milliseconds.withLock { $0 += by } }
}
