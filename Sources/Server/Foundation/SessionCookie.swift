import HTTPTypes
import Hummingbird
import Ledger

/// The cookie that holds a session's token: no script reads it, no other site's form sends it.
package enum SessionCookie {
  /// Its name.
  package static let name = "yima_session"

  /// The token that a request carries.
  package static func token(_ request: Request) -> String? {
    guard let value = request.cookies[name]?.value, !value.isEmpty else { return nil }
    return value
  }

  /// Sets a cookie of ours; `Secure` when the browser came over TLS.
  /// - Parameter seconds: how long it lasts; 0 takes it away.
  package static func cookie(
    _ name: String, _ value: String, seconds: Int, _ request: Request, isForScripts: Bool = false
  ) -> Cookie {
    Cookie(
      name: name, value: value, maxAge: seconds, path: "/", secure: isSecure(request), httpOnly: !isForScripts,
      sameSite: .lax)
  }

  /// The cookie of a new session.
  package static func begin(_ token: String, _ request: Request) -> Cookie {
    cookie(name, token, seconds: Int(Access.sessionLength / 1000), request)
  }

  /// Takes the cookie away.
  package static func end(_ request: Request) -> Cookie { cookie(name, "", seconds: 0, request) }

  private static func isSecure(_ request: Request) -> Bool {
    HTTPField.Name("X-Forwarded-Proto").flatMap { request.headers[$0] } == "https" || request.head.scheme == "https"
  }
}
