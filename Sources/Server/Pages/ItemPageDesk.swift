import Codes
import HTTPTypes
import Hummingbird
import Ledger
import NIOCore
import NIOHTTP1
import NIOHTTPTypesHTTP1
import Regions
import Storage
import TransparencyLog

/// The short way to the page of an item, for ``ScanLane``: the same page that ``PublicRoutes`` gives, made on the
/// connection's event loop. A test compares the two.
struct ItemPageDesk: Sendable {
  private let ledger: Ledger
  private let names: NameCache
  private let consumers: ConsumerDesk
  private let library: PageLibrary?

  init(_ services: Services) {
    ledger = services.ledger
    names = services.names
    consumers = services.consumers
    library = .shipped
  }

  /// A person who asks for the page of an item.
  struct Ask: Sendable {
    let code: String
    let scanned: ScannedCode
    let product: ProductRow
    let view: PageView
    let client: Digest32
  }

  /// The fields of a request that a page depends on.
  private struct Fields {
    var accept: String?, languages: String?, agent: String?, forwarded: String?

    /// Nil where a field comes twice, or asks for more than a page. Once through them: each look-up by name would make
    /// an index of them all.
    init?(_ fields: HTTPHeaders) {
      for (name, value) in fields {
        switch name.lowercased() {
        case "accept": guard Self.take(value, &accept) else { return nil }
        case "accept-language": guard Self.take(value, &languages) else { return nil }
        case "user-agent": guard Self.take(value, &agent) else { return nil }
        case "x-forwarded-for": guard Self.take(value, &forwarded) else { return nil }
        case "connection": guard value.lowercased() == "keep-alive" else { return nil }
        case "authorization", "cookie", "content-length", "transfer-encoding", "expect", "if-match", "if-none-match",
          "range":
          return nil
        case let name: if Self.purposes.contains(name) { return nil }
        }
      }
    }

    private static let purposes = Set(Request.purposes.map(\.canonicalName))

    private static func take(_ text: String, _ value: inout String?) -> Bool {
      defer { value = text }
      return value == nil
    }
  }

  /// What a request asks for; nil for anything that is not plainly a person at the page of an item of a product that is
  /// remembered.
  /// - Parameter address: the other end of the connection.
  func ask(_ head: HTTPRequestHead, from address: String?) -> Ask? {
    let path = head.uri
    guard head.method == .GET, path.hasPrefix("/01/"), head.version == .http1_1, let fields = Fields(head.headers),
      CodeMedia(accept: fields.accept) == .html
    else { return nil }
    let code = ledger.resolver.description + path
    guard let (scanned, language) = subject(code, head, path), case .item(let gtin, _) = scanned.subject,
      let product = names.knownRow(Int64(gtin.value))
    else { return nil }
    let client = consumers.fingerprint(
      address: address, forwarded: fields.forwarded, agent: fields.agent, code: scanned)
    let view = PageView(language: language ?? Language(accepted: fields.languages), target: path)
    return Ask(code: code, scanned: scanned, product: product, view: view, client: client)
  }

  /// What a path names, and the language that its query asks for.
  private func subject(_ code: String, _ head: HTTPRequestHead, _ path: String) -> (ScannedCode, Language?)? {
    // As printed it has no query.
    if let printed = ScannedCode(printed: code, by: ledger.resolver) { return (printed, nil) }
    guard let head = try? HTTPRequest(head, secure: false, splitCookie: false) else { return nil }
    let request = Request(head: head, body: .init(buffer: ByteBuffer()))
    guard request.target == path, request.uri.queryParameters["linkType"] == nil, let scanned = try? ScannedCode(code)
    else { return nil }
    return (scanned, Language(asked: request))
  }

  /// The verdict, once for each client and window.
  func outcome(of ask: Ask, on loop: any EventLoop) -> EventLoopFuture<ConsumerDesk.Outcome> {
    consumers.outcome(of: ask.code, for: ask.client, on: loop)
  }

  /// A page, ready to be written; nil when it has to be made the ordinary way, which knows the verdict by then.
  func page(_ ask: Ask, _ outcome: ConsumerDesk.Outcome) -> (status: HTTPResponse.Status, html: [UInt8])? {
    guard case .success(let answer) = outcome, let library, answer.gtin == nil || answer.gtin == ask.product.gtin else {
      return nil
    }
    let found = CodePage(answer, of: ask.scanned, product: answer.gtin == nil ? nil : ask.product)
    return (found.finding.status, found.html(library, ask.view))
  }

  /// Adds the header lines of a page, but for what every answer has.
  func putFields(_ view: PageView, to head: inout [UInt8]) {
    head += Self.lines[view.language] ?? []
    head += HTTPField(name: .link, value: PublicRoutes.linksetLink(ledger.resolver, view)).line
  }

  private static let lines: [Language: [UInt8]] = Dictionary(
    uniqueKeysWithValues: Language.allCases.map { language in
      var fields = Response.page([], PageView(language: language, target: "/")).openToAll.headers
      fields[.contentLength] = nil
      return (language, fields.flatMap(\.line))
    })
}
