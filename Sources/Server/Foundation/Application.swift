import Hummingbird
import Logging

/// The server's composition root.
package enum YimaServer {
  /// Every route.
  package static func routes(_ services: Services) -> [Route] {
    let api =
      CatalogueRoutes(services).routes + BatchRoutes(services).routes + LabelRoutes(services).routes
      + GoodsRoutes(services).routes + DispatchRoutes(services).routes + ScanRoutes(services).routes
      + PrintRoutes(services).routes + DealerRoutes(services).routes + ReportRoutes(services).routes
      + SessionRoutes(services).routes + UserRoutes(services).routes + LookRoutes(services).routes
      + AlertRoutes(services).routes + DetectionRoutes(services).routes + CaseRoutes(services).routes
      + CorrectionRoutes(services).routes + InspectionRoutes(services).routes + PrivacyRoutes(services).routes
      + KeystoreRoutes(services).routes + WebhookRoutes(services).routes
      + PublicRoutes(services).routes
      + LogRoutes(services).routes
    return api + OperationRoutes(services, describing: api).routes
  }

  /// The router over all routes, and over the pages that `adding` puts beside them.
  package static func router(
    _ services: Services, adding: (Router<YimaContext>) -> Void = { _ in }
  ) -> Router<YimaContext> {
    let router = Router(context: YimaContext.self)
    router.add(middleware: SecurityHeaders())
    router.add(middleware: AnswerErrors(metrics: services.metrics))
    router.add(middleware: Authenticate(services))
    serve(routes(services), on: router)
    adding(router)
    return router
  }

  /// The API's routes alone, for pages that call it from within: who asks is in the context already.
  package static func inner(_ services: Services) -> RouterResponder<YimaContext> {
    let router = Router(context: YimaContext.self)
    router.add(middleware: LogCauses())
    serve(routes(services), on: router)
    return router.buildResponder()
  }

  private static func serve(_ routes: [Route], on router: Router<YimaContext>) {
    for route in routes {
      let path = route.path.replacing("{path…}", with: "**")
      router.on(RouterPath(path), method: route.method) { request, context in
        try await route.serve(request, context)
      }
    }
  }

  /// The application, listening on this address.
  package static func application(
    _ services: Services, host: String, port: Int, logger: Logger,
    adding: (Router<YimaContext>) -> Void = { _ in },
    onStart: @escaping @Sendable (Int) async -> Void = { _ in }
  ) -> some ApplicationProtocol {
    let desk = ScanLaneDesk(services, logger: logger)
    return Application(
      router: router(services, adding: adding),
      server: .http1(configuration: .init(additionalChannelHandlers: [ScanLaneInstaller(desk)])),
      configuration: .init(address: .hostname(host, port: port), serverName: "yima", backlog: 1024),
      onServerRunning: { channel in await onStart(channel.localAddress?.port ?? port) },
      logger: logger)
  }
}
