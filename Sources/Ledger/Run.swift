import Storage
import TransparencyLog

/// Consecutive numbers of one space, both ends included: how codes are stored, dispatched and bound.
package struct Run: Hashable, Sendable {
  /// The space's row number.
  package let space: Int64
  /// First and last number.
  package let first: Int64, last: Int64

  /// Made from its parts; `last` is not below `first`.
  package init(space: Int64, first: Int64, last: Int64) {
    self.space = space
    self.first = first
    self.last = last
  }

  /// How many numbers.
  package var count: Int64 { last - first + 1 }

  /// The part within `lower ... upper`; nil when there is none.
  package func clamped(_ lower: Int64, _ upper: Int64) -> Run? {
    let first = max(first, lower)
    let last = min(last, upper)
    return first <= last ? Run(space: space, first: first, last: last) : nil
  }

  /// Sorted, with neighbours joined; nil when two of them overlap (a unit was named twice).
  package static func joined(_ runs: [Run]) -> [Run]? {
    var result: [Run] = []
    for run in runs.sorted(by: { ($0.space, $0.first) < ($1.space, $1.first) }) {
      guard let previous = result.last, previous.space == run.space, previous.last >= run.first - 1 else {
        result.append(run)
        continue
      }
      guard previous.last < run.first else { return nil }
      result[result.count - 1] = Run(space: run.space, first: previous.first, last: run.last)
    }
    return result
  }
}
