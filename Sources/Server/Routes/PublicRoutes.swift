import Codes
import Hummingbird
import Ledger
import Regions
import TransparencyLog

/// What is open to all: the pages of codes, the start page, and the well-known files.
struct PublicRoutes {
  let ledger: Ledger
  let desk: ConsumerDesk
  let names: NameCache
  let library: PageLibrary?

  init(_ services: Services) {
    ledger = services.ledger
    desk = services.consumers
    names = services.names
    library = .shipped
  }

  static let stylesheetCache = "public, max-age=31536000, immutable"

  var routes: [Route] {
    codeRoutes + [
      Route(
        .get, "/", .open, "The start page, for people", parameters: [.query("lang", "zh or en", "zh")],
        answers: [.text("text/html", "<!DOCTYPE html>…")], handle: start),
      Route(
        .get, PageLibrary.stylesheetPath, .open, "The style sheet of the pages",
        answers: [.text("text/css", "body{…}")], handle: stylesheet),
      Route(
        .get, "/.well-known/gs1resolver", .open, "The resolver description file (GS1-Conformant Resolver)",
        answers: [.json(Linkset.resolverDescription(ledger.resolver))]
      ) { _, _ in Response.json(Linkset.resolverDescription(ledger.resolver)).openToAll },
      Route(
        .get, "/.well-known/jwks.json", .open, "The public keys of the seals (RFC 7517), for checking them offline",
        answers: [
          .json([
            "keys": [
              [
                "kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo", "kid": "0A1B2C3D",
                "use": "sig", "alg": "EdDSA", "notBefore": 1_788_220_800,
              ]
            ]
          ])
        ]
      ) { _, _ in
        Response.bytes(try keySet(), type: "application/json", cache: "public, max-age=300").openToAll
      },
    ]
  }

  private func start(_ request: Request, _ call: Call) async throws -> Response {
    let view = PageView(language: Language(request), target: request.target)
    return .page(StartPage.html(try pages(), view), view)
  }

  /// Under its full address it never changes; under its bare one it does.
  private func stylesheet(_ request: Request, _ call: Call) async throws -> Response {
    let library = try pages()
    let isExact = request.target == library.stylesheetAddress
    return .bytes(
      library.stylesheet, type: "text/css; charset=utf-8",
      cache: isExact ? Self.stylesheetCache : "public, max-age=300")
  }

  func pages() throws -> PageLibrary {
    guard let library else { throw Problem.internal }
    return library
  }
}

extension Response {
  /// An answer with a page. It is made for one person at one moment, so nobody keeps it.
  static func page(_ html: [UInt8], _ view: PageView, status: HTTPResponse.Status = .ok) -> Response {
    var response = bytes(html, type: "text/html; charset=utf-8", status: status)
    response.headers[.contentLanguage] = view.language.tag
    response.headers[.vary] = "Accept, Accept-Language"
    return response
  }
}

extension Request {
  /// Path and query as they were sent.
  package var target: String { uri.path + (uri.query.map { "?" + $0 } ?? "") }
}
