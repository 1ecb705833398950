/// A value bound to a statement: exactly SQLite's storage classes.
package enum SQLValue: Hashable, Sendable {
  case null
  case integer(Int64)
  case real(Double)
  case text(String)
  case blob([UInt8])
}

extension SQLValue: ExpressibleByIntegerLiteral, ExpressibleByStringLiteral, ExpressibleByNilLiteral {
  package init(integerLiteral value: Int64) { self = .integer(value) }
  package init(stringLiteral value: String) { self = .text(value) }
  package init(nilLiteral: ()) { self = .null }
}

extension SQLValue {
  /// A text, or NULL for nil.
  package static func optional(_ text: String?) -> SQLValue { text.map(SQLValue.text) ?? .null }
  /// An integer, or NULL for nil.
  package static func optional(_ integer: Int64?) -> SQLValue { integer.map(SQLValue.integer) ?? .null }
  /// A real, or NULL for nil.
  package static func optional(_ real: Double?) -> SQLValue { real.map(SQLValue.real) ?? .null }
  /// A blob, or NULL for nil.
  package static func optional(_ blob: [UInt8]?) -> SQLValue { blob.map(SQLValue.blob) ?? .null }
}
