import Hummingbird
import Ledger
import Server
import Spreadsheets
import TransparencyLog

/// Setting up: the steps of a new installation, how the service stands, and what was done.
enum SetupPages {
  private static let readers: [Role] = [.issuer, .compliance, .auditor]
  /// Letters of an event's content that the audit trail shows at once; all of it is a click away.
  private static let contentMax = 240

  static let pages: [Page] =
    [
      .get("/console/setup", .roles(readers), overview),
      .get("/console/setup/health", .roles([.auditor]), health),
      .get("/console/setup/audit", .roles([.auditor]), audit),
    ] + Page.exports("/console/setup/audit", .roles([.auditor]), exportAudit)

  /// The first-run steps: what is there already, and where to go for the rest.
  private static func overview(_ visit: Visit) async throws -> Response {
    let role = try visit.actor().role
    var steps: [[String: Any]] = []
    for register in Register.all where role == .admin || register.readers.contains(role) {
      let items = try await visit.api(.get, register.api, Query([("limit", "1000")]))["items"]?.array ?? []
      // Whoever made the installation is the first user and has the first key.
      let isDone = items.count > (register.isImportable ? 0 : 1)
      steps.append([
        "href": "/console/setup/" + register.slug, "title": visit.t("reg_" + register.slug),
        "text": visit.t("regText_" + register.slug), "isDone": isDone, "number": steps.count + 1,
        "isNext": !isDone && steps.allSatisfy { $0["isDone"] as? Bool == true },
        "count": items.count == 1000 ? "1000+" : String(items.count),
      ])
    }
    var values: [String: Any] = ["steps": steps, "isNew": steps.contains { $0["isDone"] as? Bool == false }]
    if [.admin, .auditor].contains(role) { values["canAudit"] = true }
    if [.admin, .issuer].contains(role) { values["canIssue"] = true }
    return visit.html("setup", title: visit.t("setup"), values)
  }

  private static func health(_ visit: Visit) async throws -> Response {
    // What is not ready says why with a 503.
    let ready = try await visit.api(.get, "/readyz", taking: .serviceUnavailable)
    let names = [
      "status", "database", "writer", "log", "events", "eventsNotInLog", "logBehindSeconds", "checkpointAgeSeconds",
    ]
    var rows: [[String: Any]] = names.map { name in
      var value = ready[name]?.int.map(Format.number) ?? ready[name]?.cell ?? "–"
      if name == "log", value == "rolledBackOrForked" { value = visit.t("health_rolledBackOrForked") }
      let word = "healthWord_" + value
      return ["label": visit.t("health_" + name), "value": visit.site.phrases.has(word) ? visit.t(word) : value]
    }
    for (list, name) in [("timeStamps", "authority"), ("witnesses", "witness")] {
      for item in ready[list]?.array ?? [] {
        rows.append([
          "label": visit.t("health_" + list) + " " + (item[name]?.string ?? ""), "value": attestation(item, visit),
        ])
      }
    }
    return visit.html(
      "health", title: visit.t("health"),
      ["rows": rows, "isReady": ready["status"]?.string == "ready"])
  }

  /// How far an authority or a witness came, and what is wrong with it.
  private static func attestation(_ item: JSONValue, _ visit: Visit) -> String {
    let age = ["size": item["size"]?.cell ?? "–", "age": item["ageSeconds"]?.cell ?? "–"]
    var text = visit.t("health_age", age)
    if item["state"]?.string == "rolledBackOrForked" { text += " · " + visit.t("health_rolledBackOrForked") }
    if let failures = item["failures"]?.int, failures > 0 {
      let failing = [
        "failures": String(failures), "error": reason(item["lastError"]?.string ?? "", visit),
        "next": item["nextTryInSeconds"]?.cell ?? "–",
      ]
      text += " · " + visit.t("health_failing", failing)
    }
    return text
  }

  private static func reason(_ error: String, _ visit: Visit) -> String {
    let parts = error.split(separator: " ")
    return visit.t("health_error_" + (parts.first ?? "unreachable"), ["status": String(parts.last ?? "")])
  }

  private static func audit(_ visit: Visit) async throws -> Response {
    var query = Query([("limit", "50")]).setting("cursor", visit.query["cursor"])
    if let kind = visit.query["kind"] { query = query.setting("kind", kind) }
    let page = try await visit.api(.get, "/v1/events", query)
    let rows = (page["items"]?.array ?? []).map { event in
      let data = readable(event["data"] ?? .null, visit)
      let (key, role) = (event["by"]?["key"]?.int ?? 0, event["by"]?["role"]?.string ?? "admin")
      return [
        "event": event["event"]?.int ?? 0, "at": visit.time(event["at"]?.string),
        "kind": visit.t("event_" + (event["kind"]?.string ?? "")),
        "who": visit.t(key == 0 && role == "admin" ? "bySystem" : "role_" + role),
        "key": key > 0 ? visit.t("byKey", ["n": String(key)]) : "",
        "start": data.count > contentMax ? data.prefix(contentMax) + "…" : data,
        "data": data.count > contentMax ? data : false,
      ] as [String: Any]
    }
    var values: [String: Any] = [
      "rows": rows,
      "exports": visit.exports("/console/setup/audit", Query().setting("kind", visit.query["kind"])),
      "kinds": EventKind.allCases.map {
        [
          "value": $0.rawValue, "label": visit.t("event_" + $0.rawValue),
          "isChosen": visit.query["kind"] == $0.rawValue,
        ]
          as [String: Any]
      },
    ]
    if let next = page["next"]?.string {
      values["nextHref"] = "/console/setup/audit?" + query.setting("cursor", next).setting("limit", nil).text
    }
    return visit.html("audit", title: visit.t("audit"), values)
  }

  /// What an event holds, as people read it: no empty members, one language, times of the clock on the wall.
  private static func readable(_ value: JSONValue, _ visit: Visit) -> String {
    switch value {
    case .string(let text): Timestamp(rfc3339: text).map(visit.time) ?? text
    case .array(let values):
      values.map { readable($0, visit) }.filter { !$0.isEmpty }.joined(separator: visit.t("comma"))
    case .object(let members) where members["amount"] != nil && members["currency"] != nil: visit.money(value)
    case .object(let members):
      if let said = members[visit.language.rawValue], members.count == 2, members["zh"] != nil, members["en"] != nil {
        readable(said, visit)
      } else {
        members.sorted { $0.key < $1.key }.compactMap { name, value in
          let text = readable(value, visit)
          let label = "member_" + name
          return text.isEmpty ? nil : (visit.site.phrases.has(label) ? visit.t(label) : name) + visit.t("colon") + text
        }.joined(separator: visit.t("semicolon"))
      }
    default: value.cell
    }
  }

  private static func exportAudit(_ visit: Visit) async throws -> Export {
    let rows = try await visit.rows("/v1/events", Query().setting("kind", visit.query["kind"])) { event in
      [
        Table.Cell(count: event["event"]), Table.Cell(time: event["at"]),
        Table.Cell(visit.t("event_" + (event["kind"]?.string ?? ""))),
        Table.Cell(visit.t("role_" + (event["by"]?["role"]?.string ?? "admin"))),
        Table.Cell(count: event["by"]?["key"]), Table.Cell(event["data"]?.cell),
      ]
    }
    let heads = ["col_event", "col_at", "eventKind", "who", "keyNumber", "content"]
    return Export(name: "yima-audit", title: "audit", table: Table(heads: heads.map { visit.t($0) }, rows: rows))
  }
}
