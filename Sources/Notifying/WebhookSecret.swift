import Crypto
import Ledger
import TransparencyLog

/// What the server and one receiver know, and nobody else: the key of its signatures (Standard Webhooks, "Signature
/// scheme"). It has no description of its bytes, so that it cannot slip into a log or a failure message.
package struct WebhookSecret: Sendable, Equatable, CustomStringConvertible, CustomReflectable {
  let bytes: [UInt8]

  private static let prefix = "whsec_"

  /// nil unless there are 24 to 64 bytes.
  package init?(bytes: [UInt8]) {
    guard (24...64).contains(bytes.count) else { return nil }
    self.bytes = bytes
  }

  /// Reads `whsec_` and base64.
  package init?(parsing text: String) {
    guard text.hasPrefix(Self.prefix),
      let bytes = Base64.standard.decode(Array(text.utf8.dropFirst(Self.prefix.utf8.count)))
    else { return nil }
    self.init(bytes: bytes)
  }

  /// Opens what the database keeps of a webhook's secret.
  /// - Throws: `LedgerError.keys` when it was sealed under another keystore, or altered.
  init(_ sealed: [UInt8], of webhook: Int64, _ seal: SecretSeal) throws(LedgerError) {
    guard let secret = Self(bytes: try seal.open(sealed, for: Self.row(webhook))) else {
      throw .inconsistent("the secret of webhook \(webhook)")
    }
    self = secret
  }

  /// What a sealed secret is bound to.
  static func row(_ webhook: Int64) -> String { "webhook \(webhook)" }

  /// As receivers take it; told once.
  package var text: String { Self.prefix + Base64.standard.encode(bytes) }

  /// Says that there is a secret, not which.
  package var description: String { "WebhookSecret(\(bytes.count) bytes)" }

  /// Empty, so that `dump` and failed expectations show nothing.
  package var customMirror: Mirror { Mirror(self, children: []) }
}

/// Signatures of notices: `v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body` (Standard Webhooks 1.0.0).
package enum WebhookSignature {
  /// Seconds that a receiver's clock may be apart.
  package static let tolerance: Int64 = 300

  /// What `webhook-signature` says: one signature for each secret, parted by spaces.
  /// - Parameter seconds: the moment of the try, Unix seconds.
  package static func header(id: String, seconds: Int64, body: [UInt8], secrets: [WebhookSecret]) -> String {
    secrets.map { "v1," + Base64.standard.encode(mac(id, seconds, body, $0)) }.joined(separator: " ")
  }

  /// Whether a receiver should believe a notice: one signature of many is enough.
  /// - Parameters:
  ///   - timestamp: what `webhook-timestamp` says.
  ///   - now: the receiver's clock, Unix seconds.
  package static func verify(
    id: String, timestamp: String, signatures: String, body: [UInt8], secret: WebhookSecret, now: Int64
  ) -> Bool {
    guard let seconds = Int64(timestamp), String(seconds) == timestamp, seconds >= 0,
      abs(seconds.subtractingReportingOverflow(now).partialValue) <= tolerance
    else { return false }
    let signed = Self.signed(id, seconds, body)
    return signatures.split(separator: " ").contains { signature in
      guard signature.hasPrefix("v1,"), let code = Base64.standard.decode(Array(signature.utf8.dropFirst(3))) else {
        return false
      }
      return HMAC<SHA256>.isValidAuthenticationCode(
        code, authenticating: signed, using: SymmetricKey(data: secret.bytes))
    }
  }

  private static func signed(_ id: String, _ seconds: Int64, _ body: [UInt8]) -> [UInt8] {
    Array("\(id).\(seconds).".utf8) + body
  }

  private static func mac(_ id: String, _ seconds: Int64, _ body: [UInt8], _ secret: WebhookSecret) -> [UInt8] {
    Array(
      HMAC<SHA256>.authenticationCode(for: signed(id, seconds, body), using: SymmetricKey(data: secret.bytes)))
  }
}
