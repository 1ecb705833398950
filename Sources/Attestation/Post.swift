/// How something is posted to an address: the one thing here that touches the network, so it comes in as a closure.
package struct Post: Sendable {
  /// What came back.
  package struct Reply: Sendable {
    /// The status of HTTP, and the body.
    package let status: Int, body: [UInt8]

    /// Made from its parts.
    package init(status: Int, body: [UInt8]) {
      self.status = status
      self.body = body
    }
  }

  private let send: @Sendable (_ url: String, _ body: [UInt8], _ type: String) async throws -> Reply

  /// With what does it.
  package init(_ send: @escaping @Sendable (_ url: String, _ body: [UInt8], _ type: String) async throws -> Reply) {
    self.send = send
  }

  func callAsFunction(_ url: String, _ body: [UInt8], type: String) async throws -> Reply {
    try await send(url, body, type)
  }
}

/// Why an attestation was not got; it is asked for again later.
package enum AttestationError: Error, Equatable, Sendable {
  /// The address did not answer.
  case unreachable(String)
  /// It answered with this status.
  case status(Int)
  /// What it sent is no stamp to be believed, or no cosignature by its key.
  case notBelieved(String)
}
