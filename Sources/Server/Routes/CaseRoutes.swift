import Alerting
import Casework
import Hummingbird
import Ledger
import TransparencyLog

/// Cases: the human work on alerts, from opening to closing.
struct CaseRoutes {
  let casework: Casework
  let evidence: EvidenceMaker

  init(_ services: Services) {
    casework = services.casework
    evidence = EvidenceMaker(services.ledger)
  }

  private static let readers: Route.Access = .roles([.compliance, .auditor, .inspector, .dealer])
  private static let workers: Route.Access = .roles([.compliance])
  private static let dealer: Route.Access = .roles([.dealer])
  private static let id = Route.Parameter.path("id", "the case", "C1")
  private static let filters: [Route.Parameter] = [
    .query("state", "open, notified, answered, decided, penalty, appeal or closed", "open"),
    .query("dealer", "a dealer's code", "D001"),
    .query("overdue", "true: only those whose deadline has passed", "true"),
  ]

  var routes: [Route] {
    [
      Route(
        .get, "/v1/cases", Self.readers, "List cases, newest first", parameters: Self.filters + Example.paging,
        answers: [.json(Example.page(.object(CaseExample.summary)))], handle: list),
      Route(
        .post, "/v1/cases", Self.workers, "Open a case from alerts about one dealer",
        bodies: [.json(CaseExample.opening, required: ["alerts"])], status: 201, answers: [.json(CaseExample.whole)],
        failures: [409: []], handle: open),
      Route(
        .get, "/v1/cases/{id}", Self.readers, "A case with its course, penalties and attachments",
        parameters: [Self.id], answers: [.json(CaseExample.whole)], handle: show),
      Route(
        .get, "/v1/workers", .roles([.compliance, .auditor, .inspector]),
        "Who works on cases, or once did: the keys that steps and `assignee` name",
        answers: [.json(CaseExample.workers)], handle: listWorkers),
      step(
        "alerts", Self.workers, "Put a further alert into a case; a dealer who was told of it gets time anew to answer",
        CaseExample.alert, ["alert"], addAlert),
      step("assignments", Self.workers, "Give a case to somebody", CaseExample.assignment, ["key"], assign),
      step(
        "notifications", Self.workers, "Tell the dealer, who may answer until then (7 days unless said)",
        CaseExample.notification, ["text"], notify),
      step(
        "answers", Self.dealer, "The dealer answers, with counter-evidence among the attachments", CaseExample.answer,
        ["text"], answer),
      step(
        "proposals", Self.workers, "Propose a decision; another person decides", CaseExample.proposal,
        ["outcome", "reason"], propose),
      step(
        "decisions", Self.workers,
        "Decide, by another person than who opened or proposed; confirming needs a business proof beside scans",
        CaseExample.decision, ["outcome", "reason"], decide),
      step(
        "penalties", Self.workers, "Enter a penalty; a price alert is no ground for one", CaseExample.newPenalty,
        ["kind"], penalise),
      step(
        "appeals", Self.dealer,
        "The dealer appeals against a confirmed decision, once and in time; anew whenever a correction took away an alert",
        CaseExample.appeal, ["text"], appeal),
      step(
        "appeal-decisions", Self.workers, "Decide on the appeal, by a third person; upheld, penalties are taken back",
        CaseExample.appealDecision, ["result", "reason"], decideAppeal),
      step("closings", Self.workers, "Close a case and its alerts", CaseExample.closing, ["reason"], close),
    ] + files
  }

  /// A step answers the case as it is after it.
  private func step(
    _ name: String, _ access: Route.Access, _ summary: String, _ example: JSONValue, _ required: [String],
    _ take: @escaping @Sendable (CaseID, FieldReader, Actor) async throws -> Void
  ) -> Route {
    Route(
      .post, "/v1/cases/{id}/\(name)", access, summary, parameters: [Self.id],
      bodies: [.json(example, required: required)], status: 201, answers: [.json(CaseExample.whole)],
      failures: [409: []]
    ) { request, call in
      let id = try Self.id(call)
      let body = try await FieldReader(request, max: RequestLimits.caseMax)
      do {
        try await take(id, body, call.actor)
        let view = try await casework.view(id, for: call.actor)
        return .json(view.json(for: call.actor), status: .created)
      } catch let error as CaseError { throw Problem(error) }
    }
  }

  static func id(_ call: Call) throws -> CaseID {
    guard let id = CaseID(try call.path("id")) else { throw Problem.notFound }
    return id
  }

  private func list(_ request: Request, _ call: Call) async throws -> Response {
    let paging = try Paging(request)
    let parameters = request.uri.queryParameters
    var query = CaseQuery()
    query.state = try parameters["state"].map {
      try FieldReader(.string(String($0)), pointer: "state").word(CaseState.self)
    }
    query.dealer = parameters["dealer"].map(String.init)
    if let overdue = parameters["overdue"] {
      guard ["true", "false"].contains(overdue) else { throw Problem.field("overdue", "must be true or false") }
      query.isOverdue = overdue == "true"
    }
    let before = try paging.number(start: .max)
    do {
      let views = try await casework.list(query, before: before, limit: paging.limit, for: call.actor)
      return .json(
        paging.page(views.map { .object($0.summary(for: call.actor)) }, next: views.last.map { "\($0.row.id)" }))
    } catch { throw Problem(error) }
  }

