import Alerting
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Ledger
import Logging
import Server
import TestWorld
import Testing

@testable import Pages

@Suite("Pages behind the sign-in")
struct SiteTests {
  /// What a page answered.
  struct Answer: Sendable {
    let status: Int, headers: HTTPFields, text: String
  }

  /// A person with a browser, asked without a socket.
  struct Browser: Sendable {
    let client: any TestClientProtocol
    let cookie: String, proof: String

    func get(_ path: String, language: String = "en") async throws -> Answer {
      try await send(.get, path, nil, language)
    }

    func post(_ path: String, _ fields: Query) async throws -> Answer { try await send(.post, path, fields, "en") }

    private func send(
      _ method: HTTPRequest.Method, _ path: String, _ fields: Query?, _ language: String
    ) async throws -> Answer {
      var headers: HTTPFields = [.acceptLanguage: language]
      if !cookie.isEmpty { headers[.cookie] = "\(SessionCookie.name)=\(cookie)" }
      if fields != nil { headers[.contentType] = "application/x-www-form-urlencoded" }
      return try await client.execute(
        uri: path, method: method, headers: headers, body: fields.map { ByteBuffer(string: $0.text) }
      ) { Answer(status: $0.status.code, headers: $0.headers, text: String(buffer: $0.body)) }
    }
  }

  private func visit(_ role: Role?, _ body: @escaping @Sendable (Browser, Site) async throws -> Void) async throws {
    let shop = try await Shop.make()
    let ledger = shop.world.ledger
    let services = Services(
      ledger, alerting: AlertingEngine(ledger: ledger),
      keystore: KeystoreDesk(ledger, Installation(directory: shop.world.folder)))
    let site = try Site(services, logger: Logger(label: "test"))
    var (cookie, proof) = ("", "")
    if let role {
      try await services.access.addUser(
        name: "li", password: "correct horse", role: role, dealer: role == .dealer ? "A" : nil)
      guard
        case .done(let token, let session) = try await services.access.signIn(
          name: "li", password: "correct horse", code: nil)
      else { throw Problem.signInRefused }
      (cookie, proof) = (token, session.proof)
    }
    let application = Application(router: YimaServer.router(services, adding: site.add))
    let (token, secret) = (cookie, proof)
    try await application.test(.router) { client in
      try await body(Browser(client: client, cookie: token, proof: secret), site)
    }
  }

  /// Pages to look at that name no thing of their own; the portal's are a dealer's alone.
  private static func plain(_ site: Site, ofPortal: Bool = false) -> [String] {
    site.pages.filter {
      $0.method == .get && !$0.path.contains("{") && $0.path.hasPrefix("/portal/") == ofPortal
    }.map(\.path)
  }

  @Test("every page is shown to the administrator, whole and in both languages")
  func everyPage() async throws {
    try await visit(.admin) { browser, site async throws in
      for path in Self.plain(site) {
        for language in ["zh-CN", "en"] {
          let answer = try await browser.get(path, language: language)
          #expect([200, 303].contains(answer.status), "\(path) \(answer.status) \(answer.text.prefix(300))")
          #expect(!answer.text.contains("{{"), "\(path)")
          if answer.headers[.contentType]?.hasPrefix("text/html") == true {
            #expect(answer.text.contains("<html lang=\"\(language)\">"))
            #expect(answer.text.trimmingCharacters(in: .newlines).hasSuffix("</html>"), "\(path)")
            #expect(answer.headers[.contentSecurityPolicy] == Page.policy)
          }
        }
      }
    }
  }

