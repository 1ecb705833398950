import Foundation
import JWTKit
import TransparencyLog

/// Whom an ID token names, after every check of OpenID Connect Core 1.0 section 3.1.3.7.
struct IDToken: Sendable, Equatable {
  /// The value of the configured claim.
  let subject: String

  /// The longest token, bytes, and the longest subject, characters (a `sub` has 255 at most).
  static let tokenMax = 32_768, subjectMax = 255
  /// How far the clocks may differ, milliseconds.
  static let skew: Double = 60_000
  /// Algorithms with a public key; shared secrets would let whoever reads the configuration sign people in.
  static let algorithms: Set = [
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA",
  ]

  /// The header's `kid` and `alg` of a token, which says which keys to try.
  static func header(of token: String) throws(IdentityError) -> (key: String?, algorithm: String) {
    let parts = token.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard token.utf8.count <= tokenMax, parts.count == 3, let bytes = Base64.url.decode(parts[0]),
      let header = try? JSONValue(parsing: bytes), let algorithm = header["alg"]?.string, header["crit"] == nil
    else { throw .token(.malformed) }
    guard algorithms.contains(algorithm) else { throw .token(.algorithm) }
    return (header["kid"]?.string, algorithm)
  }

  /// Verifies a token.
  /// - Parameter now: Unix milliseconds.
  init(
    _ token: String, _ keys: ProviderKeys, _ settings: ProviderSettings, nonce: String, now: Int64
  ) async throws(IdentityError) {
    let claims = try await keys.claims(of: token)
    guard claims["iss"]?.string == settings.issuer else { throw .token(.issuer) }
    let audience = claims["aud"]?.string.map { [$0] } ?? claims["aud"]?.array?.compactMap(\.string) ?? []
    guard audience.contains(settings.clientID), audience.count == 1 || claims["azp"] != nil,
      claims["azp"] == nil || claims["azp"]?.string == settings.clientID
    else { throw .token(.audience) }
    guard let expires = claims["exp"]?.double, let issued = claims["iat"]?.double else { throw .token(.malformed) }
    let moment = Double(now)
    guard expires * 1000 + Self.skew > moment else { throw .token(.expired) }
    guard issued * 1000 - Self.skew <= moment, (claims["nbf"]?.double ?? 0) * 1000 - Self.skew <= moment else {
      throw .token(.issuedLater)
    }
    guard claims["nonce"]?.string == nonce else { throw .token(.nonce) }
    subject = try Self.subject(claims, settings.claim)
  }

  private static func subject(
    _ claims: JSONValue, _ claim: ProviderSettings.SubjectClaim
  ) throws(IdentityError) -> String {
    // `sub` is demanded of every token, also where another claim is compared (section 2).
    guard claims["sub"]?.string?.isEmpty == false, let subject = claims[claim.rawValue]?.string, !subject.isEmpty,
      subject.count <= subjectMax
    else { throw .token(.subject) }
    guard claim == .email else { return subject }
    // Some providers send the word.
    guard claims["email_verified"] == true || claims["email_verified"] == "true" else {
      throw .token(.unverifiedEmail)
    }
    return subject.lowercased()
  }
}

/// A provider's public keys (RFC 7517).
struct ProviderKeys: Sendable {
  private let keys: [(name: String?, algorithm: String?, key: JWK)]

  /// How many keys are taken, and how short an RSA modulus may be, bytes.
  static let keysMax = 32, modulusMin = 256

  /// Reads a set of keys. Those of a kind that is not known, too short, or not for signing, are left out (section 5).
  init(parsing bytes: [UInt8]) throws(IdentityError) {
    guard let entries = (try? JSONValue(parsing: bytes))?["keys"]?.array else { throw .malformed("jwks_uri") }
    keys = entries.prefix(Self.keysMax).compactMap { entry in
      guard entry["use"] == nil || entry["use"] == "sig",
        entry["kty"] != "RSA" || Base64.url.decode((entry["n"]?.string ?? "").utf8)?.count ?? 0 >= Self.modulusMin,
        let key = try? JSONDecoder().decode(JWK.self, from: Data(entry.publicPart.canonicalBytes))
      else { return nil }
      return (entry["kid"]?.string, entry["alg"]?.string, key)
    }
  }

  /// Whether there is a key that a token may be signed by.
  func mayHold(_ token: String) throws(IdentityError) -> Bool { try !candidates(token).isEmpty }

  private func candidates(_ token: String) throws(IdentityError) -> [JWK] {
    let header = try IDToken.header(of: token)
    return keys.filter { entry in
      (header.key == nil || entry.name == header.key) && entry.algorithm ?? header.algorithm == header.algorithm
    }.map(\.key)
  }

  /// The claims of a token whose signature one of the keys made.
  func claims(of token: String) async throws(IdentityError) -> JSONValue {
    for key in try candidates(token) {
      guard let signer = try? await JWTKeyCollection().add(jwk: key),
        (try? await signer.verify(token, as: Unread.self)) != nil
      else { continue }
      let payload = token.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)[1]
      guard let bytes = Base64.url.decode(payload), let claims = try? JSONValue(parsing: bytes),
        claims.object != nil
      else { throw .token(.malformed) }
      return claims
    }
    throw .token(.signature)
  }
}

/// The library checks the signature; the claims are read, strictly, after it.
private struct Unread: JWTPayload {
  func verify(using algorithm: some JWTAlgorithm) {}
}

extension JSONValue {
  /// A key without its private members, should a provider publish them, and with a name, which the library demands.
  fileprivate var publicPart: JSONValue {
    guard var members = object else { return self }
    for name in ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "use", "key_ops", "x5c", "x5t", "x5u"] {
      members[name] = nil
    }
    members["kid"] = .string(self["kid"]?.string ?? "")
    return .object(members)
  }
}
