import Hummingbird
import Ledger
import Server
import Spreadsheets
import TransparencyLog

/// Cases: the list, and one case with its course and the steps that may follow. Which step is possible when, the API
/// says.
enum CasePages {
  private static let readers: Page.Audience = .roles([.compliance, .auditor, .inspector])

  static let pages: [Page] =
    [
      .get("/console/cases", readers, list),
      .get("/console/cases/{id}", readers) { visit in try await show(visit) },
      .post("/console/cases/{id}/{step}", .roles([.compliance]), take),
    ] + Page.exports("/console/cases", readers, export)

  static let states = ["open", "notified", "answered", "decided", "penalty", "appeal", "closed"]
  private static let outcomes = ["confirmed", "ordinaryTransfer", "dataError", "falseAlarm", "undecidable"]
  private static let outcome = Field("outcome", "outcome", .choice(outcomes, prefix: "decision"), isRequired: true)
  private static let reason = Field("reason", "reason", .longText, isRequired: true)

  /// The steps that compliance takes, each with its form, and the states in which it is offered.
  static let steps: [(name: String, form: Form, states: Set<String>)] = [
    (
      "notifications",
      Form(fields: [
        Field("text", "noticeText", .longText, isRequired: true, hint: "noticeHint"),
        Field("answerUntil", "answerUntil", .moment),
      ]), ["open"]
    ),
    ("proposals", Form(fields: [outcome, reason]), ["open", "notified", "answered"]),
    (
      "decisions",
      Form(fields: [
        outcome, reason,
        Field(
          "proof.kind", "proofKind",
          .choice(["inspectorVisit", "purchaseReceipt", "dispatchRecord", "admission"], prefix: "proof")),
        Field("proof.event", "proofEvent", .integer, hint: "proofHint"),
      ]), ["open", "notified", "answered"]
    ),
    (
      "penalties",
      Form(fields: [
        Field(
          "kind", "penaltyKind",
          .choice(["warning", "deposit", "rebate", "supplyLimit", "termination"], prefix: "penalty"), isRequired: true),
        Field("amount.amount", "amount", .decimal), Field("terms", "terms", .longText),
        Field("until", "until", .moment),
      ]), ["decided", "penalty"]
    ),
    (
      "appeal-decisions",
      Form(fields: [
        Field("result", "appealResult", .choice(["rejected", "upheld"], prefix: "appeal"), isRequired: true),
        Field("outcome", "outcome", .choice(outcomes, prefix: "decision")), reason,
      ]), ["appeal"]
    ),
    ("closings", Form(fields: [reason]), ["decided", "penalty", "answered", "appeal"]),
    (
      "assignments", Form(fields: [Field("key", "assigneeKey", .integer, isRequired: true)]),
      Set(states).subtracting(["closed"])
    ),
    ("alerts", Form(fields: [Field("alert", "alert", isRequired: true)]), ["open", "notified", "answered"]),
  ]

  /// The filters of the address.
  private static func asked(_ visit: Visit) -> Query {
    var query = Query()
    for name in ["state", "dealer", "overdue"] {
      if let value = visit.query[name] { query = query.setting(name, value) }
    }
    return query
  }

  private static func list(_ visit: Visit) async throws -> Response {
    let query = asked(visit)
    let page = try await visit.api(
      .get, "/v1/cases", query.setting("limit", "50").setting("cursor", visit.query["cursor"]))
    let dealers = try await visit.dealers()
    let rows = (page["items"]?.array ?? []).map { row($0, visit, dealers) }
    var values: [String: Any] = [
      "rows": rows, "exports": visit.exports("/console/cases", query), "askedDealer": query["dealer"] ?? "",
      "isOverdue": query["overdue"] == "true",
      "states": states.map {
        ["value": $0, "label": visit.t("case_" + $0), "isChosen": query["state"] == $0] as [String: Any]
      },
    ]
    if let next = page["next"]?.string { values["nextHref"] = "/console/cases?" + query.setting("cursor", next).text }
    return visit.html("cases", title: visit.t("cases"), values)
  }

