extension JSONValue {
  /// Reads one JSON document (RFC 8259), strictly: UTF-8 without byte order mark, no duplicate names, no halves of
  /// surrogate pairs, no numbers that overflow. Linear in time and memory, never deeper than the limit.
  package init(
    parsing bytes: UnsafeBufferPointer<UInt8>, limits: JSONLimits = .standard
  ) throws(JSONError) {
    var parser = JSONParser(bytes, limits: limits)
    self = try parser.document()
  }

  /// Reads one JSON document, see ``init(parsing:limits:)-(UnsafeBufferPointer<UInt8>,_)``.
  package init(parsing bytes: [UInt8], limits: JSONLimits = .standard) throws(JSONError) {
    self = try bytes.withUnsafeBufferPointer { buffer throws(JSONError) in
      try JSONValue(parsing: buffer, limits: limits)
    }
  }

  /// Reads one JSON document, see ``init(parsing:limits:)-(UnsafeBufferPointer<UInt8>,_)``.
  package init(parsing bytes: some Collection<UInt8>, limits: JSONLimits = .standard) throws(JSONError) {
    // The standard library's method cannot carry a typed error out, a result can.
    let direct = bytes.withContiguousStorageIfAvailable { buffer in
      Result { () throws(JSONError) in try JSONValue(parsing: buffer, limits: limits) }
    }
    if let direct {
      self = try direct.get()
    } else {
      try self.init(parsing: Array(bytes), limits: limits)
    }
  }

  /// Reads one JSON document, see ``init(parsing:limits:)-(UnsafeBufferPointer<UInt8>,_)``.
  package init(parsing text: String, limits: JSONLimits = .standard) throws(JSONError) {
    try self.init(parsing: text.utf8, limits: limits)
  }
}

/// One pass over the bytes. Every access goes through a check of `position` against the end.
struct JSONParser {
  let input: UnsafeBufferPointer<UInt8>
  var position = 0
  /// Where strings with escapes are put together; kept to save allocations.
  var scratch: [UInt8] = []
  private let limits: JSONLimits

  init(_ input: UnsafeBufferPointer<UInt8>, limits: JSONLimits) {
    self.input = input
    self.limits = limits
  }

  mutating func document() throws(JSONError) -> JSONValue {
    guard input.count <= limits.bytes else { throw JSONError(offset: limits.bytes, reason: .tooLong) }
    let value = try value(depth: 0)
    skipSpace()
    guard position == input.count else { throw error(.trailingBytes) }
    return value
  }

  /// The byte at the position; nil at the end.
  var next: UInt8? { position < input.count ? input[position] : nil }

  /// What is wrong at the position, or that it is the end.
  func error(_ reason: JSONError.Reason) -> JSONError {
    JSONError(offset: position, reason: reason)
  }

  /// A byte that cannot stand here, or the end.
  func unexpected() -> JSONError {
    error(position < input.count ? .unexpectedByte : .unexpectedEnd)
  }

  private mutating func value(depth: Int) throws(JSONError) -> JSONValue {
    skipSpace()
    guard let first = next else { throw error(.unexpectedEnd) }
    switch first {
    case UInt8(ascii: "{"): return try object(depth: depth + 1)
    case UInt8(ascii: "["): return try array(depth: depth + 1)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
    default: throw unexpected()
    }
  }

  private mutating func object(depth: Int) throws(JSONError) -> JSONValue {
    guard depth <= limits.depth else { throw error(.tooDeep) }
    position += 1
    var members: [String: JSONValue] = [:]
    skipSpace()
    if take(UInt8(ascii: "}")) { return .object(members) }
    while true {
      skipSpace()
      let start = position
      guard next == UInt8(ascii: "\"") else { throw unexpected() }
      let name = try string()
      skipSpace()
      guard take(UInt8(ascii: ":")) else { throw unexpected() }
      let value = try value(depth: depth)
      guard members.updateValue(value, forKey: name) == nil else {
        throw JSONError(offset: start, reason: .duplicateKey)
      }
      skipSpace()
      if take(UInt8(ascii: ",")) { continue }
      guard take(UInt8(ascii: "}")) else { throw unexpected() }
      return .object(members)
    }
  }

  private mutating func array(depth: Int) throws(JSONError) -> JSONValue {
    guard depth <= limits.depth else { throw error(.tooDeep) }
    position += 1
    var elements: [JSONValue] = []
    skipSpace()
    if take(UInt8(ascii: "]")) { return .array(elements) }
    while true {
      elements.append(try value(depth: depth))
      skipSpace()
      if take(UInt8(ascii: ",")) { continue }
      guard take(UInt8(ascii: "]")) else { throw unexpected() }
      return .array(elements)
    }
  }

  private mutating func word(_ word: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
    let letters = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
    for letter in letters {
      guard take(letter) else { throw unexpected() }
    }
    return value
  }

  /// Steps over one byte if it is the wanted one.
  mutating func take(_ byte: UInt8) -> Bool {
    guard next == byte else { return false }
    position += 1
    return true
  }

  private mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
  }
}
