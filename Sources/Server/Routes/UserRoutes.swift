import Hummingbird
import Identity
import Ledger
import Storage
import TransparencyLog

/// Users and API keys, for the administrator.
struct UserRoutes {
  private let access: Access
  private let ledger: Ledger
  private let provider: IdentityProvider?

  init(_ services: Services) {
    provider = services.provider
    access = services.access
    ledger = services.ledger
  }

  private static let admin: Route.Access = .roles([.admin])
  private static let user: JSONValue = [
    "name": "wang", "role": "compliance", "key": 12, "usesCodes": false, "sessions": 1, "region": "430000",
    "subject": "248289761001",
  ]
  private static let newUser: JSONValue = [
    "name": "wang", "password": "correct horse battery", "role": "compliance", "region": "430000",
    "subject": "248289761001",
  ]
  private static let key: JSONValue = [
    "id": 12, "role": "terminal", "name": "till 3", "createdAt": "2026-09-01T08:00:00Z", "revoked": false,
    "dealer": "D001",
  ]
  private static let newKey: JSONValue = ["role": "terminal", "name": "till 3", "dealer": "D001"]
  private static let done: JSONValue = ["done": true]

  var routes: [Route] {
    [
      Route(
        .get, "/v1/users", Self.admin, "List users", parameters: Example.paging,
        answers: [.json(Example.page(Self.user))], handle: users),
      Route(
        .post, "/v1/users", Self.admin,
        "Add a user, who signs in with a password, or as a subject of the identity provider, or with either",
        bodies: [.json(Self.newUser, required: ["name", "role"])], status: 201,
        answers: [.json(["name": "wang", "role": "compliance"])], failures: [409: []], handle: addUser),
      Route(
        .put, "/v1/users/{name}/password", Self.admin, "Give a user another password; its sessions end",
        parameters: [.path("name", "the user", "wang")],
        bodies: [.json(["password": "staple correct horse"], required: ["password"])], answers: [.json(Self.done)],
        handle: setPassword),
      Route(
        .put, "/v1/users/{name}/subject", Self.admin,
        "Say which subject of the identity provider a user is (null for none); its sessions end",
        parameters: [.path("name", "the user", "wang")],
        bodies: [.json(["subject": "248289761001"])], answers: [.json(Self.done)], failures: [409: []],
        handle: setSubject),
      Route(
        .delete, "/v1/users/{name}", Self.admin, "Let a user sign in no more; what it did stays",
        parameters: [.path("name", "the user", "wang")], answers: [.json(Self.done)], handle: disable),
      Route(
        .get, "/v1/keys", Self.admin, "List API keys", parameters: Example.paging,
        answers: [.json(Example.page(Self.key))], handle: keys),
      Route(
        .post, "/v1/keys", Self.admin, "Make an API key; its text is told once",
        bodies: [.json(Self.newKey, required: ["role"])], status: 201,
        answers: [.json(["id": 12, "key": "ym_…"])], handle: addKey),
      Route(
        .delete, "/v1/keys/{id}", Self.admin, "Revoke an API key",
        parameters: [.path("id", "the key's number", "12")], answers: [.json(Self.done)], handle: revoke),
    ]
  }

  private func users(_ request: Request, _ call: Call) async throws -> Response {
    let paging = try Paging(request)
    do {
      let views = try await access.users(after: paging.cursor, limit: paging.limit)
      return .json(paging.page(views.map(\.json), next: views.last?.name))
    } catch { throw Problem(error) }
  }

  private func addUser(_ request: Request, _ call: Call) async throws -> Response {
    let body = try await FieldReader(request, max: RequestLimits.scanMax)
    let name = try body.required("name").string()
    let password = try body.optional("password")?.string()
    let subject = try body.optional("subject")?.string()
    guard password != nil || subject != nil else {
      throw Problem.field("/password", "a user needs a password, or a subject of the identity provider")
    }
    let role = try body.required("role").word(Role.self)
    do {
      try await access.addUser(
        name: name, password: password, role: role, dealer: try body.optional("dealer")?.string(),
        region: try body.optional("region")?.region().description, subject: subject.map(spelled), by: call.actor)
    } catch let error as AccessError { throw Problem(error) }
    return .json(["name": .string(name), "role": .string(role.rawValue)], status: .created)
  }

