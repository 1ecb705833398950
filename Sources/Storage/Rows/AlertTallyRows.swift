/// How many alerts there are of each sort, kept beside them as they change: counting a hundred thousand rows anew for
/// each look at the overview took longer than the rest of the page.
extension Transaction {
  /// Changes an alert and counts it where it then belongs.
  func recounting(alert id: Int64, _ change: () throws -> Void) throws {
    try tally(id, -1)
    try change()
    try tally(id, 1)
    try post("DELETE FROM alert_tally WHERE n = 0")
  }

  /// Adds to the count of an alert's sort.
  func tally(_ id: Int64, _ number: Int64) throws {
    try post(
      """
      INSERT INTO alert_tally
      SELECT kind, rule, status, severity, coalesce(decision, ''), coalesce(dealer, ''), coalesce(region, ''),
        CAST(? AS BIGINT) FROM alert WHERE id = ?
      ON CONFLICT (kind, rule, status, severity, decision, dealer, region) DO UPDATE SET n = alert_tally.n + excluded.n
      """, [.integer(number), .integer(id)])
  }

  /// How many alerts there are of each kind, status and severity, by dealer and region.
  package func alertCounts() throws
    -> [(kind: String, status: String, severity: String, count: Int64, dealer: String?, region: String?)]
  {
    try all(
      """
      SELECT kind, status, severity, CAST(sum(n) AS BIGINT), nullif(dealer, ''), nullif(region, '') FROM alert_tally
      GROUP BY kind, status, severity, dealer, region
      """
    ) { ($0.text(0), $0.text(1), $0.text(2), $0.int(3), $0.textOrNil(4), $0.textOrNil(5)) }
  }

  /// How many sorts of alerts are counted wrong.
  package func wrongTallies() throws -> Int64 {
    try first(
      """
      SELECT count(*) FROM (
        SELECT 1 FROM (
          SELECT kind, rule, status, severity, decision, dealer, region, n FROM alert_tally
          UNION ALL
          SELECT kind, rule, status, severity, coalesce(decision, ''), coalesce(dealer, ''), coalesce(region, ''), -1
          FROM alert
        ) AS counted GROUP BY kind, rule, status, severity, decision, dealer, region HAVING sum(n) <> 0
      ) AS wrong
      """
    ) { $0.int(0) } ?? 0
  }

  /// What was decided on alerts, by themselves or in a case, by kind and rule; what could not be decided is left out.
  package func decisionCounts() throws -> [(kind: String, rule: String, decision: String, count: Int64)] {
    try all(
      """
      SELECT kind, rule, decision, CAST(sum(n) AS BIGINT) FROM (
        SELECT kind, rule, decision, n FROM alert_tally WHERE decision <> ''
        UNION ALL
        -- From the cases, of which there are few: a join might begin with the alerts.
        SELECT (SELECT kind FROM alert WHERE id = m.alert), (SELECT rule FROM alert WHERE id = m.alert), c.outcome, 1
        FROM casefile c JOIN case_alert m ON m.file = c.id WHERE c.outcome <> 'undecidable'
      ) AS decided GROUP BY kind, rule, decision ORDER BY kind, rule, decision
      """
    ) { ($0.text(0), $0.text(1), $0.text(2), $0.int(3)) }
  }
}
