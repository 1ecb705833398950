import Ledger
import Storage
import TimeStamps
import TransparencyLog

/// Proves the stored time stamps and cosignatures against the checkpoints that they are over, and that none is missing
/// of those that events tell of. Their signers are for the reader of a bundle, who brings roots and keys.
package struct AttestationAudit: Sendable {
  private let ledger: Ledger

  /// Of this ledger.
  package init(_ ledger: Ledger) { self.ledger = ledger }

  /// Everything that does not hold.
  package func run() async throws(LedgerError) -> [String] {
    try await ledger.read(LedgerError.self) { transaction in
      var found: [String] = []
      let sizes = try transaction.all("SELECT DISTINCT size FROM time_stamp ORDER BY 1") { $0.int(0) }
      for size in sizes {
        guard let note = try Self.note(size, transaction) else {
          found.append("time stamps of checkpoint \(size), which is not there")
          continue
        }
        for stamp in try transaction.timeStamps(size: size) where !Self.holds(stamp.answer, note) {
          found.append("the time stamp of \(stamp.authority) is not over checkpoint \(size)")
        }
      }
      try transaction.each("SELECT size, witness, line FROM cosignature ORDER BY size, witness") { row in
        let line = row.text(2)
        guard let note = try Self.note(row.int(0), transaction), line.hasPrefix("— \(row.text(1)) "),
          (try? SignedNote(parsing: note + Array(line.utf8))) != nil
        else {
          found.append("the cosignature of \(row.text(1)) is not of checkpoint \(row.int(0))")
          return
        }
      }
      return try found + Self.unaccounted(transaction)
    }
  }

  /// What events say was kept and is not there as they say, and what is there and no event tells of.
  private static func unaccounted(_ transaction: Transaction) throws -> [String] {
    var told: Set<[UInt8]> = []
    try transaction.each("SELECT body FROM event WHERE kind IN ('timeStamp', 'cosignature')") {
      if let data = (try? JSONValue(parsing: $0.blob(0)))?["data"] { told.insert(data.canonicalBytes) }
    }
    var kept: Set<[UInt8]> = []
    for size in try transaction.attestedSizes() {
      for row in try transaction.timeStamps(size: size) { kept.insert(JSONValue.object(row.eventData).canonicalBytes) }
      for row in try transaction.cosignatures(size: size) {
        kept.insert(JSONValue.object(row.eventData).canonicalBytes)
      }
    }
    let missing = told.subtracting(kept).map { "\(name($0)) is not there as it was kept" }
    return missing.sorted() + kept.subtracting(told).map { "\(name($0)) is there without its event" }.sorted()
  }

  private static func name(_ data: [UInt8]) -> String {
    let data = try? JSONValue(parsing: data)
    let (size, authority) = (data?["checkpoint"]?.int ?? 0, data?["authority"]?.string)
    guard let authority else { return "the cosignature of \(data?["witness"]?.string ?? "?") on checkpoint \(size)" }
    return "the time stamp of \(authority) over checkpoint \(size)"
  }

  private static func note(_ size: Int64, _ transaction: Transaction) throws -> [UInt8]? {
    guard let row = try transaction.checkpoint(covering: size), row.size == size else { return nil }
    return Array(row.note.utf8)
  }

  private static func holds(_ answer: [UInt8], _ note: [UInt8]) -> Bool {
    (try? TimeStampAnswer(der: answer))?.isOver(note: note) ?? false
  }
}
