/// A request for a time stamp over a signed checkpoint (RFC 3161 §2.4.1): SHA-256 of the note's bytes, a nonce, and the
/// wish to get the certificate along.
package struct TimeStampRequest: Hashable, Sendable {
  /// SHA-256 of what is to be stamped, 32 bytes.
  package let imprint: [UInt8]
  /// Unlikely to repeat, so that an old answer is not taken for a new one; 1–32 bytes, random, as an unsigned number.
  package let nonce: [UInt8]
  /// The policy wished for, in decimal (`1.2.3.4`); nil leaves it to the authority.
  package let policy: String?
  /// The request in DER: the body of a POST with content type ``contentType``.
  package let der: [UInt8]

  /// The media type of a request (§3.4).
  package static let contentType = "application/timestamp-query"

  /// Makes a request over `note`, the bytes of a signed checkpoint.
  /// - Parameter nonce: 8 or more random bytes; leading zeros do not count.
  /// - Throws: `badNonce`, `badPolicy`, `unavailable`.
  package init(note: [UInt8], nonce: [UInt8], policy: String? = nil) throws(TimeStampError) {
    guard (1...32).contains(nonce.count) else { throw .badNonce }
    imprint = try OpenSSL.sha256(note)
    self.nonce = nonce
    self.policy = policy
    der = try TSRequest(imprint: imprint, nonce: nonce, policy: policy).der()
  }
}
