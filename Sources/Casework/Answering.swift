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
      let isLate = docket.dueTime.map { $0 < docket.now } ?? false
      docket.row.state = CaseState.answered.rawValue
      docket.row.due = nil
      return CaseStep(
        kind: .caseAnswered,
        data: [
          "dealer": .string(docket.row.dealer ?? ""), "admits": .bool(admits), "late": .bool(isLate),
          "attachments": hashes,
        ], personal: ["text": .string(text)])
    }
  }

  /// The dealer appeals against a confirmed decision, once and in time.
  @discardableResult
  package func appeal(
    _ id: CaseID, text: String, attachments: [Digest32] = [], by actor: Actor
  ) async throws(CaseError) -> Int64 {
    try Self.demandDealer(actor)
    let text = try text.asText("/text")
    return try await act(id, by: actor) { docket in
      try docket.expect(.decided, .penalty)
      guard docket.row.outcome == CaseOutcome.confirmed.rawValue else { throw CaseError.refused(.notConfirmed) }
      guard try docket.events(.caseAppealed).isEmpty else { throw CaseError.refused(.appealedBefore) }
      if let due = docket.dueTime, due < docket.now { throw CaseError.refused(.tooLate(due)) }
      let hashes = try Self.attached(attachments, docket)
      docket.row.state = CaseState.appeal.rawValue
      docket.row.due = nil
      return CaseStep(
        kind: .caseAppealed, data: ["dealer": .string(docket.row.dealer ?? ""), "attachments": hashes],
        personal: ["text": .string(text)])
    }
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
