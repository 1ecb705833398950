import Ledger

/// Lets people in, held back by the guard; the API's route and the page of the sign-in both come here.
package struct SignInDesk: Sendable {
  private let access: Access
  private let held: SignInGuard

  /// Over the services of the server.
  package init(_ services: Services) {
    access = services.access
    held = services.signInGuard
  }

  /// Begins a session.
  /// - Throws: `code-needed`, `sign-in-refused` or `too-many-attempts`.
  package func signIn(
    name: String, password: String, code: String?, from client: ClientAddress
  ) async throws(Problem) -> (token: String, session: Session) {
    try held.check(name, from: client)
    let attempt: SignIn
    do { attempt = try await access.signIn(name: name, password: password, code: code) } catch { throw Problem(error) }
    switch attempt {
    case .done(let token, let session):
      held.succeeded(name, from: client)
      return (token, session)
    case .codeNeeded:
      throw Problem(
        .unauthorized, "code-needed", "A one-time code is needed as well", "还需要一次性验证码", pointer: "/code")
    case .refused:
      held.failed(name, from: client)
      throw Problem.signInRefused
    }
  }
}