  @Test("a dealer is shown its portal and the station, whole and in both languages; nobody else is shown the portal")
  func portal() async throws {
    try await visit(.dealer) { browser, site async throws in
      for path in Self.plain(site, ofPortal: true) + ["/station"] {
        for language in ["zh-CN", "en"] {
          let answer = try await browser.get(path, language: language)
          #expect(answer.status == 200, "\(path) \(answer.text.prefix(300))")
          let isFile = path.hasSuffix(".csv") || path.hasSuffix(".xlsx")
          #expect(isFile == (answer.headers[.contentDisposition] != nil))
          #expect(isFile || answer.text.contains("<html lang=\"\(language)\">"), "\(path)")
          #expect(!answer.text.contains("{{"), "\(path)")
        }
      }
      for path in ["/prints", "/prints.xlsx"] { #expect(try await browser.get(path).status == 403) }
    }
    try await visit(.issuer) { browser, site async throws in
      for path in Self.plain(site, ofPortal: true) { #expect(try await browser.get(path).status == 403) }
    }
  }

  @Test("whoever has not signed in is led to the sign-in and back")
  func strangers() async throws {
    try await visit(nil) { browser, site async throws in
      for page in site.pages where page.method == .get && !page.path.contains("{") {
        guard case .all = page.audience else {
          let answer = try await browser.get(page.path)
          #expect(answer.status == 303)
          #expect(answer.headers[.location] == "/sign-in?next=" + Query.escape(page.path))
          continue
        }
      }
    }
  }

  @Test("a form without the session's proof is refused, on every page that takes one")
  func proofs() async throws {
    try await visit(.admin) { browser, site async throws in
      for page in site.pages where page.method == .post {
        let path = page.path.replacing("{id}", with: "1").replacing("{name}", with: "x").replacing(
          "{step}", with: "closings")
        for fields in [Query(), Query([("csrf", "x")])] {
          #expect(try await browser.post(path, fields).status == 403, "\(path)")
        }
      }
    }
  }

  @Test("a role opens its own pages, and no other")
  func roles() async throws {
    try await visit(.issuer) { browser, _ async throws in
      #expect(try await browser.get("/console/setup/products").status == 200)
      for path in ["/console/alerts", "/console/setup/users", "/console/setup/audit", "/console/overview"] {
        #expect(try await browser.get(path).status == 403)
      }
    }
  }

  @Test("what was typed comes back escaped, with what is wrong beside it")
  func escaping() async throws {
    try await visit(.admin) { browser, _ async throws in
      let hostile = "\"><script>alert(1)</script>"
      let answer = try await browser.post(
        "/console/setup/products", Query([("csrf", browser.proof), ("gtin", hostile), ("name.zh", hostile)]))
      #expect(answer.status == 422)
      #expect(!answer.text.contains("<script>alert") && answer.text.contains("&lt;script&gt;alert(1)"))
      let good = try await browser.post(
        "/console/setup/products",
        Query([("csrf", browser.proof), ("gtin", "06901234100013"), ("name.zh", hostile), ("listPrice.amount", "9.90")])
      )
      #expect(good.status == 303)
      let list = try await browser.get("/console/setup/products")
      #expect(!list.text.contains("<script>alert") && list.text.contains("CNY 9.90"))
    }
  }

  @Test("a list typed with full-width letters is read, names keep theirs, and what is no table is named by its line")
  func importsAsTyped() async throws {
    try await visit(.admin) { browser, site async throws in
      let text = "code；name；tier；territories\nＮ７；七号（长沙）；１；４３００００\n".replacing("；", with: ";")
      let fields = Query([("csrf", browser.proof), ("text", text), ("confirmed", "yes")])
      #expect(try await browser.post("/console/setup/dealers/import", fields).text.contains("Lines imported: 1."))
      let list = try await browser.get("/console/setup/dealers").text
      #expect(list.contains("N7") && list.contains("七号（长沙）"))
      let broken = try await browser.post(
        "/console/setup/dealers/import", fields.setting("text", "code,name\nN8,八号\nN9,\"九号\n"))
      #expect(broken.status == 422 && broken.text.contains("Line 3 cannot be read"))
    }
  }

  @Test("an import names its bad lines and adds the good ones")
  func imports() async throws {
    try await visit(.admin) { browser, _ async throws in
      let text = "code,name,tier,parent,territories\nN1,一号,1,,430000\nN2,,1,,430000\nN3,三号,2,NOBODY,430100\n"
      let fields = Query([("csrf", browser.proof), ("text", text)])
      let preview = try await browser.post("/console/setup/dealers/import", fields)
      #expect(preview.status == 422 && preview.text.contains("Lines: 3. Can be imported: 2. With faults: 1."))
      let done = try await browser.post("/console/setup/dealers/import", fields.setting("confirmed", "yes"))
      #expect(done.text.contains("Lines imported: 1. With faults: 2."))
      #expect(try await browser.get("/console/setup/dealers").text.contains("N1"))
    }
  }

  @Test("a webhook is added with its secret shown once, tested, changed, disabled, and removed")
  func webhooks() async throws {
    try await visit(.admin) { browser, _ async throws in
      let base = "/console/setup/webhooks"
      let hostile = "<script>alert(1)</script>"
      let form = Query([
        ("csrf", browser.proof), ("url", "https://hooks.example.com/y"), ("name", hostile), ("types", "alert.raised"),
        ("types", "case.closed"), ("enabled", "yes"),
      ])
      let bad = try await browser.post(base, form.setting("url", "https://10.0.0.1/"))
      #expect(bad.status == 422 && bad.text.contains("must be an https address of the public Internet"))
      #expect(try await browser.post(base, form.setting("types", nil)).text.contains("choose one or more"))
      let made = try await browser.post(base, form)
      #expect(made.status == 200 && made.text.contains("whsec_"))
      for path in [base, base + "/W1"] {
        let page = try await browser.get(path).text
        #expect(page.contains("hooks.example.com") && !page.contains("whsec_") && !page.contains("<script>alert"))
      }
      let tested = try await browser.post(base + "/W1/test", form)
      #expect(tested.text.contains("The test: given up · unreachable"))
      #expect(try await browser.post(base + "/W1/secret", form).text.contains("whsec_"))
      #expect(try await browser.post(base + "/W1", form.setting("types", "case.opened")).status == 303)
      #expect(try await browser.get(base).text.contains("case opened"))
      #expect(try await browser.post(base + "/W1/deliveries/1/retry", form).status == 409)
      let off = try await browser.post(base + "/W1/state", form.setting("to", "disabled"))
      #expect(off.status == 303 && off.headers[.location] == base + "/W1?done=webhookDisabled")
      #expect(try await browser.get(base + "/W1").text.contains("Enable</button>"))
      #expect(try await browser.post(base + "/W1/delete", form).status == 303)
      #expect(try await browser.get(base + "/W1").status == 404)
      #expect(try await browser.get(base + "/W1", language: "zh-CN").text.contains("未找到"))
    }
    try await visit(.auditor) { browser, _ async throws in
      let page = try await browser.get("/console/setup/webhooks")
      #expect(page.status == 200 && !page.text.contains("<details class=\"card"))
      let form = Query([("csrf", browser.proof), ("url", "https://a.example/"), ("types", "alert.raised")])
      #expect(try await browser.post("/console/setup/webhooks", form).status == 403)
    }
    try await visit(.compliance) { browser, _ async throws in
      #expect(try await browser.get("/console/setup/webhooks").status == 403)
    }
  }
}
