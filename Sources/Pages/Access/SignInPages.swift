import Hummingbird
import Ledger
import Server
import TransparencyLog

/// Signing in and out.
enum SignInPages {
  static let pages: [Page] = [
    .get("/sign-in", .all) { visit in form(visit) },
    .post("/sign-in", .all, signIn),
    .post("/sign-out", .people) { visit in try await end(visit, "/v1/session", "signedOut") },
    .post("/sign-out-everywhere", .people) { visit in try await end(visit, "/v1/sessions", "signedOutEverywhere") },
  ]

  /// The form. It is proved by a cookie beside a field, for there is no session yet.
  private static func form(
    _ visit: Visit, error: String? = nil, needsCode: Bool = false, status: HTTPResponse.Status = .ok
  ) -> Response {
    if visit.session != nil, error == nil, !needsCode { return visit.redirect(next(visit) ?? "/console") }
    let kept = visit.request.cookies[Visit.formCookie]?.value ?? ""
    let proof = kept.count == 22 ? kept : Access.proof(Base64.url.encode(visit.site.services.ledger.salt().bytes))
    var values: [String: Any] = ["csrf": proof, "needsCode": needsCode, "name": visit.form["name"] ?? ""]
    if let error { values["error"] = error }
    if let next = visit.form["next"] ?? visit.query["next"] { values["next"] = next }
    var response = visit.html("sign-in", title: visit.t("signIn"), values, status: status)
    response.setCookie(SessionCookie.cookie(Visit.formCookie, proof, seconds: 3600, visit.request))
    return response
  }

  private static func signIn(_ visit: Visit) async throws -> Response {
    let services = visit.site.services
    let (name, client) = (visit.form["name"] ?? "", ClientAddress(visit.request, visit.context))
    do {
      let token = try await SignInDesk(services).signIn(
        name: name, password: visit.form["password"] ?? "", code: visit.form["code"], from: client
      ).token
      var response = visit.redirect(next(visit) ?? "/console")
      response.setCookie(SessionCookie.begin(token, visit.request))
      return response
    } catch  where error.slug == "code-needed" {
      return form(visit, needsCode: true)
    } catch {
      return form(visit, error: visit.sentence(error), needsCode: visit.form["code"] != nil, status: error.status)
    }
  }

  private static func end(_ visit: Visit, _ path: String, _ done: String) async throws -> Response {
    _ = try await visit.api(.delete, path)
    var response = visit.redirect("/sign-in", done: done)
    response.setCookie(SessionCookie.end(visit.request))
    return response
  }

  /// Where somebody wanted to go; only within this site.
  private static func next(_ visit: Visit) -> String? {
    guard let next = visit.form["next"] ?? visit.query["next"], next.hasPrefix("/"), !next.hasPrefix("//"),
      next.allSatisfy({ $0.isASCII && $0 != "\\" && !$0.isWhitespace })
    else { return nil }
    return next
  }
}
