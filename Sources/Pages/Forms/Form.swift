import Ledger
import Regions
import Server
import TransparencyLog

/// One field of a form and of an import: what it is called, how it is read, and where it stands in the API's body.
struct Field: Sendable {
  /// How a text becomes a JSON value.
  enum Kind: Sendable {
    case text, longText, integer, decimal, password, moment, regions, region
    /// One of these words; each has a phrase `<prefix>_<word>`.
    case choice([String], prefix: String)
  }

  /// Where it stands in the body, parts parted by `.`: `name.zh`.
  let name: String
  /// The phrase of its label.
  let label: String
  let kind: Kind
  let isRequired: Bool
  /// The phrase of a hint below it.
  let hint: String?

  init(_ name: String, _ label: String, _ kind: Kind = .text, isRequired: Bool = false, hint: String? = nil) {
    self.name = name
    self.label = label
    self.kind = kind
    self.isRequired = isRequired
    self.hint = hint
  }

  /// The JSON pointers under which the API may name it.
  var pointers: [String] {
    ["/" + name.replacing(".", with: "/"), name, "/" + (name.split(separator: ".").first ?? "")]
  }

  /// Reads what was typed; nil for nothing.
  /// - Throws: the phrase of what is wrong with it.
  func read(_ text: String) throws(Fault) -> JSONValue? {
    let text = text.trimmed
    guard !text.isEmpty else {
      if isRequired { throw Fault(phrase: "faultRequired") }
      return nil
    }
    switch kind {
    case .text, .longText, .password: return .string(text)
    case .integer:
      guard let number = Int64(text) else { throw Fault(phrase: "faultNumber") }
      return .integer(number)
    case .decimal:
      guard Money(amount: text, currency: "CNY") != nil else { throw Fault(phrase: "faultMoney") }
      return .string(text)
    case .moment:
      guard let time = Self.moment(text) else { throw Fault(phrase: "faultMoment") }
      return .string(time.description)
    case .regions:
      guard let territory = try? Territory(text), !territory.isEmpty else { throw Fault(phrase: "faultRegions") }
      return .array(territory.codes.map { .string($0.description) })
    case .region:
      guard (try? RegionCode(text)) != nil else { throw Fault(phrase: "faultRegion") }
      return .string(text)
    case .choice(let words, _):
      guard words.contains(text) else { throw Fault(phrase: "faultChoice") }
      return .string(text)
    }
  }

  /// A day, or a day and a minute or second, in Beijing time; or RFC 3339.
  private static func moment(_ text: String) -> Timestamp? {
    let spaced = text.replacing(" ", with: "T")
    let full = spaced.count == 10 ? spaced + "T00:00" : spaced
    return Timestamp(rfc3339: full + (full.count == 16 ? ":00+08:00" : full.count == 19 ? "+08:00" : ""))
  }

  /// What is wrong with a text.
  struct Fault: Error { let phrase: String }
}

/// What may be chosen: the value that is sent, and what is shown for it.
struct Option: Sendable {
  let value: String, label: String
}

/// A form: its fields in order. It reads what was typed into the API's body and shows it again with what is wrong.
struct Form: Sendable {
  let fields: [Field]

  /// The body of the API's call.
  /// - Throws: the phrases of what is wrong, by field.
  func body(_ typed: [String: String]) throws(FormFaults) -> JSONValue {
    var body: JSONValue = [:]
    var faults: [String: String] = [:]
    for field in fields {
      do throws(Field.Fault) {
        if let value = try field.read(typed[field.name] ?? "") {
          body.set(field.name.split(separator: ".").map(String.init)[...], value)
        }
      } catch { faults[field.name] = error.phrase }
    }
    guard faults.isEmpty else { throw FormFaults(byField: faults) }
    return body
  }

  /// What was sent.
  func typed(_ query: Query) -> [String: String] {
    Dictionary(uniqueKeysWithValues: fields.map { ($0.name, query.all($0.name).first ?? "") })
  }

  /// Which field a problem of the API is about.
  func field(of problem: Problem) -> Field? {
    guard let pointer = problem.pointer else { return nil }
    return fields.first { $0.pointers.contains { pointer == $0 || pointer.hasPrefix($0 + "/") } }
  }

  /// For the template `fields`. `errors` are sentences by field; `id` keeps labels apart when a page has two forms.
  /// - Parameter options: by field, what there is to choose from, known only when the page is asked for.
  func values(
    _ visit: Visit, id: String, _ typed: [String: String] = [:], errors: [String: String] = [:],
    options: [String: [Option]] = [:]
  ) -> [Any] {
    fields.map { field in
      let value = typed[field.name] ?? ""
      var values: [String: Any] = [
        "id": id + "-" + field.name.replacing(".", with: "-"), "name": field.name, "label": visit.t(field.label),
        "value": value, "isRequired": field.isRequired,
        // Said of every field: a template would else look further out for them.
        "hint": false, "error": false, "isLong": false, "isMap": false, "hasOptions": false,
      ]
      if let hint = field.hint { values["hint"] = visit.t(hint) }
      if let error = errors[field.name] { values["error"] = error }
      if let options = options[field.name] {
        values["hasOptions"] = true
        values["options"] = options.map {
          ["value": $0.value, "label": $0.label, "isChosen": $0.value == value] as [String: Any]
        }
        return values
      }
      switch field.kind {
      case .longText: values["isLong"] = true
      case .regions:
        values["isLong"] = true
        values["isMap"] = true
      case .choice(let words, let prefix):
        values["hasOptions"] = true
        values["options"] = words.map { word in
          ["value": word, "label": visit.t(prefix + "_" + word), "isChosen": word == value] as [String: Any]
        }
      case .password: values["input"] = "password"
      case .moment: values["input"] = "datetime-local"
      case .integer: values["input"] = "number"
      default: values["input"] = "text"
      }
      return values
    }
  }
}

/// What is wrong with a form, by field: phrases.
struct FormFaults: Error { let byField: [String: String] }

extension JSONValue {
  /// Sets a value below names.
  mutating func set(_ path: ArraySlice<String>, _ value: JSONValue) {
    guard let first = path.first else { return }
    if path.count == 1 {
      self[first] = value
    } else {
      var below = self[first] ?? [:]
      below.set(path.dropFirst(), value)
      self[first] = below
    }
  }

  /// The value below names.
  func get(_ path: String) -> JSONValue? {
    path.split(separator: ".").reduce(self as JSONValue?) { $0?[String($1)] }
  }

  /// As a cell of a table shows it.
  var cell: String {
    switch self {
    case .null: ""
    case .bool(let value): value ? "✓" : ""
    case .integer(let value): String(value)
    case .number(let value): String(value)
    case .string(let text): text
    case .array(let values): values.map(\.cell).joined(separator: ", ")
    case .object(let members):
      if let amount = members["amount"]?.string, let currency = members["currency"]?.string {
        "\(amount) \(currency)"
      } else {
        members.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value.cell)" }.joined(separator: "; ")
      }
    }
  }
}

extension StringProtocol {
  /// Without white space at both ends.
  var trimmed: String {
    var rest = self[...]
    while let first = rest.first, first.isWhitespace { rest = rest.dropFirst() }
    while let last = rest.last, last.isWhitespace { rest = rest.dropLast() }
    return String(rest)
  }
}
