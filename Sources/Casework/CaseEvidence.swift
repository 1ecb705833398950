import CaseReport
import Evidence
import Ledger
import Storage
import TransparencyLog

extension Casework {
  /// What a case adds to the evidence of one of its alerts, and which alert that is: the first unless said.
  /// - Throws: `noCase` for an alert that is none of the case's too.
  package func enclosures(
    of id: CaseID, alert asked: Int64? = nil, for actor: Actor
  ) async throws(CaseError) -> (alert: Int64, enclosures: EvidenceEnclosures) {
    let view = try await view(id, for: actor)
    guard let alert = asked ?? view.alerts.first, view.alerts.contains(alert) else { throw .noCase(id) }
    var files: [EvidenceParts.File] = []
    for attachment in view.attachments {
      guard let hash = Digest32(bytes: attachment.sha256), let type = AttachmentType(rawValue: attachment.type) else {
        continue
      }
      // Bytes that are gone or changed are not passed off as evidence: the event still names their hash.
      guard let bytes = store?.get(hash) else { continue }
      files.append(.init("\(hash.hex).\(type.ending)", bytes))
    }
    // What compliance says among itself is no evidence: proposals and assignments stay out for everybody, so that the
    // same case gives the same bytes to whoever asks.
    let inner: Set<EventKind> = [.caseProposed, .caseAssigned]
    let events = view.steps.filter { !inner.contains($0.kind) }.map(\.event)
    let others = try await otherAlerts(view.alerts.filter { $0 != alert })
    let inspected = try await inspections(behind: alert)
    files += inspected.files.filter { file in !files.contains { $0.name == file.name } }
    let maker = StoryMaker(view: view, atlas: ledger.atlas)
    return (
      alert,
      EvidenceEnclosures(
        caseID: id.description, events: (events + others + inspected.events).sorted(), attachments: files,
        report: { try? CaseReport.pdf(of: maker.story(of: $0)) })
    )
  }

  /// The inspections in which scans of an alert were taken: their events, and their files.
  private func inspections(
    behind alert: Int64
  ) async throws(CaseError) -> (events: [Int64], files: [EvidenceParts.File]) {
    let (events, rows) = try await ledger.read(CaseError.self) { transaction in
      let scans = try transaction.events(ofAlert: alert)
      let ids = Set(try scans.compactMap { try transaction.inspection(ofScan: $0) }).sorted()
      return (
        try ids.flatMap { try transaction.events(ofInspection: $0) },
        try ids.flatMap { try transaction.files(ofInspection: $0) }
      )
    }
    var files: [EvidenceParts.File] = []
    for row in rows {
      guard let hash = Digest32(bytes: row.sha256), let type = AttachmentType(rawValue: row.type),
        let bytes = store?.get(hash), !files.contains(where: { $0.name.hasPrefix(hash.hex) })
      else { continue }
      files.append(.init("\(hash.hex).\(type.ending)", bytes))
    }
    return (events, files)
  }

  /// The events of the case's further alerts; what those rest on is in bundles of their own.
  private func otherAlerts(_ ids: [Int64]) async throws(CaseError) -> [Int64] {
    try await ledger.read(CaseError.self) { transaction in
      try ids.compactMap { try transaction.alert($0)?.event }
    }
  }
}
