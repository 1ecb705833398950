import Foundation
import HTTPTypes
import Hummingbird
import Ledger
import Logging
import NIOCore

/// Finds out who asks: `Authorization: Bearer KEY`, or Basic for a person with a browser.
struct Authenticate: RouterMiddleware {
  typealias Context = YimaContext
  let keys: KeyCache

  func handle(
    _ request: Request, context: YimaContext, next: (Request, YimaContext) async throws -> Response
  ) async throws -> Response {
    guard let header = request.headers[.authorization] else { return try await next(request, context) }
    var context = context
    do {
      context.actor = try await actor(header)
    } catch {
      throw Problem(error)
    }
    return try await next(request, context)
  }

  private func actor(_ header: String) async throws(AccessError) -> Actor? {
    if header.hasPrefix("Bearer ") { return try await keys.actor(forKey: String(header.dropFirst(7))) }
    guard header.hasPrefix("Basic "), let data = Data(base64Encoded: String(header.dropFirst(6))) else { return nil }
    let parts = String(decoding: data, as: UTF8.self).split(separator: ":", maxSplits: 1)
    guard parts.count == 2 else { return nil }
    return try await keys.actor(name: String(parts[0]), password: String(parts[1]))
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
    for (name, value) in Self.fields { response.headers[name] = value }
    return response
  }
}

extension HTTPField.Name {
  /// `Referrer-Policy`.
  static var referrerPolicy: HTTPField.Name { HTTPField.Name("Referrer-Policy") ?? .xContentTypeOptions }
}
