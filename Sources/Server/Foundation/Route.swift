import Hummingbird
import Ledger
import TransparencyLog

/// One route of the API: what the router needs to serve it and what the OpenAPI document says about it stand side by
/// side, so that the document is true to every route.
package struct Route: Sendable {
  /// Who may call.
  package enum Access: Sendable, Equatable {
    /// Everybody, without a key.
    case open
    /// These roles, and the administrator.
    case roles([Role])
    /// These roles, and the administrator; no key or person that is bound to a region or a dealer, because what is asked
    /// for cannot be told apart by region.
    case unbound([Role])
    /// Any key.
    case anyKey
    /// A person under a session.
    case session
  }

  /// A path or query parameter.
  package struct Parameter: Sendable {
    /// Name, whether it stands in the path, what it means, an example.
    package let name: String, inPath: Bool, meaning: String, example: String

    /// A path parameter.
    package static func path(_ name: String, _ meaning: String, _ example: String) -> Parameter {
      Parameter(name: name, inPath: true, meaning: meaning, example: example)
    }

    /// A query parameter, always optional.
    package static func query(_ name: String, _ meaning: String, _ example: String) -> Parameter {
      Parameter(name: name, inPath: false, meaning: meaning, example: example)
    }
  }

  /// A body, by media type and example. JSON examples also give the schema; `required` lists members that must be
  /// there, `nullable` those that may be null although the example has a value.
  package struct Body: Sendable {
    /// Media type, example, required and nullable members.
    package let type: String, example: JSONValue, required: [String], nullable: Set<String>

    /// A JSON body.
    package static func json(
      _ example: JSONValue, required: [String] = [], nullable: Set<String> = []
    ) -> Body {
      Body(type: "application/json", example: example, required: required, nullable: nullable)
    }

    /// A body of another media type, with an example text.
    package static func text(_ type: String, _ example: String) -> Body {
      Body(type: type, example: .string(example), required: [], nullable: [])
    }
  }

  /// `GET`, `POST` …
  package let method: HTTPRequest.Method
  /// The path with `{parameters}`.
  package let path: String
  /// Who may call.
  package let access: Access
  /// What it does, in one line.
  package let summary: String
  /// Path and query.
  package let parameters: [Parameter]
  /// What can be sent.
  package let bodies: [Body]
  /// Status and bodies of success.
  package let status: Int, answers: [Body]
  /// Answers of failure beyond the problems that every route of its kind may give, by status. A body of problem+json
  /// is always among them.
  package let failures: [Int: [Body]]
  /// Does it.
  package let handle: @Sendable (Request, Call) async throws -> Response

  /// Made from its parts.
  package init(
    _ method: HTTPRequest.Method, _ path: String, _ access: Access, _ summary: String, parameters: [Parameter] = [],
    bodies: [Body] = [], status: Int = 200, answers: [Body] = [],
    failures: [Int: [Body]] = [:],
    handle: @escaping @Sendable (Request, Call) async throws -> Response
  ) {
    self.method = method
    self.path = path
    self.access = access
    self.summary = summary
    self.parameters = parameters
    self.bodies = bodies
    self.status = status
    self.answers = answers
    self.failures = failures
    self.handle = handle
  }

  /// Whether it may change something, by its method.
  package var changes: Bool { [.post, .put, .delete].contains(method) }

  /// Checks who asks, then does it.
  func serve(_ request: Request, _ context: YimaContext) async throws -> Response {
    if context.session != nil, !context.isProven, method != .get { throw Problem.unproven }
    switch access {
    case .open:
      return try await handle(request, Call(actor: context.actor ?? .consumer, context: context))
    case .anyKey:
      guard let actor = context.actor else { throw Problem.unauthorized }
      return try await handle(request, Call(actor: actor, context: context))
    case .session:
      guard let actor = context.actor, context.session != nil else { throw Problem.unauthorized }
      return try await handle(request, Call(actor: actor, context: context))
    case .roles(let roles), .unbound(let roles):
      guard let actor = context.actor else { throw Problem.unauthorized }
      guard actor.role == .admin || roles.contains(actor.role) else { throw Problem.forbidden }
      if case .unbound = access, actor.dealer != nil || actor.region != nil { throw Problem.bound }
      return try await handle(request, Call(actor: actor, context: context))
    }
  }
}
