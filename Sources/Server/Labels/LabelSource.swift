import Labels

/// Where the contents of many labels come from, a few at a time, so that a job of any size is made in bounded memory.
protocol LabelSource: Sendable {
  /// The labels of the units from `place` on (from 0), and how many units were looked at; 0 at the end.
  func labels(from place: Int64, limit: Int) async throws -> (labels: [LabelContent], units: Int64)
}
