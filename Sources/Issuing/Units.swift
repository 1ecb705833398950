import Codes
import Ledger
import Storage

/// Which codes a step is about, as the caller names them.
package enum UnitReference: Equatable, Sendable {
  /// One code as a reader read it.
  case code(String)
  /// Consecutive items or boxes of a batch, counted from 0 within it.
  case range(batch: Int64, level: Level, first: Int64, last: Int64)

  /// Items or boxes.
  package enum Level: String, Sendable, CaseIterable { case item, box }
}

/// Turns references into runs of stored numbers, inside one transaction.
struct UnitResolver {
  let ledger: Ledger
  let transaction: Transaction
  let spaces: SpaceTable

  init(_ ledger: Ledger, _ transaction: Transaction) throws {
    self.ledger = ledger
    self.transaction = transaction
    spaces = try SpaceTable(transaction)
  }

  /// Resolves one reference; throws `RefusalReason` when it names nothing of ours.
  func run(_ reference: UnitReference) throws -> Run {
    switch reference {
    case .code(let text): return try run(code: text)
    case .range(let batch, let level, let first, let last):
      guard let row = try transaction.batch(batch), first >= 0, last >= first else { throw Unresolved(.notIssued) }
      let (space, base, count) =
        level == .item ? (row.space, row.first, row.count) : (row.boxSpace ?? 0, row.boxFirst, row.boxCount)
      guard last < count else { throw Unresolved(.notIssued) }
      return Run(space: space, first: base + first, last: base + last)
    }
  }

  private func run(code text: String) throws -> Run {
    do {
      switch try ScannedCode(text).subject {
      case .box(let sscc):
        guard let box = spaces.box(sscc) else { throw Unresolved(.notIssued) }
        return Run(space: box.space, first: box.serial, last: box.serial)
      case .item(let gtin, let serial):
        let item = try ledger.recogniser.recognise(gtin: gtin, serial: serial)
        let index = Int64(item.index)
        guard let space = spaces.id(.items(gtin, item.epoch)),
          try transaction.track(space: space, number: index) != nil
        else { throw Unresolved(.notIssued) }
        return Run(space: space, first: index, last: index)
      }
    } catch let error as CodeError {
      throw Unresolved(.notOurs(error.slug))
    }
  }

  /// The URI of a code.
  func uri(space: Int64, number: Int64) -> String {
    switch spaces.space(space) {
    case .boxes(let series):
      return (try? series.sscc(UInt64(number))).map { ledger.resolver.uri(of: $0) } ?? ""
    case .items(let gtin, let epoch):
      guard let batch = try? transaction.batch(ofItem: number, space: space),
        let profile = SerialProfile(rawValue: batch.profile),
        let cipher = try? ledger.recogniser.cipher(gtin: gtin, epoch: epoch),
        let serial = try? cipher.serial(index: UInt64(number), profile: profile)
      else { return "" }
      return ledger.resolver.uri(of: gtin, serial: serial)
    case nil: return ""
    }
  }

  /// Whether a space holds boxes.
  func holdsBoxes(_ space: Int64) -> Bool { if case .boxes = spaces.space(space) { true } else { false } }
}

/// A reference that names nothing of ours.
struct Unresolved: Error {
  let reason: RefusalReason
  init(_ reason: RefusalReason) { self.reason = reason }
}
