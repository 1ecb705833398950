import Foundation
import HTTPTypes
import Hummingbird
import Ledger
import Regions
import Server
import TransparencyLog

/// One look at a page: who looks, in which language, and what was sent.
struct Visit: Sendable {
  let site: Site
  let request: Request
  let context: YimaContext
  let language: Language
  /// The language that `?lang=` asks for, to be remembered.
  let askedLanguage: Language?
  /// The query of the address.
  let query: Query
  /// The fields of a form that was sent.
  private(set) var form = Query()
  /// The files of a form that was sent, by the field's name.
  private(set) var files: [String: (name: String, bytes: [UInt8])] = [:]

  static let languageCookie = "yima_lang"
  static let formCookie = "yima_form"

  init(_ site: Site, _ request: Request, _ context: YimaContext) {
    self.site = site
    self.request = request
    self.context = context
    query = Query(request.uri.query.map { String($0) } ?? "")
    askedLanguage = query["lang"].flatMap(Language.init(rawValue:))
    let kept = request.cookies[Self.languageCookie].flatMap { Language(rawValue: $0.value) }
    language = askedLanguage ?? kept ?? Language(request)
  }

  /// The session; nil on pages for everybody.
  var session: Session? { context.session }

  /// Who looks.
  func actor() throws -> Actor {
    guard let actor = session?.actor else { throw Problem.unauthorized }
    return actor
  }

  /// A path parameter.
  func path(_ name: String) throws -> String { try Call(actor: actor(), context: context).path(name) }

  mutating func readForm(max: Int) async throws {
    var request = request
    let buffer = try await request.collectBody(upTo: max)
    let type = request.headers[.contentType] ?? ""
    guard type.lowercased().hasPrefix("multipart/form-data") else {
      form = Query(String(buffer: buffer))
      return
    }
    guard let sent = MultipartForm(Array(buffer.readableBytesView), contentType: type) else { throw Problem.badForm }
    for part in sent.parts {
      if let name = part.fileName {
        // An empty one was not chosen.
        if !part.bytes.isEmpty { files[part.name] = (name, part.bytes) }
      } else {
        form = form.adding(part.name, String(decoding: part.bytes, as: UTF8.self))
      }
    }
  }

  /// Whether the form that was sent is one of ours: it carries the session's proof, or before a session the value of a
  /// cookie that another site cannot read.
  var isFormOurs: Bool {
    guard request.headers[HTTPField.Name("Sec-Fetch-Site") ?? .accept] != "cross-site" else { return false }
    let given = form["csrf"] ?? ""
    if let session { return given == session.proof }
    return !given.isEmpty && given == request.cookies[Self.formCookie]?.value
  }

  /// Asks a route of the API as whoever looks; a problem is thrown, unless it is of the status that is taken.
  func api(
    _ method: HTTPRequest.Method, _ path: String, _ query: Query = Query(), _ body: JSONValue? = nil,
    taking status: HTTPResponse.Status? = nil
  ) async throws -> JSONValue {
    try await site.api.call(method, path, query, body, context, taking: status)
  }

  /// A text of the catalogue; `{name}` stands for an argument.
  func t(_ key: String, _ arguments: [String: String] = [:]) -> String {
    site.phrases.text(key, language, arguments)
  }

  /// A page. `values` are the template's own; what every page needs is added here.
  func html(
    _ template: String, title: String, _ values: [String: Any] = [:], status: HTTPResponse.Status = .ok
  ) -> Response {
    var all = values
    // `{{#has_rows}}` stands around a list, once.
    for case (let name, let list as [Any]) in values { all["has_" + name] = !list.isEmpty }
    let other: Language = language == .zh ? .en : .zh
    all["t"] = site.phrases.all(language)
    all["assets"] = site.assets.addresses
    all["title"] = title
    all["lang"] = language == .zh ? "zh-CN" : "en"
    all["otherLang"] = other == .zh ? "zh-CN" : "en"
    all["otherName"] = other == .zh ? "中文" : "English"
    all["otherHref"] = request.uri.path + "?" + query.setting("lang", other.rawValue).text
    all["nav"] = Navigation.items(self)
    if let session {
      all["user"] = session.user
      all["role"] = t("role_" + session.actor.role.rawValue)
      all["csrf"] = session.proof
    }
    // A message of the catalogue, never a text out of the address.
    if let done = query["done"], site.phrases.has("done_" + done) { all["done"] = t("done_" + done) }
    var response = Response.bytes(
      site.library.render(template, all), type: "text/html; charset=utf-8", status: status)
    response.headers[.contentLanguage] = language == .zh ? "zh-CN" : "en"
    response.headers[.vary] = "Accept-Language, Cookie"
    return response
  }

  /// Goes on to another page, with a message of the catalogue (`done_…`).
  func redirect(_ path: String, done: String? = nil) -> Response {
    var target = path
    if let done { target += (path.contains("?") ? "&" : "?") + "done=" + done }
    return Response(status: .seeOther, headers: [.location: target, .cacheControl: "no-store"])
  }

  /// A problem in the page's language.
  func sentence(_ problem: Problem) -> String {
    if let message = problem.extra["message"]?[language.rawValue]?.string { return message }
    let title = language == .zh ? problem.titleZh : problem.title
    let name = problem.pointer?.split(separator: "/").last.map(String.init)
    // What is wrong with the one field in so many words, where there are such.
    if let name, site.phrases.has("fault_\(problem.slug)_\(name)") { return t("fault_\(problem.slug)_\(name)") }
    let field = name.flatMap { site.phrases.has("field_" + $0) ? t("field_" + $0) : nil }
    let whole = "fault_" + problem.slug
    if let field, site.phrases.has(whole) {
      return t(whole, ["field": field, "detail": problem.detail ?? ""]).trimmed
    }
    // Details are in English: in Chinese the field's name must do.
    return [title, field, language == .zh ? nil : problem.detail].compactMap { $0?.isEmpty == false ? $0 : nil }
      .joined(separator: t("colon"))
  }

  /// A page that says what went wrong.
  func problem(_ problem: Problem) -> Response {
    if problem.status == .internalServerError {
      context.logger.error("failed", metadata: ["path": "\(request.uri.path)", "error": "\(problem.cause ?? "")"])
    }
    let advice = "problem_\(problem.status.code)"
    // Who signed in with a password has no key to speak of.
    let sentence = problem.slug == Problem.forbidden.slug ? t("notAllowed") : sentence(problem)
    return html(
      "problem", title: sentence,
      [
        "code": problem.status.code, "sentence": sentence,
        "advice": t(site.phrases.has(advice) ? advice : "problem_other"),
      ], status: problem.status)
  }
}

extension Problem {
  /// A form with files that is cut short or no form.
  fileprivate static let badForm = Problem(
    .badRequest, "bad-form", "The form could not be read; send it again", "表单无法读取，请重新提交")
}
