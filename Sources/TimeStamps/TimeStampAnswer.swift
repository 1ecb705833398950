/// An authority's answer to a request (RFC 3161 §2.4.2), as read: nothing is checked until ``verify(note:_:)``.
package struct TimeStampAnswer: Hashable, Sendable {
  /// The answer in DER, as it goes into an evidence bundle (`timestamps/<name>.tsr`).
  package let der: [UInt8]

  /// The longest answer that is read, in bytes.
  package static let maxBytes = 64 << 10
  /// The media type of an answer (§3.4).
  package static let contentType = "application/timestamp-reply"

  /// Keeps the bytes of an answer that can be read.
  /// - Throws: `malformed`; `notGranted` when it is a refusal.
  package init(der: [UInt8]) throws(TimeStampError) {
    _ = try TSResponse(der)
    self.der = der
  }

  /// What is asked of an answer.
  package struct Demand: Sendable {
    /// The roots that the signer's certificate must lead to.
    package var anchors: TrustAnchors
    /// The nonce that was sent; nil where it is not known any more, as in a bundle.
    package var nonce: [UInt8]?
    /// The policy that it must be under, in decimal; nil takes any.
    package var policy: String?
    /// When it was received and how far from that the time stamped may be, in Unix seconds and seconds; nil does not ask.
    package var received: (at: Int64, tolerance: Int64)?

    /// Asks for a chain to the anchors, and for what else is given.
    package init(
      anchors: TrustAnchors, nonce: [UInt8]? = nil, policy: String? = nil,
      received: (at: Int64, tolerance: Int64)? = nil
    ) {
      self.anchors = anchors
      self.nonce = nonce
      self.policy = policy
      self.received = received
    }
  }

  /// Checks the stamp over the bytes of a signed checkpoint: status, imprint, nonce, policy, signature, extended key usage,
  /// certificate identifier, and the chain to the anchors as of the time stamped.
  ///
  /// The time is the authority's word. Certificates are judged as of that time (RFC 3161 gives stamps a life beyond their
  /// certificate's); revocation is not looked up, since nothing here goes to the network.
  /// - Throws: any but `badNonce`, `badAnchors`.
  package func verify(note: [UInt8], _ demand: Demand) throws(TimeStampError) -> VerifiedTimeStamp {
    try verify(imprint: OpenSSL.sha256(note), demand)
  }

  /// Whether the stamp is over these bytes; nothing else of it is checked.
  package func isOver(note: [UInt8]) -> Bool {
    guard let imprint = try? OpenSSL.sha256(note), let info = try? TSResponse(der).info() else { return false }
    return info.imprint == imprint
  }

  /// As ``verify(note:_:)``, of bytes of which only the SHA-256 is known.
  package func verify(imprint: [UInt8], _ demand: Demand) throws(TimeStampError) -> VerifiedTimeStamp {
    let response = try TSResponse(der)
    let info = try response.info()
    guard info.version == 1 else { throw .badToken }
    guard info.imprint == imprint else { throw .wrongImprint }
    if let nonce = demand.nonce, info.nonce != Array(nonce.drop { $0 == 0 }) { throw .wrongNonce }
    if let policy = demand.policy, policy != info.policy { throw .wrongPolicy(info.policy) }
    if let received = demand.received {
      let (away, overflow) = info.time.subtractingReportingOverflow(received.at)
      guard !overflow, away.magnitude <= received.tolerance.magnitude else { throw .wrongTime(info.time) }
    }
    let signer = try response.verifySignature(anchors: demand.anchors, at: info.time)
    return VerifiedTimeStamp(
      time: info.time, serial: info.serial, policy: info.policy, authority: signer, accuracy: info.accuracy)
  }
}

/// A stamp that was checked. Only ``TimeStampAnswer/verify(note:_:)`` makes it.
package struct VerifiedTimeStamp: Hashable, Sendable {
  /// When the bytes existed, Unix seconds (rounded down).
  package let time: Int64
  /// The stamp's serial number, in hexadecimal.
  package let serial: String
  /// The policy that it was made under, in decimal.
  package let policy: String
  /// The subject of the signer's certificate (RFC 2253).
  package let authority: String
  /// How far off the authority says its time may be, in milliseconds (rounded up); nil when it says nothing.
  package let accuracy: Int64?

  fileprivate init(time: Int64, serial: String, policy: String, authority: String, accuracy: Int64?) {
    self.time = time
    self.serial = serial
    self.policy = policy
    self.authority = authority
    self.accuracy = accuracy
  }
}
