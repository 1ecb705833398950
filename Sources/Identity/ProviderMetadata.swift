import TransparencyLog

/// What a provider says of itself at `/.well-known/openid-configuration` (OpenID Connect Discovery 1.0 section 3), as
/// far as it is used here.
package struct ProviderMetadata: Sendable, Equatable {
  /// How this service shows its secret at the token endpoint (OpenID Connect Core 1.0 section 9).
  enum SecretMethod: String, Sendable {
    /// In the header `Authorization: Basic`; what is done where a provider says nothing.
    case basic = "client_secret_basic"
    /// In the form.
    case post = "client_secret_post"
  }

  /// Where people are sent to, where codes become tokens, and where the keys are.
  let authorization: String, token: String, keys: String
  /// How the secret is shown.
  let secretMethod: SecretMethod
  /// Whether answers name their issuer (RFC 9207).
  let namesIssuer: Bool

  /// Where it is found.
  static func address(of issuer: String) -> String {
    (issuer.hasSuffix("/") ? String(issuer.dropLast()) : issuer) + "/.well-known/openid-configuration"
  }

  /// Reads it. The issuer must be the one that was asked, letter by letter (section 4.3).
  init(parsing bytes: [UInt8], issuer: String) throws(IdentityError) {
    guard let document = try? JSONValue(parsing: bytes) else { throw .malformed("openid-configuration") }
    guard document["issuer"]?.string == issuer else { throw .malformed("issuer") }
    let address = { (name: String) throws(IdentityError) -> String in
      guard let text = document[name]?.string, WebAddress.isSafe(text) else { throw .malformed(name) }
      return text
    }
    authorization = try address("authorization_endpoint")
    token = try address("token_endpoint")
    keys = try address("jwks_uri")
    let methods = document["token_endpoint_auth_methods_supported"]?.array?.compactMap(\.string)
    guard let methods else {
      secretMethod = .basic
      namesIssuer = document["authorization_response_iss_parameter_supported"]?.bool ?? false
      return
    }
    guard let method = [SecretMethod.basic, .post].first(where: { methods.contains($0.rawValue) }) else {
      throw .malformed("token_endpoint_auth_methods_supported")
    }
    secretMethod = method
    namesIssuer = document["authorization_response_iss_parameter_supported"]?.bool ?? false
  }
}
