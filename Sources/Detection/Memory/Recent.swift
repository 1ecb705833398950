/// A map that forgets what has not been touched for one to two periods: two generations, swapped by the sightings' own
/// clock, so that a restart changes nothing.
struct RecentMap<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  var current: [Key: Value] = [:]
  var previous: [Key: Value] = [:]

  /// The value of a key, made when missing, handed to `body` in place.
  mutating func with<Result>(_ key: Key, _ make: @autoclosure () -> Value, _ body: (inout Value) -> Result) -> Result {
    if let index = current.index(forKey: key) { return body(&current.values[index]) }
    var value = previous.isEmpty ? make() : previous.removeValue(forKey: key) ?? make()
    let result = body(&value)
    current[key] = value
    return result
  }

  /// The value of a key, if it is remembered; does not count as a touch.
  subscript(key: Key) -> Value? { current[key] ?? (previous.isEmpty ? nil : previous[key]) }

  var count: Int { current.count + previous.count }

  mutating func turn() {
    previous = current
    current = [:]
  }
}

/// A set that forgets in the same way.
struct RecentSet: Sendable {
  var current: Set<UInt64> = []
  var previous: Set<UInt64> = []

  func contains(_ member: UInt64) -> Bool { current.contains(member) || !previous.isEmpty && previous.contains(member) }

  /// Whether it was not in there.
  @discardableResult mutating func insert(_ member: UInt64) -> Bool {
    current.insert(member).inserted && (previous.isEmpty || !previous.contains(member))
  }

  var count: Int { current.count + previous.count }

  mutating func turn() {
    previous = current
    current = []
  }
}

extension StateWriter {
  mutating func recent<Key: Comparable & Hashable & Sendable, Value: Sendable>(
    _ map: RecentMap<Key, Value>, _ body: (inout StateWriter, Key, Value) -> Void
  ) {
    self.map(map.current, body)
    self.map(map.previous, body)
  }

  mutating func recent(_ set: RecentSet) {
    self.set(set.current)
    self.set(set.previous)
  }
}

extension StateReader {
  mutating func recent<Key: Hashable & Sendable, Value: Sendable>(
    _ body: (inout StateReader) throws(StateError) -> (Key, Value)
  ) throws(StateError) -> RecentMap<Key, Value> {
    RecentMap(current: try map(body), previous: try map(body))
  }

  mutating func recent() throws(StateError) -> RecentSet { RecentSet(current: try set(), previous: try set()) }
}
