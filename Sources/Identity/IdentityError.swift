/// Why nobody could be signed in by the word of the identity provider. Never holds a secret, code or token.
package enum IdentityError: Error, Equatable, Sendable {
  /// The provider cannot be reached, or answers with this status.
  case unreachable(status: Int?)
  /// A part of an answer of the provider is not what the specification says.
  case malformed(String)
  /// The answer belongs to no attempt of this browser, or the attempt is over.
  case notOurs
  /// The provider or the person refused: the error code of RFC 6749 section 4.1.2.1.
  case refused(String)
  /// The ID token does not hold (OpenID Connect Core 1.0 section 3.1.3.7).
  case token(TokenFault)
}

/// What is wrong with an ID token.
package enum TokenFault: String, Sendable {
  /// It is no JWT, or has members of a wrong kind.
  case malformed
  /// It is signed by an algorithm that is not taken (`none` and shared secrets are not).
  case algorithm
  /// None of the provider's keys made its signature.
  case signature
  /// It is from another issuer.
  case issuer
  /// It is for somebody else.
  case audience
  /// It has expired.
  case expired
  /// It was made in the future.
  case issuedLater
  /// It answers another attempt.
  case nonce
  /// It does not have the claim that says who somebody is.
  case subject
  /// The provider has not verified the e-mail address.
  case unverifiedEmail
}
