import Hummingbird
import Ledger

/// The context of every request.
package struct YimaContext: RequestContext {
  /// Hummingbird's own part.
  package var coreContext: CoreRequestContextStorage
  /// Who asks, once the key was checked.
  package var actor: Actor?
  /// Largest body that is collected; streamed bodies have limits of their own.
  package var maxUploadSize: Int { RequestLimits.bodyMax }

  /// From a connection.
  package init(source: ApplicationRequestContextSource) {
    coreContext = .init(source: source)
    actor = nil
  }
}

/// One call as a handler sees it: who asks is not optional, so no handler can forget to check.
package struct Call: Sendable {
  /// Who asks; the anonymous consumer on routes open to all.
  package let actor: Actor
  /// Path parameters and logger.
  package let context: YimaContext

  /// A path parameter that the route guarantees.
  package func path(_ name: String) throws -> String {
    guard let value = context.parameters.get(name) else { throw Problem.notFound }
    return value.removingPercentEncoding ?? value
  }

  /// A path parameter that is a letter and a number, such as `B12`.
  package func number(_ name: String, prefix: String) throws -> Int64 {
    let text = try path(name)
    guard text.hasPrefix(prefix), let number = Int64(text.dropFirst(prefix.count)), "\(prefix)\(number)" == text else {
      throw Problem.notFound
    }
    return number
  }
}

/// Limits of requests.
package enum RequestLimits {
  /// Bytes of a JSON or CSV body.
  package static let bodyMax = 32 * 1024 * 1024
  /// Bytes of one scan.
  package static let scanMax = 16 * 1024
  /// Scans of one batch.
  package static let scansMax = 1000
}
