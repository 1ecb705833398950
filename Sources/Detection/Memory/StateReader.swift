/// A stored state that cannot be taken up.
package enum StateError: Error, Equatable, CustomStringConvertible {
  /// The bytes end before the state does.
  case truncated
  /// Written by another version of the engine.
  case version(UInt64)
  /// Written for other regions.
  case geography
  /// A number that no engine writes, at a byte.
  case malformed(at: Int)

  /// A sentence for the log.
  package var description: String {
    switch self {
    case .truncated: "the detection state ends too early"
    case .version(let version): "the detection state is of version \(version), which this engine cannot read"
    case .geography: "the detection state belongs to other regions"
    case .malformed(let offset): "the detection state is damaged at byte \(offset)"
    }
  }
}

/// Reads what ``StateWriter`` wrote. Whatever the bytes are, it throws rather than traps, and what it returns can be
/// counted on without overflow.
struct StateReader {
  private let bytes: [UInt8]
  private(set) var offset = 0

  /// No count in a state comes near it; sums of such counts cannot overflow.
  static let countMax: Int = 1 << 48

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var isAtEnd: Bool { offset == bytes.count }

  mutating func word() throws(StateError) -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while true {
      guard offset < bytes.count else { throw .truncated }
      let byte = bytes[offset]
      offset += 1
      guard shift < 63 || byte <= 1 else { throw .malformed(at: offset) }
      value |= UInt64(byte & 0x7f) << shift
      if byte < 0x80 { return value }
      shift += 7
      guard shift < 64 else { throw .malformed(at: offset) }
    }
  }

  mutating func fixed() throws(StateError) -> UInt64 {
    guard bytes.count - offset >= 8 else { throw .truncated }
    var value: UInt64 = 0
    for index in (0..<8).reversed() { value = value << 8 | UInt64(bytes[offset + index]) }
    offset += 8
    return value
  }

  /// A number within a range.
  mutating func int(_ range: ClosedRange<Int>) throws(StateError) -> Int {
    let raw = try word()
    let value = Int(truncatingIfNeeded: raw >> 1) ^ -Int(truncatingIfNeeded: raw & 1)
    guard range.contains(value) else { throw .malformed(at: offset) }
    return value
  }

  /// A count: not negative, and far from overflow.
  mutating func count() throws(StateError) -> Int { try int(0...Self.countMax) }

  /// A moment in seconds: far from overflow both ways.
  mutating func moment() throws(StateError) -> Int64 { Int64(try int(-Self.countMax...Self.countMax)) }

  mutating func flag() throws(StateError) -> Bool { try int(-1...0) == -1 }

  mutating func real() throws(StateError) -> Double {
    let value = Double(bitPattern: try fixed())
    guard value.isFinite else { throw .malformed(at: offset) }
    return value
  }

  /// How many elements follow; more than bytes are left cannot.
  mutating func length() throws(StateError) -> Int {
    let length = try word()
    guard length <= UInt64(bytes.count - offset) else { throw .truncated }
    return Int(length)
  }

  /// - Parameter expected: how many there must be.
  mutating func reals(_ expected: Int) throws(StateError) -> [Double] {
    guard try word() == UInt64(expected) else { throw .malformed(at: offset) }
    var values: [Double] = []
    values.reserveCapacity(expected)
    while values.count < expected {
      let zeros = try word()
      guard zeros <= UInt64(expected - values.count) else { throw .malformed(at: offset) }
      values.append(contentsOf: repeatElement(0, count: Int(zeros)))
      let full = try word()
      guard full <= UInt64(expected - values.count), zeros + full > 0 else { throw .malformed(at: offset) }
      for _ in 0..<full { values.append(try real()) }
    }
    return values
  }

  mutating func channels() throws(StateError) -> Channels {
    var value = Channels()
    for channel in 0..<Channels.count { value[channel] = try real() }
    return value
  }

  mutating func list<Element>(
    _ body: (inout StateReader) throws(StateError) -> Element
  ) throws(StateError) -> [Element] {
    let count = try length()
    var values: [Element] = []
    values.reserveCapacity(min(count, 4096))
    for _ in 0..<count { values.append(try body(&self)) }
    return values
  }

  mutating func map<Key: Hashable, Value>(
    _ body: (inout StateReader) throws(StateError) -> (Key, Value)
  ) throws(StateError) -> [Key: Value] {
    let count = try length()
    var values: [Key: Value] = [:]
    values.reserveCapacity(min(count, 1 << 16))
    for _ in 0..<count {
      let (key, value) = try body(&self)
      guard values.updateValue(value, forKey: key) == nil else { throw .malformed(at: offset) }
    }
    return values
  }
}
