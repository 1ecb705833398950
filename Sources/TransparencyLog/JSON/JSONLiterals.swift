extension JSONValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByFloatLiteral, ExpressibleByStringInterpolation, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  /// `null`
  package init(nilLiteral: ()) { self = .null }

  /// `true`, `false`
  package init(booleanLiteral value: Bool) { self = .bool(value) }

  /// A whole number.
  package init(integerLiteral value: Int64) { self = .integer(value) }

  /// A number.
  package init(floatLiteral value: Double) { self = .number(value) }

  /// A text.
  package init(stringLiteral value: String) { self = .string(value) }

  /// A list.
  package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }

  /// An object; of members with the same name the last one counts.
  package init(dictionaryLiteral elements: (String, JSONValue)...) {
    self = .object(Dictionary(elements, uniquingKeysWith: { $1 }))
  }
}
