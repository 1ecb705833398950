import Identity
import Ledger
import Logging

/// Lets people in by the word of the identity provider. Who is let in, and as what, the administrator has said before:
/// a user's `subject` is what the provider calls that person.
package struct ProviderSignInDesk: Sendable {
  private let provider: IdentityProvider
  private let access: Access
  private let held: SignInGuard
  private let logger: Logger

  /// Over the services of the server; nil when no provider is configured.
  package init?(_ services: Services, logger: Logger) {
    guard let provider = services.provider else { return nil }
    self.provider = provider
    self.logger = logger
    access = services.access
    held = services.signInGuard
  }

  /// Where a person is sent to for an attempt.
  /// - Throws: `provider-unreachable`, `provider-answer` or `too-many-attempts`.
  package func begin(_ attempt: SignInAttempt, from client: ClientAddress) async throws(Problem) -> String {
    try held.check(nil, from: client)
    do { return try await provider.address(for: attempt) } catch { throw problem(error) }
  }

  /// Begins a session for whom the provider vouches.
  /// - Throws: as ``begin(_:from:)``, `sign-in-over`, `provider-refused`, or `unknown-subject` with the name that the
  ///   administrator needs.
  package func finish(
    _ answer: ProviderAnswer, _ attempt: SignInAttempt?, from client: ClientAddress
  ) async throws(Problem) -> (token: String, session: Session) {
    try held.check(nil, from: client)
    let subject: String
    do {
      guard let attempt else { throw IdentityError.notOurs }
      subject = try await provider.subject(of: answer, for: attempt)
    } catch let error as IdentityError {
      switch error {
      case .notOurs, .malformed, .token: held.failed(nil, from: client)
      case .unreachable, .refused: break
      }
      throw problem(error)
    } catch { throw Problem.internal }
    let signIn: SignIn
    do { signIn = try await access.signIn(subject: subject) } catch { throw Problem(error) }
    switch signIn {
    case .done(let token, let session): return (token, session)
    case .codeNeeded, .refused:
      throw Problem(
        .forbidden, "unknown-subject", "You have no account here; ask the administrator to add you as this subject",
        "您在此没有账号，请管理员按此身份标识添加", detail: subject)
    }
  }

  private func problem(_ error: IdentityError) -> Problem {
    switch error {
    case .notOurs:
      return Problem(
        .badRequest, "sign-in-over", "This attempt to sign in is over or not yours; begin again",
        "本次登录已过期或不是由您发起，请重新登录")
    case .refused(let word):
      return Problem(
        .unauthorized, "provider-refused", "The identity provider did not let you in", "身份提供方未予登录", detail: word)
    case .unreachable(let status):
      logger.warning("identity provider unreachable", metadata: ["status": "\(status.map(String.init) ?? "none")"])
      return Problem(
        .serviceUnavailable, "provider-unreachable", "The identity provider cannot be reached now; try again later",
        "暂时无法连接身份提供方，请稍后再试")
    case .malformed, .token:
      logger.warning("identity provider's answer refused", metadata: ["error": "\(error)"])
      return Problem(
        .badGateway, "provider-answer", "The identity provider's answer does not hold; it was logged",
        "身份提供方的应答未通过校验，已记录")
    }
  }
}
