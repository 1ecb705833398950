import Hummingbird
import Ledger
import Server
import Spreadsheets
import TransparencyLog

/// The inbox of alerts, and one alert.
enum AlertPages {
  static let readers: Page.Audience = .roles([.compliance, .auditor, .inspector])
  static let workers: Page.Audience = .roles([.compliance])

  static let pages: [Page] =
    [
      .get("/console/alerts", readers) { visit in try await list(visit) },
      .post("/console/alerts/bulk", workers, bulk),
      .get("/console/alerts/{id}", readers) { visit in try await show(visit) },
      .post("/console/alerts/{id}/decisions", workers, decide),
    ] + Page.exports("/console/alerts", readers, export)

  static let kinds = ["diversion", "price", "clone", "forgery", "unsold", "registration", "missing", "burning"]
  static let statuses = ["open", "inCase", "closed"], severities = ["serious", "warning", "notice"]
  static let decisions = ["confirmed", "ordinaryTransfer", "dataError", "falseAlarm"]
  private static let filters = ["status", "kind", "severity", "dealer", "region", "gtin", "order"]
  /// Numbers that an alert's page shows at once; the others are a click away.
  private static let numbersFirst = 12

  /// The filters as the API takes them: those of the address, open ones and the most urgent first unless it says more.
  private static func asked(_ visit: Visit) -> Query {
    var query = Query()
    for name in filters {
      let value = visit.query[name] ?? (visit.query.pairs.contains { $0.name == name } ? nil : ["status": "open"][name])
      if let value { query = query.setting(name, value) }
    }
    return query["order"] == nil ? query.setting("order", "urgency") : query
  }

  private static func list(
    _ visit: Visit, error: String? = nil, status: HTTPResponse.Status = .ok
  ) async throws -> Response {
    let query = asked(visit)
    let page = try await visit.api(
      .get, "/v1/alerts", query.setting("limit", "50").setting("cursor", visit.query["cursor"]))
    let dealers = try await visit.dealers()
    func options(_ name: String, _ words: [String], _ prefix: String) -> [String: Any] {
      [
        "name": name, "label": visit.t("filter_" + name),
        "options": words.map {
          ["value": $0, "label": visit.t(prefix + "_" + $0), "isChosen": query[name] == $0] as [String: Any]
        },
      ]
    }
    var values: [String: Any] = [
      "rows": (page["items"]?.array ?? []).map { visit.alertRow($0, dealers) },
      "choices": [
        options("status", statuses, "status"), options("severity", severities, "severity"),
        options("kind", kinds, "kind"),
      ],
      "askedDealer": query["dealer"] ?? "", "askedRegion": query["region"] ?? "", "askedGtin": query["gtin"] ?? "",
      "isNewest": query["order"] == "newest", "exports": visit.exports("/console/alerts", query),
      "canWork": [.admin, .compliance].contains(try visit.actor().role), "back": query.text,
      "dealerList": dealers.sorted { $0.key < $1.key }.map { ["code": $0.key, "name": $0.value] },
      "decisions": decisions.map { ["value": $0, "label": visit.t("decision_" + $0)] },
    ]
    if let next = page["next"]?.string { values["nextHref"] = "/console/alerts?" + query.setting("cursor", next).text }
    if visit.query["cursor"] != nil { values["firstHref"] = "/console/alerts?" + query.text }
    if let error { values["error"] = error }
    return visit.html("alerts", title: visit.t("alerts"), values, status: status)
  }

  private static func export(_ visit: Visit) async throws -> Export {
    let heads = [
      "alert", "severityHead", "kindHead", "statusHead", "dealer", "region", "product", "valueAtRisk", "currency",
      "raised", "why",
    ]
    let rows = try await visit.rows("/v1/alerts", asked(visit)) { alert -> [Table.Cell] in
      let row = visit.alertRow(alert, [:])
      let cells = ["id", "severity", "kind", "status", "dealer", "region", "product"].map {
        Table.Cell(row[$0] as? String)
      }
      return cells + Table.Cell.money(alert["valueAtRisk"])
        + [Table.Cell(time: alert["raisedAt"]), Table.Cell(visit.both(alert["explanation"]))]
    }
    return Export(
      name: "yima-alerts", title: "alerts", table: Table(heads: heads.map { visit.t($0) }, rows: rows))
  }

