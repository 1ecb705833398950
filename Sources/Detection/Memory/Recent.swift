/// A map that forgets what has not been touched for one to two periods: two generations, swapped by the sightings' own
/// clock, so that a restart changes nothing.
struct RecentMap<Key: TableKey, Value: Sendable>: Sendable {
  private(set) var current = Table<Key, Value>()
  private(set) var previous = Table<Key, Value>()

  init() {}

  fileprivate init(current: Table<Key, Value>, previous: Table<Key, Value>) {
    self.current = current
    self.previous = previous
  }

  /// The value of a key, made when missing, handed to `body` in place.
  mutating func with<Result>(_ key: Key, _ make: @autoclosure () -> Value, _ body: (inout Value) -> Result) -> Result {
    if let place = current.place(of: key) { return current.with(place: place, body) }
    var value = previous.isEmpty ? make() : previous.remove(key) ?? make()
    let result = body(&value)
    current.add(key, value)
    return result
  }

  /// The value of a key, if it is remembered; does not count as a touch.
  subscript(key: Key) -> Value? { current[key] ?? (previous.isEmpty ? nil : previous[key]) }

  var count: Int { current.count + previous.count }

  mutating func turn() {
    previous = current
    current = Table(sizedAs: previous)
  }
}

/// A set that forgets in the same way.
struct RecentSet: Sendable {
  private(set) var current = NumberSet()
  private(set) var previous = NumberSet()

  init() {}

  fileprivate init(current: NumberSet, previous: NumberSet) {
    self.current = current
    self.previous = previous
  }

  func contains(_ member: UInt64) -> Bool { current.contains(member) || !previous.isEmpty && previous.contains(member) }

  /// Whether it was not in there.
  @discardableResult mutating func insert(_ member: UInt64) -> Bool {
    current.insert(member) && (previous.isEmpty || !previous.contains(member))
  }

  var count: Int { current.count + previous.count }

  mutating func turn() {
    previous = current
    current = NumberSet(sizedAs: previous)
  }
}

extension StateWriter {
  mutating func recent<Key: Comparable & TableKey, Value: Sendable>(
    _ map: RecentMap<Key, Value>, _ body: (inout StateWriter, Key, Value) -> Void
  ) {
    for table in [map.current, map.previous] {
      word(UInt64(table.count))
      let entries = table.entries
      let places = entries.indices.sorted { entries[$0].key < entries[$1].key }
      for place in places { body(&self, entries[place].key, entries[place].value) }
    }
  }

  mutating func recent(_ set: RecentSet) {
    for members in [set.current.sorted, set.previous.sorted] {
      word(UInt64(members.count))
      for member in members { fixed(member) }
    }
  }
}

extension StateReader {
  mutating func recent<Key: TableKey, Value: Sendable>(
    _ body: (inout StateReader) throws(StateError) -> (Key, Value)
  ) throws(StateError) -> RecentMap<Key, Value> {
    RecentMap(current: try table(body), previous: try table(body))
  }

  private mutating func table<Key: TableKey, Value: Sendable>(
    _ body: (inout StateReader) throws(StateError) -> (Key, Value)
  ) throws(StateError) -> Table<Key, Value> {
    var table = Table<Key, Value>()
    for _ in 0..<(try length()) {
      let (key, value) = try body(&self)
      guard table.place(of: key) == nil else { throw .malformed(at: offset) }
      table.add(key, value)
    }
    return table
  }

  mutating func recent() throws(StateError) -> RecentSet { RecentSet(current: try set(), previous: try set()) }

  private mutating func set() throws(StateError) -> NumberSet {
    var set = NumberSet()
    for _ in 0..<(try length()) { set.insert(try fixed()) }
    return set
  }
}
