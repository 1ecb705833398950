import Codes
import Hummingbird
import Ledger
import Regions
import TransparencyLog

/// Reads typed fields out of a JSON body; every refusal names the field by its pointer.
package struct FieldReader: Sendable {
  /// The value read from, and where it stands in the body.
  package let value: JSONValue, pointer: String

  /// A part of a body.
  package init(_ value: JSONValue, pointer: String = "") {
    self.value = value
    self.pointer = pointer
  }

  /// Collects and parses a body that must be an object.
  package init(_ request: Request, max: Int = RequestLimits.bodyMax) async throws {
    let value = try await Self.json(request, max: max)
    guard value.object != nil else { throw Problem.field("", "must be an object") }
    self.init(value)
  }

  /// Collects and parses any JSON body.
  package static func json(_ request: Request, max: Int) async throws -> JSONValue {
    var request = request
    let buffer = try await request.collectBody(upTo: max)
    do { return try JSONValue(parsing: Array(buffer.readableBytesView)) } catch { throw Problem(error) }
  }

  /// The field's pointer.
  package func pointer(_ name: String) -> String { "\(pointer)/\(name)" }

  /// A field, nil when absent or null.
  package func optional(_ name: String) -> FieldReader? {
    guard let field = value[name], !field.isNull else { return nil }
    return FieldReader(field, pointer: pointer(name))
  }

  /// A field that must be there.
  package func required(_ name: String) throws -> FieldReader {
    guard let field = optional(name) else { throw Problem.field(pointer(name), "is required") }
    return field
  }

  /// Itself as a text.
  package func string() throws -> String {
    guard let string = value.string else { throw Problem.field(pointer, "must be a string") }
    // No text of ours has it, and not every database can hold it.
    guard !string.utf8.contains(0) else { throw Problem.field(pointer, "must not contain U+0000") }
    return string
  }

  /// Itself as a whole number.
  package func int() throws -> Int64 {
    guard let int = value.int else { throw Problem.field(pointer, "must be a whole number") }
    return int
  }

  /// Itself as a number.
  package func double() throws -> Double {
    guard let double = value.double else { throw Problem.field(pointer, "must be a number") }
    return double
  }

  /// Itself as a list.
  package func array() throws -> [FieldReader] {
    guard let array = value.array else { throw Problem.field(pointer, "must be an array") }
    return array.enumerated().map { FieldReader($1, pointer: "\(pointer)/\($0)") }
  }

  /// Itself as an object.
  package func object() throws -> FieldReader {
    guard value.object != nil else { throw Problem.field(pointer, "must be an object") }
    return self
  }

  /// Itself as one of the words of an enumeration.
  package func word<T: RawRepresentable & CaseIterable>(_ type: T.Type) throws -> T where T.RawValue == String {
    guard let word = T(rawValue: try string()) else {
      throw Problem.field(pointer, "must be one of \(T.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    return word
  }

  /// Itself as an RFC 3339 time.
  package func time() throws -> Timestamp {
    guard let time = Timestamp(rfc3339: try string()) else {
      throw Problem.field(pointer, "must be an RFC 3339 time such as 2026-09-01T08:00:00+08:00")
    }
    return time
  }

  /// Itself as a GTIN.
  package func gtin() throws -> GTIN {
    do { return try GTIN(try string()) } catch let error as CodeError {
      throw Problem.field(pointer, "is not a GTIN: \(error.description)")
    }
  }

  /// Itself as money.
  package func money() throws -> Money {
    let object = try object()
    let amount = try object.required("amount").string()
    let currency = try object.required("currency").string()
    guard let money = Money(amount: amount, currency: currency) else {
      throw Problem.field(pointer, "must be like {\"amount\":\"129.00\",\"currency\":\"CNY\"}")
    }
    return money
  }

  /// Itself as a region code.
  package func region() throws -> RegionCode {
    let text = try string()
    do { return try RegionCode(text) } catch { throw Problem.field(pointer, "is not a region code") }
  }

  /// Itself as a list of region codes.
  package func territory() throws -> Territory {
    let codes = try array().map { try $0.region() }
    do { return try Territory(codes) } catch { throw Problem.field(pointer, "has too many regions") }
  }
}
