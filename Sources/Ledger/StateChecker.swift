import Storage

/// Checks that the projections agree with themselves, with each other and with the events. Run by the audit, by the
/// model test after each step, and by whoever doubts a database.
package struct StateChecker {
  private let transaction: Transaction

  /// Over this snapshot.
  package init(_ transaction: Transaction) { self.transaction = transaction }

  /// Calls `report` for everything that does not hold.
  package func run(_ report: (String) -> Void) throws {
    try tracksCoverWhatWasIssued(report)
    try versionsGoForward(report)
    try contentsAgree(report)
    try batchesFillTheirSpaces(report)
    try historiesCount(report)
  }

  /// Tracks lie side by side, without gap or overlap, from 0 to the last number given.
  private func tracksCoverWhatWasIssued(_ report: (String) -> Void) throws {
    let issued = Dictionary(uniqueKeysWithValues: try transaction.spaces().map { ($0.id, $0.next) })
    var expected: [Int64: Int64] = [:]
    try transaction.each("SELECT space, first, last FROM track ORDER BY space, first") {
      let next = expected[$0.int(0), default: 0]
      if $0.int(1) != next { report("space \($0.int(0)): a track begins at \($0.int(1)), not at \(next)") }
      expected[$0.int(0)] = $0.int(2) + 1
    }
    for (space, next) in issued where expected[space, default: 0] != next {
      report("space \(space): \(next) numbers were given, tracks reach \(expected[space, default: 0])")
    }
  }

  /// Nothing happens before what it follows, and a bound code says to whom and where.
  private func versionsGoForward(_ report: (String) -> Void) throws {
    try transaction.each(
      "SELECT v.id FROM version AS v JOIN version AS p ON p.id = v.previous WHERE v.event < p.event "
        + "OR (v.at < p.at AND (SELECT kind FROM \(transaction.eventSpine) WHERE id = v.event) <> 'correction')"
    ) { report("version \($0.int(0)) is earlier than the one before it") }
    let bound = [LifeState.dispatched, .received, .sold].map { String($0.rawValue) }.joined(separator: ", ")
    try transaction.each(
      "SELECT id FROM version WHERE state IN (\(bound)) AND (dealer IS NULL OR dispatch IS NULL OR territories IS NULL)"
    ) { report("version \($0.int(0)) is bound to nobody") }
    try transaction.each(
      "SELECT v.id FROM version AS v LEFT JOIN \(transaction.eventSpine) AS e ON e.id = v.event WHERE e.at IS NULL OR e.at <> v.at"
    ) { report("version \($0.int(0)) does not agree with its event") }
  }

  /// What is in a box by scanning says so itself, and the other way round.
  private func contentsAgree(_ report: (String) -> Void) throws {
    try transaction.each(
      """
      SELECT c.space, c.first, t.first, v.parent_space = c.parent_space AND v.parent_serial = c.parent_serial
      FROM content AS c LEFT JOIN track AS t ON t.space = c.space AND t.first BETWEEN
      coalesce((SELECT max(first) FROM track WHERE space = c.space AND first <= c.first), c.first) AND c.last
      LEFT JOIN version AS v ON v.id = t.version
      """
    ) {
      if $0.int(3) != 1 { report("space \($0.int(0)): run \($0.int(1)) lies in a box but its life does not say so") }
    }
    try transaction.each(
      """
      SELECT t.space, t.first FROM track AS t JOIN version AS v ON v.id = t.version
      WHERE v.parent_serial IS NOT NULL AND t.last - t.first + 1 <> (
        SELECT coalesce(sum(
          CASE WHEN c.last < t.last THEN c.last ELSE t.last END
          - CASE WHEN c.first > t.first THEN c.first ELSE t.first END + 1), 0) FROM content AS c
        WHERE c.parent_space = v.parent_space AND c.parent_serial = v.parent_serial AND c.space = t.space
        AND c.first <= t.last AND c.last >= t.first)
      """
    ) { report("space \($0.int(0)): run \($0.int(1)) says it is in a box that does not hold it") }
  }

  /// Batches take their spaces' numbers one after the other.
  private func batchesFillTheirSpaces(_ report: (String) -> Void) throws {
    try transaction.each(
      """
      SELECT s.id FROM space AS s WHERE s.next <> (SELECT coalesce(sum(count), 0) FROM batch WHERE space = s.id)
      + (SELECT coalesce(sum(box_count), 0) FROM batch WHERE box_space = s.id)
      """
    ) { report("space \($0.int(0)): its batches do not add up to the numbers given") }
  }

  /// Each code's count of scans is the number of its scan events.
  private func historiesCount(_ report: (String) -> Void) throws {
    try transaction.each(
      """
      SELECT h.space, h.number FROM history AS h LEFT JOIN \(transaction.eventSpine) AS e ON e.id = h.last_event
      WHERE e.kind IS DISTINCT FROM 'scan' OR h.first_at > h.last_at
      """
    ) { report("space \($0.int(0)): the history of \($0.int(1)) does not agree with its last scan") }
    // The chain of each code's scans is as long as its count, and spans the same time. `previous < id` ends the walk
    // also where somebody has bent the chain into a ring.
    try transaction.each(
      """
      WITH RECURSIVE chain (space, number, event) AS (
        SELECT space, number, last_event FROM history
        UNION ALL
        SELECT c.space, c.number, e.previous FROM chain AS c JOIN \(transaction.eventSpine) AS e ON e.id = c.event
        WHERE e.previous < e.id),
      told (space, number, scans, first_at, last_at) AS (
        SELECT c.space, c.number, count(*), min(e.at), max(e.at) FROM chain AS c LEFT JOIN \(transaction.eventSpine) AS e ON e.id = c.event
        GROUP BY c.space, c.number)
      SELECT h.space, h.number FROM history AS h JOIN told AS t ON t.space = h.space AND t.number = h.number
      WHERE h.scans <> t.scans OR h.first_at IS DISTINCT FROM t.first_at OR h.last_at IS DISTINCT FROM t.last_at
      """
    ) { report("space \($0.int(0)): \($0.int(1)) has other scans than its history says") }
  }
}
