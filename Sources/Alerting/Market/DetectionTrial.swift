import Detection
import Ledger
import Regions
import Storage
import TransparencyLog

/// Tries another choice on the history: how many alerts it would have raised, and which confirmed ones it would have
/// missed. Nothing is written. One trial at a time, because it reads everything.
package actor DetectionTrial {
  private let ledger: Ledger
  private var isBusy = false

  /// The most events read, the newest: some minutes of work.
  package static let eventsMax: Int64 = 2_000_000
  /// Events read at a time.
  private static let page = 5_000

  /// Over the ledger.
  package init(_ ledger: Ledger) { self.ledger = ledger }

  /// What an alert is about, without its moment.
  private struct Matter: Hashable {
    let kind: AlertKind
    let dealer: String?, place: String?

    init(_ kind: AlertKind, _ dealer: String?, _ region: RegionCode?) {
      self.kind = kind
      self.dealer = dealer
      place = region?.provinceOrSelf.description
    }
  }

  private struct Past: Sendable {
    let now: DetectionChoice
    let first: Int64
    let confirmed: [AlertRow]
  }

  /// `{"events":…,"alerts":[{"kind":…,"asSet":…,"whatIf":…,"both":…}],"confirmed":…,"confirmedMissed":["A12"]}`
  /// - Throws: `trialRuns`.
  package func run(_ choice: DetectionChoice) async throws(AlertingError) -> JSONValue {
    guard !isBusy else { throw .trialRuns }
    isBusy = true
    defer { isBusy = false }
    let past = try await ledger.read(AlertingError.self) { transaction in
      Past(
        now: try DetectionDesk.choice(transaction), first: max(0, try transaction.lastEventID() - Self.eventsMax),
        confirmed: try DetectionDesk.decided(transaction).filter { $0.decision == .confirmed }.map(\.row))
    }
    let map = MarketMap(ledger.atlas)
    var detectors = [MarketDetector(map, choice: past.now), MarketDetector(map, choice: choice)]
    var found: [[Clue]] = [[], []]
    var cursor = past.first
    var books = EventBooks()
    while !Task.isCancelled {
      let step = try await read(after: cursor, books)
      books = step.books
      for event in step.events {
        for place in detectors.indices {
          switch event.content {
          case .sighting(let scan): found[place] += detectors[place].observe(scan)
          case .notice(let notice): detectors[place].learn(notice)
          }
        }
      }
      guard let last = step.last else { break }
      cursor = last
    }
    return Self.answer(found, past.confirmed, events: cursor - past.first)
  }

  private struct Step: Sendable {
    var events: [MarketEvent] = []
    var books: EventBooks
    var last: Int64?
  }

  private func read(after cursor: Int64, _ books: EventBooks) async throws(AlertingError) -> Step {
    try await ledger.read(AlertingError.self) { transaction in
      var step = Step(books: books)
      for event in try transaction.events(after: cursor, limit: Self.page) {
        step.last = event.id
        if let shown = try MarketEvent(event, &step.books, transaction) { step.events.append(shown) }
      }
      return step
    }
  }

  private static func answer(_ found: [[Clue]], _ confirmed: [AlertRow], events: Int64) -> JSONValue {
    let matters = found.map { Set($0.map { Matter($0.kind, $0.subject.dealer, $0.subject.region) }) }
    let kinds: [AlertKind] = [.diversion, .price, .registration]
    let lines = kinds.map { kind -> JSONValue in
      [
        "kind": .string(kind.rawValue), "asSet": .integer(Int64(found[0].count { $0.kind == kind })),
        "whatIf": .integer(Int64(found[1].count { $0.kind == kind })),
        "both": .integer(Int64(matters[0].intersection(matters[1]).count { $0.kind == kind })),
      ]
    }
    let known = confirmed.filter { row in AlertKind(rawValue: row.kind).map(kinds.contains) ?? false }
    let missed = known.filter { row in
      guard let kind = AlertKind(rawValue: row.kind) else { return false }
      return !matters[1].contains(Matter(kind, row.dealer, row.region.flatMap(RegionCode.init(reading:))))
    }
    return [
      "events": .integer(events), "alerts": .array(lines), "confirmed": .integer(Int64(known.count)),
      "confirmedMissed": .array(missed.map { .string(AlertID($0.id).description) }),
    ]
  }
}