  private static func export(_ visit: Visit) async throws -> Export {
    let dealers = try await visit.dealers()
    let heads = [
      "case", "kindHead", "state", "overdue", "dealer", "name", "region", "alerts", "outcome", "due", "opened",
    ]
    let rows = try await visit.rows("/v1/cases", asked(visit)) { file -> [Table.Cell] in
      let row = row(file, visit, dealers)
      let word = { (name: String) in Table.Cell(row[name] as? String) }
      return [word("id"), word("kind"), word("state"), file["overdue"]?.bool == true ? .text("✓") : .empty]
        + [word("dealer"), word("dealerName"), word("region"), .whole(Int64(row["alertCount"] as? Int ?? 0))]
        + [word("outcome"), Table.Cell(time: file["dueAt"]), Table.Cell(time: file["openedAt"])]
    }
    return Export(name: "yima-cases", title: "cases", table: Table(heads: heads.map { visit.t($0) }, rows: rows))
  }

  private static func row(_ file: JSONValue, _ visit: Visit, _ dealers: [String: String]) -> [String: Any] {
    var row: [String: Any] = [
      "id": file["id"]?.string ?? "", "kind": visit.t("kind_" + (file["kind"]?.string ?? "")),
      "state": visit.t("case_" + (file["state"]?.string ?? "")), "opened": visit.time(file["openedAt"]?.string),
      "alerts": (file["alerts"]?.array ?? []).map { ["id": $0.string ?? ""] },
      "alertCount": file["alerts"]?.array?.count ?? 0, "isOverdue": file["overdue"]?.bool ?? false,
      "dealer": false, "dealerName": "", "outcome": false, "due": false, "region": false, "assignee": false,
    ]
    if let dealer = file["dealer"]?.string {
      row["dealer"] = dealer
      row["dealerName"] = dealers[dealer] ?? ""
    }
    if let outcome = file["outcome"]?.string { row["outcome"] = visit.t("decision_" + outcome) }
    if let due = file["dueAt"]?.string { row["due"] = visit.time(due) }
    if let region = file["region"]?.string { row["region"] = visit.region(region) }
    return row
  }

  private static func show(
    _ visit: Visit, open: String? = nil, typed: [String: String] = [:], errors: [String: String] = [:],
    error: String? = nil, status: HTTPResponse.Status = .ok
  ) async throws -> Response {
    let id = Query.escape(try visit.path("id"))
    let file = try await visit.api(.get, "/v1/cases/\(id)")
    var values = row(file, visit, try await visit.dealers())
    let state = file["state"]?.string ?? ""
    let workers = try await visit.api(.get, "/v1/workers")["items"]?.array ?? []
    let names = Dictionary(
      workers.map { ($0["key"]?.int ?? 0, name(of: $0, visit)) }, uniquingKeysWith: { first, _ in first })
    if let assignee = file["assignee"]?.int { values["assignee"] = names[assignee] ?? "\(assignee)" }
    values["moments"] = (file["steps"]?.array ?? []).map { moment($0, names, visit) }
    values["penalties"] = (file["penalties"]?.array ?? []).map { penalty in
      let parts = [
        visit.t("penalty_" + (penalty["kind"]?.string ?? "")), penalty["amount"].map(visit.money) ?? "",
        penalty["terms"]?.string ?? "", visit.time(penalty["until"]?.string),
      ]
      return [
        "what": parts.filter { !$0.isEmpty }.joined(separator: " · "),
        "isReversed": penalty["reversed"]?.bool ?? false,
      ] as [String: Any]
    }
    values["attachments"] = (file["attachments"]?.array ?? []).map { attachment in
      [
        "name": attachment["name"]?.string ?? "", "bytes": Format.number(attachment["bytes"]?.int ?? 0),
        "hash": attachment["sha256"]?.string ?? "", "event": attachment["event"]?.int ?? 0,
        "purpose": attachment["purpose"]?.string ?? "",
      ] as [String: Any]
    }
    if [.admin, .compliance].contains(try visit.actor().role) {
      let assignees = workers.filter { $0["active"]?.bool == true }.map { worker in
        Option(value: worker["key"]?.cell ?? "", label: name(of: worker, visit))
      }
      values["forms"] = steps.filter { $0.states.contains(state) || $0.name == open }.map { step in
        [
          "step": step.name, "title": visit.t("step_" + step.name), "isOpen": step.name == open,
          "fields": step.form.values(
            visit, id: step.name, step.name == open ? typed : [:], errors: step.name == open ? errors : [:],
            options: step.name == "assignments" ? ["key": assignees] : [:]),
        ] as [String: Any]
      }
      values["canAttach"] = state != "closed"
    }
    if let error { values["error"] = error }
    return visit.html("case", title: visit.t("case") + " " + id, values, status: status)
  }

