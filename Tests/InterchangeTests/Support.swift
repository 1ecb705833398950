import Interchange
import Issuing
import Ledger

/// A list from text.
func list(_ text: String, now: Timestamp? = nil) throws(DispatchListError) -> DispatchList {
  try DispatchList(csv: Array(text.utf8), now: now)
}

/// The bad lines of a list that must be refused.
func badLines(_ text: String) -> [BadLine] { badLines(Array(text.utf8)) }

/// The bad lines of a file that must be refused; empty when it was taken.
func badLines(_ bytes: [UInt8]) -> [BadLine] {
  do throws(DispatchListError) {
    _ = try DispatchList(csv: bytes)
    return []
  } catch { return error.lines }
}

/// Boxes with good check digits.
enum Box {
  static let first = "106901234500000010"
  static let second = "106901234500000027"
  static let third = "106901234500000034"
  static let uri = "https://id.example.cn/00/106901234500000010"
}

/// A small generator, the same on every machine for the same seed (splitmix64).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
