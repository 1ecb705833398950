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
  let printer: CodePrinter
  var spaces: SpaceTable { printer.spaces }

  init(_ ledger: Ledger, _ transaction: Transaction) throws {
    self.ledger = ledger
    self.transaction = transaction
    printer = try CodePrinter(ledger, transaction)
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
        // A batch of strong serials must not be reached by compact ones, whose tag is easier to guess.
        guard let space = spaces.id(.items(gtin, item.epoch)),
          try transaction.batch(ofItem: index, space: space)?.profile == item.profile.rawValue
        else { throw Unresolved(.notIssued) }
        return Run(space: space, first: index, last: index)
      }
    } catch let error as CodeError {
      throw Unresolved(.notOurs(error.slug))
    }
  }

  /// The URI of a code.
  func uri(space: Int64, number: Int64) -> String { printer.uri(space: space, number: number) }

  /// Whether a space holds boxes.
  func holdsBoxes(_ space: Int64) -> Bool { if case .boxes = spaces.space(space) { true } else { false } }
}

/// A reference that names nothing of ours.
struct Unresolved: Error {
  let reason: RefusalReason
  init(_ reason: RefusalReason) { self.reason = reason }
}
