import Ledger
import Storage
import TransparencyLog

/// What authorities and witnesses said of a checkpoint is an event too (Events.md, "Attestations"), so that a deleted
/// row is missed.
extension Ledger {
  /// Keeps a time stamp and records that it is there; the first of an authority over a checkpoint stays.
  package func keep(_ row: TimeStampRow) async throws(LedgerError) {
    let time = now()
    try await write(LedgerError.self) { [self] transaction in
      guard try !transaction.timeStamps(size: row.size).contains(where: { $0.authority == row.authority }) else {
        return
      }
      try transaction.addTimeStamp(row)
      try append(EventDraft(.timeStamp, at: time, by: .system, data: row.eventData), transaction, recorded: time)
    }
  }

  /// Keeps a cosignature and records that it is there; the first of a witness over a checkpoint stays.
  package func keep(_ row: CosignatureRow) async throws(LedgerError) {
    let time = now()
    try await write(LedgerError.self) { [self] transaction in
      guard try !transaction.cosignatures(size: row.size).contains(where: { $0.witness == row.witness }) else { return }
      try transaction.addCosignature(row)
      try append(EventDraft(.cosignature, at: time, by: .system, data: row.eventData), transaction, recorded: time)
    }
  }
}

extension TimeStampRow {
  /// What the event says of it: everything in the row, the answer as its SHA-256.
  var eventData: [String: JSONValue] {
    [
      "answer": .string(Digest32.sha256(answer).hex), "authority": .string(authority), "checkpoint": .integer(size),
      "time": .string(Timestamp(milliseconds: at).description),
    ]
  }
}

extension CosignatureRow {
  /// What the event says of it: everything in the row, the line as its SHA-256.
  var eventData: [String: JSONValue] {
    [
      "checkpoint": .integer(size), "line": .string(Digest32.sha256(Array(line.utf8)).hex),
      "time": .string(Timestamp(milliseconds: at).description), "witness": .string(witness),
    ]
  }
}
