import Hummingbird
import TransparencyLog

/// The OpenAPI 3.1 document over the routes that the router serves: made of the same values, so it is true to them.
struct OpenAPIDocument {
  private let routes: [Route]

  /// The version of the interface.
  static let version = "1.0.0"

  init(describing routes: [Route]) { self.routes = routes }

  /// The document. Members are sorted when it is written, so it is the same text for the same routes.
  var json: JSONValue {
    var paths: [String: JSONValue] = [:]
    for route in routes {
      var item = paths[route.openAPIPath] ?? .object([:])
      item[route.method.rawValue.lowercased()] = OpenAPIOperation(route).json
      paths[route.openAPIPath] = item
    }
    return [
      "openapi": "3.1.0",
      "info": [
        "title": "Yima 一码", "version": .string(Self.version),
        "summary": "One item, one code: issuing, scanning, alerts and evidence against diversion",
        "description": .string(Self.description),
      ],
      "servers": [["url": "/"]],
      "tags": .array(tags.map { ["name": .string($0)] }),
      "paths": .object(paths),
      "components": Self.components,
    ]
  }

  private var tags: [String] { Set(routes.map(\.tag)).sorted() }

  private static let description = """
    Times are RFC 3339, in UTC on output. Codes are GS1 Digital Link URIs; element strings, raw scanner data and bare \
    SSCCs are accepted on input. Lists are paged with `limit` and `cursor`. Errors are RFC 9457 problems with a stable \
    `type`, and the JSON pointer of a bad field.
    """

  private static let components: JSONValue = [
    "securitySchemes": [
      "bearer": ["type": "http", "scheme": "bearer", "description": "An API key, made with `yima key create`"],
      "basic": ["type": "http", "scheme": "basic", "description": "A person's user name and password"],
      "session": [
        "type": "apiKey", "in": "cookie", "name": .string(SessionCookie.name),
        "description": "A person's session, begun with POST /v1/sessions",
      ],
      "csrf": [
        "type": "apiKey", "in": "header", "name": "X-CSRF-Token",
        "description": "The session's csrfToken, with every call under a session that changes something",
      ],
    ],
    "schemas": [
      "Problem": [
        "type": "object", "required": ["type", "title", "status"],
        "properties": [
          "type": ["type": "string", "description": "A stable slug: /problems/<slug>"],
          "title": ["type": "string"], "titleZh": ["type": "string"], "status": ["type": "integer"],
          "detail": ["type": "string"], "pointer": ["type": "string", "description": "RFC 6901"],
        ],
      ]
    ],
    "responses": .object(
      Dictionary(uniqueKeysWithValues: OpenAPIProblem.allCases.map { ($0.name, $0.json) })),
  ]
}

extension Route {
  /// The path as OpenAPI writes it: a tail of any depth is a parameter like the others there.
  var openAPIPath: String { path.replacing("…}", with: "}") }

  /// The group that an operation stands in: what follows `/v1`, else what the path is for.
  var tag: String {
    let parts = path.split(separator: "/").map(String.init)
    if parts.first == "v1", parts.count > 1 { return parts[1] }
    switch parts.first {
    case "01", "00", ".well-known", "static", nil: return "public"
    case "log": return "log"
    default: return "operation"
    }
  }
}

/// The problems that an operation can answer, by status.
enum OpenAPIProblem: Int, CaseIterable {
  case malformed = 400, unauthorized = 401, forbidden = 403, notFound = 404, refused = 409, tooLarge = 413
  case invalid = 422, tooMany = 429, unavailable = 503

  /// The name among the document's components.
  var name: String { "Problem\(rawValue)" }

  private var meaning: String {
    switch self {
    case .malformed: "The request cannot be read"
    case .unauthorized: "A valid API key is needed"
    case .forbidden: "This key may not do that"
    case .notFound: "There is nothing here"
    case .refused: "The step is impossible; nothing was changed"
    case .tooLarge: "The body is larger than this call takes"
    case .invalid: "A field or parameter is not valid"
    case .tooMany: "Too many tries or reports; try again later"
    case .unavailable: "It cannot be done now; try again"
    }
  }

  var json: JSONValue { response(also: .object([:])) }

  /// The response, with the content of other media types that it may have.
  func response(also content: JSONValue) -> JSONValue {
    let example: JSONValue = [
      "type": "/problems/example", "title": .string(meaning), "titleZh": "…", "status": .integer(Int64(rawValue)),
    ]
    var media: [String: JSONValue] = content.object ?? [:]
    media["application/problem+json"] = ["schema": ["$ref": "#/components/schemas/Problem"], "example": example]
    return ["description": .string(meaning), "content": .object(media)]
  }
}
