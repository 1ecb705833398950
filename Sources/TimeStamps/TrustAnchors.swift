/// Root certificates that time stamps must lead to.
package struct TrustAnchors: Hashable, Sendable {
  /// How many certificates there are.
  package let count: Int
  private let pem: [UInt8]

  /// Reads certificates in PEM, one after the other; text around them is ignored, as OpenSSL does.
  /// - Throws: `badAnchors` when there is none, or a block that is no certificate; `unavailable`.
  package init(pem: [UInt8]) throws(TimeStampError) {
    count = try X509Store(pem: pem).count
    self.pem = pem
  }

  /// A store with these certificates, judging as of a moment in Unix seconds.
  func store(at time: Int64) throws(TimeStampError) -> X509Store {
    let store = try X509Store(pem: pem)
    store.setTime(time)
    return store
  }
}
