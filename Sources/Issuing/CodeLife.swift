import Codes
import Ledger
import Storage
import TransparencyLog

/// The life of one code, for people who may know it.
package struct CodeLife: Sendable {
  /// The code as a URI, its product (of an item), and the batch it was issued with.
  package let uri: String, product: ProductRow?, batch: BatchRow?
  /// The box it is in now, as a URI.
  package let box: String?
  /// What was true of it, newest first.
  package let lives: [Life]
  /// The events of its life and its scans, in order of happening, newest last; at most `eventsMax`.
  package let events: [EventRow]
  /// How often it was scanned, and when first.
  package let scans: Int64, firstScannedAt: Timestamp?

  /// Made from its parts.
  package init(
    uri: String, product: ProductRow?, batch: BatchRow?, box: String?, lives: [Life], events: [EventRow], scans: Int64,
    firstScannedAt: Timestamp?
  ) {
    self.uri = uri
    self.product = product
    self.batch = batch
    self.box = box
    self.lives = lives
    self.events = events
    self.scans = scans
    self.firstScannedAt = firstScannedAt
  }

  /// Events shown of one code.
  package static let eventsMax = 500
}

extension Issuing {
  /// Finds the life of a code; refuses what is not ours or was never issued.
  package func lookUp(_ code: String) async throws(IssuingError) -> CodeLife {
    try await ledger.read(IssuingError.self) { [ledger] transaction in
      let units = try UnitResolver(ledger, transaction)
      let run: Run
      do { run = try units.run(.code(code)) } catch let error as Unresolved {
        throw IssuingError.refused([Refusal(code: code, error.reason)])
      }
      return try Self.life(of: run, units, transaction)
    }
  }

  private static func life(of run: Run, _ units: UnitResolver, _ transaction: Transaction) throws -> CodeLife {
    let map = LifeMap(transaction)
    let lives = try map.lives(space: run.space, number: run.first)
    let isBox = units.holdsBoxes(run.space)
    let batch =
      try isBox
      ? transaction.batch(ofBox: run.first, space: run.space) : transaction.batch(ofItem: run.first, space: run.space)
    let box = try lives.first.flatMap {
      try Contents(transaction).box(of: run.first, space: run.space, life: $0)
    }
    let history = try transaction.history(space: run.space, number: run.first)
    let events = try Self.events(lives, history, transaction)
    return CodeLife(
      uri: units.uri(space: run.space, number: run.first),
      product: try isBox ? nil : batch.flatMap { try transaction.product($0.gtin) }, batch: batch,
      box: box.map { units.uri(space: $0.space, number: $0.serial) }, lives: lives, events: events,
      scans: history?.scans ?? 0, firstScannedAt: history.map { Timestamp(milliseconds: $0.firstAt) })
  }

  /// Steps come from the versions, scans from the chain that each scan's event continues.
  private static func events(
    _ lives: [Life], _ history: HistoryRow?, _ transaction: Transaction
  ) throws -> [EventRow] {
    var numbers = Set(lives.map(\.event))
    var next = history?.lastEvent
    var events: [EventRow] = []
    while let number = next, events.count < CodeLife.eventsMax, let event = try transaction.event(number) {
      events.append(event)
      numbers.remove(number)
      next = event.previous
    }
    for number in numbers { if let event = try transaction.event(number) { events.append(event) } }
    return events.sorted { ($0.at, $0.id) < ($1.at, $1.id) }
  }
}
