import Ledger
import Storage
import TransparencyLog

/// Reads the ledger's events after the last one it saw, shows the scans to all detectors, and raises what they find.
///
/// One pass, in steps; what a crash leaves after each:
/// 1. read events after the cursor: nothing;
/// 2. show them to copies of the detectors: nothing;
/// 3. write alerts, their events, suspected codes, cursors and states in one transaction that first compares the old
///    cursors: all or nothing.
/// Without clues step 3 waits until enough events came together, because a state can be megabytes; a crash before it
/// means reading those events again, which gives the same clues. An alert's identity is unique in the database, so
/// that nothing is raised twice whatever happens.
package actor AlertingEngine {
  private let ledger: Ledger
  private let gazetteer: Gazetteer
  private let fresh: [any Detector]
  private let storeEvery: Int
  private var memory: DetectorMemory?
  /// The newest alert that subscribers were told of while another server raised them.
  private var followed: Int64?
  private var isBusy = false
  /// Whether the last time there was nothing to read.
  private var isIdle = true
  private var waiting: [CheckedContinuation<Void, Never>] = []

  /// The numbers of new alerts as they are raised.
  package nonisolated let broadcast = AlertBroadcast()

  private static let thread = BackgroundThread("alerting")

  /// Detectors read, parse and think on a thread of their own, behind the scans that are answered.
  package nonisolated var unownedExecutor: UnownedSerialExecutor { Self.thread.asUnownedSerialExecutor() }

  /// Events read in one pass; bounds memory and the length of the transaction.
  package static let passMax = 5_000

  /// Over a ledger, with new detectors that take up what is stored for them.
  /// - Parameters:
  ///   - detectors: ``StandardDetectors`` unless others are given.
  ///   - storeEvery: how many events are read before the states are stored even without clues; more when they are
  ///     long.
  package init(ledger: Ledger, detectors: [any Detector]? = nil, storeEvery: Int = 20_000) {
    self.ledger = ledger
    gazetteer = Gazetteer(ledger.atlas)
    fresh = detectors ?? StandardDetectors.make(gazetteer, MarketMap(ledger.atlas))
    self.storeEvery = storeEvery
  }

  /// One pass; returns the numbers of the alerts it raised.
  package func pass() async throws(AlertingError) -> [Int64] {
    await enter()
    defer { leave() }
    return try await advance().raised
  }

  /// Passes until no event waits; returns the numbers of the alerts they raised.
  @discardableResult
  package func catchUp() async throws(AlertingError) -> [Int64] {
    await enter()
    defer { leave() }
    var raised: [Int64] = []
    isIdle = true
    while !Task.isCancelled {
      let step = try await advance()
      raised += step.raised
      if step.events > 0 { isIdle = false }
      // What the alerts themselves add to the ledger is read with the next call.
      if step.events < Self.passMax { break }
    }
    return raised
  }

  /// Stores what the detectors know, if there is anything new.
  package func save() async throws(AlertingError) {
    await enter()
    defer { leave() }
    guard let memory, memory.unsaved > 0 else { return }
    _ = try await commit(memory, [])
  }

  /// Catches up again and again until the task is cancelled, then stores what the detectors know and ends all streams.
  /// A failed pass is told to `onFailure` and tried again after the next interval. While events come the intervals are
  /// an eighth as long: many short pieces of work hold up answers less than a long one.
  /// - Parameter isLeading: asked before each pass; while another server does the work, this one only tells its
  ///   subscribers what that one raised.
  package func run(
    every interval: Duration, when isLeading: @escaping @Sendable () -> Bool = { true },
    onFailure: @escaping @Sendable (AlertingError) -> Void = { _ in }
  ) async {
    while !Task.isCancelled {
      isIdle = true
      do {
        if isLeading() {
          try await catchUp()
        } else {
          try await follow()
        }
      } catch { onFailure(error) }
      do { try await Task.sleep(for: isIdle ? interval : interval / 8) } catch { break }
    }
    do { try await save() } catch { onFailure(error) }
    broadcast.close()
  }

  /// Tells the subscribers what another server raised since the last time; nothing the first time.
  package func follow() async throws(AlertingError) {
    await enter()
    defer { leave() }
    // What the detectors remember is the other server's affair now.
    memory = nil
    let last = followed
    let raised = try await ledger.read(AlertingError.self) { transaction in
      guard let last else { return try transaction.alerts(.init(), before: .max, limit: 1).map(\.id) }
      return try transaction.alerts(after: last, limit: 1000).map(\.id)
    }
    if last != nil { broadcast.send(raised) }
    followed = raised.last ?? last ?? 0
  }

  private func advance() async throws(AlertingError) -> (raised: [Int64], events: Int) {
    var memory = try await load()
    let batch = try read(after: memory.cursor, memory.books)
    guard batch.count > 0 else { return ([], 0) }
    memory.books = batch.books
    // The one copy is changed in place: the engine's rates alone can be tens of megabytes.
    self.memory = nil
    let clues = memory.observe(batch.shown, through: batch.last, events: batch.count)
    if clues.isEmpty, !memory.isDue(after: storeEvery) {
      self.memory = memory
      return ([], batch.count)
    }
    return (try await commit(memory, clues), batch.count)
  }

  private func load() async throws(AlertingError) -> DetectorMemory {
    if let memory { return memory }
    let loaded = try await ledger.read(AlertingError.self) { [fresh] in try DetectorMemory(fresh, $0) }
    memory = loaded
    return loaded
  }

  /// Events that wait, parsed.
  private struct Batch {
    var shown: [MarketEvent] = []
    var books: EventBooks
    var last: Int64 = 0
    var count = 0
  }

  private func read(after cursor: Int64, _ books: EventBooks) throws(AlertingError) -> Batch {
    do {
      // On this thread, not on the readers': it may block.
      return try ledger.store.readBlocking { transaction in
        var batch = Batch(books: books)
        let recent = ledger.store.tail.events(after: cursor, limit: Self.passMax)
        for event in try recent ?? transaction.events(after: cursor, limit: Self.passMax) {
          batch.last = event.id
          batch.count += 1
          if let shown = try MarketEvent(event, &batch.books, transaction) { batch.shown.append(shown) }
        }
        return batch
      }
    } catch { throw AlertingError(any: error) }
  }

  private func commit(_ memory: DetectorMemory, _ clues: [Clue]) async throws(AlertingError) -> [Int64] {
    let rows = memory.rows()
    let raised: [Int64]
    do {
      raised = try await ledger.write(AlertingError.self) { [ledger, gazetteer] transaction in
        for row in rows where try transaction.detector(row.name)?.cursor != row.expected {
          throw AlertingError.overtaken
        }
        var writer = AlertWriter(ledger, gazetteer, transaction)
        let raised = try clues.compactMap { try writer.raise($0) }
        for row in rows { try transaction.putDetector(row.name, cursor: row.cursor, state: row.state) }
        return raised
      }
    } catch {
      // Whatever failed, and even if the answer alone was lost: the database knows, so the next pass asks it.
      self.memory = nil
      throw error
    }
    var saved = memory
    saved.markSaved(rows.reduce(0) { $0 + $1.state.count })
    self.memory = saved
    broadcast.send(raised)
    return raised
  }

  /// Passes go one after the other, also while one waits for the database.
  private func enter() async {
    guard isBusy else {
      isBusy = true
      return
    }
    await withCheckedContinuation { waiting.append($0) }
  }

  private func leave() {
    if waiting.isEmpty { isBusy = false } else { waiting.removeFirst().resume() }
  }
}
