/// Why a delivery got no answer; the words are stored and shown.
package enum DeliveryFault: String, Error, Sendable, CaseIterable {
  /// The host's name could not be looked up.
  case unresolved
  /// The name leads to this machine or into a private network.
  case notPublic
  /// Nobody took the connection, or it ended without an answer.
  case unreachable
  /// TLS failed: no certificate that is trusted for this name, or none at all.
  case tls
  /// No answer in time.
  case timedOut
  /// The server is about to stop; nothing is known of the try.
  case cancelled
}

/// How a notice is taken to its receiver: what touches the network comes in as a closure.
package struct Courier: Sendable {
  /// What is posted.
  package struct Request: Sendable {
    /// Where to.
    package let url: WebhookURL
    /// The fields beside the body's length.
    package let headers: [(name: String, value: String)]
    /// The body.
    package let body: [UInt8]
  }

  /// What came back. The body is not read.
  package struct Answer: Sendable, Equatable {
    /// The status of HTTP.
    package let status: Int
    /// Seconds that `Retry-After` asks for.
    package let retryAfter: Int64?

    /// Made from its parts.
    package init(status: Int, retryAfter: Int64? = nil) {
      self.status = status
      self.retryAfter = retryAfter
    }
  }

  /// Seconds that a receiver may take.
  package static let patience: Int64 = 15

  private let post: @Sendable (Request) async throws(DeliveryFault) -> Answer

  /// With what does it.
  package init(_ post: @escaping @Sendable (Request) async throws(DeliveryFault) -> Answer) { self.post = post }

  /// Where there is no network.
  package static let nowhere = Courier { _ throws(DeliveryFault) in throw .unreachable }

  func callAsFunction(_ request: Request) async throws(DeliveryFault) -> Answer { try await post(request) }
}
