import Alerting
import Detection
import Hummingbird
import Ledger
import TransparencyLog

/// How alerts are found: compliance's settings, what another setting would have found, and decisions to learn from.
struct DetectionRoutes {
  private let desk: DetectionDesk
  private let trial: DetectionTrial

  init(_ services: Services) {
    desk = DetectionDesk(services.ledger)
    trial = DetectionTrial(services.ledger)
  }

  private static let settings: JSONValue = [
    "acceptedFalseShare": 0.05, "market": "china",
    "whitelist": [
      [
        "reason": "borderTrade", "dealer": "D001", "region": "360300", "from": "2026-09-01T00:00:00Z",
        "until": "2027-01-01T00:00:00Z",
      ]
    ],
  ]
  private static let report: JSONValue = {
    var report = settings
    report["decisions"] = [
      [
        "kind": "diversion", "rule": "detection-diversion/1", "confirmed": 3, "ordinaryTransfer": 1, "dataError": 0,
        "falseAlarm": 0,
        "precision": 0.75,
      ]
    ]
    return report
  }()
  private static let trialAnswer: JSONValue = [
    "events": 240_000, "alerts": [["kind": "diversion", "asSet": 12, "whatIf": 9, "both": 8]], "confirmed": 3,
    "confirmedMissed": ["A12"],
  ]
  private static let decided: JSONValue = {
    var alert = AlertRoutes.example
    alert["status"] = "closed"
    alert["decision"] = [
      "at": "2026-09-11T08:00:00Z", "by": "compliance", "decision": "confirmed", "event": 42,
      "reason": "purchase record of the shop",
    ]
    return alert
  }()

  var routes: [Route] {
    [
      Route(
        .get, "/v1/detection/settings", .roles([.compliance, .auditor]),
        "The settings of detection, and what people decided on the alerts of each rule",
        answers: [.json(Self.report)], handle: show),
      Route(
        .put, "/v1/detection/settings", .roles([.compliance]),
        "Choose the accepted share of false alerts, the law that applies, and exceptions with dates",
        bodies: [.json(Self.settings, required: ["acceptedFalseShare"])], answers: [.json(Self.settings)],
        handle: choose),
      Route(
        .post, "/v1/detection/what-if", .roles([.compliance]),
        "What other settings would have raised over the history, and which confirmed alerts they would have missed",
        bodies: [.json(Self.settings, required: ["acceptedFalseShare"])], answers: [.json(Self.trialAnswer)],
        failures: [503: []], handle: tryOut),
      Route(
        .post, "/v1/alerts/{id}/decisions", .roles([.compliance]),
        "Decide on an alert: it is closed, and the detection learns from it",
        parameters: [.path("id", "the alert", "A1")],
        bodies: [
          .json(
            ["decision": "confirmed", "reason": "purchase record of the shop"], required: ["decision", "reason"])
        ], status: 201, answers: [.json(Self.decided)], failures: [409: []], handle: decide),
    ]
  }

  private func show(_ request: Request, _ call: Call) async throws -> Response {
    do {
      var report = try await desk.choice().json
      report["decisions"] = try await desk.record()
      return .json(report)
    } catch { throw Problem(error) }
  }

  private func choose(_ request: Request, _ call: Call) async throws -> Response {
    let choice = try Self.choice(try await FieldReader(request))
    do { try await desk.choose(choice, by: call.actor) } catch { throw Problem(error) }
    return .json(choice.json)
  }

  private func tryOut(_ request: Request, _ call: Call) async throws -> Response {
    let choice = try Self.choice(try await FieldReader(request))
    do { return .json(try await trial.run(choice)) } catch { throw Problem(error) }
  }

  private func decide(_ request: Request, _ call: Call) async throws -> Response {
    guard let id = AlertID(try call.path("id")) else { throw Problem.notFound }
    let body = try await FieldReader(request)
    let decision = try body.required("decision").word(Decision.self)
    let field = try body.required("reason")
    let reason = try field.string()
    guard !reason.allSatisfy(\.isWhitespace), reason.count <= DetectionDesk.reasonMax else {
      throw Problem.field(field.pointer, "must have 1 to \(DetectionDesk.reasonMax) characters")
    }
    do {
      return .json(try await desk.decide(id, decision, reason: reason, by: call.actor).json, status: .created)
    } catch { throw Problem(error) }
  }

  /// What is left out is as by default.
  private static func choice(_ body: FieldReader) throws -> DetectionChoice {
    var choice = DetectionChoice()
    let share = try body.required("acceptedFalseShare")
    choice.acceptedFalseShare = try share.double()
    guard DetectionChoice.shares.contains(choice.acceptedFalseShare) else {
      throw Problem.field(
        share.pointer,
        "must be from \(DetectionChoice.shares.lowerBound) to \(DetectionChoice.shares.upperBound)")
    }
    choice.market = try body.optional("market")?.word(DetectionSettings.Market.self) ?? .china
    if let list = body.optional("whitelist") {
      let entries = try list.array()
      guard entries.count <= DetectionChoice.whitelistMax else {
        throw Problem.field(list.pointer, "has more than \(DetectionChoice.whitelistMax) exceptions")
      }
      choice.whitelist = try entries.map(exception)
    }
    return choice
  }

  private static func exception(_ entry: FieldReader) throws -> DetectionChoice.Exception {
    let entry = try entry.object()
    let exception = DetectionChoice.Exception(
      try entry.required("reason").word(DetectionSettings.Exception.Reason.self),
      dealer: try entry.optional("dealer")?.string(), region: try entry.optional("region")?.region(),
      dispatch: try entry.optional("dispatch")?.int(), from: try entry.required("from").time(),
      until: try entry.required("until").time())
    guard exception.from < exception.until else {
      throw Problem.field(entry.pointer("until"), "must be later than from")
    }
    return exception
  }
}