  private func open(_ request: Request, _ call: Call) async throws -> Response {
    let alerts = try await FieldReader(request, max: RequestLimits.caseMax).required("alerts").alertNumbers()
    do {
      let id = try await casework.open(alerts: alerts, by: call.actor)
      return .json(try await casework.view(id, for: call.actor).json(for: call.actor), status: .created)
    } catch { throw Problem(error) }
  }

  private func show(_ request: Request, _ call: Call) async throws -> Response {
    do {
      return .json(try await casework.view(try Self.id(call), for: call.actor).json(for: call.actor))
    } catch let error as CaseError { throw Problem(error) }
  }

  private func listWorkers(_ request: Request, _ call: Call) async throws -> Response {
    do {
      let workers = try await casework.workers(for: call.actor)
      return .json(["items": .array(workers.map(\.json))])
    } catch { throw Problem(error) }
  }

  private func addAlert(_ id: CaseID, _ body: FieldReader, _ actor: Actor) async throws {
    try await casework.add(alert: try body.required("alert").alertNumber(), to: id, by: actor)
  }

  private func assign(_ id: CaseID, _ body: FieldReader, _ actor: Actor) async throws {
    try await casework.assign(id, to: try body.required("key").int(), by: actor)
  }

  private func notify(_ id: CaseID, _ body: FieldReader, _ actor: Actor) async throws {
    let until = try body.optional("answerUntil")?.time()
    try await casework.notify(id, text: try body.required("text").string(), until: until, by: actor)
  }

  private func answer(_ id: CaseID, _ body: FieldReader, _ actor: Actor) async throws {
    let admits = try body.optional("admits")?.bool() ?? false
    try await casework.answer(
      id, text: try body.required("text").string(), attachments: try body.hashes("attachments"), admits: admits,
      by: actor)
  }

  private func propose(_ id: CaseID, _ body: FieldReader, _ actor: Actor) async throws {
    let outcome = try body.required("outcome").word(CaseOutcome.self)
    try await casework.propose(id, outcome, reason: try body.required("reason").string(), by: actor)
  }

  private func decide(_ id: CaseID, _ body: FieldReader, _ actor: Actor) async throws {
    let outcome = try body.required("outcome").word(CaseOutcome.self)
    let proofs = try body.optional("proofs")?.array().map { proof in
      CaseProof(try proof.required("kind").word(ProofKind.self), event: try proof.required("event").int())
    }
    try await casework.decide(
      id, outcome, reason: try body.required("reason").string(), proofs: proofs ?? [], by: actor)
  }

  private func penalise(_ id: CaseID, _ body: FieldReader, _ actor: Actor) async throws {
    let penalty = NewPenalty(
      try body.required("kind").word(PenaltyKind.self), amount: try body.optional("amount")?.money(),
      terms: try body.optional("terms")?.string(), until: try body.optional("until")?.time())
    try await casework.penalise(id, penalty, alerts: try body.optional("alerts")?.alertNumbers(), by: actor)
  }

  private func appeal(_ id: CaseID, _ body: FieldReader, _ actor: Actor) async throws {
    try await casework.appeal(
      id, text: try body.required("text").string(), attachments: try body.hashes("attachments"), by: actor)
  }

  private func decideAppeal(_ id: CaseID, _ body: FieldReader, _ actor: Actor) async throws {
    let result = try body.required("result").word(AppealOutcome.self)
    let outcome = try body.optional("outcome")?.word(CaseOutcome.self)
    try await casework.decideAppeal(
      id, result, outcome: outcome, reason: try body.required("reason").string(), by: actor)
  }

  private func close(_ id: CaseID, _ body: FieldReader, _ actor: Actor) async throws {
    try await casework.close(id, reason: try body.required("reason").string(), by: actor)
  }
}

extension RequestLimits {
  /// Bytes of a step of a case.
  static let caseMax = 256 * 1024
}

extension FieldReader {
  /// Itself as the id of an alert.
  fileprivate func alertNumber() throws -> Int64 {
    let text = try string()
    guard text.hasPrefix("A"), let number = Int64(text.dropFirst()), "A\(number)" == text else {
      throw Problem.field(pointer, "must be an alert such as A12")
    }
    return number
  }

  /// Itself as a list of alerts.
  fileprivate func alertNumbers() throws -> [Int64] { try array().map { try $0.alertNumber() } }

  /// Itself as a truth value.
  fileprivate func bool() throws -> Bool {
    guard let bool = value.bool else { throw Problem.field(pointer, "must be true or false") }
    return bool
  }

  /// A list of SHA-256 hashes; empty when absent.
  fileprivate func hashes(_ name: String) throws -> [Digest32] {
    try (optional(name)?.array() ?? []).map { field in
      guard let hash = Digest32(hex: try field.string()) else {
        throw Problem.field(field.pointer, "must be a SHA-256 in 64 lower-case hexadecimal digits")
      }
      return hash
    }
  }
}
