import Detection
import Ledger
import Regions
import Storage
import TransparencyLog

/// Tries another choice on the history: how many alerts it would have raised, and which confirmed ones it would have
/// missed. Nothing is written. The whole ledger is read page by page, and of what is found only the matters are kept, so
/// that memory does not grow with the history; one trial at a time, because it takes minutes for millions of events.
package actor DetectionTrial {
  private let ledger: Ledger
  private var isBusy = false

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

  /// What one choice found.
  private struct Raised {
    private(set) var counts: [AlertKind: Int64] = [:]
    private(set) var matters: Set<Matter> = []

    mutating func add(_ clues: [Clue]) {
      for clue in clues {
        counts[clue.kind, default: 0] += 1
        matters.insert(Matter(clue.kind, clue.subject.dealer, clue.subject.region))
      }
    }
  }

  private struct Past: Sendable {
    let now: DetectionChoice
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
        now: try DetectionDesk.choice(transaction),
        confirmed: try DetectionDesk.decided(transaction).filter { $0.decision == .confirmed }.map(\.row))
    }
    let map = MarketMap(ledger.atlas)
    var detectors = [MarketDetector(map, choice: past.now), MarketDetector(map, choice: choice)]
    var found = [Raised(), Raised()]
    var cursor: Int64 = 0
    var books = EventBooks()
    while !Task.isCancelled {
      let step = try await read(after: cursor, books)
      books = step.books
      for event in step.events {
        for place in detectors.indices {
          switch event.content {
          case .sighting(let scan): found[place].add(detectors[place].observe(scan))
          case .notice(let notice): detectors[place].learn(notice)
          }
        }
      }
      guard let last = step.last else { break }
      cursor = last
    }
    return Self.answer(found, past.confirmed, events: cursor)
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

  private static func answer(_ found: [Raised], _ confirmed: [AlertRow], events: Int64) -> JSONValue {
    let both = found[0].matters.intersection(found[1].matters)
    let kinds: [AlertKind] = [.diversion, .price, .registration, .missing, .burning]
    let lines = kinds.map { kind -> JSONValue in
      [
        "kind": .string(kind.rawValue), "asSet": .integer(found[0].counts[kind] ?? 0),
        "whatIf": .integer(found[1].counts[kind] ?? 0),
        "both": .integer(Int64(both.count { $0.kind == kind })),
      ]
    }
    let known = confirmed.filter { row in AlertKind(rawValue: row.kind).map(kinds.contains) ?? false }
    let missed = known.filter { row in
      guard let kind = AlertKind(rawValue: row.kind) else { return false }
      return !found[1].matters.contains(Matter(kind, row.dealer, row.region.flatMap(RegionCode.init(reading:))))
    }
    return [
      "events": .integer(events), "alerts": .array(lines), "confirmed": .integer(Int64(known.count)),
      "confirmedMissed": .array(missed.map { .string(AlertID($0.id).description) }),
    ]
  }
}
