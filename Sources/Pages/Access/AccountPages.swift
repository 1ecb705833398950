import Hummingbird
import Labels
import Ledger
import Server
import TransparencyLog

/// A person's own account: password, one-time codes, sessions.
enum AccountPages {
  static let pages: [Page] = [
    .get("/account", .people) { visit in try await show(visit) },
    .post("/account/password", .people, changePassword),
    .post("/account/codes", .people, confirmCodes),
    .post("/account/codes/end", .people) { visit in
      _ = try await visit.api(.delete, "/v1/session/codes")
      return visit.redirect("/account", done: "codesEnded")
    },
  ]

  private static func show(
    _ visit: Visit, passwordError: String? = nil, codeError: String? = nil, secret: String? = nil,
    status: HTTPResponse.Status = .ok
  ) async throws -> Response {
    guard let session = visit.session else { throw Problem.unauthorized }
    let fresh = try await visit.api(.post, "/v1/session/codes")
    let shown = secret ?? fresh["secret"]?.string ?? ""
    var values: [String: Any] = [
      "until": visit.time(session.until), "usesCodes": try await visit.site.services.access.usesCodes(session.user),
      "secret": shown, "secretGroups": shown.inFours,
    ]
    if let dealer = session.actor.dealer { values["dealer"] = dealer }
    if let region = session.actor.region { values["region"] = visit.region(region) }
    if let passwordError { values["passwordError"] = passwordError }
    if let codeError { values["codeError"] = codeError }
    return visit.html("account", title: visit.t("account"), values, status: status)
  }

  private static func changePassword(_ visit: Visit) async throws -> Response {
    guard visit.form["password"] == visit.form["again"] else {
      return try await show(visit, passwordError: visit.t("passwordsDiffer"), status: .unprocessableContent)
    }
    do {
      let body: JSONValue = [
        "present": .string(visit.form["present"] ?? ""), "password": .string(visit.form["password"] ?? ""),
      ]
      _ = try await visit.api(.put, "/v1/session/password", Query(), body)
      var response = visit.redirect("/sign-in", done: "passwordChanged")
      response.setCookie(SessionCookie.end(visit.request))
      return response
    } catch let problem as Problem {
      let sentence = problem.pointer == "/present" ? visit.t("passwordWrong") : visit.t("passwordRule")
      return try await show(visit, passwordError: sentence, status: problem.status)
    }
  }

  private static func confirmCodes(_ visit: Visit) async throws -> Response {
    let secret = visit.form["secret"] ?? ""
    do {
      let code = (visit.form["code"] ?? "").filter { !$0.isWhitespace }
      _ = try await visit.api(
        .put, "/v1/session/codes", Query(), ["secret": .string(secret), "code": .string(code)])
      return visit.redirect("/account", done: "codesBegun")
    } catch let problem as Problem {
      return try await show(visit, codeError: visit.t("codeWrong"), secret: secret, status: problem.status)
    }
  }
}

/// `/console` leads everybody to where their work is.
enum HomePage {
  static let pages: [Page] = [
    .get("/console", .people) { visit in visit.redirect(Navigation.start(try visit.actor().role)) }
  ]
}