  /// Opens one case of all that were chosen, or decides on each.
  private static func bulk(_ visit: Visit) async throws -> Response {
    let chosen = visit.form.all("alert")
    let back = "/console/alerts?" + (visit.form["back"] ?? "")
    guard !chosen.isEmpty else { return try await list(visit, error: visit.t("nothingChosen"), status: .badRequest) }
    do {
      if visit.form["action"] == "case" {
        let made = try await visit.api(
          .post, "/v1/cases", Query(), ["alerts": .array(chosen.map(JSONValue.string))])
        return visit.redirect("/console/cases/\(made["id"]?.string ?? "")", done: "caseOpened")
      }
      let body: JSONValue = [
        "decision": .string(visit.form["decision"] ?? ""), "reason": .string(visit.form["reason"] ?? ""),
      ]
      for alert in chosen { _ = try await visit.api(.post, "/v1/alerts/\(alert)/decisions", Query(), body) }
      return visit.redirect(back, done: "decided")
    } catch let problem as Problem {
      return try await list(visit, error: visit.sentence(problem), status: problem.status)
    }
  }

  private static func decide(_ visit: Visit) async throws -> Response {
    let id = try visit.path("id")
    do {
      let body: JSONValue = [
        "decision": .string(visit.form["decision"] ?? ""), "reason": .string(visit.form["reason"] ?? ""),
      ]
      _ = try await visit.api(.post, "/v1/alerts/\(Query.escape(id))/decisions", Query(), body)
      return visit.redirect("/console/alerts/\(id)", done: "decided")
    } catch let problem as Problem {
      return try await show(visit, refused: problem)
    }
  }

  /// - Parameter refused: what was wrong with the decision that was sent; it stays in the form.
  private static func show(_ visit: Visit, refused: Problem? = nil) async throws -> Response {
    let id = Query.escape(try visit.path("id"))
    let alert = try await visit.api(.get, "/v1/alerts/\(id)")
    let dealers = try await visit.dealers()
    var values = visit.alertRow(alert, dealers)
    let said = visit.said(alert)
    values["explanation"] = said.sentence
    values["rest"] = said.rest.isEmpty ? false : said.rest
    values["rule"] = alert["rule"]?.string ?? ""
    let numbers = AlertNumbers.rows(alert["numbers"], visit)
    values["numbers"] = Array(numbers.prefix(numbersFirst))
    values["moreNumbers"] = Array(numbers.dropFirst(numbersFirst))
    if let usual = try await AlertNorm.values(alert, visit) { values["usual"] = usual }
    values["canWork"] = [.admin, .compliance].contains(try visit.actor().role)
    values["decisions"] = decisions.map {
      ["value": $0, "label": visit.t("decision_" + $0), "isChosen": visit.form["decision"] == $0] as [String: Any]
    }
    values["typedReason"] = visit.form["reason"] ?? ""
    if let decision = alert["decision"], !decision.isNull {
      values["decision"] = [
        "what": visit.t("decision_" + (decision["decision"]?.string ?? "")), "at": visit.time(decision["at"]?.string),
        "reason": decision["reason"]?.string ?? "",
      ]
    }
    let story = try await AlertStory(alert, visit)
    values["steps"] = story.steps
    values["map"] = story.map.description
    if let code = alert["code"]?.string { values["code"] = code }
    values["similar"] = try await similar(alert, visit, dealers)
    if let refused { values[refused.pointer == "/reason" ? "reasonError" : "error"] = visit.sentence(refused) }
    return visit.html("alert", title: visit.t("alert") + " " + id, values, status: refused?.status ?? .ok)
  }

  private static func similar(
    _ alert: JSONValue, _ visit: Visit, _ dealers: [String: String]
  ) async throws -> [[String: Any]] {
    var query = Query([("limit", "6"), ("kind", alert["kind"]?.string ?? "")])
    if let dealer = alert["dealer"]?.string { query = query.setting("dealer", dealer) }
    let items = try await visit.api(.get, "/v1/alerts", query)["items"]?.array ?? []
    return items.filter { $0["id"] != alert["id"] }.prefix(5).map { visit.alertRow($0, dealers) }
  }
}
