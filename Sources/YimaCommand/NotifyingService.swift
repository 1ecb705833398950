import AsyncHTTPClient
import Foundation
import Ledger
import Logging
import NIOCore
import NIOSSL
import Notifying
import ServiceLifecycle

/// Tells other systems of alerts and cases, looking twice a second. Of several servers on one database the one that
/// sequences does it.
struct NotifyingService: Service {
  let notifier: Notifier
  let ledger: Ledger
  let logger: Logger

  func run() async throws {
    await cancelWhenGracefulShutdown {
      await notifier.run(every: .milliseconds(500), when: { ledger.store.leads("sequencer") }) { error in
        logger.error("telling webhooks failed", metadata: ["error": "\(error)"])
      }
    }
  }
}

extension Courier {
  /// Over HTTP, to addresses of the public Internet only. The host is looked up here, every address that its name has is
  /// judged, and the connection goes to one that was judged: a name that is looked up again with another answer
  /// changes nothing. Redirects are not followed, no proxy is used, and the body of an answer is not read.
  /// - Parameter allowsLoopback: whether this machine may be told.
  static func network(allowsLoopback: Bool) -> Courier {
    Courier { request throws(DeliveryFault) in
      let address = try await resolve(request.url, allowsLoopback)
      do { return try await post(request, to: address) } catch { throw DeliveryFault(any: error) }
    }
  }

  private static func resolve(_ url: WebhookURL, _ allowsLoopback: Bool) async throws(DeliveryFault) -> InternetAddress
  {
    let found: [InternetAddress]
    if let address = url.address {
      found = [address]
    } else {
      do { found = try await OwnThread.run { HostLookup.addresses(of: url.host) } } catch { throw .unresolved }
    }
    guard let first = found.first else { throw .unresolved }
    let isAllowed = { (address: InternetAddress) in
      address.isPublic || allowsLoopback && url.isLoopback && address.isLoopback
    }
    guard found.allSatisfy(isAllowed) else { throw .notPublic }
    return first
  }

  private static func post(_ request: Request, to address: InternetAddress) async throws -> Answer {
    let text = request.url.description
    // The client reads the address once more, in its own way: both must have read the same host.
    guard let host = URL(string: text)?.host(percentEncoded: false), host == request.url.host else {
      throw DeliveryFault.unresolved
    }
    var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
    configuration.dnsOverride = [host: address.description]
    configuration.httpVersion = .http1Only
    configuration.timeout = .init(connect: .seconds(10), read: .seconds(patience))
    let client = HTTPClient(eventLoopGroup: HTTPClient.defaultEventLoopGroup, configuration: configuration)
    do {
      var message = HTTPClientRequest(url: text)
      message.method = .POST
      for (name, value) in request.headers { message.headers.add(name: name, value: value) }
      message.body = .bytes(ByteBuffer(bytes: request.body))
      let response = try await client.execute(message, timeout: .seconds(patience))
      let answer = Answer(
        status: Int(response.status.code), retryAfter: response.headers.first(name: "retry-after").flatMap(Int64.init))
      try? await client.shutdown()
      return answer
    } catch {
      try? await client.shutdown()
      throw error
    }
  }
}

extension DeliveryFault {
  /// What a failure of the client means to who set the webhook up.
  fileprivate init(any error: any Error) {
    switch error {
    case let fault as DeliveryFault: self = fault
    case is CancellationError: self = .cancelled
    case let error as HTTPClientError where error == .cancelled: self = .cancelled
    case let error as HTTPClientError where Self.timeOuts.contains(error): self = .timedOut
    case let error as HTTPClientError where error == .tlsHandshakeTimeout: self = .tls
    case is NIOSSLError, is NIOSSLExtraError, is BoringSSLError: self = .tls
    default: self = .unreachable
    }
  }

  private static let timeOuts: [HTTPClientError] = [
    .deadlineExceeded, .readTimeout, .connectTimeout, .getConnectionFromPoolTimeout,
  ]
}
