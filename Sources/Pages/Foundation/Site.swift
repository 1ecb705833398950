import Hummingbird
import Ledger
import Logging
import Server

/// All pages behind the sign-in, and their files. A page decides nothing: it asks the API's own routes, with the rights
/// of whoever looks at it, and lays out what they answer.
package struct Site: Sendable {
  let services: Services
  let library: PageTemplates
  let assets: Assets
  let phrases: PhraseBook
  let api: InnerAPI

  /// Over the services of the server.
  /// - Throws: when a template or phrase of the program's bundle is missing or broken.
  package init(_ services: Services, logger: Logger) throws {
    self.services = services
    library = try PageTemplates()
    assets = try Assets(logger: logger)
    phrases = try PhraseBook()
    api = InnerAPI(YimaServer.inner(services))
  }

  /// Every page. A new family of pages is added here.
  var pages: [Page] {
    SignInPages.pages + AccountPages.pages + HomePage.pages + AlertPages.pages + CasePages.pages
      + OverviewPages.pages + SetupPages.pages + KeystorePages.pages + RegisterPages.pages + StationPages.pages
      + PrintPages.pages + ReportPages.pages + PortalPages.pages + PortalCasePages.pages + WebhookPages.pages
  }

  /// Puts the pages and files beside the API.
  package func add(to router: Router<YimaContext>) {
    let nowhere = Page.get("/console/**", .people) { _ in throw Problem.notFound }
    for page in pages + [nowhere] {
      router.on(RouterPath(page.path), method: page.method) { request, context in
        try await page.serve(request, context, self)
      }
    }
    router.get("/assets/{hash}/{name}") { request, context in try assets.serve(request, context) }
  }
}
