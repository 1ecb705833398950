import Hummingbird
import Ledger
import Notifying
import Storage
import TransparencyLog

/// Webhooks: which other systems are told of alerts and cases, and what was sent to them.
struct WebhookRoutes {
  private let webhooks: Webhooks

  init(_ services: Services) { webhooks = services.webhooks }

  private static let id = Route.Parameter.path("id", "the webhook", "W1")
  private static let form: JSONValue = [
    "url": "https://hooks.example.com/yima", "types": ["alert.raised", "case.answered"], "name": "OA", "enabled": true,
  ]
  private static let delivery: JSONValue = [
    "number": 1, "message": "msg_4J7l0nOqS5yYtQ2mW8nJxA", "type": "alert.raised", "event": 13, "state": "delivered",
    "tries": 1, "createdAt": "2026-09-01T08:00:00Z", "triedAt": "2026-09-01T08:00:00Z", "nextTryAt": nil,
    "status": 204, "error": nil,
  ]
  private static let webhook: JSONValue = [
    "id": "W1", "url": "https://hooks.example.com/yima", "name": "OA", "types": ["alert.raised", "case.answered"],
    "enabled": true, "reason": nil, "createdAt": "2026-09-01T08:00:00Z", "failingSince": nil,
    "oldSecretUntil": nil, "pending": 0, "last": nil,
  ]
  private static let secret: JSONValue = {
    var json = webhook
    json["secret"] = "whsec_…"
    return json
  }()
  /// What an example has a value for and an answer may lack.
  private static let open: Set<String> = ["event", "triedAt", "status"]

  var routes: [Route] {
    [
      Route(
        .get, "/v1/webhooks", .unbound([.auditor]), "List webhooks", parameters: Example.paging,
        answers: [.json(Example.page(Self.webhook))], handle: list),
      Route(
        .post, "/v1/webhooks", .unbound([]),
        "Add a webhook, which is told of what happens from now on (Standard Webhooks 1.0.0); its secret is told once",
        bodies: [.json(Self.form, required: ["url", "types"])], status: 201, answers: [.json(Self.secret)],
        handle: add),
      Route(
        .get, "/v1/webhooks/{id}", .unbound([.auditor]), "One webhook", parameters: [Self.id],
        answers: [.json(Self.webhook)], handle: show),
      Route(
        .put, "/v1/webhooks/{id}", .unbound([]),
        "Change a webhook; enabled again, it is told of what waited and of what happens from now on",
        parameters: [Self.id], bodies: [.json(Self.form, required: ["url", "types"])],
        answers: [.json(Self.webhook)], handle: change),
      Route(
        .delete, "/v1/webhooks/{id}", .unbound([]), "Remove a webhook, and what waits for it", parameters: [Self.id],
        answers: [.json(["done": true])], handle: remove),
      Route(
        .post, "/v1/webhooks/{id}/test", .unbound([]), "Send a `ping` now, and tell how it went", parameters: [Self.id],
        status: 201, answers: [.json(Self.delivery, nullable: Self.open)], handle: test),
      Route(
        .post, "/v1/webhooks/{id}/secret", .unbound([]),
        "Give a webhook another secret, told once; the one before signs beside it for 24 hours", parameters: [Self.id],
        status: 201, answers: [.json(Self.secret)], handle: rotate),
      Route(
        .get, "/v1/webhooks/{id}/deliveries", .unbound([.auditor]),
        "What was and is to be sent to a webhook, newest first; kept for 30 days",
        parameters: [Self.id] + Example.paging,
        answers: [.json(Example.page(Self.delivery), nullable: Self.open)], handle: deliveries),
      Route(
        .post, "/v1/webhooks/{id}/deliveries/{n}/retry", .unbound([]),
        "Send a delivery again under the same message id", parameters: [Self.id, .path("n", "the delivery", "1")],
        answers: [.json(Self.delivery, nullable: Self.open)], handle: retry),
    ]
  }

  private func list(_ request: Request, _ call: Call) async throws -> Response {
    let paging = try Paging(request)
    let start = try paging.number(start: 0)
    do {
      let page = try await webhooks.all().filter { $0.row.id > start }.prefix(paging.limit)
      return .json(paging.page(page.map(\.json), next: page.last.map { String($0.row.id) }))
    } catch { throw Problem(error) }
  }

  private func add(_ request: Request, _ call: Call) async throws -> Response {
    let form = try await Self.form(request)
    do {
      let made = try await webhooks.add(form, by: call.actor)
      return .json(made.view.json(telling: made.secret), status: .created)
    } catch { throw Problem(error) }
  }

  private func show(_ request: Request, _ call: Call) async throws -> Response {
    let id = try call.number("id", prefix: "W")
    do { return .json(try await webhooks.view(id).json) } catch { throw Problem(error) }
  }

  private func change(_ request: Request, _ call: Call) async throws -> Response {
    let id = try call.number("id", prefix: "W")
    let form = try await Self.form(request)
    do { return .json(try await webhooks.change(id, to: form, by: call.actor).json) } catch { throw Problem(error) }
  }

