import Ledger
import Storage
import TimeStamps
import TransparencyLog

/// Proves the stored time stamps and cosignatures against the checkpoints that they are over. Their signers are for the
/// reader of a bundle, who brings roots and keys.
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
      return found
    }
  }

  private static func note(_ size: Int64, _ transaction: Transaction) throws -> [UInt8]? {
    guard let row = try transaction.checkpoint(covering: size), row.size == size else { return nil }
    return Array(row.note.utf8)
  }

  private static func holds(_ answer: [UInt8], _ note: [UInt8]) -> Bool {
    (try? TimeStampAnswer(der: answer))?.isOver(note: note) ?? false
  }
}
