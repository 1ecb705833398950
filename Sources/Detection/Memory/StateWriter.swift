/// Writes the engine's state: little-endian base-128 numbers and bit patterns, in an order that depends on nothing but
/// the values.
struct StateWriter {
  private(set) var bytes: [UInt8] = []

  mutating func word(_ value: UInt64) {
    var value = value
    while value >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: value) | 0x80)
      value >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: value))
  }

  mutating func fixed(_ value: UInt64) {
    for shift in stride(from: UInt64(0), to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: value >> shift)) }
  }

  mutating func int(_ value: Int) { word(UInt64(bitPattern: Int64((value << 1) ^ (value >> 63)))) }

  mutating func int(_ value: Int64) { int(Int(value)) }

  mutating func flag(_ value: Bool) { int(value ? -1 : 0) }

  mutating func real(_ value: Double) { fixed(value.bitPattern) }

  /// Runs of zeros take two bytes: most base counts are zero.
  mutating func reals(_ values: [Double]) {
    word(UInt64(values.count))
    var index = 0
    while index < values.count {
      let start = index
      while index < values.count, values[index].bitPattern == 0 { index += 1 }
      word(UInt64(index - start))
      let full = index
      while index < values.count, values[index].bitPattern != 0 { index += 1 }
      word(UInt64(index - full))
      for value in values[full..<index] { real(value) }
    }
  }

  mutating func channels(_ value: Channels) {
    for channel in 0..<Channels.count { real(value[channel]) }
  }

  mutating func list<Element>(_ values: [Element], _ body: (inout StateWriter, Element) -> Void) {
    word(UInt64(values.count))
    for value in values { body(&self, value) }
  }

  /// Entries in the order of their keys.
  mutating func map<Key: Comparable, Value>(
    _ values: [Key: Value], _ body: (inout StateWriter, Key, Value) -> Void
  ) {
    word(UInt64(values.count))
    for (key, value) in values.sorted(by: { $0.key < $1.key }) { body(&self, key, value) }
  }
}
