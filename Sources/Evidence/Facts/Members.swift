import TransparencyLog

/// A member that is missing, or not of its type.
struct Misread: Error {
  let member: String

  init(_ member: String) { self.member = member }
}

/// Reads the members of an object; a wrong one is named.
struct Members {
  let values: [String: JSONValue]

  init(_ value: JSONValue?, _ name: String = "object") throws(Misread) {
    guard let values = value?.object else { throw Misread(name) }
    self.values = values
  }

  /// The member if it is there.
  subscript(name: String) -> JSONValue? { values[name] }

  /// Whether the member is there; `null` says as much as its absence.
  func has(_ name: String) -> Bool { values[name].map { !$0.isNull } ?? false }

  func text(_ name: String) throws(Misread) -> String {
    guard let text = values[name]?.string else { throw Misread(name) }
    return text
  }

  func textIfAny(_ name: String) throws(Misread) -> String? { has(name) ? try text(name) : nil }

  /// A whole number from 0 to 2^53, which every JSON reader can hold.
  func whole(_ name: String) throws(Misread) -> Int64 {
    guard let number = values[name]?.int, (0...1 << 53).contains(number) else { throw Misread(name) }
    return number
  }

  func wholeIfAny(_ name: String) throws(Misread) -> Int64? { has(name) ? try whole(name) : nil }

  func object(_ name: String) throws(Misread) -> Members { try Members(values[name], name) }

  func list(_ name: String) throws(Misread) -> [JSONValue] {
    guard let list = values[name]?.array else { throw Misread(name) }
    return list
  }

  func texts(_ name: String) throws(Misread) -> [String] {
    try list(name).map { value throws(Misread) in
      guard let text = value.string else { throw Misread(name) }
      return text
    }
  }

  func textsIfAny(_ name: String) throws(Misread) -> [String]? { has(name) ? try texts(name) : nil }

  /// A word of a closed list.
  func word<Word: RawRepresentable<String>>(_ name: String, _: Word.Type = Word.self) throws(Misread) -> Word {
    guard let word = Word(rawValue: try text(name)) else { throw Misread(name) }
    return word
  }

  func wordIfAny<Word: RawRepresentable<String>>(
    _ name: String, _: Word.Type = Word.self
  ) throws(Misread) -> Word? {
    has(name) ? try word(name) : nil
  }

  func instant(_ name: String) throws(Misread) -> Instant {
    guard let instant = Instant(try text(name)) else { throw Misread(name) }
    return instant
  }
}

/// Canonical JSON in a file.
struct Document {
  let value: JSONValue

  init(_ bytes: [UInt8], _ path: String) throws(Break) {
    do {
      value = try JSONValue(parsing: bytes, limits: JSONLimits(bytes: EvidenceLimits.documentMax))
    } catch { throw Break(.notJSON("\(error)"), path) }
    guard value.canonicalBytes == bytes else { throw Break(.notCanonical, path) }
  }
}