  /// Somebody who works on cases: by name and role, or by the key's number when it has no name.
  private static func name(of worker: JSONValue, _ visit: Visit) -> String {
    let name = worker["name"]?.string ?? ""
    let role = visit.t("role_" + (worker["role"]?.string ?? ""))
    return (name.isEmpty ? "#" + (worker["key"]?.cell ?? "") : name) + " · " + role
  }

  /// A step of the course: who, when, what was said.
  private static func moment(_ step: JSONValue, _ names: [Int64: String], _ visit: Visit) -> [String: Any] {
    var facts: [String] = []
    let data = step["data"] ?? [:]
    if let outcome = data["outcome"]?.string { facts.append(visit.t("decision_" + outcome)) }
    if let result = data["result"]?.string { facts.append(visit.t("appeal_" + result)) }
    if data["admits"]?.bool == true { facts.append(visit.t("proof_admission")) }
    for name in ["alert", "penalty", "alerts"] { if let value = data[name] { facts.append(value.cell) } }
    if let key = data["key"]?.int { facts.append("→ " + (names[key] ?? "#\(key)")) }
    let role = step["role"]?.string ?? ""
    var values: [String: Any] = [
      "title": visit.t("event_" + (step["kind"]?.string ?? "")), "at": visit.time(step["at"]?.string),
      "who": step["key"]?.int.flatMap { names[$0] } ?? visit.t("role_" + role), "isDealer": role == "dealer",
      "event": step["event"]?.int ?? 0, "facts": false, "text": false,
    ]
    if !facts.isEmpty { values["facts"] = facts.joined(separator: " · ") }
    if let text = step["text"]?.string, !text.isEmpty { values["text"] = text }
    return values
  }

  private static func take(_ visit: Visit) async throws -> Response {
    let (id, name) = (Query.escape(try visit.path("id")), try visit.path("step"))
    guard let step = steps.first(where: { $0.name == name }) else { throw Problem.notFound }
    let typed = step.form.typed(visit.form)
    do {
      var body = try step.form.body(typed)
      if let proof = body["proof"] {
        body["proofs"] = [proof]
        body["proof"] = nil
      }
      if body["amount"] != nil { body.set(["amount", "currency"], "CNY") }
      _ = try await visit.api(.post, "/v1/cases/\(id)/\(name)", Query(), body)
      return visit.redirect("/console/cases/\(id)", done: "stepTaken")
    } catch let faults as FormFaults {
      return try await show(
        visit, open: name, typed: typed, errors: faults.byField.mapValues { visit.t($0) },
        status: .unprocessableContent)
    } catch let problem as Problem {
      let field = step.form.field(of: problem)
      return try await show(
        visit, open: name, typed: typed, errors: field.map { [$0.name: visit.sentence(problem)] } ?? [:],
        error: field == nil ? visit.sentence(problem) : nil, status: problem.status)
    }
  }
}
