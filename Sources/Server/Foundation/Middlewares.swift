import Foundation
import HTTPTypes
import Hummingbird
import Ledger
import Logging
import NIOCore

/// Finds out who asks: `Authorization: Bearer KEY`, Basic for a person's script, or the cookie of a session.
struct Authenticate: RouterMiddleware {
  typealias Context = YimaContext
  private let services: Services

  init(_ services: Services) { self.services = services }

  func handle(
    _ request: Request, context: YimaContext, next: (Request, YimaContext) async throws -> Response
  ) async throws -> Response {
    var context = context
    do {
      if let header = request.headers[.authorization] {
        context.actor = try await actor(header, from: ClientAddress(request, context))
      } else if let token = SessionCookie.token(request) {
        context.session = try await services.access.session(token)
        context.actor = context.session?.actor
        context.isProven = context.session.map { $0.proof == request.headers[.csrfToken] } ?? false
      }
    } catch let error as AccessError { throw Problem(error) }
    return try await next(request, context)
  }

  private func actor(_ header: String, from client: ClientAddress) async throws -> Actor? {
    if header.hasPrefix("Bearer ") { return try await services.keys.actor(forKey: String(header.dropFirst(7))) }
    guard header.hasPrefix("Basic "), let data = Data(base64Encoded: String(header.dropFirst(6))) else { return nil }
    let parts = String(decoding: data, as: UTF8.self).split(separator: ":", maxSplits: 1).map(String.init)
    guard parts.count == 2 else { return nil }
    try services.signInGuard.check(parts[0], from: client)
    let actor = try await services.keys.actor(name: parts[0], password: parts[1])
    if actor == nil { services.signInGuard.failed(parts[0], from: client) }
    return actor
  }
}

/// Counts answers, turns every error into a problem, and logs what is a fault of ours. Query strings are not logged:
/// people put secrets there.
struct AnswerErrors: RouterMiddleware {
  typealias Context = YimaContext
  let metrics: Metrics

  func handle(
    _ request: Request, context: YimaContext, next: (Request, YimaContext) async throws -> Response
  ) async throws -> Response {
    do {
      let response = try await next(request, context)
      metrics.count(status: response.status.code)
      return response
    } catch {
      let problem = Self.problem(error)
      metrics.count(status: problem.status.code)
      if problem.status.code >= 500 {
        let path = request.uri.path
        context.logger.error("failed", metadata: ["path": "\(path)", "error": "\(problem.cause ?? "\(error)")"])
      }
      return try problem.response(from: request, context: context)
    }
  }

  private static func problem(_ error: any Error) -> Problem {
    switch error {
    case let problem as Problem: problem
    case is NIOTooManyBytesError:
      Problem(.contentTooLarge, "too-large", "The body is larger than allowed", "请求体过大")
    case let error as HTTPError where error.status == .notFound: .notFound
    case let error as HTTPError:
      Problem(
        error.status, "http-\(error.status.code)", error.status.reasonPhrase, error.status.reasonPhrase,
        detail: error.body)
    default: .internal
    }
  }
}

/// Logs what is a fault of ours in calls from within; the page that called tells it in its own way.
struct LogCauses: RouterMiddleware {
  typealias Context = YimaContext

  func handle(
    _ request: Request, context: YimaContext, next: (Request, YimaContext) async throws -> Response
  ) async throws -> Response {
    do { return try await next(request, context) } catch let problem as Problem where problem.status.code >= 500 {
      let path = request.uri.path
      context.logger.error("failed", metadata: ["path": "\(path)", "error": "\(problem.cause ?? "")"])
      throw problem
    }
  }
}

/// Headers that every answer carries: no sniffing, no frames, nothing from elsewhere.
struct SecurityHeaders: RouterMiddleware {
  typealias Context = YimaContext

  static let fields: [(HTTPField.Name, String)] = [
    (
      .contentSecurityPolicy,
      "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; "
        + "frame-ancestors 'none'"
    ),
    (.xContentTypeOptions, "nosniff"), (.referrerPolicy, "no-referrer"),
  ]

  func handle(
    _ request: Request, context: YimaContext, next: (Request, YimaContext) async throws -> Response
  ) async throws -> Response {
    var response = try await next(request, context)
    // A page of the console has a policy of its own.
    for (name, value) in Self.fields where response.headers[name] == nil { response.headers[name] = value }
    return response
  }
}

extension HTTPField.Name {
  /// `Referrer-Policy`.
  static let referrerPolicy = HTTPField.Name("Referrer-Policy") ?? .xContentTypeOptions
  /// `X-CSRF-Token`, which scripts of our pages send with the session's proof.
  static let csrfToken = HTTPField.Name("X-CSRF-Token") ?? .ifMatch
}
