import TransparencyLog

/// A request to the provider.
package struct ProviderRequest: Sendable, Equatable {
  /// Its address.
  package let url: String
  /// The form of a POST; nil for a GET.
  package let form: String?
  /// The value of `Authorization`.
  package let authorization: String?
}

/// What the provider answered.
package struct ProviderReply: Sendable {
  /// The HTTP status and body.
  package let status: Int, body: [UInt8]

  /// Made from its parts.
  package init(status: Int, body: [UInt8]) {
    self.status = status
    self.body = body
  }
}

/// How the provider is asked; the network in a server, a stand-in in tests.
package typealias ProviderTransport = @Sendable (ProviderRequest) async throws -> ProviderReply

/// What came back with the browser (OpenID Connect Core 1.0 section 3.1.2.5).
package struct ProviderAnswer: Sendable {
  /// `code`, `state`, `iss` and `error` of the address.
  package let code: String?, state: String?, issuer: String?, error: String?

  /// Made from its parts.
  package init(code: String?, state: String?, issuer: String?, error: String?) {
    self.code = code
    self.state = state
    self.issuer = issuer
    self.error = error
  }
}

/// An OpenID Connect provider as a relying party sees it: the authorization code flow with PKCE, state and nonce
/// (OpenID Connect Core 1.0 section 3.1).
///
/// What it says of itself is asked for when it is first needed and remembered for an hour; keys are asked for again when
/// a token names one that is not known, at most once a minute.
package actor IdentityProvider {
  /// How it is configured.
  package nonisolated let settings: ProviderSettings
  private let ask: ProviderTransport
  private let now: @Sendable () -> Int64
  private var metadata: (value: ProviderMetadata, at: Int64)?
  private var keys: (value: ProviderKeys, at: Int64)?

  /// How long is remembered what the provider says of itself, and how long keys at least, milliseconds.
  static let metadataLife: Int64 = 3_600_000, keysLife: Int64 = 60_000
  /// The longest code, bytes.
  static let codeMax = 4096

  /// A provider.
  /// - Parameter now: Unix milliseconds.
  package init(
    _ settings: ProviderSettings, now: @escaping @Sendable () -> Int64, ask: @escaping ProviderTransport
  ) {
    self.settings = settings
    self.now = now
    self.ask = ask
  }

  /// Where a person is sent to for an attempt.
  package func address(for attempt: SignInAttempt) async throws(IdentityError) -> String {
    attempt.address(try await currentMetadata(), settings)
  }

  /// Whom the provider vouches for: the value of the configured claim.
  package func subject(of answer: ProviderAnswer, for attempt: SignInAttempt) async throws(IdentityError) -> String {
    guard let state = answer.state, attempt.answers(state) else { throw .notOurs }
    let metadata = try await currentMetadata()
    // Another provider's answer, mixed in (RFC 9207 section 2.4).
    if let issuer = answer.issuer { guard issuer == settings.issuer else { throw .notOurs } }
    guard answer.issuer != nil || !metadata.namesIssuer else { throw .notOurs }
    if let error = answer.error { throw .refused(Self.word(error)) }
    guard let code = answer.code, (1...Self.codeMax).contains(code.utf8.count) else { throw .malformed("code") }
    let token = try await self.token(for: code, attempt, metadata)
    let keys = try await self.keys(for: token, metadata)
    return try await IDToken(token, keys, settings, nonce: attempt.nonce, now: now()).subject
  }

  private func token(
    for code: String, _ attempt: SignInAttempt, _ metadata: ProviderMetadata
  ) async throws(IdentityError) -> String {
    var pairs = [
      ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", settings.returnAddress),
      ("code_verifier", attempt.verifier),
    ]
    var authorization: String?
    switch metadata.secretMethod {
    case .basic:
      // Both parts are encoded before they are joined (RFC 6749 section 2.3.1).
      let text = WebForm.escape(settings.clientID) + ":" + WebForm.escape(settings.clientSecret)
      authorization = "Basic " + Base64.standard.encode(Array(text.utf8))
    case .post: pairs += [("client_id", settings.clientID), ("client_secret", settings.clientSecret)]
    }
    let reply = try await reply(
      ProviderRequest(url: metadata.token, form: WebForm(pairs).text, authorization: authorization))
    let document = try? JSONValue(parsing: reply.body)
    if let error = document?["error"]?.string { throw .refused(Self.word(error)) }
    guard reply.status == 200 else { throw .unreachable(status: reply.status) }
    guard let token = document?["id_token"]?.string else { throw .malformed("id_token") }
    return token
  }

  private func currentMetadata() async throws(IdentityError) -> ProviderMetadata {
    let now = now()
    if let metadata, now - metadata.at < Self.metadataLife { return metadata.value }
    do {
      let body = try await get(ProviderMetadata.address(of: settings.issuer))
      let value = try ProviderMetadata(parsing: body, issuer: settings.issuer)
      metadata = (value, now)
      return value
    } catch {
      // A provider that has just gone away may still know people; its token endpoint will tell.
      if let metadata { return metadata.value }
      throw error
    }
  }

  private func keys(
    for token: String, _ metadata: ProviderMetadata
  ) async throws(IdentityError) -> ProviderKeys {
    let now = now()
    if let keys, now - keys.at < Self.metadataLife {
      guard try !keys.value.mayHold(token), now - keys.at >= Self.keysLife else { return keys.value }
    }
    let value = try ProviderKeys(parsing: try await get(metadata.keys))
    keys = (value, now)
    return value
  }

  private func get(_ url: String) async throws(IdentityError) -> [UInt8] {
    let reply = try await reply(ProviderRequest(url: url, form: nil, authorization: nil))
    guard reply.status == 200 else { throw .unreachable(status: reply.status) }
    return reply.body
  }

  private func reply(_ request: ProviderRequest) async throws(IdentityError) -> ProviderReply {
    do { return try await ask(request) } catch { throw .unreachable(status: nil) }
  }

  /// An error code as RFC 6749 has them; anything else is not repeated.
  private static func word(_ error: String) -> String {
    let isWord = (1...64).contains(error.utf8.count) && error.utf8.allSatisfy { (97...122).contains($0) || $0 == 95 }
    return isWord ? error : "unknown"
  }
}
