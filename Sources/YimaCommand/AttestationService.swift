import AsyncHTTPClient
import Attestation
import Foundation
import Ledger
import Logging
import NIOCore
import ServiceLifecycle

/// Gets time stamps and cosignatures for checkpoints, once a second looking whether one is due. Of several servers on one
/// database the one that sequences does it.
struct AttestationService: Service {
  private let ledger: Ledger
  private let stamper: Stamper
  private let cosigner: Cosigner
  private let isIdle: Bool
  private let logger: Logger

  init(_ ledger: Ledger, _ settings: AttestationSettings, board: AttestationBoard, logger: Logger) {
    self.ledger = ledger
    self.logger = logger
    isIdle = settings.authorities.isEmpty && settings.witnesses.isEmpty
    stamper = Stamper(ledger, settings, post: .network, board: board)
    cosigner = Cosigner(ledger, settings, post: .network, board: board)
  }

  func run() async throws {
    guard !isIdle else {
      try? await gracefulShutdown()
      return
    }
    await repeatUntilShutdown(every: .seconds(1)) {
      guard ledger.store.leads("sequencer") else { return }
      do {
        tell("time stamps", try await stamper.pass())
        tell("witnesses", try await cosigner.pass())
      } catch { logger.error("attesting failed", metadata: ["error": "\(error)"]) }
    }
  }

  private func tell(_ what: String, _ failures: [String: AttestationError]) {
    for (name, error) in failures {
      if case .disputed(let dispute) = error {
        logger.critical(
          "the log was rolled back or forked: a witness has a larger or another tree of it",
          metadata: [
            "witness": "\(name)", "size": "\(dispute.size.map(String.init) ?? "unknown")",
            "isProven": "\(dispute.isProven)",
          ])
        continue
      }
      logger.warning("an attestation failed", metadata: ["of": "\(what)", "name": "\(name)", "error": "\(error)"])
    }
  }
}

extension Post {
  /// Over HTTP, with short patience and small answers.
  static let network = Post { url, body, type in
    var request = HTTPClientRequest(url: url)
    request.method = .POST
    request.headers.add(name: "content-type", value: type)
    request.body = .bytes(ByteBuffer(bytes: body))
    return try await answer(to: request)
  } get: { url in
    try await answer(to: HTTPClientRequest(url: url))
  }

  private static func answer(to request: HTTPClientRequest) async throws -> Reply {
    let response = try await HTTPClient.shared.execute(request, timeout: .seconds(15))
    let answer = try await response.body.collect(upTo: 256 * 1024)
    return Reply(status: Int(response.status.code), body: Array(answer.readableBytesView))
  }
}
