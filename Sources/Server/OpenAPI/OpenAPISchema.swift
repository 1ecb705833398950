import Ledger
import TransparencyLog

/// The JSON schema (draft 2020-12, as OpenAPI 3.1 uses it) that an example follows. What an example leaves open stays
/// open: a member that is null in it may have any type, and only what is said to be required is.
struct OpenAPISchema {
  private let example: JSONValue
  private let required: [String]
  private let nullable: Set<String>

  /// - Parameters:
  ///   - required: members that must be there, at the top.
  ///   - nullable: members, at any depth, that may be null although the example has a value.
  init(example: JSONValue, required: [String] = [], nullable: Set<String> = []) {
    self.example = example
    self.required = required
    self.nullable = nullable
  }

  var json: JSONValue {
    switch example {
    case .null: [:]
    case .bool: ["type": "boolean"]
    case .integer: ["type": "integer"]
    case .number: ["type": "number"]
    case .string(let text): Self.schema(of: text)
    case .array(let elements): schema(of: elements)
    case .object(let members): schema(of: members)
    }
  }

  private static func schema(of text: String) -> JSONValue {
    Timestamp(rfc3339: text) == nil ? ["type": "string"] : ["type": "string", "format": "date-time"]
  }

  /// Elements that are not all alike are left open.
  private func schema(of elements: [JSONValue]) -> JSONValue {
    let kinds = Set(elements.map { OpenAPISchema(example: $0, nullable: nullable).json })
    guard kinds.count == 1, let kind = kinds.first else { return ["type": "array"] }
    return ["type": "array", "items": kind]
  }

  private func schema(of members: [String: JSONValue]) -> JSONValue {
    let properties = members.map { name, value -> (String, JSONValue) in
      let schema = OpenAPISchema(example: value, nullable: nullable).json
      return (name, nullable.contains(name) ? ["anyOf": [schema, ["type": "null"]]] : schema)
    }
    var schema: JSONValue = [
      "type": "object", "properties": .object(Dictionary(properties, uniquingKeysWith: { first, _ in first })),
    ]
    if !required.isEmpty { schema["required"] = .array(required.sorted().map(JSONValue.string)) }
    return schema
  }
}
