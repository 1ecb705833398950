import Ledger
import Storage
import TransparencyLog

/// How one try went.
enum Outcome: Sendable, Equatable {
  case answered(Courier.Answer)
  case failed(DeliveryFault)

  /// Any 2xx; a redirect is a failure and not followed (Standard Webhooks, "Delivery success and failure").
  var isDelivered: Bool {
    if case .answered(let answer) = self { (200..<300).contains(answer.status) } else { false }
  }

  /// Seconds that the receiver asks to wait.
  var asked: Int64? { if case .answered(let answer) = self { answer.retryAfter } else { nil } }

  /// The status of HTTP, where there was an answer.
  var status: Int? { if case .answered(let answer) = self { answer.status } else { nil } }
}

extension DeliveryRow {
  /// Notes a try and what came of it.
  mutating func take(_ outcome: Outcome, at now: Int64) {
    tries += 1
    tried = now
    switch outcome {
    case .answered(let answer): (status, error) = (Int64(answer.status), nil)
    case .failed(let fault): (status, error) = (nil, fault.rawValue)
    }
  }
}

extension Webhooks {
  /// One try: signs with the moment's time, under the message's own id, and posts.
  /// - Throws: only when the stored secret does not open.
  func send(_ delivery: DeliveryRow, to webhook: WebhookRow) async throws(NotifyingError) -> Outcome {
    let now = ledger.now()
    var secrets: [WebhookSecret] = []
    do {
      let seal = SecretSeal(ledger, .webhooks)
      secrets.append(try WebhookSecret(webhook.secret, of: webhook.id, seal))
      if let before = webhook.before, let until = webhook.beforeUntil, now.milliseconds < until {
        secrets.append(try WebhookSecret(before, of: webhook.id, seal))
      }
    } catch { throw NotifyingError(any: error) }
    // What was stored was checked; a server that no longer allows this machine does not send there.
    guard let url = try? WebhookURL(parsing: webhook.url, allowingLoopback: allowsLoopback) else {
      return .failed(.notPublic)
    }
    let headers = [
      ("content-type", "application/json"), ("user-agent", "Yima"), ("webhook-id", delivery.message),
      ("webhook-timestamp", String(now.seconds)),
      (
        "webhook-signature",
        WebhookSignature.header(id: delivery.message, seconds: now.seconds, body: delivery.body, secrets: secrets)
      ),
    ]
    do {
      return .answered(
        try await courier(.init(url: url, headers: headers.map { (name: $0.0, value: $0.1) }, body: delivery.body)))
    } catch { return .failed(error) }
  }
}
