import Casework
import Codes
import Foundation
import Hummingbird
import Ledger
import Regions
import TransparencyLog

/// People report that something is wrong with goods: a form without and with a script, and what compliance reads of it.
struct ReportRoutes {
  private let casework: Casework
  private let ledger: Ledger
  private let library: PageLibrary?

  init(_ services: Services) {
    casework = services.casework
    ledger = services.ledger
    library = .shipped
  }

  private static let html: Route.Body = .text("text/html", "<!DOCTYPE html>…")
  private static let example: JSONValue = [
    "id": "Q1", "code": .string(Example.itemURI), "at": "2026-09-05T10:00:00Z", "text": "瓶盖松动", "region": "430100",
    "place": "长沙某超市", "photo": "/v1/reports/Q1/photo",
  ]
  private static let readers: Route.Access = .roles([.compliance, .inspector, .auditor])

  var routes: [Route] {
    [
      Route(
        .get, "/report", .open, "The form on which people report a problem with goods",
        parameters: [.query("code", "the code concerned", Example.itemURI), .query("lang", "zh or en", "zh")],
        answers: [Self.html], handle: form),
      Route(
        .post, "/report", .open,
        "Report a problem with goods: code, text, and perhaps contact, place, latitude and longitude, photo",
        parameters: [.query("lang", "zh or en", "zh")],
        bodies: [
          .text(
            "multipart/form-data",
            "--x\r\nContent-Disposition: form-data; name=\"code\"\r\n\r\n" + Example.itemURI
              + "\r\n--x\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\n…\r\n--x--")
        ],
        status: 201, answers: [Self.html], failures: [422: [Self.html], 429: [Self.html], 503: [Self.html]],
        handle: take),
      Route(
        .get, PageLibrary.scriptPath, .open, "The script of the form",
        answers: [.text("text/javascript", "\"use strict\";")]
      ) { _, _ in
        .bytes(try pages().script, type: "text/javascript; charset=utf-8", cache: "public, max-age=300")
      },
      Route(
        .get, "/v1/reports", Self.readers,
        "What people reported, newest first; bound to a region: what was reported from there",
        parameters: Example.paging,
        answers: [.json(Example.page(Self.example))], handle: list),
      Route(
        .get, "/v1/reports/{id}/photo", Self.readers, "The photo of a report",
        parameters: [.path("id", "the report", "Q1")],
        answers: [.text("image/jpeg", "(bytes)")], handle: photo),
    ]
  }

  private func pages() throws -> PageLibrary {
    guard let library else { throw Problem.internal }
    return library
  }

  private func form(_ request: Request, _ call: Call) async throws -> Response {
    let code = request.uri.queryParameters["code"].map(String.init) ?? ""
    return try page(request, ["code": code])
  }

  private func take(_ request: Request, _ call: Call) async throws -> Response {
    var request = request
    let body = Array(try await request.collectBody(upTo: Casework.reportPhotoMax + 64 * 1024).readableBytesView)
    guard let form = MultipartForm(body, contentType: request.headers[.contentType] ?? "") else {
      throw Problem.field("", "must be multipart/form-data")
    }
    let code = form["code"] ?? ""
    let new = NewReport(
      code: code.hasPrefix("/") ? ledger.resolver.description + code : code, text: form["text"] ?? "",
      contact: form["contact"], place: form["place"], region: region(of: form), photo: form.file("photo"))
    var fields: [String: Any] = [:]
    for name in ["code", "text", "contact", "place"] { fields[name] = form[name] ?? "" }
    let taken: Int64?
    do { taken = try await casework.report(new, by: .consumer) } catch { return try refusal(error, request, fields) }
    guard let id = taken else { return try page(request, fields, error: .reportTooMany, status: .tooManyRequests) }
    var done: [String: Any] = ["done": true, "number": "Q\(id)"]
    // The form knows the code's page by its path; what a person typed leads nowhere.
    if code.hasPrefix("/01/") { done["back"] = code }
    return try page(request, done, status: .created)
  }

  /// The form again, with what is wrong.
  private func refusal(_ error: CaseError, _ request: Request, _ fields: [String: Any]) throws -> Response {
    switch error {
    case .invalid("/photo", _): try page(request, fields, error: .reportPhotoWrong, status: .unprocessableContent)
    case .invalid: try page(request, fields, error: .reportTextWrong, status: .unprocessableContent)
    case .storage: try page(request, fields, error: .busyHeadline, status: .serviceUnavailable)
    default: throw Problem(error)
    }
  }

  /// The prefecture of the place that the person agreed to give; the place itself is not kept.
  private func region(of form: MultipartForm) -> RegionCode? {
    guard form["consent"] != nil, let latitude = form["latitude"].flatMap(Double.init),
      let longitude = form["longitude"].flatMap(Double.init), abs(latitude) <= 90, abs(longitude) <= 180,
      let found = ledger.atlas.locate(latitude: latitude, longitude: longitude)
    else { return nil }
    return found.prefecture ?? found.province
  }

  private func page(
    _ request: Request, _ fields: [String: Any], error: Phrase? = nil, status: HTTPResponse.Status = .ok
  ) throws -> Response {
    let view = PageView(language: Language(request), target: request.target)
    var values = fields
    values["script"] = PageLibrary.scriptPath
    values["privacy"] = Phrase.reportPrivacy.text(view.language)
    if let error { values["error"] = error.text(view.language) }
    let html = try pages().render("report", title: Phrase.reportTitle.text(view.language), values, view)
    var response = Response.bytes(html, type: "text/html; charset=utf-8", status: status)
    response.headers[.contentLanguage] = view.language.tag
    response.headers[.vary] = "Accept-Language"
    // This one page has a script of ours: it makes the photo smaller and asks for the place.
    response.headers[.contentSecurityPolicy] =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; form-action 'self'; "
      + "base-uri 'none'; frame-ancestors 'none'"
    return response
  }

  private func list(_ request: Request, _ call: Call) async throws -> Response {
    let paging = try Paging(request)
    let before = try paging.number(start: .max)
    do {
      let page = try await casework.reports(before: before, limit: paging.limit, for: call.actor)
      return .json(Paging.page(page.views.map(\.json), next: page.next))
    } catch { throw Problem(error) }
  }

  private func photo(_ request: Request, _ call: Call) async throws -> Response {
    let id = try call.number("id", prefix: "Q")
    do {
      // Anybody may have sent it: what people look at is drawn anew, the picture alone.
      guard let found = try await casework.photo(ofReport: id, for: call.actor),
        let type = AttachmentType(rawValue: found.type), let picture = DisplayImage.jpeg(of: found.bytes, type)
      else { throw Problem.notFound }
      return Response.bytes(picture, type: "image/jpeg")
    } catch let error as CaseError { throw Problem(error) }
  }
}

extension ReportView {
  fileprivate var json: JSONValue {
    var object: [String: JSONValue] = words.mapValues(JSONValue.string)
    object["id"] = .string("Q\(row.id)")
    object["code"] = .string(row.code)
    object["at"] = row.at.time
    if row.photo != nil { object["photo"] = .string("/v1/reports/Q\(row.id)/photo") }
    return .object(object)
  }
}
