import Ledger
import Storage
import TransparencyLog

/// A case as it is shown to somebody.
package struct CaseView: Sendable {
  /// How it stands, its alerts, penalties and attachments.
  package let row: CaseRow, alerts: [Int64], penalties: [PenaltyRow], attachments: [AttachmentRow]
  /// Its course; in lists empty.
  package let steps: [CaseMoment]
  /// When it was looked at: what is overdue depends on it.
  package let now: Timestamp

  /// `C12`
  package var id: CaseID { CaseID(row.id) }

  /// Whether the time to answer or appeal is over.
  package var isOverdue: Bool { row.due.map { $0 < now.milliseconds } ?? false }

  /// Whether its dealer may appeal now, as ``Casework/appeal(_:text:attachments:by:)`` judges it; false in lists.
  package var mayAppeal: Bool {
    guard row.outcome == CaseOutcome.confirmed.rawValue, let state = CaseState(rawValue: row.state) else {
      return false
    }
    let decided = steps.last { $0.kind == .caseDecided || $0.kind == .caseAppealDecided }?.event ?? 0
    if steps.contains(where: { $0.kind == .caseCorrected && $0.event > decided && $0.data["cleared"] == true }) {
      return [.decided, .penalty, .closed].contains(state)
    }
    return [.decided, .penalty].contains(state) && !isOverdue && !steps.contains { $0.kind == .caseAppealed }
  }
}

/// One step of a case's course.
package struct CaseMoment: Sendable {
  /// The number of the event, its kind, when and by whom.
  package let event: Int64, kind: EventKind, at: Timestamp, key: Int64?, role: String
  /// What it says; what people wrote, while it has not been erased.
  package let data: [String: JSONValue], text: String?

  /// Reads an event; nil for one that is none of a case's.
  init?(_ row: EventRow) {
    guard let body = try? JSONValue(parsing: row.body), let kind = EventKind(rawValue: row.kind),
      let data = body["data"]?.object
    else { return nil }
    event = row.id
    self.kind = kind
    at = Timestamp(milliseconds: row.at)
    key = body["by"]?["key"]?.int
    role = body["by"]?["role"]?.string ?? ""
    self.data = data
    let personal = row.personal.flatMap { try? JSONValue(parsing: $0) }
    text = (personal?["text"] ?? personal?["reason"])?["value"]?.string
  }
}

/// Somebody who works on cases, or once did.
package struct CaseWorker: Sendable {
  /// The number of the key, the name it was given, which is its user's, and its role.
  package let key: Int64, name: String, role: Role
  /// Whether a case may be given to it.
  package let isActive: Bool
}

/// Which cases are asked for; nil means any.
package struct CaseQuery: Sendable {
  /// State and dealer.
  package var state: CaseState?, dealer: String?
  /// Only those whose deadline has passed.
  package var isOverdue = false

  /// No condition yet.
  package init() {}
}

extension Casework {
  /// A page of cases, newest first, without their courses.
  package func list(
    _ query: CaseQuery, before id: Int64 = .max, limit: Int, for actor: Actor
  ) async throws(CaseError) -> [CaseView] {
    try Self.demandReader(actor)
    let now = ledger.now()
    var filter = CaseFilter()
    filter.state = query.state?.rawValue
    filter.dealer = query.dealer
    if let own = actor.dealer {
      guard query.dealer == nil || query.dealer == own else { return [] }
      filter.dealer = own
    }
    filter.isToldOnly = actor.role == .dealer
    filter.regionPrefix = CaseScope(actor).regionPrefix
    if query.isOverdue { filter.overdueAt = now.milliseconds }
    return try await ledger.read(CaseError.self) { [filter] transaction in
      try transaction.casefiles(filter, before: id, limit: limit).map { row in
        CaseView(
          row: row, alerts: try transaction.alerts(ofCase: row.id), penalties: [], attachments: [], steps: [],
          now: now)
      }
    }
  }

  /// Who works on cases, in the order in which they came; a dealer is not told.
  package func workers(for actor: Actor) async throws(CaseError) -> [CaseWorker] {
    guard actor.role != .dealer else { throw .notAllowed(actor.role) }
    try Self.demandReader(actor)
    return try await ledger.read(CaseError.self) { transaction in
      try transaction.keys().compactMap { row in
        guard let role = Role(rawValue: row.role), Self.workers.contains(role) else { return nil }
        return CaseWorker(key: row.id, name: row.name, role: role, isActive: row.revoked == nil)
      }
    }
  }

  /// The roles that work on cases.
  static let workers: Set<Role> = [.compliance, .admin]

  /// One case with its course. A dealer is not shown what compliance says among itself.
  /// - Throws: `noCase` also for one that is not the asker's to see, which must not be told apart.
  package func view(_ id: CaseID, for actor: Actor) async throws(CaseError) -> CaseView {
    try Self.demandReader(actor)
    let now = ledger.now()
    return try await ledger.read(CaseError.self) { transaction in
      guard let row = try transaction.casefile(id.number), CaseScope(actor).holds(row) else {
        throw CaseError.noCase(id)
      }
      return try Self.view(row, isDealer: actor.role == .dealer, now, transaction)
    }
  }

  /// The case inside a transaction.
  static func view(_ row: CaseRow, isDealer: Bool, _ now: Timestamp, _ transaction: Transaction) throws -> CaseView {
    let within: Set<EventKind> = isDealer ? [.caseProposed, .caseAssigned] : []
    let steps = try transaction.steps(ofCase: row.id).compactMap { try transaction.event($0).flatMap(CaseMoment.init) }
      .filter { !within.contains($0.kind) }
    return CaseView(
      row: row, alerts: try transaction.alerts(ofCase: row.id), penalties: try transaction.penalties(ofCase: row.id),
      attachments: try transaction.attachments(ofCase: row.id), steps: steps, now: now)
  }

  private static func demandReader(_ actor: Actor) throws(CaseError) {
    switch actor.role {
    case .admin, .compliance, .auditor, .inspector: return
    case .dealer where actor.dealer != nil: return
    default: throw .notAllowed(actor.role)
    }
  }
}
