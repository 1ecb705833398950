import Storage
import TransparencyLog

/// Proves the database against every checkpoint that was ever signed, and the lives of the codes against themselves.
package struct Audit: Sendable {
  private let ledger: Ledger

  /// Of this ledger.
  package init(_ ledger: Ledger) { self.ledger = ledger }

  /// What an audit found.
  package struct Report: Sendable, Equatable {
    /// How many events and checkpoints were recomputed.
    package var events: Int64 = 0
    package var checkpoints: Int64 = 0
    /// What does not hold, the first differences first; at most `defectsMax`.
    package var defects: [String] = []

    /// Whether nothing was found.
    package var isClean: Bool { defects.isEmpty }

    mutating func add(_ defect: String) {
      if defects.count < Audit.defectsMax { defects.append(defect) }
    }
  }

  /// A dispatch of 100 000 single items has a body of some 6 MB; what is stored was written here, not sent by others.
  static let bodyLimits = JSONLimits(bytes: 1 << 30)

  /// After this many differences more of them say nothing new.
  package static let defectsMax = 100

  /// Recomputes everything in one snapshot. `progress` hears the number of events done.
  package func run(progress: @Sendable @escaping (Int64) -> Void = { _ in }) async throws(LedgerError) -> Report {
    let key = try ledger.logSigner().key
    return try await ledger.readGathered { transaction in
      var report = Report()
      try recompute(transaction, key, &report, progress)
      try TileAudit(transaction).run { report.add($0) }
      do {
        try StateChecker(transaction).run { report.add($0) }
        var lives = try LifeAudit(transaction)
        try lives.run { report.add($0) }
        try CatalogueAudit(transaction).run { report.add($0) }
        try CaseAudit(transaction).run { report.add($0) }
        try AlertAudit(transaction).run { report.add($0) }
        try InspectionAudit(transaction).run { report.add($0) }
      } catch let error as LedgerError {
        // A row that cannot be read at all is a finding like the others, not the end of the audit.
        report.add("\(error)")
      }
      return report
    }
  }

  private func recompute(
    _ transaction: Transaction, _ key: NoteKey, _ report: inout Report, _ progress: (Int64) -> Void
  ) throws {
    var frontier = LogFrontier()
    var result = report
    let checkpoints = try transaction.checkpointChain()
    var before: Int64?
    for checkpoint in checkpoints {
      if checkpoint.previous != before { result.add("checkpoint \(checkpoint.size) does not follow the one before it") }
      before = checkpoint.size
    }
    var next = checkpoints.map(\.size).makeIterator()
    var awaited = next.next()
    func settle() throws {
      while let size = awaited, size == Int64(frontier.size) {
        try compare(size, frontier.root(), key, transaction, &result)
        awaited = next.next()
      }
    }
    try settle()
    var last: Int64 = 0
    while let batch = try nonEmpty(transaction.events(after: last, limit: 2000)) {
      for event in batch {
        if event.id != last + 1 { result.add("event \(last + 1) is missing") }
        last = event.id
        check(event, &result)
        frontier.append(leaf: leafHash(forEvent: event.body))
        result.events += 1
        try settle()
      }
      progress(result.events)
    }
    if let size = awaited { result.add("checkpoint \(size) covers events that are not there") }
    report = result
  }

  private func nonEmpty<T>(_ values: [T]) -> [T]? { values.isEmpty ? nil : values }

  private func compare(
    _ size: Int64, _ root: Digest32, _ key: NoteKey, _ transaction: Transaction, _ report: inout Report
  ) throws {
    guard let row = try transaction.checkpoint(covering: size) else { return }
    report.checkpoints += 1
    if row.root != root.bytes { report.add("checkpoint \(size): the events give another root than was stored") }
    do {
      let note = try SignedNote(parsing: Array(row.note.utf8)).verify(keys: [key])
      let signed = try Checkpoint(parsing: note.note.text)
      if signed.origin != ledger.origin { report.add("checkpoint \(size): signed for \(signed.origin)") }
      if signed.size != UInt64(size) || signed.root != root {
        report.add("checkpoint \(size): the events give another root than was signed")
      }
    } catch {
      report.add("checkpoint \(size): its note does not verify: \(error)")
    }
  }

  /// The columns beside the body must say what the body says, and disclosed values must open their commitments.
  private func check(_ event: EventRow, _ report: inout Report) {
    guard let body = try? JSONValue(parsing: event.body, limits: Self.bodyLimits), body.canonicalBytes == event.body
    else {
      return report.add("event \(event.id) is not canonical JSON")
    }
    if body["kind"]?.string != event.kind { report.add("event \(event.id): its kind differs from its body") }
    if body["at"]?.string != Timestamp(milliseconds: event.at).description
      || body["recorded"]?.string != Timestamp(milliseconds: event.recorded).description
    {
      report.add("event \(event.id): its times differ from its body")
    }
    guard let personal = event.personal else { return }
    guard let fields = (try? JSONValue(parsing: personal, limits: Self.bodyLimits))?.object else {
      return report.add("event \(event.id): its personal fields are not readable")
    }
    for (name, field) in fields {
      guard let salt = field["salt"]?.string.flatMap({ Commitment.Salt(base64url: $0) }), let value = field["value"],
        Commitment(name: name, value: value, salt: salt).base64url == body["personal"]?[name]?.string
      else {
        report.add("event \(event.id): the personal field \(name) does not open its commitment")
        continue
      }
    }
  }
}
