import Hummingbird
import Ledger
import NIOCore

/// The context of every request.
package struct YimaContext: RequestContext {
  /// Hummingbird's own part.
  package var coreContext: CoreRequestContextStorage
  /// Who asks, once the key was checked.
  package var actor: Actor?
  /// The session that the request comes from, when a browser's cookie says who asks.
  package var session: Session?
  /// Whether a request of a session carries its proof in a header, so that no other site made the browser send it.
  package var isProven = false
  /// The address of the other end of the connection, where there is one.
  package let clientAddress: String?
  /// Largest body that is collected; streamed bodies have limits of their own.
  package var maxUploadSize: Int { RequestLimits.bodyMax }

  /// From a connection.
  package init(source: ApplicationRequestContextSource) {
    coreContext = .init(source: source)
    actor = nil
    session = nil
    clientAddress = source.channel.remoteAddress?.ipAddress
  }
}

/// One call as a handler sees it: who asks is not optional, so no handler can forget to check.
package struct Call: Sendable {
  /// Who asks; the anonymous consumer on routes open to all.
  package let actor: Actor
  /// Path parameters and logger.
  package let context: YimaContext

  /// Made for a page that asks within.
  package init(actor: Actor, context: YimaContext) {
    self.actor = actor
    self.context = context
  }

  /// The session that the call comes from.
  package func session() throws -> Session {
    guard let session = context.session else { throw Problem.unauthorized }
    return session
  }

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
