import HTTPTypes
import Hummingbird
import Ledger
import Server

/// One page: its address, who may see it, and what it shows. Pages are not part of the API and not of its description.
struct Page: Sendable {
  /// Who may see a page.
  enum Audience: Sendable {
    /// Everybody.
    case all
    /// Whoever has signed in.
    case people
    /// These roles, and the administrator.
    case roles([Role])
  }

  let method: HTTPRequest.Method
  let path: String
  let audience: Audience
  let handle: @Sendable (Visit) async throws -> Response

  /// A page to look at.
  static func get(
    _ path: String, _ audience: Audience, _ handle: @escaping @Sendable (Visit) async throws -> Response
  ) -> Page {
    Page(method: .get, path: path, audience: audience, handle: handle)
  }

  /// What a form of a page is sent to. Its proof is checked before.
  static func post(
    _ path: String, _ audience: Audience, _ handle: @escaping @Sendable (Visit) async throws -> Response
  ) -> Page {
    Page(method: .post, path: path, audience: audience, handle: handle)
  }

  /// Bytes of a form.
  static let formMax = 4 * 1024 * 1024

  /// Checks who asks and that a form is ours, then shows; problems become pages too.
  func serve(_ request: Request, _ context: YimaContext, _ site: Site) async throws -> Response {
    var visit = Visit(site, request, context)
    var response: Response
    do {
      if method == .post { try await visit.readForm(max: Self.formMax) }
      response = try await admitted(visit)
    } catch let problem as Problem {
      response = visit.problem(problem)
    }
    for (name, value) in Self.fields { response.headers[name] = value }
    if let asked = visit.askedLanguage {
      response.setCookie(SessionCookie.cookie(Visit.languageCookie, asked.rawValue, seconds: 31_536_000, request))
    }
    return response
  }

  private func admitted(_ visit: Visit) async throws -> Response {
    switch audience {
    case .all: break
    case .people, .roles:
      guard let actor = visit.session?.actor else {
        let next = method == .get ? "?next=" + Query.escape(visit.request.target) : ""
        return visit.redirect("/sign-in" + next)
      }
      if case .roles(let roles) = audience, actor.role != .admin, !roles.contains(actor.role) {
        throw Problem.forbidden
      }
    }
    if method == .post, !visit.isFormOurs { throw Problem.unproven }
    return try await handle(visit)
  }

  /// Scripts and styles come from here and nowhere else, none stands in a page, and no page stands in a frame.
  static let policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
    + "font-src 'self'; media-src 'self'; worker-src 'self'; manifest-src 'self'; form-action 'self'; "
    + "base-uri 'none'; frame-ancestors 'none'"

  private static let fields: [(HTTPField.Name, String)] = [
    (.contentSecurityPolicy, policy), (HTTPField.Name("X-Frame-Options") ?? .xContentTypeOptions, "DENY"),
    (HTTPField.Name("Permissions-Policy") ?? .xContentTypeOptions, "camera=(self), geolocation=(self), microphone=()"),
    (HTTPField.Name("Cross-Origin-Opener-Policy") ?? .xContentTypeOptions, "same-origin"),
  ]
}
