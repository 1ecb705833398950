import Hummingbird
import Ledger
import TransparencyLog

/// One operation of the document, from its route.
struct OpenAPIOperation {
  private let route: Route

  init(_ route: Route) { self.route = route }

  var json: JSONValue {
    var object: [String: JSONValue] = [
      "operationId": .string(identifier), "summary": .string(route.summary), "tags": [.string(route.tag)],
      "responses": .object(responses), "security": security,
    ]
    if !route.parameters.isEmpty { object["parameters"] = .array(route.parameters.map(Self.parameter)) }
    if !route.bodies.isEmpty { object["requestBody"] = ["required": true, "content": Self.content(route.bodies)] }
    if let roles { object["description"] = .string(roles) }
    return .object(object)
  }

  /// `get_v1_batches_id_codes`: unique, because a method and a path are.
  private var identifier: String {
    let words = route.path.split { !$0.isLetter && !$0.isNumber }
    return ([route.method.rawValue.lowercased()] + (words.isEmpty ? ["start"] : words.map(String.init)))
      .joined(separator: "_")
  }

  private var roles: String? {
    switch route.access {
    case .open, .anyKey: return nil
    case .session: return "For people under a session."
    case .roles(let roles): return Self.sentence(roles) + "."
    case .unbound(let roles): return Self.sentence(roles) + ", unless bound to a region or a dealer."
    }
  }

  private static func sentence(_ roles: [Role]) -> String {
    "For the roles " + (["admin"] + roles.map(\.rawValue).sorted()).joined(separator: ", ")
  }

  private var security: JSONValue {
    let session: JSONValue = route.changes ? ["session": [], "csrf": []] : ["session": []]
    return switch route.access {
    case .open: []
    case .session: [session]
    case .anyKey, .roles, .unbound: [["bearer": []], ["basic": []], session]
    }
  }

  private static func parameter(_ parameter: Route.Parameter) -> JSONValue {
    var schema: [String: JSONValue] = ["type": "string"]
    var example = JSONValue.string(parameter.example)
    if let number = Int64(parameter.example), String(number) == parameter.example, parameter.isNumber {
      schema = ["type": "integer"]
      example = .integer(number)
    }
    return [
      "name": .string(parameter.name), "in": .string(parameter.inPath ? "path" : "query"),
      "required": .bool(parameter.inPath), "description": .string(parameter.meaning), "schema": .object(schema),
      "example": example,
    ]
  }

  private static func content(_ bodies: [Route.Body]) -> JSONValue {
    .object(
      Dictionary(bodies.map { ($0.type, media($0)) }, uniquingKeysWith: { first, _ in first }))
  }

  private static func media(_ body: Route.Body) -> JSONValue {
    [
      "schema": OpenAPISchema(example: body.example, required: body.required, nullable: body.nullable).json,
      "example": body.example,
    ]
  }

  private var responses: [String: JSONValue] {
    var success: JSONValue = ["description": .string(route.summary)]
    if !route.answers.isEmpty, route.method != .head { success["content"] = Self.content(route.answers) }
    var responses = [String(route.status): success]
    for problem in problems {
      responses[String(problem.rawValue)] = ["$ref": .string("#/components/responses/\(problem.name)")]
    }
    for (status, bodies) in route.failures {
      guard let problem = OpenAPIProblem(rawValue: status) else { continue }
      responses[String(status)] =
        bodies.isEmpty
        ? ["$ref": .string("#/components/responses/\(problem.name)")]
        : problem.response(also: Self.content(bodies))
    }
    return responses
  }

  /// What can go wrong, by what the route takes and who may call it.
  private var problems: [OpenAPIProblem] {
    let takesPath = route.parameters.contains(where: \.inPath)
    let takesQuery = route.parameters.contains { !$0.inPath }
    var problems: [OpenAPIProblem] = []
    if !route.bodies.isEmpty || (takesPath && route.access == .open) { problems.append(.malformed) }
    if !route.bodies.isEmpty { problems.append(.tooLarge) }
    if route.access != .open { problems += [.unauthorized] }
    if ![.open, .anyKey].contains(route.access) && (route.access != .session || route.changes) {
      problems.append(.forbidden)
    }
    if takesPath || route.path.hasPrefix("/log/") { problems.append(.notFound) }
    if route.changes { problems += [.refused, .unavailable] }
    if !route.bodies.isEmpty || takesQuery { problems.append(.invalid) }
    if route.path == "/readyz" { problems.append(.unavailable) }
    return problems
  }
}

extension Route.Parameter {
  /// Whether it counts something; codes made of digits are texts, for their leading zeros.
  fileprivate var isNumber: Bool { !inPath && ["limit", "from", "to", "index", "dpi", "metres"].contains(name) }
}
