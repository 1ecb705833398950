import Alerting
import HTTPTypes
import Hummingbird
import Ledger
import NIOCore
import Regions
import TransparencyLog

/// Alerts: lists, one with its scans, the live stream, and the evidence.
struct AlertRoutes {
  private let ledger: Ledger
  private let engine: AlertingEngine
  private let queries: AlertQueries
  private let evidence: EvidenceMaker

  init(_ services: Services) {
    ledger = services.ledger
    engine = services.alerting
    queries = AlertQueries(services.ledger)
    evidence = EvidenceMaker(services.ledger)
  }

  private static let readers: Route.Access = .roles([.compliance, .auditor, .inspector, .dealer])
  static let example: JSONValue = [
    "id": "A1", "kind": "diversion", "status": "open", "severity": "warning", "rule": "outside-territory/1",
    "occurredAt": "2026-09-10T09:58:00Z", "raisedAt": "2026-09-10T10:00:00Z", "dealer": "D001", "region": "370100",
    "gtin": "06901234567892", "product": ["gtin": "06901234567892", "name": ["zh": "示例酒", "en": "Sample liquor"]],
    "dispatch": 7, "dispatchNumber": "SO-2026-0007", "valueAtRisk": ["amount": "1299.00", "currency": "CNY"],
    "numbers": ["sightings": 3], "explanation": ["zh": "…", "en": "…"], "event": 1040, "scans": [],
  ]
  private static let line: JSONValue = [
    "during": ["count": 5, "scans": 40], "before": ["count": 1, "scans": 280],
  ]
  private static let usual: JSONValue = [
    "dealer": "D001", "from": "430000", "to": "370100", "days": ["from": "2026-09-01", "to": "2026-09-10"],
    "before": ["from": "2026-07-07", "to": "2026-08-31"], "there": line, "outside": line, "others": line,
  ]
  private static let filters: [Route.Parameter] = [
    .query("kind", "diversion, price, clone, forgery, unsold, registration, missing or burning", "diversion"),
    .query("status", "open …", "open"),
    .query("dealer", "a dealer's code", "D001"), .query("region", "a region and all in it", "370000"),
    .query("severity", "notice, warning or serious", "serious"), .query("gtin", "one product", "06901234567892"),
    .query("order", "newest, or urgency: the most severe first, and of those the most value at risk", "urgency"),
  ]

  var routes: [Route] {
    [
      Route(
        .get, "/v1/alerts", Self.readers, "List alerts, newest first", parameters: Self.filters + Example.paging,
        answers: [.json(Example.page(Self.example))], handle: list),
      Route(
        .get, "/v1/alerts/stream", Self.readers, "New alerts as server-sent events (Last-Event-ID is honoured)",
        answers: [.text("text/event-stream", "id: 1\nevent: alert\ndata: {…}\n\n")], handle: stream),
      Route(
        .get, "/v1/alerts/{id}", Self.readers, "An alert with the scans that it rests on",
        parameters: [.path("id", "the alert", "A1")], answers: [.json(Self.example)], handle: show),
      Route(
        .get, "/v1/alerts/{id}/usual", .roles([.compliance, .auditor, .inspector]),
        "What is normal where an alert is: scans in its region and outside the territory, of the dealer's goods and of "
          + "other dealers' of the province, in the days of its scans and in the eight weeks before",
        parameters: [.path("id", "the alert", "A1")], answers: [.json(Self.usual)],
        handle: usual),
      Route(
        .get, "/v1/alerts/{id}/evidence", Self.readers,
        "The evidence bundle: one ZIP that anyone checks offline with `yima evidence verify`",
        parameters: [.path("id", "the alert", "A1")], answers: [.text("application/zip", "PK…")],
        failures: [503: []], handle: bundle),
    ]
  }

  private func list(_ request: Request, _ call: Call) async throws -> Response {
    let paging = try Paging(request)
    let parameters = request.uri.queryParameters
    var query = AlertQuery()
    query.kind = try parameters["kind"].map { try Self.word(String($0), "kind", AlertKind.self) }
    query.status = try parameters["status"].map { try Self.word(String($0), "status", AlertStatus.self) }
    query.dealer = parameters["dealer"].map(String.init)
    query.region = try parameters["region"].map { try FieldReader(.string(String($0)), pointer: "region").region() }
    query.severity = try parameters["severity"].map { try Self.word(String($0), "severity", Severity.self) }
    query.gtin = try parameters["gtin"].map { try FieldReader(.string(String($0)), pointer: "gtin").gtin() }
    if let order = parameters["order"] {
      guard ["newest", "urgency"].contains(order) else { throw Problem.field("order", "must be newest or urgency") }
      query.isByUrgency = order == "urgency"
    }
    do {
      let cursor = paging.cursor.isEmpty ? nil : paging.cursor
      return .json(try await queries.list(query, for: call.actor, cursor: cursor, limit: paging.limit).json)
    } catch { throw Problem(error) }
  }

