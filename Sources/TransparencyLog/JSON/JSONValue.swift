/// A JSON value (RFC 8259) as the whole project reads, keeps and writes it.
///
/// Equality is Swift's: texts that differ only in Unicode normal form are equal. Compare ``canonicalBytes`` where bytes
/// matter.
package enum JSONValue: Hashable, Sendable {
  /// `null`
  case null
  /// `true`, `false`
  case bool(Bool)
  /// A number written without fraction and exponent that fits 64 bits.
  case integer(Int64)
  /// Any other number. NaN and infinities do not come from parsing and are written as `null`.
  case number(Double)
  /// A text.
  case string(String)
  /// A list.
  case array([JSONValue])
  /// Members by name.
  case object([String: JSONValue])
}

extension JSONValue {
  /// The text, if it is one.
  package var string: String? {
    guard case .string(let text) = self else { return nil }
    return text
  }

  /// The whole number, if it was written as one.
  package var int: Int64? {
    guard case .integer(let number) = self else { return nil }
    return number
  }

  /// The number, whole or not.
  package var double: Double? {
    switch self {
    case .integer(let number): Double(number)
    case .number(let number): number
    default: nil
    }
  }

  /// The truth value, if it is one.
  package var bool: Bool? {
    guard case .bool(let value) = self else { return nil }
    return value
  }

  /// The elements, if it is a list.
  package var array: [JSONValue]? {
    guard case .array(let elements) = self else { return nil }
    return elements
  }

  /// The members, if it is an object.
  package var object: [String: JSONValue]? {
    guard case .object(let members) = self else { return nil }
    return members
  }

  /// Whether it is `null`.
  package var isNull: Bool { self == .null }

  /// The member of that name; nil if there is none or this is no object. Setting nil removes it; setting a member of
  /// anything but an object makes it an object.
  package subscript(name: String) -> JSONValue? {
    get { object?[name] }
    set {
      var members = object ?? [:]
      // Let go of the old copy first, so that the dictionary is changed in place.
      self = .null
      members[name] = newValue
      self = .object(members)
    }
  }

  /// The element at a place; nil if there is none or this is no list.
  package subscript(place: Int) -> JSONValue? {
    guard case .array(let elements) = self, elements.indices.contains(place) else { return nil }
    return elements[place]
  }
}
