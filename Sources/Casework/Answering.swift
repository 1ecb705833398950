import Ledger
import Storage
import TransparencyLog

extension Casework {
  /// The dealer answers, with counter-evidence among the attachments. It may answer again until the case is decided; an
  /// answer after the deadline is taken and marked late.
  /// - Parameters:
  ///   - attachments: hashes of what the dealer attached before.
  ///   - admits: whether the dealer says that it was so.
  @discardableResult
  package func answer(
    _ id: CaseID, text: String, attachments: [Digest32] = [], admits: Bool = false, by actor: Actor
  ) async throws(CaseError) -> Int64 {
    try Self.demandDealer(actor)
    let text = try text.asText("/text")
    return try await act(id, by: actor) { docket in
      try docket.expect(.notified, .answered)
      let hashes = try Self.attached(attachments, docket)
      let isLate = try docket.answerUntil().map { $0 < docket.now } ?? false
      let until = docket.now.advanced(by: CaseLimits.decisionTime)
      docket.row.state = CaseState.answered.rawValue
      docket.row.due = until.milliseconds
      return CaseStep(
        kind: .caseAnswered,
        data: [
          "dealer": .string(docket.row.dealer ?? ""), "admits": .bool(admits), "late": .bool(isLate),
          "attachments": hashes, "decideUntil": .string(until.description),
        ], personal: ["text": .string(text)])
    }
  }

  /// The dealer appeals against a confirmed decision, once and in time. When a correction has since taken away an alert
  /// that the decision rests on, it may appeal anew, whenever that was and also when the case was closed.
  @discardableResult
  package func appeal(
    _ id: CaseID, text: String, attachments: [Digest32] = [], by actor: Actor
  ) async throws(CaseError) -> Int64 {
    try Self.demandDealer(actor)
    let text = try text.asText("/text")
    return try await act(id, by: actor) { docket in
      if try !docket.isClearedSinceDecided() { try Self.checkAppeal(docket) }
      try docket.expect(.decided, .penalty, .closed)
      guard docket.row.outcome == CaseOutcome.confirmed.rawValue else { throw CaseError.refused(.notConfirmed) }
      let hashes = try Self.attached(attachments, docket)
      let until = docket.now.advanced(by: CaseLimits.decisionTime)
      docket.row.state = CaseState.appeal.rawValue
      docket.row.due = until.milliseconds
      return CaseStep(
        kind: .caseAppealed,
        data: [
          "dealer": .string(docket.row.dealer ?? ""), "attachments": hashes, "decideUntil": .string(until.description),
        ], personal: ["text": .string(text)])
    } after: { docket, _ in
      // A closed case is open again, and with it its alerts that still stand.
      for id in try docket.transaction.alerts(ofCase: docket.row.id) {
        guard try docket.transaction.alert(id)?.isCleared == false else { continue }
        try docket.transaction.setStatus(AlertWord.inCase, ofAlert: id)
      }
    }
  }

  private static func checkAppeal(_ docket: Docket) throws {
    try docket.expect(.decided, .penalty)
    guard docket.row.outcome == CaseOutcome.confirmed.rawValue else { throw CaseError.refused(.notConfirmed) }
    guard try docket.events(.caseAppealed).isEmpty else { throw CaseError.refused(.appealedBefore) }
    if let due = docket.dueTime, due < docket.now { throw CaseError.refused(.tooLate(due)) }
  }

  /// Attachments that a statement rests on must be in the case.
  private static func attached(_ hashes: [Digest32], _ docket: Docket) throws -> JSONValue {
    guard hashes.count <= CaseLimits.attachmentsMax else {
      throw CaseError.invalid(field: "/attachments", .tooMany(max: CaseLimits.attachmentsMax))
    }
    let known = Set(try docket.transaction.attachments(ofCase: docket.row.id).map(\.sha256))
    for (place, hash) in hashes.enumerated() where !known.contains(hash.bytes) {
      throw CaseError.invalid(field: "/attachments/\(place)", .unknown(hash.hex))
    }
    guard Set(hashes).count == hashes.count else { throw CaseError.invalid(field: "/attachments", .repeated) }
    return .array(hashes.map { .string($0.hex) })
  }
}
