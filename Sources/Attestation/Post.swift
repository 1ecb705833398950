/// How something is posted to an address, or got from one: what touches the network comes in as closures.
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
  /// Gets what is at an address.
  package let get: @Sendable (_ url: String) async throws -> Reply

  /// With what does it; what gets answers 404 unless said.
  package init(
    _ send: @escaping @Sendable (_ url: String, _ body: [UInt8], _ type: String) async throws -> Reply,
    get: @escaping @Sendable (_ url: String) async throws -> Reply = { _ in Reply(status: 404, body: []) }
  ) {
    self.send = send
    self.get = get
  }

  /// Posts.
  package func callAsFunction(_ url: String, _ body: [UInt8], type: String) async throws -> Reply {
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
  /// A witness has a larger tree of this log than the database, or another one.
  case disputed(Dispute)

  /// What a witness has against the log.
  package struct Dispute: Equatable, Sendable {
    /// The size that the witness has, where it says so.
    package let size: UInt64?
    /// Whether it showed a checkpoint that this log's own key signed; else it is the witness's word.
    package let isProven: Bool

    /// Made from its parts.
    package init(size: UInt64?, isProven: Bool) {
      self.size = size
      self.isProven = isProven
    }
  }

  /// In a word or two, without anything that was received or configured: for everybody to read.
  package var summary: String {
    switch self {
    case .unreachable: "unreachable"
    case .status(let status): "status \(status)"
    case .notBelieved: "notBelieved"
    case .disputed: "rolledBackOrForked"
    }
  }
}
