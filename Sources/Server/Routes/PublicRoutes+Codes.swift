import Codes
import HTTPTypes
import Hummingbird
import Ledger
import Regions
import Storage
import TransparencyLog
import Verification

/// The addresses that codes carry: a page for people, a verdict for programs, a linkset for resolvers.
extension PublicRoutes {
  private static let query: [Route.Parameter] = [
    .query("linkType", "a link type of the GS1 vocabulary, or linkset", "gs1:pip"), .query("lang", "zh or en", "en"),
  ]
  private static let seal: [Route.Parameter] = [
    .query("8030", "the seal's signature", ""), .query("91", "what was sealed", ""),
  ]
  private static let gtin = Route.Parameter.path("gtin", "GTIN, 14 digits", "06901234567892")
  private static let answers: [Route.Body] = [
    .text("text/html", "<!DOCTYPE html>…"), .json(Example.answer, nullable: Example.answerNullable),
    .text("application/linkset+json", "{\"linkset\":[…]}"),
  ]
  /// People get pages for failures too, and a code that is not ours gets its verdict under 404.
  private static let failures: [Int: [Route.Body]] = [
    400: [.text("text/html", "<!DOCTYPE html>…")],
    404: [
      .text("text/html", "<!DOCTYPE html>…"), .json(Example.answer, nullable: Example.answerNullable),
    ],
    422: [],
    503: [.text("text/html", "<!DOCTYPE html>…")],
  ]

  var codeRoutes: [Route] {
    let places: [(path: String, summary: String, parameters: [Route.Parameter])] = [
      (
        "/01/{gtin}/21/{serial}", "The page of an item; opening it is a consumer's scan, without a place",
        [Self.gtin, .path("serial", "the serial", "75D2SZ6Z8P62FDE8")] + Self.query
      ),
      (
        "/00/{sscc}", "The page of a box",
        [.path("sscc", "SSCC, 18 digits", "106901234000000015")] + Self.seal + Self.query
      ),
      ("/01/{gtin}", "The page of a product without a serial: nothing to check", [Self.gtin] + Self.query),
      (
        "/01/{gtin}/{path…}", "The page of an item under a Digital Link with further qualifiers",
        [Self.gtin, .path("path", "qualifiers and the serial", "10/B1/21/75D2SZ6Z8P62FDE8")] + Self.query
      ),
    ]
    return places.flatMap { place in
      [
        Route(
          .get, place.path, .open, place.summary, parameters: place.parameters, answers: Self.answers,
          failures: Self.failures, handle: code),
        Route(
          .head, place.path, .open, "The same without a body, and without a scan", parameters: place.parameters,
          failures: Self.failures, handle: code),
        Route(
          .options, place.path, .open, "What may be asked here", parameters: place.parameters.filter(\.inPath),
          status: 204, handle: options),
      ]
    }
  }

  private func options(_ request: Request, _ call: Call) async throws -> Response {
    Response(
      status: .noContent,
      headers: [
        .allow: "GET, HEAD, OPTIONS", .accessControlAllowOrigin: "*", .accessControlAllowMethods: "GET, HEAD, OPTIONS",
        .accessControlAllowHeaders: "Accept, Accept-Language",
      ])
  }

  private func code(_ request: Request, _ call: Call) async throws -> Response {
    let view = PageView(language: Language(request), target: request.target)
    let text = ledger.resolver.description + request.target
    let media: CodeMedia
    switch Linkset.asked(request.uri.queryParameters["linkType"].map(String.init)) {
    case .nothing: media = CodeMedia(request)
    case .page: media = .html
    case .verdict: media = .json
    case .linkset: media = .linkset
    case .unknown: throw Problem.noSuchLink
    }
    guard let link = try? DigitalLink(text), link.key.identifier == "01" || link.key.identifier == "00" else {
      return try malformed(text, media, view)
    }
    let product = try await product(of: link)
    let scanned = try? ScannedCode(text)
    var response: Response
    switch (media, scanned) {
    case (.linkset, _):
      response = linkset(product, isOurs: product != nil, view)
    case (.json, nil), (.html, nil):
      response = try withoutItem(link, product, media, view)
    case (_, let scanned?) where request.method == .head:
      response = head(media, isOurs: product != nil, view, scanned)
    case (_, let scanned?):
      response = try await verdict(on: scanned, text, product, media, view, (request, call))
    }
    response.headers[values: .link].append(Self.linksetLink(ledger.resolver, view))
    if request.method == .head { response.body = .init() }
    return response.openToAll
  }

  /// The verdict, after the scan was recorded.
  private func verdict(
    on scanned: ScannedCode, _ text: String, _ product: ProductRow?, _ media: CodeMedia, _ view: PageView,
    _ caller: (Request, Call)
  ) async throws -> Response {
    let (request, call) = caller
    // A browser that looks ahead has nobody in front of it. Refused, it asks again when somebody really goes there.
    if request.isAhead { throw Problem.notAhead }
    let client = desk.fingerprint(request, address: call.context.clientAddress, code: scanned)
    let answer: ScanAnswer
    do { answer = try await desk.verdict(on: text, for: client) } catch {
      guard media == .html, error == .overloaded else { throw Problem(error) }
      let html = CodePage.html(
        .busyHeadline, .busyLead, advice: .busyAdvice, tone: .plain, code: scanned.subject.description, try pages(),
        view)
      return .page(html, view, status: .serviceUnavailable)
    }
    if media == .json {
      let status = ConsumerFinding(answer).status
      return .json(bytes: try await ScanWriting.bytes(answer, to: .consumer, names), status: status)
    }
    let row = try await answer.gtin.asyncMap { $0 == product?.gtin ? product : try await names.row($0) }
    let found = CodePage(answer, of: scanned, product: row)
    return .page(found.html(try pages(), view), view, status: found.finding.status)
  }

