import TransparencyLog

/// Something that a detector remembers across restarts.
protocol Remembered: Sendable {
  /// nil for what `json` never gave.
  init?(json: JSONValue)
  var json: JSONValue { get }
}

/// A detector's memory: a value a matter, bounded in number and in age.
///
/// Once a day (by the events' own clocks) what has not been touched for `lifetime` is forgotten; above `limit` the
/// eighth that was touched longest ago is. Both depend on nothing but the events, so a restart changes nothing.
struct BoundedMap<Value: Remembered>: Sendable {
  private struct Entry: Sendable {
    var value: Value
    /// Latest clock of a sighting that touched it.
    var touched: Int64
  }

  private let limit: Int
  private let lifetime: Int64
  private var entries: [String: Entry] = [:]
  private var sweptDay: Int64 = 0

  /// - Parameters:
  ///   - limit: the largest number of values.
  ///   - days: how long an untouched value is kept.
  init(limit: Int, days: Int64) {
    self.limit = max(1, limit)
    lifetime = days * millisecondsPerDay
  }

  var count: Int { entries.count }

  /// Hands the value of a key, made when missing, to `body`.
  mutating func update<Result>(
    _ key: String, at clock: Int64, make: @autoclosure () -> Value, _ body: (inout Value) -> Result
  ) -> Result {
    sweep(clock)
    var entry = entries.removeValue(forKey: key) ?? Entry(value: make(), touched: clock)
    entry.touched = max(entry.touched, clock)
    let result = body(&entry.value)
    entries[key] = entry
    if entries.count > limit { shed() }
    return result
  }

  /// Hands the value of a key to `body` if there is one.
  mutating func touch<Result>(_ key: String, at clock: Int64, _ body: (inout Value) -> Result) -> Result? {
    sweep(clock)
    guard var entry = entries.removeValue(forKey: key) else { return nil }
    entry.touched = max(entry.touched, clock)
    let result = body(&entry.value)
    entries[key] = entry
    return result
  }

  private mutating func sweep(_ clock: Int64) {
    let day = clock / millisecondsPerDay
    guard day > sweptDay else { return }
    sweptDay = day
    let oldest = clock &- lifetime
    entries = entries.filter { $0.value.touched >= oldest }
  }

  private mutating func shed() {
    // Only what is compared is copied out: the values are large.
    let ages = entries.map { (touched: $0.value.touched, key: $0.key) }
    let oldest = ages.sorted { $0.touched == $1.touched ? $0.key < $1.key : $0.touched < $1.touched }
    for (_, key) in oldest.prefix(max(1, limit / 8)) { entries[key] = nil }
  }
}

extension BoundedMap {
  var json: JSONValue {
    [
      "day": .integer(sweptDay),
      "entries": .object(entries.mapValues { [.integer($0.touched), $0.value.json] }),
    ]
  }

  /// Takes back what `json` gave; false, and nothing changed, when it is something else.
  mutating func restore(_ json: JSONValue?) -> Bool {
    guard let day = json?["day"]?.int, let stored = json?["entries"]?.object else { return false }
    var entries: [String: Entry] = [:]
    entries.reserveCapacity(stored.count)
    for (key, pair) in stored {
      guard let touched = pair[0]?.int, let value = pair[1].flatMap(Value.init(json:)) else { return false }
      entries[key] = Entry(value: value, touched: touched)
    }
    self.entries = entries
    sweptDay = day
    return true
  }
}

/// Milliseconds in a day.
let millisecondsPerDay: Int64 = 86_400_000
