/// FNV-1a with a final mix, 64 bits: the same in every process, unlike `Hasher`.
package struct StableHash: Sendable {
  private var state: UInt64 = 0xcbf2_9ce4_8422_2325

  /// Of nothing yet.
  package init() {}

  /// Takes eight bytes in.
  package mutating func add(_ word: UInt64) {
    var word = word
    for _ in 0..<8 {
      state = (state ^ (word & 0xff)) &* 0x100_0000_01b3
      word >>= 8
    }
  }

  /// Takes bytes in.
  package mutating func add(_ bytes: some Sequence<UInt8>) {
    for byte in bytes { state = (state ^ UInt64(byte)) &* 0x100_0000_01b3 }
  }

  /// The hash of all that was taken in; never 0, which stands for "none" in sightings.
  package var value: UInt64 {
    let mixed = mixBits(state)
    return mixed == 0 ? 1 : mixed
  }

  /// The number that stands for a text in sightings.
  package static func of(_ text: String) -> UInt64 {
    var hash = StableHash()
    hash.add(text.utf8)
    return hash.value
  }
}

/// Spreads the bits of a word over all of it (the finalizer of MurmurHash3).
func mixBits(_ word: UInt64) -> UInt64 {
  var word = word
  word = (word ^ (word >> 33)) &* 0xff51_afd7_ed55_8ccd
  word = (word ^ (word >> 33)) &* 0xc4ce_b9fe_1a85_ec53
  return word ^ (word >> 33)
}

/// One number for two: distinct pairs collide as rarely as 64-bit hashes do.
func pairBits(_ a: UInt64, _ b: UInt64) -> UInt64 { mixBits(mixBits(a) &+ b &* 0x9e37_79b9_7f4a_7c15) }
