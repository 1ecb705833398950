/// How far a demo is.
package struct DemoProgress: Hashable, Sendable {
  /// What is being done.
  package enum Phase: String, Hashable, Sendable, CaseIterable {
    /// The story is worked out; nothing is written yet.
    case planning
    /// Products, dealers, shops and price policies.
    case catalogue
    /// Day after day of batches, dispatches and scans.
    case trading
    /// Counting what was found.
    case closing
  }

  /// What is being done.
  package let phase: Phase
  /// Days done, and days in all.
  package let day: Int, days: Int
  /// Scans recorded so far.
  package let scans: Int
}
