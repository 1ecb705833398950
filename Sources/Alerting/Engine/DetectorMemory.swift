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
  /// Length of all states as they were last stored.
  private var storedBytes = 0

  /// A state may be long, but no longer than this many bytes.
  static let stateLimits = JSONLimits(bytes: 1 << 28)

  /// Takes up what is stored. A detector whose stored state cannot be read starts afresh from the first event: the same
  /// events give the same clues, and what was raised before is not raised again.
  init(_ fresh: [any Detector], _ transaction: Transaction) throws {
    var bytes = 0
    minds = try fresh.map { detector in
      var mind = Mind(detector: detector, cursor: 0, stored: nil)
      guard let row = try transaction.detector(mind.name) else { return mind }
      mind.stored = row.cursor
      bytes += row.state.count
      if let state = try? JSONValue(parsing: row.state, limits: Self.stateLimits),
        (try? mind.detector.restore(state)) != nil
      {
        mind.cursor = row.cursor
      }
      return mind
    }
    storedBytes = bytes
  }

  /// Whether the states are to be stored though nothing was found: once enough was read since the last time. What
  /// was read and not stored is read again after a crash, 40 µs an event; to store a megabyte costs 70 ms, and so 50 000
  /// events more are waited for then, up to some seconds of reading again.
  func isDue(after events: Int) -> Bool { unsaved >= max(events, min((storedBytes >> 20) * 50_000, 200_000)) }

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
  mutating func markSaved(_ bytes: Int) {
    storedBytes = bytes
    for place in minds.indices { minds[place].stored = minds[place].cursor }
    unsaved = 0
  }
}
