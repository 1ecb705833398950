import Ledger
import Storage
import TransparencyLog

extension Casework {
  /// Reminds of deadlines: once when less than a day is left, and once when the time is over. Each reminder is a step of
  /// the case, which the dealer and compliance see; a background duty of the leading server.
  /// - Returns: the cases that were reminded.
  @discardableResult
  package func remind(at now: Timestamp) async throws(CaseError) -> [CaseID] {
    let soon = now.advanced(by: CaseLimits.reminderTime)
    var filter = CaseFilter()
    filter.overdueAt = soon.milliseconds
    var reminded: [CaseID] = []
    var next: Int64? = .max
    while let before = next {
      let step = try await remind(filter, before, at: now)
      reminded += step.reminded
      next = step.next
    }
    return reminded
  }

  /// Looks at some overdue cases before a number, in one transaction; `next` is nil when there are no more.
  private func remind(
    _ filter: CaseFilter, _ before: Int64, at now: Timestamp
  ) async throws(CaseError) -> (reminded: [CaseID], next: Int64?) {
    try await ledger.write(CaseError.self) { [ledger] transaction in
      var reminded: [CaseID] = []
      let rows = try transaction.casefiles(filter, before: before, limit: CaseLimits.remindersMax)
      for row in rows {
        guard let due = row.due else { continue }
        let isOver = due < now.milliseconds
        guard try !Self.isReminded(row, due, isOver, transaction) else { continue }
        let data: [String: JSONValue] = [
          "case": .integer(row.id), "due": .string(Timestamp(milliseconds: due).description), "overdue": .bool(isOver),
          "awaited": .string(Self.awaited(row)),
        ]
        let event = try ledger.append(
          EventDraft(.caseReminded, at: now, by: .system, data: data), transaction, recorded: now)
        try transaction.addStep(ofCase: row.id, event: event)
        reminded.append(CaseID(row.id))
      }
      return (reminded, rows.count == CaseLimits.remindersMax ? rows.last?.id : nil)
    }
  }

  /// What is waited for: the dealer's answer or appeal, or the brand's decision on either.
  private static func awaited(_ row: CaseRow) -> String {
    switch CaseState(rawValue: row.state) {
    case .notified: "answer"
    case .answered, .appeal: "decision"
    default: "appeal"
    }
  }

  private static func isReminded(
    _ row: CaseRow, _ due: Int64, _ isOver: Bool, _ transaction: Transaction
  ) throws -> Bool {
    try transaction.steps(ofCase: row.id).contains { step in
      guard let event = try transaction.event(step), event.kind == EventKind.caseReminded.rawValue,
        let data = (try? JSONValue(parsing: event.body))?["data"]
      else { return false }
      return data["due"]?.string == Timestamp(milliseconds: due).description && data["overdue"] == .bool(isOver)
    }
  }
}
