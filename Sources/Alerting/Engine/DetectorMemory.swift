import Ledger
import Storage
import TransparencyLog

/// The detectors with what they know, and how far each has read.
struct DetectorMemory: Sendable {
  /// One detector.
  struct Mind: Sendable {
    var detector: any Detector
    /// The last event that it has seen.
    var cursor: Int64
    /// The cursor of its row in the database, nil when it has none.
    var stored: Int64?

    /// The row's name: a new edition of a rule reads the ledger from the start, into a row of its own.
    var name: String { type(of: detector).rule.description }
  }

  private(set) var minds: [Mind]
  /// Events read since the rows were written.
  private(set) var unsaved = 0
  var books = EventBooks()

  /// A state may be long, but no longer than this many bytes.
  static let stateLimits = JSONLimits(bytes: 1 << 28)

  /// Takes up what is stored. A detector whose stored state cannot be read starts afresh from the first event: the same
  /// events give the same clues, and what was raised before is not raised again.
  init(_ fresh: [any Detector], _ transaction: Transaction) throws {
    minds = try fresh.map { detector in
      var mind = Mind(detector: detector, cursor: 0, stored: nil)
      guard let row = try transaction.detector(mind.name) else { return mind }
      mind.stored = row.cursor
      if let state = try? JSONValue(parsing: row.state, limits: Self.stateLimits),
        (try? mind.detector.restore(state)) != nil
      {
        mind.cursor = row.cursor
      }
      return mind
    }
  }

  /// Where to read on.
  var cursor: Int64 { minds.map(\.cursor).min() ?? 0 }

  /// Shows events, in order, to all detectors that have not seen them, and moves on to `last`.
  mutating func observe(_ shown: [MarketEvent], through last: Int64, events: Int) -> [Clue] {
    var clues: [Clue] = []
    for event in shown {
      for place in minds.indices where event.number > minds[place].cursor {
        switch event.content {
        case .sighting(let sighting): clues += minds[place].detector.observe(sighting)
        case .notice(let notice): minds[place].detector.learn(notice)
        }
      }
    }
    for place in minds.indices { minds[place].cursor = max(minds[place].cursor, last) }
    unsaved += events
    return clues
  }

  /// What is to be written: a row a detector, and the cursor that its row must have now.
  func rows() -> [(name: String, expected: Int64?, cursor: Int64, state: [UInt8])] {
    minds.map { ($0.name, $0.stored, $0.cursor, $0.detector.state.canonicalBytes) }
  }

  /// The rows were written.
  mutating func markSaved() {
    for place in minds.indices { minds[place].stored = minds[place].cursor }
    unsaved = 0
  }
}
