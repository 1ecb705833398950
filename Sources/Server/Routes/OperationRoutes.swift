import Attestation
import Hummingbird
import Ledger
import Storage
import TransparencyLog

/// For those who run the service: whether it lives, whether it is ready, its numbers, and the description of the API.
struct OperationRoutes {
  private let ledger: Ledger
  private let metrics: Metrics
  private let attestation: AttestationSettings
  private let board: AttestationBoard
  private let described: [Route]

  init(_ services: Services, describing described: [Route]) {
    ledger = services.ledger
    metrics = services.metrics
    attestation = services.attestation
    board = services.board
    self.described = described
  }

  var routes: [Route] {
    let plain = probes
    // The document describes itself too, so it is made of this route without its handler.
    let own = Self.document([])
    let bytes = OpenAPIDocument(describing: described + plain + [own]).json.canonicalBytes
    return plain + [Self.document(bytes)]
  }

  private static func document(_ bytes: [UInt8]) -> Route {
    Route(
      .get, "/openapi.json", .open, "This description (OpenAPI 3.1)",
      answers: [.json(["openapi": "3.1.0", "info": ["title": "Yima", "version": .string(OpenAPIDocument.version)]])]
    ) { _, _ in Response.bytes(bytes, type: "application/json", cache: "public, max-age=300").openToAll }
  }

  private var probes: [Route] {
    [
      Route(
        .get, "/healthz", .open, "Whether the process lives", answers: [.json(["status": "ok"])]
      ) { _, _ in .json(["status": "ok"]) },
      Route(
        .get, "/readyz", .open,
        "Whether it can do its work; 503 when it cannot, when the log falls behind, or when a witness shows that the log "
          + "was rolled back or forked",
        answers: [
          .json([
            "status": "ready", "database": "ok", "writer": "ok", "log": "ok", "events": 1042, "eventsNotInLog": 2,
            "logBehindSeconds": 0, "checkpointAgeSeconds": 1,
            "timeStamps": [
              [
                "authority": "ntsc", "size": 1040, "ageSeconds": 600, "state": "ok", "failures": 0, "lastError": nil,
                "nextTryInSeconds": nil,
              ]
            ],
            "witnesses": [
              [
                "witness": "witness.example/w1", "size": 1041, "ageSeconds": 20, "state": "ok", "failures": 0,
                "lastError": nil, "nextTryInSeconds": nil,
              ]
            ],
          ])
        ], handle: ready),
      Route(
        .get, "/metrics", .open, "Numbers for Prometheus (text format 0.0.4)",
        answers: [
          .text("text/plain", "# TYPE yima_http_responses_total counter\nyima_http_responses_total{status=\"200\"} 1\n")
        ],
        handle: numbers),
    ]
  }

  private func ready(_ request: Request, _ call: Call) async throws -> Response {
    let health: Health
    do { health = try await Health(ledger) } catch {
      return .json(["status": "failing", "database": "unreadable"], status: .serviceUnavailable)
    }
    let attestations = try await AttestationAges(ledger, attestation, board)
    // An empty transaction: it waits for its turn like any other and writes nothing.
    let writes: Void? = try? await ledger.store.write { _ in }
    let disputes = board.disputes
    // A witness's word alone must not stop the service; what this log's own key signed does.
    let isProven = disputes.contains(where: \.isProven)
    let isReady = writes != nil && health.logBehind <= Health.behindMax && !isProven
    let json: JSONValue = [
      "status": .string(isReady ? "ready" : "failing"), "database": "ok",
      "writer": .string(writes == nil ? "failing" : "ok"),
      "log": .string(disputes.isEmpty ? "ok" : "rolledBackOrForked"), "events": .integer(health.events),
      "eventsNotInLog": .integer(health.waiting), "logBehindSeconds": .integer(health.logBehind),
      "checkpointAgeSeconds": health.checkpointAge.map(JSONValue.integer) ?? nil,
      "timeStamps": .array(attestations.stamps), "witnesses": .array(attestations.witnesses),
    ]
    return .json(json, status: isReady ? .ok : .serviceUnavailable)
  }

