import Hummingbird
import Ledger
import Notifying
import Server
import TransparencyLog

/// Webhooks: which other systems are told, and what was sent to each.
enum WebhookPages {
  private static let base = "/console/setup/webhooks"
  private static let readers = Page.Audience.roles([.auditor]), writers = Page.Audience.roles([])

  static let pages: [Page] = [
    .get(base, readers) { visit in try await list(visit) },
    .post(base, writers, add),
    .get(base + "/{id}", readers) { visit in try await show(visit) },
    .post(base + "/{id}", writers, change),
    .post(base + "/{id}/state", writers, setState),
    .post(base + "/{id}/test", writers, test),
    .post(base + "/{id}/secret", writers, rotate),
    .post(base + "/{id}/delete", writers) { visit in
      _ = try await visit.api(.delete, try api(visit))
      return visit.redirect(base, done: "webhookRemoved")
    },
    .post(base + "/{id}/deliveries/{n}/retry", writers, retry),
  ]

  private static func api(_ visit: Visit) throws -> String { "/v1/webhooks/" + Query.escape(try visit.path("id")) }

  private static func address(_ visit: Visit) throws -> String { base + "/" + Query.escape(try visit.path("id")) }

  private static func list(
    _ visit: Visit, typed: JSONValue? = nil, problem: Problem? = nil
  ) async throws -> Response {
    let page = try await visit.api(.get, "/v1/webhooks", Query([("limit", "1000")]))
    let items = page["items"]?.array ?? []
    var values: [String: Any] = [
      "rows": items.map { item -> [String: Any] in
        var row = facts(item, visit)
        row["types"] = types(item).map { visit.t("webhookType_" + $0) }.joined(separator: visit.t("comma"))
        if let last = item["last"], !last.isNull { row["last"] = outcome(last, visit) }
        return row
      },
      "isFormOpen": problem != nil || items.isEmpty,
    ]
    values.merge(form(typed ?? ["types": .array(NoticeType.choices.map { .string($0.rawValue) })], visit, problem)) {
      $1
    }
    if try visit.actor().role == .admin { values["canWrite"] = true }
    return visit.html("webhooks", title: visit.t("webhooks"), values, status: problem?.status ?? .ok)
  }

  private static func show(
    _ visit: Visit, typed: JSONValue? = nil, problem: Problem? = nil, secret: String? = nil, test: JSONValue? = nil,
    error: String? = nil, status: HTTPResponse.Status? = nil
  ) async throws -> Response {
    let item = try await visit.api(.get, try api(visit))
    let query = Query([("limit", "50")]).setting("cursor", visit.query["cursor"])
    let deliveries = try await visit.api(.get, try api(visit) + "/deliveries", query)
    let isWriter = try visit.actor().role == .admin
    let isEnabled = item["enabled"]?.bool == true
    var values = facts(item, visit)
    values["rows"] = (deliveries["items"]?.array ?? []).map { delivery -> [String: Any] in
      [
        "number": delivery["number"]?.int ?? 0, "type": visit.t("webhookType_" + (delivery["type"]?.string ?? "")),
        "message": delivery["message"]?.string ?? "", "state": outcome(delivery, visit),
        "isBad": delivery["state"]?.string == "failed", "tries": delivery["tries"]?.int ?? 0,
        "created": visit.time(delivery["createdAt"]?.string), "next": visit.time(delivery["nextTryAt"]?.string),
        "canRetry": isWriter && isEnabled && delivery["type"]?.string != "ping",
      ]
    }
    if let next = deliveries["next"]?.string { values["nextHref"] = "?cursor=" + Query.escape(next) }
    values.merge(form(typed ?? item, visit, problem)) { $1 }
    values["canWrite"] = isWriter
    values["isFormOpen"] = problem != nil
    if let secret { values["secret"] = secret }
    if let error { values["error"] = error }
    if let test {
      values["test"] = visit.t(
        test["state"]?.string == "delivered" ? "webhookTestDone" : "webhookTestFailed", ["how": outcome(test, visit)])
      values["isTestGood"] = test["state"]?.string == "delivered"
    }
    return visit.html(
      "webhook", title: visit.t("webhook") + " " + (item["id"]?.string ?? ""), values,
      status: problem?.status ?? status ?? .ok)
  }

  /// What list and page show of an address.
  private static func facts(_ item: JSONValue, _ visit: Visit) -> [String: Any] {
    let isEnabled = item["enabled"]?.bool == true
    var state = visit.t(isEnabled ? "webhookEnabled" : "disabled")
    if let reason = item["reason"]?.string { state += " · " + visit.t("webhookReason_" + reason) }
    var values: [String: Any] = [
      "id": item["id"]?.string ?? "", "label": item["name"]?.string.flatMap { $0.isEmpty ? nil : $0 as Any } ?? false,
      "address": item["url"]?.string ?? "", "state": state, "isEnabled": isEnabled,
      "pending": item["pending"]?.int ?? 0, "made": visit.time(item["createdAt"]?.string), "last": false,
    ]
    if let since = item["failingSince"]?.string { values["failing"] = visit.time(since) }
    if let until = item["oldSecretUntil"]?.string { values["oldUntil"] = visit.time(until) }
    return values
  }

