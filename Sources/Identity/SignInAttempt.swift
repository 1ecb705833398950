import TransparencyLog

/// One attempt to sign in, made of 32 random bytes that only the person's browser keeps (in a cookie): everything that
/// ties the provider's answer to this browser is derived from them, so the server keeps nothing, and any of several
/// servers may take the answer.
package struct SignInAttempt: Sendable {
  /// What the cookie holds: the bytes, Base64url.
  package let secret: String

  /// A new attempt.
  /// - Parameter bytes: 32 random bytes.
  package init(random bytes: [UInt8]) { secret = Base64.url.encode(bytes) }

  /// The attempt of a cookie; nil when it holds none.
  package init?(secret: String) {
    guard let bytes = Base64.url.decode(secret.utf8), bytes.count == 32 else { return nil }
    self.secret = secret
  }

  /// Comes back in the answer, so that nobody can sign somebody in as another (RFC 6749 section 10.12).
  package var state: String { derived("state") }
  /// Comes back in the ID token, so that no token of another attempt is taken (OpenID Connect Core 1.0 section 3.1.2.1).
  var nonce: String { derived("nonce") }
  /// Shown with the code, so that nobody who saw the code can use it (PKCE, RFC 7636 section 4.1).
  var verifier: String { derived("verifier") }
  /// SHA-256 of the verifier (RFC 7636 section 4.2, `S256`).
  var challenge: String { Base64.url.encode(Digest32.sha256(Array(verifier.utf8)).bytes) }

  /// Whether an answer's state is this attempt's, compared in a time that does not depend on where they differ.
  package func answers(_ state: String) -> Bool {
    let (left, right) = (Array(state.utf8), Array(self.state.utf8))
    return left.count == right.count && zip(left, right).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
  }

  private func derived(_ what: String) -> String {
    Base64.url.encode(Digest32.sha256(Array("yima sign-in \(what) \(secret)".utf8)).bytes)
  }

  /// Where the person is sent (OpenID Connect Core 1.0 section 3.1.2.1).
  func address(_ metadata: ProviderMetadata, _ settings: ProviderSettings) -> String {
    // The e-mail address and the name come only when they are asked for (section 5.4).
    let scope =
      switch settings.claim {
      case .subject: "openid"
      case .email: "openid email"
      case .preferredUserName: "openid profile"
      }
    let form = WebForm([
      ("response_type", "code"), ("client_id", settings.clientID), ("redirect_uri", settings.returnAddress),
      ("scope", scope), ("state", state), ("nonce", nonce), ("code_challenge", challenge),
      ("code_challenge_method", "S256"),
    ])
    return metadata.authorization + (metadata.authorization.contains("?") ? "&" : "?") + form.text
  }
}

/// `application/x-www-form-urlencoded`.
struct WebForm: Sendable {
  let text: String

  init(_ pairs: [(String, String)]) {
    text = pairs.map { Self.escape($0.0) + "=" + Self.escape($0.1) }.joined(separator: "&")
  }

  /// Percent-encodes all that is not unreserved (RFC 3986 section 2.3).
  static func escape(_ text: String) -> String {
    var bytes: [UInt8] = []
    let digits = Array("0123456789ABCDEF".utf8)
    for byte in text.utf8 {
      switch byte {
      case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x5f, 0x7e: bytes.append(byte)
      default: bytes += [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
