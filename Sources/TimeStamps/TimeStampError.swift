/// Why a time stamp cannot be asked for, or is not to be believed (RFC 3161).
package enum TimeStampError: Error, Equatable, Sendable {
  /// A nonce is 1–32 bytes.
  case badNonce
  /// Not an object identifier in decimal (`1.2.3`).
  case badPolicy(String)
  /// No certificate, or something else than certificates, in the PEM text of an authority.
  case badAnchors
  /// Larger than ``TimeStampAnswer/maxBytes``, or not one DER `TimeStampResp` and nothing behind it.
  case malformed
  /// The authority did not grant a stamp (§2.4.2): its `PKIStatus`, and what it says about it.
  case notGranted(status: Int, text: String)
  /// The token is missing, or is not a `TSTInfo` of version 1 in a signed message.
  case badToken
  /// The stamp is for other bytes, or by another hash than SHA-256.
  case wrongImprint
  /// The nonce is not the one that was sent, or is missing.
  case wrongNonce
  /// Stamped under another policy than the one asked for.
  case wrongPolicy(String)
  /// The time stamped is not within the tolerance of the time of receipt; the argument is the time stamped, Unix seconds.
  case wrongTime(Int64)
  /// The message has no signer's certificate, or more than one signer.
  case noSigner
  /// The certificate is not for time stamps: its only extended key usage must be `timeStamping` and be critical (§2.3).
  case notForTimeStamping
  /// A certificate of the chain was not in force at the time stamped.
  case certificateOutOfDate(String)
  /// The chain does not lead to a trust anchor, in OpenSSL's words.
  case untrustedChain(String)
  /// The signed attribute `signingCertificate` does not name the signer's certificate (RFC 5035).
  case wrongCertificateID
  /// The signature does not hold.
  case badSignature
  /// The cryptographic library failed for want of memory or configuration; nothing was found out.
  case unavailable
}
