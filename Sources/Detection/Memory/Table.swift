/// A key of a ``Table``: equal keys have equal bits, and different keys hardly ever do.
protocol TableKey: Hashable, Sendable {
  /// What is hashed.
  var bits: UInt64 { get }
}

extension UInt64: TableKey {
  var bits: UInt64 { self }
}

/// A map of keys that are numbers already: entries stand one after the other, and a table of their places is searched
/// by open addressing. Half the memory and time of a `Dictionary`, whose hash is made for keys of any kind.
///
/// Places are shuffled by a number of this process, so that nobody can choose keys that collide; nothing that the
/// engine says depends on their order.
struct Table<Key: TableKey, Value: Sendable>: Sendable {
  private(set) var keys: [Key] = []
  private(set) var values: [Value] = []
  /// Place of an entry plus 1, or 0; as many as a power of two, at most three quarters of them taken.
  private var slots: [UInt32] = []
  private let seed = tableSeed

  var count: Int { keys.count }
  var isEmpty: Bool { keys.isEmpty }

  private var mask: Int { slots.count - 1 }

  private func home(_ key: Key) -> Int { Int(truncatingIfNeeded: mixBits(key.bits ^ seed)) & mask }

  /// The slot of a key, or the empty one where it belongs; there must be slots.
  private func slot(_ key: Key) -> Int {
    var slot = home(key)
    while slots[slot] != 0, keys[Int(slots[slot]) - 1] != key { slot = (slot + 1) & mask }
    return slot
  }

  /// The place of a key among ``values``, until the next removal.
  func place(of key: Key) -> Int? {
    guard !slots.isEmpty else { return nil }
    let entry = slots[slot(key)]
    return entry == 0 ? nil : Int(entry) - 1
  }

  subscript(key: Key) -> Value? { place(of: key).map { values[$0] } }

  /// Hands the value at a place to `body`, in place.
  mutating func with<Result>(place: Int, _ body: (inout Value) -> Result) -> Result { body(&values[place]) }

  /// Adds an entry whose key must not be there.
  mutating func add(_ key: Key, _ value: Value) {
    if 4 * (keys.count + 1) > 3 * slots.count { grow() }
    keys.append(key)
    values.append(value)
    slots[slot(key)] = UInt32(keys.count)
  }

  private mutating func grow() {
    slots = [UInt32](repeating: 0, count: max(8, 2 * slots.count))
    for (place, key) in keys.enumerated() {
      var slot = home(key)
      while slots[slot] != 0 { slot = (slot + 1) & mask }
      slots[slot] = UInt32(place + 1)
    }
  }

  /// Takes an entry out: the last one moves to its place, and what was pushed on by it moves back.
  mutating func remove(_ key: Key) -> Value? {
    guard !slots.isEmpty else { return nil }
    var hole = slot(key)
    guard slots[hole] != 0 else { return nil }
    let place = Int(slots[hole]) - 1
    if place < keys.count - 1 { slots[slot(keys[keys.count - 1])] = UInt32(place + 1) }
    keys.swapAt(place, keys.count - 1)
    values.swapAt(place, values.count - 1)
    var next = hole
    slots[hole] = 0
    while true {
      next = (next + 1) & mask
      guard slots[next] != 0 else { break }
      let start = home(keys[Int(slots[next]) - 1])
      // Within its run, an entry may move back to the hole unless that is before its home.
      guard (next &- start) & mask >= (next &- hole) & mask else { continue }
      slots[hole] = slots[next]
      slots[next] = 0
      hole = next
    }
    keys.removeLast()
    return values.removeLast()
  }
}

/// A set of numbers, in one table without holes.
struct NumberSet: Sendable {
  /// The members; 0 is an empty slot.
  private var slots: [UInt64] = []
  private var hasZero = false
  private var used = 0
  private let seed = tableSeed

  var count: Int { used + (hasZero ? 1 : 0) }
  var isEmpty: Bool { count == 0 }

  /// In ascending order.
  var sorted: [UInt64] { (hasZero ? [0] : []) + slots.filter { $0 != 0 }.sorted() }

  private func slot(_ member: UInt64) -> Int {
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: mixBits(member ^ seed)) & mask
    while slots[slot] != 0, slots[slot] != member { slot = (slot + 1) & mask }
    return slot
  }

  func contains(_ member: UInt64) -> Bool {
    guard member != 0 else { return hasZero }
    return !slots.isEmpty && slots[slot(member)] == member
  }

  /// Whether it was not in there.
  @discardableResult mutating func insert(_ member: UInt64) -> Bool {
    guard member != 0 else {
      defer { hasZero = true }
      return !hasZero
    }
    if 4 * (used + 1) > 3 * slots.count {
      let old = slots
      slots = [UInt64](repeating: 0, count: max(8, 2 * old.count))
      for member in old where member != 0 { slots[slot(member)] = member }
    }
    let slot = slot(member)
    guard slots[slot] == 0 else { return false }
    slots[slot] = member
    used += 1
    return true
  }
}

/// Of this process; decides where entries lie, and nothing else.
private let tableSeed = UInt64(bitPattern: Int64(Hasher().finalize()))
