/// A key of a ``Table``: equal keys have equal bits, and different keys hardly ever do.
protocol TableKey: Hashable, Sendable {
  /// What is hashed.
  var bits: UInt64 { get }
}

extension UInt64: TableKey {
  var bits: UInt64 { self }
}

/// A map of keys that are numbers already: entries stand one after the other, and a table of their places, each with a
/// part of its key's hash, is searched by open addressing: an entry is looked at when it is very likely the right one.
/// Half the memory and time of a `Dictionary`, whose hash is made for keys of any kind.
///
/// Places are shuffled by a number of this process, so that nobody can choose keys that collide; nothing that the
/// engine says depends on their order.
struct Table<Key: TableKey, Value: Sendable>: Sendable {
  /// A key and its value.
  struct Entry: Sendable {
    let key: Key
    fileprivate(set) var value: Value
  }

  private(set) var entries: [Entry] = []
  /// Hash of a key (upper half) and place of its entry plus 1, or 0; as many as a power of two, at most three quarters
  /// of them taken.
  private var slots: [UInt64] = []
  private let seed = tableSeed

  init() {}

  /// Empty, with room for as many as another has: one period is much like the one before.
  init(sizedAs other: Table) {
    guard !other.isEmpty else { return }
    slots = [UInt64](repeating: 0, count: other.slots.count)
    entries.reserveCapacity(other.count)
  }

  var count: Int { entries.count }
  var isEmpty: Bool { entries.isEmpty }

  private var mask: Int { slots.count - 1 }

  /// The hash where it stands in a slot.
  private func hash(_ key: Key) -> UInt64 { mixBits(key.bits ^ seed) << 32 }

  /// Where the search for a hash begins; a slot's own when it is given whole.
  private func home(_ hash: UInt64) -> Int { Int(hash >> 32) & mask }

  private func place(_ slot: UInt64) -> Int { Int(slot & 0xffff_ffff) - 1 }

  /// The slot of a key, or the empty one where it belongs; there must be slots.
  private func slot(_ key: Key, _ hash: UInt64) -> Int {
    var slot = home(hash)
    while slots[slot] != 0 {
      if (slots[slot] ^ hash) >> 32 == 0, entries[place(slots[slot])].key == key { break }
      slot = (slot + 1) & mask
    }
    return slot
  }

  /// The place of a key among ``entries``, until the next removal.
  func place(of key: Key) -> Int? {
    guard !slots.isEmpty else { return nil }
    let entry = slots[slot(key, hash(key))]
    return entry == 0 ? nil : place(entry)
  }

  subscript(key: Key) -> Value? { place(of: key).map { entries[$0].value } }

  /// Hands the value at a place to `body`, in place.
  mutating func with<Result>(place: Int, _ body: (inout Value) -> Result) -> Result { body(&entries[place].value) }

  /// Adds an entry whose key must not be there.
  mutating func add(_ key: Key, _ value: Value) {
    if 4 * (entries.count + 1) > 3 * slots.count { grow() }
    let hash = hash(key)
    let slot = slot(key, hash)
    entries.append(Entry(key: key, value: value))
    slots[slot] = hash | UInt64(entries.count)
  }

  private mutating func grow() {
    let old = slots
    slots = [UInt64](repeating: 0, count: max(8, 2 * old.count))
    for entry in old where entry != 0 {
      var slot = home(entry)
      while slots[slot] != 0 { slot = (slot + 1) & mask }
      slots[slot] = entry
    }
  }

  /// Takes an entry out: the last one moves to its place, and what was pushed on by it moves back.
  mutating func remove(_ key: Key) -> Value? {
    guard !slots.isEmpty else { return nil }
    var hole = slot(key, hash(key))
    guard slots[hole] != 0 else { return nil }
    let place = place(slots[hole])
    if let last = entries.last, place < entries.count - 1 {
      let hash = hash(last.key)
      slots[slot(last.key, hash)] = hash | UInt64(place + 1)
    }
    entries.swapAt(place, entries.count - 1)
    var next = hole
    slots[hole] = 0
    while true {
      next = (next + 1) & mask
      guard slots[next] != 0 else { break }
      // Within its run, an entry may move back to the hole unless that is before its home.
      guard (next &- home(slots[next])) & mask >= (next &- hole) & mask else { continue }
      slots[hole] = slots[next]
      slots[next] = 0
      hole = next
    }
    return entries.removeLast().value
  }
}

/// A set of numbers, in one table without holes.
struct NumberSet: Sendable {
  /// The members; 0 is an empty slot. At most half of them are taken: most searches are for what is not there.
  private var slots: [UInt64] = []
  private var hasZero = false
  private var used = 0
  private let seed = tableSeed

  init() {}

  /// Empty, with room for as many as another has.
  init(sizedAs other: NumberSet) {
    slots = [UInt64](repeating: 0, count: other.used == 0 ? 0 : other.slots.count)
  }

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
    if 2 * (used + 1) > slots.count {
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