  private func numbers(_ request: Request, _ call: Call) async throws -> Response {
    let health = try await Health(ledger)
    var gauges: [(name: String, help: String, value: Int64)] = [
      ("yima_events", "Events in the ledger.", health.events),
      ("yima_events_not_in_log", "Events that wait for their place in the signed log.", health.waiting),
      ("yima_log_behind_seconds", "Age of the oldest event that waits for the log.", health.logBehind),
    ]
    if let age = health.checkpointAge {
      gauges.append(("yima_checkpoint_age_seconds", "Age of the newest signed checkpoint.", age))
    }
    return .bytes(Array(metrics.text(gauges: gauges).utf8), type: "text/plain; version=0.0.4; charset=utf-8")
  }
}

/// How the ledger and its log stand.
private struct Health: Sendable {
  /// Events in the ledger, and those that wait for the signed log. Events that only say who stamped and cosigned the
  /// newest checkpoint do not wait: the next one is not signed for them.
  var events: Int64 = 0, waiting: Int64 = 0
  /// Age of the oldest event that waits, seconds; 0 when none does.
  var logBehind: Int64 = 0
  /// Age of the newest checkpoint, seconds; nil before the first.
  var checkpointAge: Int64?

  /// The sequencer works every second; so long without it is a fault, seconds.
  static let behindMax: Int64 = 30

  init(_ ledger: Ledger) async throws {
    let now = ledger.now().milliseconds
    self = try await ledger.answer { transaction in
      var health = Health()
      let head = try transaction.lastCheckpoint()
      health.events = try transaction.lastEventID()
      let logged = head?.size ?? 0
      health.checkpointAge = head.map { max(0, (now - $0.signed) / 1000) }
      if let waiting = try transaction.oldestUnsigned(after: logged) {
        health.waiting = health.events - logged
        health.logBehind = max(0, (now - waiting.recorded) / 1000)
      }
      return health
    }
  }

  private init() {}
}

/// How old the newest stamp of each authority and the newest cosignature of each witness is, and how asking goes. What
/// fails makes nothing not ready: a checkpoint that waits for its stamp is as good as before.
private struct AttestationAges: Sendable {
  let stamps: [JSONValue], witnesses: [JSONValue]

  init(_ ledger: Ledger, _ settings: AttestationSettings, _ board: AttestationBoard) async throws {
    let now = ledger.now().milliseconds
    (stamps, witnesses) = try await ledger.answer { transaction in
      (
        try settings.authorities.map { authority in
          let last = try transaction.lastTimeStamp(authority: authority.name)
          let standing = board.standing(.timeStamp, authority.name)
          return Self.json("authority", authority.name, last.map { ($0.size, $0.at) }, standing, now)
        },
        try settings.witnesses.map { witness in
          let last = try transaction.lastCosignature(witness: witness.key.name)
          let standing = board.standing(.cosignature, witness.key.name)
          return Self.json("witness", witness.key.name, last.map { ($0.size, $0.at) }, standing, now)
        }
      )
    }
  }

  private static func json(
    _ what: String, _ name: String, _ last: (size: Int64, at: Int64)?, _ standing: AttestationBoard.Standing,
    _ now: Int64
  ) -> JSONValue {
    [
      what: .string(name), "size": last.map { .integer($0.size) } ?? nil,
      "ageSeconds": last.map { .integer(max(0, (now - $0.at) / 1000)) } ?? nil,
      "state": .string(standing.word), "failures": .integer(Int64(standing.failures)),
      "lastError": standing.error.map { .string($0.summary) } ?? nil,
      "nextTryInSeconds": standing.nextTry.map { .integer(max(0, $0 - now / 1000)) } ?? nil,
    ]
  }
}
