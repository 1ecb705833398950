/// A generator whose whole future is its seed (SplitMix64): a failing test prints the seed and can be run again.
struct Seeded: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// So many bytes.
  mutating func bytes(_ count: Int) -> [UInt8] {
    (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) }
  }

  /// One of the elements; the bytes of the texts are ASCII or UTF-8 as given.
  mutating func text(of pieces: [String], count: Int) -> [UInt8] {
    (0..<count).flatMap { _ in Array((pieces.randomElement(using: &self) ?? "").utf8) }
  }

  /// The bytes with a few changed, removed, added or swapped.
  mutating func mutation(of bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<Int.random(in: 1...3, using: &self) {
      let place = Int.random(in: 0...bytes.count, using: &self)
      switch Int.random(in: 0..<4, using: &self) {
      case 0: bytes.insert(UInt8(truncatingIfNeeded: next()), at: place)
      case 1 where place < bytes.count: bytes.remove(at: place)
      case 2 where place < bytes.count: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &self)
      default: bytes.removeSubrange(place..<Int.random(in: place...bytes.count, using: &self))
      }
    }
    return bytes
  }
}
