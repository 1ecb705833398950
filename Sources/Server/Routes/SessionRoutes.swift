import Foundation
import Hummingbird
import Ledger
import TransparencyLog

/// A person's own session: signing in and out, password, one-time codes.
struct SessionRoutes {
  private let services: Services
  private var access: Access { services.access }

  init(_ services: Services) { self.services = services }

  private static let example: JSONValue = [
    "user": "wang", "role": "compliance", "until": "2026-09-10T20:00:00Z", "csrfToken": "kYv3-x1pT0aWcJm2oQn5sA",
  ]
  private static let done: JSONValue = ["done": true]

  var routes: [Route] {
    [
      Route(
        .post, "/v1/sessions", .open,
        "Sign in: sets a session cookie. Calls under the cookie send csrfToken as X-CSRF-Token",
        bodies: [
          .json(
            ["name": "wang", "password": "correct horse battery", "code": "123456"], required: ["name", "password"])
        ], status: 201, answers: [.json(Self.example)], failures: [401: [], 429: []], handle: signIn),
      Route(
        .get, "/v1/session", .session, "Who is signed in", answers: [.json(Self.example)]
      ) { _, call in .json(Self.json(try call.session())) },
      Route(.delete, "/v1/session", .session, "Sign out here", answers: [.json(Self.done)], handle: signOut),
      Route(
        .delete, "/v1/sessions", .session, "Sign out everywhere", answers: [.json(Self.done)], handle: signOutEverywhere
      ),
      Route(
        .put, "/v1/session/password", .session, "Choose another password; all sessions end",
        bodies: [
          .json(
            ["present": "correct horse battery", "password": "staple correct horse"],
            required: ["present", "password"])
        ], answers: [.json(Self.done)], failures: [429: []], handle: changePassword),
      Route(
        .post, "/v1/session/codes", .session, "A new secret for one-time codes (RFC 6238), not yet in use", status: 201,
        answers: [.json(["secret": "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "uri": "otpauth://totp/Yima:wang?secret=…"])],
        handle: newSecret),
      Route(
        .put, "/v1/session/codes", .session, "Ask for one-time codes from now on, with a first one as proof",
        bodies: [
          .json(
            ["secret": "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "code": "123456"], required: ["secret", "code"])
        ], answers: [.json(Self.done)], handle: confirmCodes),
      Route(
        .delete, "/v1/session/codes", .session, "Ask for no one-time codes any more", answers: [.json(Self.done)]
      ) { _, call in
        let name = try call.session().user
        do { try await access.endCodes(of: name) } catch let error as AccessError { throw Problem(error) }
        return .json(Self.done)
      },
    ]
  }

  static func json(_ session: Session) -> JSONValue {
    var members: [String: JSONValue] = [
      "user": .string(session.user), "role": .string(session.actor.role.rawValue), "key": .integer(session.actor.key),
      "until": .string(session.until.description), "csrfToken": .string(session.proof),
    ]
    members["dealer"] = session.actor.dealer.map(JSONValue.string)
    members["region"] = session.actor.region.map(JSONValue.string)
    return .object(members)
  }

  private func signIn(_ request: Request, _ call: Call) async throws -> Response {
    let body = try await FieldReader(request, max: RequestLimits.scanMax)
    let name = try body.required("name").string()
    let password = try body.required("password").string()
    let code = try body.optional("code")?.string()
    let client = ClientAddress(request, call.context)
    let (token, session) = try await SignInDesk(services).signIn(
      name: name, password: password, code: code, from: client)
    var response = Response.json(Self.json(session), status: .created)
    response.setCookie(SessionCookie.begin(token, request))
    return response
  }

  private func signOut(_ request: Request, _ call: Call) async throws -> Response {
    _ = try call.session()
    do { try await access.signOut(SessionCookie.token(request) ?? "") } catch { throw Problem(error) }
    return Self.ended(request)
  }

  private func signOutEverywhere(_ request: Request, _ call: Call) async throws -> Response {
    let name = try call.session().user
    do { try await access.signOutEverywhere(name) } catch { throw Problem(error) }
    return Self.ended(request)
  }

  private static func ended(_ request: Request) -> Response {
    var response = Response.json(done)
    response.setCookie(SessionCookie.end(request))
    return response
  }

  private func changePassword(_ request: Request, _ call: Call) async throws -> Response {
    let name = try call.session().user
    let body = try await FieldReader(request, max: RequestLimits.scanMax)
    let present = try body.required("present").string()
    let password = try body.required("password").string()
    let client = ClientAddress(request, call.context)
    try services.signInGuard.check(name, from: client)
    do {
      guard try await access.isPassword(present, of: name) else {
        services.signInGuard.failed(name, from: client)
        throw Problem.field("/present", "is not the present password")
      }
      try await access.setPassword(of: name, to: password)
    } catch let error as AccessError { throw Problem(error) }
    return Self.ended(request)
  }

  private func newSecret(_ request: Request, _ call: Call) async throws -> Response {
    let secret = TOTP.base32(access.newSecret())
    let name = try call.session().user
    let label = name.addingPercentEncoding(withAllowedCharacters: .urlHostAllowed) ?? ""
    return .json(
      ["secret": .string(secret), "uri": .string("otpauth://totp/Yima:\(label)?secret=\(secret)&issuer=Yima")],
      status: .created)
  }

  private func confirmCodes(_ request: Request, _ call: Call) async throws -> Response {
    let name = try call.session().user
    let body = try await FieldReader(request, max: RequestLimits.scanMax)
    let code = try body.required("code").string()
    guard let secret = TOTP.bytes(base32: try body.required("secret").string()) else {
      throw Problem.field("/secret", "is not a secret of one-time codes")
    }
    do { try await access.confirmCodes(of: name, secret: secret, code: code) } catch { throw Problem(error) }
    return .json(Self.done)
  }
}
