import Hummingbird
import Ledger
import Server
import Spreadsheets
import TransparencyLog

/// A dealer's own alerts and cases, with answer and appeal.
enum PortalCasePages {
  static let pages: [Page] =
    [
      .get("/portal/alerts", .roles([.dealer]), alerts),
      .get("/portal/alerts/{id}", .roles([.dealer]), alert),
      .get("/portal/cases", .roles([.dealer]), cases),
      .get("/portal/cases/{id}", .roles([.dealer])) { visit in try await file(visit) },
      .post("/portal/cases/{id}/answers", .roles([.dealer])) { visit in try await state(visit, "answers", "answered") },
      .post("/portal/cases/{id}/appeals", .roles([.dealer])) { visit in try await state(visit, "appeals", "appealed") },
    ] + Page.exports("/portal/alerts", .roles([.dealer]), exportAlerts)
    + Page.exports("/portal/cases", .roles([.dealer]), exportCases)

  private static func alerts(_ visit: Visit) async throws -> Response {
    try await list(visit, "/v1/alerts", "portalAlerts", none: "noAlerts", intro: "alertIntro") { alert in
      let place = visit.region(alert["region"]?.string)
      return (
        visit.kind(alert),
        [visit.time(alert["raisedAt"]?.string), place].filter { !$0.isEmpty }.joined(separator: " · ")
      )
    }
  }

  private static func cases(_ visit: Visit) async throws -> Response {
    try await list(visit, "/v1/cases", "portalCases", none: "noCases", intro: nil) { file in
      let due = file["dueAt"]?.string.map { visit.t("dueAt") + " " + visit.time($0) }
      let state = visit.t("caseState_" + (file["state"]?.string ?? ""))
      return (
        visit.kind(file),
        [state, visit.time(file["openedAt"]?.string), due ?? ""].filter { !$0.isEmpty }
          .joined(separator: " · ")
      )
    }
  }

  private static func exportAlerts(_ visit: Visit) async throws -> Export {
    let rows = try await visit.rows("/v1/alerts") { alert -> [Table.Cell] in
      [
        Table.Cell(alert["id"]?.string), Table.Cell(visit.kind(alert)), Table.Cell(time: alert["raisedAt"]),
        Table.Cell(visit.region(alert["region"]?.string)),
      ]
    }
    let heads = ["alert", "kindHead", "raised", "region"].map { visit.t($0) }
    return Export(name: "yima-alerts", title: "portalAlerts", table: Table(heads: heads, rows: rows))
  }

  private static func exportCases(_ visit: Visit) async throws -> Export {
    let rows = try await visit.rows("/v1/cases") { file -> [Table.Cell] in
      [
        Table.Cell(file["id"]?.string), Table.Cell(visit.kind(file)),
        Table.Cell(visit.t("caseState_" + (file["state"]?.string ?? ""))), Table.Cell(time: file["openedAt"]),
        Table.Cell(time: file["dueAt"]),
      ]
    }
    let heads = ["case", "kindHead", "state", "opened", "dueAt"].map { visit.t($0) }
    return Export(name: "yima-cases", title: "portalCases", table: Table(heads: heads, rows: rows))
  }

  private static func list(
    _ visit: Visit, _ path: String, _ title: String, none: String, intro: String?,
    _ words: (JSONValue) -> (what: String, detail: String)
  ) async throws -> Response {
    let query = Query([("limit", "50")]).setting("cursor", visit.query["cursor"])
    let page = try await visit.api(.get, path, query)
    let rows = (page["items"]?.array ?? []).map { item -> [String: Any] in
      let (id, row) = (item["id"]?.string ?? "", words(item))
      return [
        "id": id, "what": row.what, "detail": row.detail,
        "href": path.replacing("/v1/", with: "/portal/") + "/" + Query.escape(id),
      ]
    }
    var values: [String: Any] = [
      "rows": rows, "none": visit.t(none), "exports": visit.exports(path.replacing("/v1/", with: "/portal/")),
    ]
    if let intro { values["intro"] = visit.t(intro) }
    if let next = page["next"]?.string { values["next"] = visit.request.uri.path + "?cursor=" + Query.escape(next) }
    return visit.html("portal-list", title: visit.t(title), values)
  }