  private func setPassword(_ request: Request, _ call: Call) async throws -> Response {
    let body = try await FieldReader(request, max: RequestLimits.scanMax)
    let password = try body.required("password").string()
    do { try await access.setPassword(of: try call.path("name"), to: password) } catch let error as AccessError {
      throw Problem(error)
    }
    return .json(Self.done)
  }

  private func setSubject(_ request: Request, _ call: Call) async throws -> Response {
    let body = try await FieldReader(request, max: RequestLimits.scanMax)
    let subject = try body.optional("subject")?.string()
    do { try await access.setSubject(of: try call.path("name"), to: subject.map(spelled)) } catch let error
      as AccessError
    {
      throw Problem(error)
    }
    return .json(Self.done)
  }

  /// E-mail addresses are compared without regard to case.
  private func spelled(_ subject: String) -> String {
    provider?.settings.claim == .email ? subject.lowercased() : subject
  }

  private func disable(_ request: Request, _ call: Call) async throws -> Response {
    let name = try call.path("name")
    guard name != call.context.session?.user else {
      throw Problem(.conflict, "refused", "Nobody shuts themselves out", "不能停用自己")
    }
    do { try await access.disableUser(name, by: call.actor) } catch { throw Problem(error) }
    return .json(Self.done)
  }

  private func keys(_ request: Request, _ call: Call) async throws -> Response {
    let paging = try Paging(request)
    let start = try paging.number(start: 0)
    let rows = try await ledger.answer { try $0.keys().filter { $0.id > start } }
    let page = Array(rows.prefix(paging.limit))
    return .json(paging.page(page.map(\.json), next: page.last.map { String($0.id) }))
  }

  private func addKey(_ request: Request, _ call: Call) async throws -> Response {
    let body = try await FieldReader(request, max: RequestLimits.scanMax)
    let role = try body.required("role").word(Role.self)
    guard role != .consumer else { throw Problem.field("/role", "is not a role of a key") }
    do {
      let key = try await access.createKey(
        role: role, dealer: try body.optional("dealer")?.string(),
        region: try body.optional("region")?.region().description,
        name: try body.optional("name")?.string() ?? "", by: call.actor)
      return .json(["id": .integer(key.id), "key": .string(key.text)], status: .created)
    } catch let error as AccessError { throw Problem(error) }
  }

  private func revoke(_ request: Request, _ call: Call) async throws -> Response {
    guard let id = Int64(try call.path("id")) else { throw Problem.notFound }
    guard id != call.actor.key else { throw Problem(.conflict, "refused", "Nobody shuts themselves out", "不能停用自己") }
    do { try await access.revokeKey(id, by: call.actor) } catch { throw Problem(error) }
    return .json(Self.done)
  }
}

extension UserView {
  fileprivate var json: JSONValue {
    var members: [String: JSONValue] = [
      "name": .string(name), "usesCodes": .bool(usesCodes), "sessions": .integer(sessions),
      "disabled": .bool(actor == nil),
    ]
    members["subject"] = subject.map(JSONValue.string)
    if let actor {
      members["role"] = .string(actor.role.rawValue)
      members["key"] = .integer(actor.key)
      members["dealer"] = actor.dealer.map(JSONValue.string)
      members["region"] = actor.region.map(JSONValue.string)
    }
    return .object(members)
  }
}

extension KeyRow {
  fileprivate var json: JSONValue {
    var members: [String: JSONValue] = [
      "id": .integer(id), "role": .string(role), "name": .string(name), "createdAt": created.time,
      "revoked": .bool(revoked != nil),
    ]
    members["dealer"] = dealer.map(JSONValue.string)
    members["region"] = region.map(JSONValue.string)
    return .object(members)
  }
}