  private static func word<T: RawRepresentable & CaseIterable>(
    _ text: String, _ name: String, _ type: T.Type
  ) throws -> T where T.RawValue == String {
    try FieldReader(.string(text), pointer: name).word(type)
  }

  private func show(_ request: Request, _ call: Call) async throws -> Response {
    do { return .json(try await queries.get(try id(call), for: call.actor).json) } catch let error as AlertingError {
      throw Problem(error)
    }
  }

  private func usual(_ request: Request, _ call: Call) async throws -> Response {
    let found: AlertUsual?
    do { found = try await queries.usual(try id(call), for: call.actor) } catch let error as AlertingError {
      throw Problem(error)
    }
    guard let found else {
      throw Problem(
        .notFound, "nothing-to-compare", "An alert without a dealer or a region has nothing to be compared with",
        "该预警没有经销商或区域，无从比较")
    }
    return .json(found.json)
  }

  private func id(_ call: Call) throws -> AlertID {
    guard let id = AlertID(try call.path("id")) else { throw Problem.notFound }
    return id
  }

  private func bundle(_ request: Request, _ call: Call) async throws -> Response {
    let id = try id(call)
    // Who may not see the alert may not see its evidence.
    do { _ = try await queries.get(id, for: call.actor) } catch { throw Problem(error) }
    do {
      let bytes = try await evidence.bundle(for: id)
      var response = Response.bytes(bytes, type: "application/zip")
      response.headers[.contentDisposition] = "attachment; filename=\"yima-\(id).zip\""
      return response
    } catch { throw Problem(error) }
  }

  /// Sends what was raised after `Last-Event-ID`, then what is raised from now on, and a comment now and then so that
  /// proxies keep the connection.
  private func stream(_ request: Request, _ call: Call) async throws -> Response {
    let last = request.headers[.lastEventID].flatMap { Int64($0) }
    let live = engine.broadcast.subscribe()
    let body = ResponseBody { [queries] writer in
      try await writer.write(ByteBuffer(string: ": yima\n\n"))
      var sent = last ?? .max
      if let last { sent = try await send(after: last, queries, call.actor, &writer) }
      for await id in Self.withHeartbeats(live) {
        guard let id else {
          try await writer.write(ByteBuffer(string: ": still here\n\n"))
          continue
        }
        if sent == .max { sent = id - 1 }
        guard id > sent else { continue }
        sent = try await send(after: sent, queries, call.actor, &writer)
      }
      try await writer.finish(nil)
    }
    return Response(
      status: .ok, headers: [.contentType: "text/event-stream", .cacheControl: "no-store"], body: body)
  }

  /// The ids, and nil every fifteen seconds: a connection that is gone is noticed by writing to it.
  private static func withHeartbeats(_ live: AsyncStream<Int64>) -> AsyncStream<Int64?> {
    AsyncStream { continuation in
      let ids = Task {
        for await id in live { continuation.yield(id) }
        continuation.finish()
      }
      let beats = Task {
        while !Task.isCancelled {
          try await Task.sleep(for: .seconds(15))
          continuation.yield(nil)
        }
      }
      continuation.onTermination = { _ in
        ids.cancel()
        beats.cancel()
      }
    }
  }

  private func send(
    after last: Int64, _ queries: AlertQueries, _ actor: Actor, _ writer: inout any ResponseBodyWriter
  ) async throws -> Int64 {
    var sent = last
    for alert in try await queries.list(after: last, for: actor) {
      let data = String(decoding: alert.json.canonicalBytes, as: UTF8.self)
      try await writer.write(ByteBuffer(string: "id: \(alert.id.number)\nevent: alert\ndata: \(data)\n\n"))
      sent = alert.id.number
    }
    return sent
  }
}

extension HTTPField.Name {
  /// `Last-Event-ID`.
  fileprivate static let lastEventID = HTTPField.Name("Last-Event-ID") ?? .ifNoneMatch
}

extension Problem {
  /// A refusal of alerting.
  package init(_ error: AlertingError) {
    switch error {
    case .noAlert: self = .notFound
    case .notAllowed: self = .forbidden
    case .alreadyDecided:
      self.init(
        .conflict, "already-decided", "A person has decided on this alert before", "该预警此前已有人作出决定")
    case .trialRuns:
      self.init(
        .serviceUnavailable, "trial-runs", "Another trial of settings runs; try again when it has ended",
        "另一次设置试算正在进行，请稍后重试")
    case .malformedCursor: self = .field("cursor", "is not a cursor of this list")
    case .overtaken: self = .internal
    case .ledger(let error): self.init(error)
    }
  }

  /// Evidence that cannot be made.
  package init(_ error: EvidenceMakerError) {
    switch error {
    case .noAlert: self = .notFound
    case .notYetLogged:
      self.init(
        .serviceUnavailable, "not-yet-logged", "The alert is not in the signed log yet; try again in a second",
        "预警尚未写入签名日志，请稍后重试")
    case .evidence: self = .internal
    case .ledger(let error): self.init(error)
    }
  }
}