  private static func alert(_ visit: Visit) async throws -> Response {
    let alert = try await visit.api(.get, "/v1/alerts/" + Query.escape(try visit.path("id")))
    let id = alert["id"]?.string ?? ""
    let scans = (alert["scans"]?.array ?? []).map { scan in
      [
        "at": visit.time(scan["at"]?.string),
        "place": visit.region(scan["data"]?["place"]?["region"]?.string),
      ]
    }
    return visit.html(
      "portal-alert", title: "\(id) · \(visit.kind(alert))",
      ["id": id, "kind": visit.kind(alert), "explanation": visit.said(alert).sentence, "scans": scans])
  }

  private static func file(
    _ visit: Visit, text: String? = nil, refused: Problem? = nil
  ) async throws -> Response {
    let file = try await visit.api(.get, "/v1/cases/" + Query.escape(try visit.path("id")))
    let id = file["id"]?.string ?? ""
    let penalties = (file["penalties"]?.array ?? []).map { ["what": visit.penalty($0)] }
    let attachments = (file["attachments"]?.array ?? []).map { attachment in
      [
        "name": attachment["name"]?.string ?? "",
        "href": "/v1/cases/\(id)/attachments/\(attachment["sha256"]?.string ?? "")",
      ]
    }
    var values: [String: Any] = [
      "id": id, "kind": visit.kind(file), "state": visit.t("caseState_" + (file["state"]?.string ?? "")),
      "opened": visit.time(file["openedAt"]?.string), "alerts": (file["alerts"]?.array ?? []).compactMap(\.string),
      "steps": (file["steps"]?.array ?? []).map { visit.step($0) }, "penalties": penalties,
      "hasPenalties": !penalties.isEmpty, "attachments": attachments, "hasAttachments": !attachments.isEmpty,
    ]
    if let due = file["dueAt"]?.string { values["due"] = visit.time(due) }
    if let outcome = file["outcome"]?.string { values["outcome"] = visit.t("outcome_" + outcome) }
    let isText = refused?.pointer == "/text"
    if let refused, !isText { values["error"] = visit.sentence(refused) }
    if let statement = Self.statement(visit, file) {
      var filled = statement.merging(["case": id, "text": text ?? ""]) { own, _ in own }
      if let refused, isText { filled["textError"] = visit.sentence(refused) }
      values["statement"] = filled
    }
    return visit.html(
      "portal-case", title: "\(id) · \(visit.kind(file))", values, status: refused?.status ?? .ok)
  }

  /// What the dealer may say now: an answer when it was told, an appeal against what was confirmed.
  private static func statement(_ visit: Visit, _ file: JSONValue) -> [String: Any]? {
    switch file["state"]?.string {
    case "notified", "answered":
      [
        "title": visit.t("yourAnswer"), "label": visit.t("answerText"), "send": visit.t("sendAnswer"),
        "action": "answers", "canAdmit": true,
      ]
    case _ where file["mayAppeal"] == true:
      [
        "title": visit.t("yourAppeal"), "label": visit.t("appealText"), "send": visit.t("sendAppeal"),
        "action": "appeals", "canAdmit": false,
      ]
    default: nil
    }
  }

  private static func state(_ visit: Visit, _ call: String, _ done: String) async throws -> Response {
    let id = try visit.path("id")
    let text = visit.form["text"] ?? ""
    var body: [String: JSONValue] = [
      "text": .string(text), "attachments": .array(visit.form.all("attachment").map(JSONValue.string)),
    ]
    if call == "answers" { body["admits"] = .bool(visit.form["admits"] != nil) }
    do {
      _ = try await visit.api(.post, "/v1/cases/\(Query.escape(id))/\(call)", Query(), .object(body))
      return visit.redirect("/portal/cases/\(Query.escape(id))", done: done)
    } catch let problem as Problem {
      return try await file(visit, text: text, refused: problem)
    }
  }
}

extension Visit {
  fileprivate func kind(_ subject: JSONValue) -> String { t("portalKind_" + (subject["kind"]?.string ?? "")) }

  fileprivate func step(_ step: JSONValue) -> [String: Any] {
    var values: [String: Any] = [
      "what": t("step_" + (step["kind"]?.string ?? "")), "at": time(step["at"]?.string),
    ]
    if let text = step["text"]?.string { values["text"] = text }
    return values
  }

  fileprivate func penalty(_ penalty: JSONValue) -> String {
    var parts = [t("portalPenalty_" + (penalty["kind"]?.string ?? "")), penalty["amount"].map(money) ?? ""]
    parts.append(penalty["terms"]?.string ?? "")
    if penalty["reversed"] == JSONValue.bool(true) { parts.append(t("penaltyReversed")) }
    return parts.filter { !$0.isEmpty }.joined(separator: " · ")
  }
}
