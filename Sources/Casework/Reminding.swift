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
    return try await ledger.write(CaseError.self) { [ledger, filter] transaction in
      var reminded: [CaseID] = []
      for row in try transaction.casefiles(filter, before: .max, limit: CaseLimits.remindersMax) {
        guard let due = row.due else { continue }
        let isOver = due < now.milliseconds
        guard try !Self.isReminded(row, due, isOver, transaction) else { continue }
        let data: [String: JSONValue] = [
          "case": .integer(row.id), "due": .string(Timestamp(milliseconds: due).description), "overdue": .bool(isOver),
          "awaited": .string(row.state == CaseState.notified.rawValue ? "answer" : "appeal"),
        ]
        let event = try ledger.append(
          EventDraft(.caseReminded, at: now, by: .system, data: data), transaction, recorded: now)
        try transaction.addStep(ofCase: row.id, event: event)
        reminded.append(CaseID(row.id))
      }
      return reminded
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
