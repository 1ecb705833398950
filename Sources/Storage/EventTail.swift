import Synchronization

/// The newest committed events of this process, so that sequencer and detectors need not read from the database what
/// was just written. A convenience: whoever finds a gap reads the database.
package final class EventTail: Sendable {
  private struct Events {
    /// Consecutive by number.
    var rows: [EventRow] = []
    /// Where the kept ones begin in `rows`; the part before is let go of now and then.
    var start = 0
    var bytes = 0
  }

  private let events = Mutex(Events())

  /// What the bodies kept may take.
  package static let bytesMax = 16 << 20

  init() {}

  /// Lets go of all events: what was erased must not stay in memory.
  package func clear() { events.withLock { $0 = Events() } }

  /// Adds what was committed, in order. A gap (another process wrote) makes it begin anew.
  func add(_ new: [EventRow]) {
    guard let first = new.first else { return }
    events.withLock { events in
      if let last = events.rows.last, last.id + 1 != first.id { events = Events() }
      events.rows += new
      events.bytes += new.reduce(0) { $0 + $1.body.count }
      while events.bytes > Self.bytesMax, events.start < events.rows.count {
        events.bytes -= events.rows[events.start].body.count
        events.start += 1
      }
      if events.start > events.rows.count / 2 {
        events.rows.removeFirst(events.start)
        events.start = 0
      }
    }
  }

  /// The events that follow a number, at most `limit`; nil unless all from the next one on are kept. It may lack what
  /// other processes added since.
  package func events(after id: Int64, limit: Int) -> [EventRow]? {
    events.withLock { events in
      guard let first = events.rows.first, let last = events.rows.last, id < last.id else { return nil }
      let place = Int(id + 1 - first.id)
      guard place >= events.start else { return nil }
      return Array(events.rows[place..<min(events.rows.count, place + limit)])
    }
  }
}