  private func remove(_ request: Request, _ call: Call) async throws -> Response {
    let id = try call.number("id", prefix: "W")
    do { try await webhooks.remove(id, by: call.actor) } catch { throw Problem(error) }
    return .json(["done": true])
  }

  private func test(_ request: Request, _ call: Call) async throws -> Response {
    let id = try call.number("id", prefix: "W")
    do { return .json(try await webhooks.test(id).json, status: .created) } catch { throw Problem(error) }
  }

  private func rotate(_ request: Request, _ call: Call) async throws -> Response {
    let id = try call.number("id", prefix: "W")
    do {
      let made = try await webhooks.rotate(id, by: call.actor)
      return .json(made.view.json(telling: made.secret), status: .created)
    } catch { throw Problem(error) }
  }

  private func deliveries(_ request: Request, _ call: Call) async throws -> Response {
    let id = try call.number("id", prefix: "W")
    let paging = try Paging(request)
    let start = try paging.number(start: .max)
    do {
      let rows = try await webhooks.deliveries(of: id, before: start, limit: paging.limit)
      return .json(paging.page(rows.map(\.json), next: rows.last.map { String($0.number) }))
    } catch { throw Problem(error) }
  }

  private func retry(_ request: Request, _ call: Call) async throws -> Response {
    let id = try call.number("id", prefix: "W")
    let number = try call.number("n", prefix: "")
    do { return .json(try await webhooks.retry(number, of: id).json) } catch { throw Problem(error) }
  }

  private static func form(_ request: Request) async throws -> Webhooks.Form {
    let body = try await FieldReader(request, max: RequestLimits.scanMax)
    let enabled = body.optional("enabled")
    if let enabled, enabled.value.bool == nil { throw Problem.field(enabled.pointer, "must be true or false") }
    return Webhooks.Form(
      url: try body.required("url").string(), name: try body.optional("name")?.string() ?? "",
      types: try body.required("types").array().map { try $0.string() }, isEnabled: enabled?.value.bool ?? true)
  }
}

extension Webhooks.View {
  /// As it is shown; the secret is never in it.
  fileprivate var json: JSONValue {
    [
      "id": .string("W\(row.id)"), "url": .string(row.url), "name": .string(row.name),
      "types": .array(types.map(JSONValue.string)), "enabled": .bool(row.isEnabled),
      "reason": row.reason.map(JSONValue.string) ?? nil, "createdAt": row.created.time,
      "failingSince": row.failingSince?.time ?? nil, "oldSecretUntil": row.beforeUntil?.time ?? nil,
      "pending": .integer(pending), "last": last?.json ?? nil,
    ]
  }

  /// With the secret, once.
  fileprivate func json(telling secret: WebhookSecret) -> JSONValue {
    var json = self.json
    json["secret"] = .string(secret.text)
    return json
  }
}

extension DeliveryRow {
  fileprivate var json: JSONValue {
    [
      "number": .integer(number), "message": .string(message), "type": .string(type),
      "event": event.map(JSONValue.integer) ?? nil, "state": .string(state), "tries": .integer(tries),
      "createdAt": created.time, "triedAt": tried?.time ?? nil, "nextTryAt": next?.time ?? nil,
      "status": status.map(JSONValue.integer) ?? nil, "error": error.map(JSONValue.string) ?? nil,
    ]
  }
}

extension Problem {
  /// A refusal of a request about webhooks.
  init(_ error: NotifyingError) {
    switch error {
    case .unknownWebhook, .unknownDelivery: self = .notFound
    case .url(let fault): self = .field("/url", fault.sentence)
    case .name: self = .field("/name", "may have at most \(Webhooks.nameMax) characters, in one line")
    case .types(let place):
      let words = NoticeType.choices.map(\.rawValue).joined(separator: ", ")
      self = .field(place.map { "/types/\($0)" } ?? "/types", "must be some of \(words), each once")
    case .tooMany(let max):
      self.init(
        .conflict, "too-many", "There are as many as there may be; remove one first", "数量已达上限，请先删除一个",
        detail: "at most \(max)")
    case .disabled:
      self.init(.conflict, "disabled", "It is disabled; enable it first", "已停用，请先启用")
    case .testOnly:
      self.init(.conflict, "refused", "A test is not sent again; send a new one", "测试消息不重发，请重新测试")
    case .ledger(let error): self.init(error)
    }
  }
}

extension WebhookURL.Fault {
  fileprivate var sentence: String {
    switch self {
    case .length: "must have 1 to \(WebhookURL.lengthMax) characters"
    case .characters: "has characters that an address does not have; percent-encode them"
    case .scheme: "must begin with https://"
    case .userInfo: "must not hold a user name or password"
    case .fragment: "must not hold a fragment (#)"
    case .host: "must name a host, such as hooks.example.com, or a public IP address in its usual form"
    case .port: "must have a port from 1 to 65535, if any"
    case .insecure: "must begin with https://"
    case .notPublic: "leads to this machine or into a private network, where nothing is sent"
    }
  }
}
