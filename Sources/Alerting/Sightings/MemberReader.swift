import TransparencyLog

/// Walks a stored event's JSON and hands out the members that are asked for, without building a tree: of a scan's
/// thirty members detectors need twenty, and a tree of all would cost three times as much as everything after it.
///
/// Lenient where the general parser is strict (the ledger wrote these bytes), but never beyond the end: every access
/// is checked, and anything unexpected ends the walk.
struct MemberReader {
  private let bytes: [UInt8]
  private var position = 0
  /// Something unexpected was met; from there on everything is nil.
  private(set) var isBroken = false

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func take(_ byte: UInt8) -> Bool {
    while let next, next == 0x20 || next == 0x0A || next == 0x0D || next == 0x09 { position += 1 }
    guard next == byte else { return false }
    position += 1
    return true
  }

  private mutating func fail() {
    isBroken = true
    position = bytes.count
  }

  /// Calls `body` with each member's name; it reads the value or leaves it, then it is skipped. False when there is no
  /// object here; the value is skipped then.
  @discardableResult
  mutating func members(_ body: (MemberName, inout MemberReader) -> Void) -> Bool {
    guard take(UInt8(ascii: "{")) else {
      skip()
      return false
    }
    if take(UInt8(ascii: "}")) { return true }
    repeat {
      guard let name = name(), take(UInt8(ascii: ":")) else {
        fail()
        return false
      }
      let start = position
      body(name, &self)
      if position == start { skip() }
    } while take(UInt8(ascii: ","))
    guard take(UInt8(ascii: "}")) else {
      fail()
      return false
    }
    return true
  }

  /// The texts of a list of texts; others in it are left out.
  mutating func strings() -> [String] {
    guard take(UInt8(ascii: "[")) else {
      skip()
      return []
    }
    var texts: [String] = []
    if take(UInt8(ascii: "]")) { return texts }
    repeat {
      if let text = string() { texts.append(text) }
    } while take(UInt8(ascii: ","))
    if !take(UInt8(ascii: "]")) { fail() }
    return texts
  }

  /// A member's name; any other value is skipped.
  private mutating func name() -> MemberName? { text().map(MemberName.init) }

  /// A text; any other value is skipped.
  mutating func string() -> String? { text().map { String(decoding: $0, as: UTF8.self) } }

  /// The bytes of a text.
  private mutating func text() -> ArraySlice<UInt8>? {
    guard take(UInt8(ascii: "\"")) else {
      skip()
      return nil
    }
    let start = position
    guard let isPlain = closeString() else { return nil }
    if isPlain { return bytes[start..<position - 1] }
    // Escapes are rare (free text in a code that is none of ours): the general parser knows them.
    return (try? JSONValue(parsing: bytes[(start - 1)..<position]))?.string.map { Array($0.utf8)[...] }
  }

  /// A whole number; any other value is skipped.
  mutating func integer() -> Int64? { scalar().flatMap { Int64($0) } }

  /// A number; any other value is skipped.
  mutating func double() -> Double? { scalar().flatMap { Double($0) } }

  private mutating func scalar() -> String? {
    _ = take(0)  // blanks only: no value begins with a zero byte
    let start = position
    skip()
    guard start < position, bytes[start] == UInt8(ascii: "-") || (48...57).contains(bytes[start]) else { return nil }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  /// Moves behind the closing quote of a string whose opening quote was taken; whether it is without escapes.
  private mutating func closeString() -> Bool? {
    var isPlain = true
    while let byte = next {
      position += 1
      if byte == UInt8(ascii: "\"") { return isPlain }
      if byte == UInt8(ascii: "\\") {
        isPlain = false
        position += 1
      }
    }
    fail()
    return nil
  }

  /// Moves behind the value here, however deep it is: a count, not a recursion.
  private mutating func skip() {
    var depth = 0
    let start = position
    while let byte = next {
      switch byte {
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        if depth == 0 { return position == start ? fail() : () }
        depth -= 1
        position += 1
        if depth == 0 { return }
        continue
      case UInt8(ascii: ","), UInt8(ascii: ":"):
        if depth == 0 { return position == start ? fail() : () }
      case UInt8(ascii: "\""):
        position += 1
        guard closeString() != nil else { return }
        if depth == 0 { return }
        continue
      default: break
      }
      position += 1
    }
    if depth > 0 || position == start { fail() }
  }
}

/// The name of a member, compared in place: a `String` for each of thirty names would cost more than their values. Names
/// in the ledger's events have 16 bytes at most; of longer ones only the length is kept, and they match nothing.
struct MemberName {
  private let count: Int
  private var bytes: UInt128 = 0

  /// The longest name that can match.
  static let longest = 16

  init(_ name: ArraySlice<UInt8>) {
    count = name.count
    guard count <= Self.longest else { return }
    for byte in name { bytes = bytes << 8 | UInt128(byte) }
  }

  /// Whether the name is this, for `case "…":`.
  static func ~= (pattern: StaticString, name: MemberName) -> Bool {
    guard name.count == pattern.utf8CodeUnitCount, name.count <= longest else { return false }
    return pattern.withUTF8Buffer { wanted in
      var rest = name.bytes
      for byte in wanted.reversed() {
        guard UInt8(truncatingIfNeeded: rest) == byte else { return false }
        rest >>= 8
      }
      return true
    }
  }
}
