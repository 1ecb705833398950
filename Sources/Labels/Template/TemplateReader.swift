/// Reads one JSON object of a template field by field. It remembers which fields were asked for, so that a field
/// nobody asked for (a typing error, most likely) is refused and not silently ignored.
struct TemplateReader {
  /// Where the object stands, such as `elements[2].font`; empty at the top.
  let path: String
  private let object: [String: JSONValue]
  private var known: Set<String> = []

  init(_ value: JSONValue, path: String) throws(LabelError) {
    guard case .object(let object) = value else { throw .template(field: path, .expected("an object")) }
    self.object = object
    self.path = path
  }

  /// The full path of a field of this object.
  func path(of name: String) -> String {
    path.isEmpty ? name : path + "." + name
  }

  /// A field's value; nil when it is absent or null.
  private mutating func value(_ name: String) -> JSONValue? {
    known.insert(name)
    guard let value = object[name], value != .null else { return nil }
    return value
  }

  /// A number within a range, or `fallback` where the field is absent. A NaN cannot be written in JSON.
  mutating func number(
    _ name: String, in range: ClosedRange<Double>, or fallback: Double? = nil
  ) throws(LabelError) -> Double {
    guard let value = value(name) else {
      guard let fallback else { throw .template(field: path(of: name), .missing) }
      return fallback
    }
    guard case .number(let number) = value else { throw .template(field: path(of: name), .expected("a number")) }
    guard range.contains(number) else {
      throw .template(field: path(of: name), .outOfRange(range.lowerBound, range.upperBound))
    }
    return number
  }

  /// A number that may be absent.
  mutating func optionalNumber(_ name: String, in range: ClosedRange<Double>) throws(LabelError) -> Double? {
    guard value(name) != nil else { return nil }
    return try number(name, in: range)
  }

  /// A whole number within a range.
  mutating func count(_ name: String, in range: ClosedRange<Int>, or fallback: Int? = nil) throws(LabelError) -> Int {
    let number = try number(
      name, in: Double(range.lowerBound)...Double(range.upperBound), or: fallback.map { Double($0) })
    guard let count = Int(exactly: number) else { throw .template(field: path(of: name), .expected("a whole number")) }
    return count
  }

  /// true or false, `fallback` where absent.
  mutating func flag(_ name: String, or fallback: Bool) throws(LabelError) -> Bool {
    guard let value = value(name) else { return fallback }
    guard case .flag(let flag) = value else { throw .template(field: path(of: name), .expected("true or false")) }
    return flag
  }

  /// A text of 1 to `limit` characters, `fallback` where absent.
  mutating func text(_ name: String, limit: Int, or fallback: String? = nil) throws(LabelError) -> String {
    guard let value = value(name) else {
      guard let fallback else { throw .template(field: path(of: name), .missing) }
      return fallback
    }
    guard case .text(let text) = value else { throw .template(field: path(of: name), .expected("a text")) }
    guard (1...limit).contains(text.unicodeScalars.count) else {
      throw .template(field: path(of: name), .length(limit: limit))
    }
    return text
  }

  /// One word of a closed list, `fallback` where absent.
  mutating func word<Word: RawRepresentable & CaseIterable>(
    _ name: String, or fallback: Word? = nil
  ) throws(LabelError) -> Word where Word.RawValue == String {
    guard let value = value(name) else {
      guard let fallback else { throw .template(field: path(of: name), .missing) }
      return fallback
    }
    guard case .text(let text) = value, let word = Word(rawValue: text) else {
      throw .template(field: path(of: name), .notOneOf(Word.allCases.map(\.rawValue)))
    }
    return word
  }

  /// A nested object that must be there.
  mutating func object(_ name: String) throws(LabelError) -> TemplateReader {
    guard let value = value(name) else { throw .template(field: path(of: name), .missing) }
    return try TemplateReader(value, path: path(of: name))
  }

  /// A nested object that may be absent.
  mutating func optionalObject(_ name: String) throws(LabelError) -> TemplateReader? {
    guard let value = value(name) else { return nil }
    return try TemplateReader(value, path: path(of: name))
  }

  /// A list of 1 to `limit` objects.
  mutating func objects(_ name: String, limit: Int) throws(LabelError) -> [TemplateReader] {
    guard let value = value(name) else { throw .template(field: path(of: name), .missing) }
    guard case .list(let list) = value else { throw .template(field: path(of: name), .expected("a list")) }
    guard (1...limit).contains(list.count) else { throw .template(field: path(of: name), .count(limit: limit)) }
    var readers: [TemplateReader] = []
    for (index, entry) in list.enumerated() {
      readers.append(try TemplateReader(entry, path: "\(path(of: name))[\(index)]"))
    }
    return readers
  }

  /// A box of a template: x, y, width and height in mm.
  mutating func box(_ name: String) throws(LabelError) -> LabelBox {
    var reader = try object(name)
    let side = 0...LabelLimits.sideMillimetres
    let box = LabelBox(
      x: try reader.number("x", in: side), y: try reader.number("y", in: side),
      width: try reader.number("width", in: 0.1...LabelLimits.sideMillimetres),
      height: try reader.number("height", in: 0.1...LabelLimits.sideMillimetres))
    try reader.close()
    return box
  }

  /// Refuses fields that nobody asked for. Called last.
  func close() throws(LabelError) {
    // Sorted, so that the same template always gets the same error.
    for name in object.keys.sorted() where !known.contains(name) {
      throw .template(field: path(of: name), .unknownField)
    }
  }
}