  /// An address that names a product or something else, but no item: there is nothing to check.
  private func withoutItem(
    _ link: DigitalLink, _ product: ProductRow?, _ media: CodeMedia, _ view: PageView
  ) throws -> Response {
    guard media == .html else { throw Problem.noItem }
    let finding: ConsumerFinding = product == nil ? .notOurs : .product
    let found = CodePage(finding: finding, subject: nil, product: product, answer: nil)
    return .page(found.html(try pages(), view), view, status: product == nil ? .notFound : .ok)
  }

  private func head(_ media: CodeMedia, isOurs: Bool, _ view: PageView, _ scanned: ScannedCode) -> Response {
    var response = Response.page([], view, status: isOurs ? .ok : .notFound)
    if media == .json { response.headers[.contentType] = media.rawValue }
    return response
  }

  private func linkset(_ product: ProductRow?, isOurs: Bool, _ view: PageView) -> Response {
    guard isOurs else { return Response.json(Problem.notFound.json, status: .notFound) }
    let links = Linkset(resolver: ledger.resolver, target: Self.withoutLinkType(view.target), product: product)
    var response = Response.bytes(
      links.json.canonicalBytes, type: CodeMedia.linkset.rawValue, cache: "public, max-age=300")
    response.headers[.vary] = "Accept, Accept-Language"
    response.headers[values: .link] = [
      "<\(Linkset.context)>; rel=\"http://www.w3.org/ns/json-ld#context\"; type=\"application/ld+json\""
    ]
    return response
  }

  private func malformed(_ text: String, _ media: CodeMedia, _ view: PageView) throws -> Response {
    guard media == .html else { throw Problem.malformedCode(text) }
    let html = CodePage.html(
      .malformedHeadline, .malformedLead, advice: .malformedAdvice, tone: .plain,
      code: String(view.path.prefix(120)),
      try pages(), view)
    return .page(html, view, status: .badRequest)
  }

  /// The product that an address is about; of a box that of its batch.
  private func product(of link: DigitalLink) async throws -> ProductRow? {
    if link.key.identifier == "01" {
      return try await (try? GTIN(link.key.value)).asyncMap { try await names.row(Int64($0.value)) }
    }
    return try await ledger.answer { transaction in
      guard let sscc = try? SSCC(link.key.value), let box = try SpaceTable(transaction).box(sscc) else { return nil }
      return try transaction.batch(ofBox: box.serial, space: box.space).flatMap { try transaction.product($0.gtin) }
    }
  }

  static func linksetLink(_ resolver: Resolver, _ view: PageView) -> String {
    "<\(resolver)\(view.path)?linkType=linkset>; rel=\"linkset\"; type=\"application/linkset+json\""
  }

  private static func withoutLinkType(_ target: String) -> String {
    let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    let kept = (parts.count > 1 ? parts[1] : "").split(separator: "&").filter { !$0.hasPrefix("linkType=") }
    return String(parts.first ?? "/") + (kept.isEmpty ? "" : "?" + kept.joined(separator: "&"))
  }
}

extension Problem {
  fileprivate static let noSuchLink = Problem(
    .notFound, "no-such-link", "There is no link of this type", "没有该类型的链接", pointer: "linkType")
  fileprivate static let noItem = Problem(
    .notFound, "no-item", "This address names no item or box", "该网址没有指明单件商品或箱")
  fileprivate static let notAhead = Problem(
    .serviceUnavailable, "not-ahead", "A code is not looked up before somebody asks", "不支持预取")

  fileprivate static func malformedCode(_ text: String) -> Problem {
    var detail: String?
    do throws(CodeError) { _ = try DigitalLink(text) } catch { detail = error.description }
    return Problem(.badRequest, "malformed-code", "This is not a code", "编码格式不正确", detail: detail)
  }
}

extension HTTPField.Name {
  /// `Link` (RFC 8288).
  static let link = HTTPField.Name("Link") ?? .location
}

extension Request {
  /// The fields by which a browser or proxy says why it fetches.
  static let purposes = ["Sec-Purpose", "Purpose", "X-Purpose", "X-Moz"].compactMap { HTTPField.Name($0) }

  /// Whether a browser or proxy fetches this before anybody asked for it.
  var isAhead: Bool {
    Self.purposes.contains { name in
      guard let value = headers[name]?.lowercased() else { return false }
      return value.contains("prefetch") || value.contains("prerender") || value.contains("preview")
    }
  }
}

extension Optional where Wrapped: Sendable {
  fileprivate func asyncMap<T: Sendable>(_ body: (Wrapped) async throws -> T?) async throws -> T? {
    if let self { try await body(self) } else { nil }
  }
}