  private static func types(_ item: JSONValue) -> [String] { item["types"]?.array?.compactMap(\.string) ?? [] }

  /// How a delivery stands, in a few words.
  private static func outcome(_ delivery: JSONValue, _ visit: Visit) -> String {
    var text = visit.t("webhookState_" + (delivery["state"]?.string ?? ""))
    if let status = delivery["status"]?.int { text += " · HTTP \(status)" }
    if let error = delivery["error"]?.string { text += " · " + visit.t("webhookError_" + error) }
    return text
  }

  private static func form(_ typed: JSONValue, _ visit: Visit, _ problem: Problem?) -> [String: Any] {
    let chosen = Set(types(typed))
    var values: [String: Any] = [
      "url": typed["url"]?.string ?? "", "nameValue": typed["name"]?.string ?? "",
      "isOn": typed["enabled"]?.bool ?? true,
      "choices": NoticeType.choices.map {
        [
          "value": $0.rawValue, "label": visit.t("webhookType_" + $0.rawValue),
          "isChosen": chosen.contains($0.rawValue),
        ] as [String: Any]
      },
    ]
    guard let problem else { return values }
    switch problem.pointer {
    case "/url": values["urlError"] = visit.t("webhookURLFault")
    case "/name": values["nameError"] = visit.t("webhookNameFault")
    case let pointer? where pointer.hasPrefix("/types"): values["typesError"] = visit.t("webhookTypesFault")
    default: values["error"] = visit.sentence(problem)
    }
    return values
  }

  /// The body of the API's call, as the form was filled in.
  private static func body(_ visit: Visit) -> JSONValue {
    [
      "url": .string((visit.form["url"] ?? "").trimmed), "name": .string((visit.form["name"] ?? "").trimmed),
      "types": .array(visit.form.all("types").map(JSONValue.string)), "enabled": .bool(visit.form["enabled"] != nil),
    ]
  }

  private static func add(_ visit: Visit) async throws -> Response {
    let body = body(visit)
    do {
      let made = try await visit.api(.post, "/v1/webhooks", Query(), body)
      // The secret is shown once, on the page that answers the making.
      return visit.html(
        "webhook-made", title: visit.t("webhookMade"),
        ["secret": made["secret"]?.string ?? "", "id": made["id"]?.string ?? ""])
    } catch let problem as Problem where problem.status != .forbidden {
      return try await list(visit, typed: body, problem: problem)
    }
  }

  private static func change(_ visit: Visit) async throws -> Response {
    let body = body(visit)
    do {
      _ = try await visit.api(.put, try api(visit), Query(), body)
      return visit.redirect(try address(visit), done: "webhookChanged")
    } catch let problem as Problem where problem.pointer != nil {
      return try await show(visit, typed: body, problem: problem)
    }
  }

  /// Enables or disables, and leaves the rest as it is.
  private static func setState(_ visit: Visit) async throws -> Response {
    let item = try await visit.api(.get, try api(visit))
    let isOn = visit.form["to"] == "enabled"
    let body: JSONValue = [
      "url": item["url"] ?? "", "name": item["name"] ?? "", "types": item["types"] ?? [], "enabled": .bool(isOn),
    ]
    do {
      _ = try await visit.api(.put, try api(visit), Query(), body)
      return visit.redirect(try address(visit), done: isOn ? "webhookEnabled" : "webhookDisabled")
    } catch let problem as Problem where problem.pointer != nil {
      return try await show(visit, problem: problem)
    }
  }

  private static func test(_ visit: Visit) async throws -> Response {
    let result = try await visit.api(.post, try api(visit) + "/test")
    return try await show(visit, test: result)
  }

  private static func rotate(_ visit: Visit) async throws -> Response {
    let made = try await visit.api(.post, try api(visit) + "/secret")
    return try await show(visit, secret: made["secret"]?.string)
  }

  private static func retry(_ visit: Visit) async throws -> Response {
    let path = try api(visit) + "/deliveries/" + Query.escape(try visit.path("n")) + "/retry"
    do {
      _ = try await visit.api(.post, path)
      return visit.redirect(try address(visit), done: "webhookRetry")
    } catch let problem as Problem where problem.status == .conflict {
      return try await show(visit, error: visit.sentence(problem), status: problem.status)
    }
  }
}
