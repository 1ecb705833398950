import Hummingbird
import Identity
import Ledger
import Server
import TransparencyLog

/// Signing in and out.
enum SignInPages {
  static let pages: [Page] = [
    .get("/sign-in", .all) { visit in form(visit) },
    .post("/sign-in", .all, signIn),
    .get("/sign-in/provider", .all, beginAtProvider),
    .get(ProviderSettings.returnPath, .all, finishAtProvider),
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
    let next = visit.form["next"] ?? visit.query["next"]
    if let next { values["next"] = next }
    if let provider = visit.site.services.provider {
      let name = provider.settings.names[visit.language.rawValue] ?? ""
      values["providerLabel"] = visit.t("signInWith", ["name": name])
      values["providerHref"] = "/sign-in/provider" + (next.map { "?next=" + Query.escape($0) } ?? "")
    }
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

  /// The cookie of an attempt at the identity provider: its secret, and where the person wanted to go.
  private static let attemptCookie = "yima_attempt"
  /// How long an attempt lasts, seconds.
  private static let attemptLength = 600

  private static func beginAtProvider(_ visit: Visit) async throws -> Response {
    guard let desk = ProviderSignInDesk(visit.site.services, logger: visit.context.logger) else {
      return visit.redirect("/sign-in")
    }
    let ledger = visit.site.services.ledger
    let attempt = SignInAttempt(random: ledger.salt().bytes + ledger.salt().bytes)
    do {
      let address = try await desk.begin(attempt, from: ClientAddress(visit.request, visit.context))
      var response = visit.redirect(address)
      let value = [attempt.secret, Base64.url.encode((next(visit) ?? "").utf8)].joined(separator: ".")
      response.setCookie(SessionCookie.cookie(attemptCookie, value, seconds: attemptLength, visit.request))
      return response
    } catch { return form(visit, error: visit.sentence(error), status: error.status) }
  }

  private static func finishAtProvider(_ visit: Visit) async throws -> Response {
    guard let desk = ProviderSignInDesk(visit.site.services, logger: visit.context.logger) else {
      return visit.redirect("/sign-in")
    }
    let kept = visit.request.cookies[attemptCookie]?.value.split(separator: ".", omittingEmptySubsequences: false) ?? []
    let attempt = kept.first.flatMap { SignInAttempt(secret: String($0)) }
    let wanted = kept.last.flatMap { Base64.url.decode($0.utf8) }.map { String(decoding: $0, as: UTF8.self) }
    let answer = ProviderAnswer(
      code: visit.query["code"], state: visit.query["state"], issuer: visit.query["iss"], error: visit.query["error"])
    var response: Response
    do {
      let token = try await desk.finish(answer, attempt, from: ClientAddress(visit.request, visit.context)).token
      response = visit.redirect(wanted.flatMap(inner) ?? "/console")
      response.setCookie(SessionCookie.begin(token, visit.request))
    } catch {
      let sentence = [visit.sentence(error), visit.language == .zh ? error.detail : nil].compactMap(\.self)
      response = form(visit, error: sentence.joined(separator: visit.t("colon")), status: error.status)
    }
    response.setCookie(SessionCookie.cookie(attemptCookie, "", seconds: 0, visit.request))
    return response
  }

  private static func end(_ visit: Visit, _ path: String, _ done: String) async throws -> Response {
    _ = try await visit.api(.delete, path)
    var response = visit.redirect("/sign-in", done: done)
    response.setCookie(SessionCookie.end(visit.request))
    return response
  }

  /// Where somebody wanted to go.
  private static func next(_ visit: Visit) -> String? {
    (visit.form["next"] ?? visit.query["next"]).flatMap(inner)
  }

  /// An address, if it is within this site.
  private static func inner(_ address: String) -> String? {
    let isInner =
      address.hasPrefix("/") && !address.hasPrefix("//") && address.utf8.count <= 1024
      && address.allSatisfy { $0.isASCII && $0 != "\\" && !$0.isWhitespace }
    return isInner ? address : nil
  }
}
