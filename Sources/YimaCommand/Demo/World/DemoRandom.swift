import Foundation

/// The dice of a demo: SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014). The
/// same seed gives the same story on every machine.
struct DemoRandom: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// Each topic throws its own dice: one more shop does not change when goods are sent.
  init(seed: UInt64, _ topic: String) {
    state = topic.utf8.reduce(seed ^ 0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
    return mixed ^ mixed >> 31
  }

  /// 0 ..< 1
  mutating func fraction() -> Double { Double(next() >> 11) * 0x1p-53 }

  mutating func chance(_ probability: Double) -> Bool { fraction() < probability }

  mutating func between(_ low: Double, _ high: Double) -> Double { low + (high - low) * fraction() }

  mutating func pick<Element>(_ elements: [Element]) -> Element? { elements.randomElement(using: &self) }

  /// A whole number whose mean is `value`.
  mutating func rounded(_ value: Double) -> Int { Int(value) + (chance(value - value.rounded(.down)) ? 1 : 0) }

  /// A place in a list of running sums, each with the probability of its own summand; nil for an empty list.
  mutating func place(in sums: [Double]) -> Int? {
    guard let total = sums.last, total > 0 else { return nil }
    let target = fraction() * total
    var (low, high) = (0, sums.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if sums[middle] > target { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
