import Ledger
import Storage
import Synchronization
import TestWorld
import Testing
import TransparencyLog

/// The fault table beneath the store: every write and every sync of SQLite that a commit makes, be it of events or of the
/// sequencer's tiles and checkpoint, × {refused, done but reply lost, crash before, crash after}. The commit of
/// ``Storage`` fails for real: with an error of the disk, after any part of it has reached the write-ahead log.
@Suite("A failing disk makes no fork, no loss and no repeated index", .serialized)
struct DiskFaultTests {
  /// What is being committed when the disk fails.
  enum Work: CaseIterable, Sendable {
    case events, checkpoint
  }

  /// A full-durability world with a log of two tiles, and events that wait for their place in it.
  private static func start() async throws -> World {
    #expect(FaultyDisk.install())
    let world = try await World.make(durability: .full)
    try await world.append(255)
    try await Sequencer(world.ledger).catchUp()
    try await world.append(4)
    return world
  }

  private static func run(_ work: Work, _ world: World) async throws {
    switch work {
    case .events: try await world.append(3)
    case .checkpoint:
      let placed = try await Sequencer(world.ledger).pass()
      #expect(placed == 4)
    }
  }

  @Test("whatever effect fails in whatever way", arguments: Work.allCases, DiskFault.allCases)
  func everyEffect(_ work: Work, _ fault: DiskFault) async throws {
    let count = try await Self.effects(of: work)
    #expect(count >= 4, "too few to be all writes and syncs of a commit")
    var outcomes: Set<Bool> = []
    for effect in 0..<count {
      let world = try await Self.start()
      let (seen, before) = (try await world.checkpoints(), try await world.lastEvent())
      let image = Mutex<String?>(nil)
      let (error, met) = await FaultyDisk.during(
        effect, fault, of: world.folder,
        onCrash: {
          let copy = try world.image()
          image.withLock { $0 = copy }
        }, { await Self.failure(of: work, world) })
      #expect(met > effect && Self.isOfTheDisk(error), "\(effect): \(String(describing: error))")
      let isCrash = fault == .crashBefore || fault == .crashAfter
      let left = isCrash ? try world.reopened(from: try #require(image.withLock { $0 })) : world
      outcomes.insert(try await Self.isDone(work, left, before))
      try await Self.goOn(left, seen: seen, from: before, "\(work) \(fault) \(effect)")
    }
    // A commit that failed leaves nothing to a process that lives. One whose last write was done before a crash is
    // there, though nobody was told.
    #expect(outcomes == (fault == .crashBefore || fault == .crashAfter ? [false, true] : [false]))
  }

  /// How many effects the work has when nothing fails.
  private static func effects(of work: Work) async throws -> Int {
    let world = try await start()
    let (error, count) = await FaultyDisk.during(.max, .refused, of: world.folder, onCrash: {}) {
      await failure(of: work, world)
    }
    #expect(error == nil)
    return count
  }

  private static func failure(of work: Work, _ world: World) async -> (any Error)? {
    do { try await run(work, world) } catch { return error }
    return nil
  }

  private static func isOfTheDisk(_ error: (any Error)?) -> Bool {
    switch error {
    case .some(StorageError.inputOutput), .some(LedgerError.storage(.inputOutput)): true
    default: false
    }
  }

  /// Whether the work that failed is there after all.
  private static func isDone(_ work: Work, _ world: World, _ before: Int64) async throws -> Bool {
    switch work {
    case .events: try await world.lastEvent() > before
    case .checkpoint: try await world.checkpoints().last?.size == UInt64(before)
    }
  }

  /// The service goes on, as the same process or as a new one, and all is as if nothing had happened.
  private static func goOn(_ world: World, seen: [Checkpoint], from before: Int64, _ place: String) async throws {
    #expect(try await world.lastEvent() >= before, "an event that was told is gone: \(place)")
    let sequencer = try Sequencer(world.ledger)
    try await sequencer.catchUp()
    try await world.append(2)
    try await sequencer.catchUp()
    let numbers = try await world.ledger.store.read { try $0.all("SELECT id FROM event ORDER BY id") { $0.int(0) } }
    #expect(numbers == Array(1...Int64(numbers.count)), "\(place)")
    let leaves = try await NaiveLog.leaves(world.ledger)
    let stored = try await world.checkpoints()
    #expect(Set(seen).isSubset(of: stored) && stored.last?.size == UInt64(leaves.count), "\(place)")
    #expect(Set(stored.map(\.size)).count == stored.count, "\(place)")
    for checkpoint in stored {
      #expect(checkpoint.root.bytes == NaiveLog.root(leaves.prefix(Int(checkpoint.size))), "\(place)")
    }
    #expect(try await Audit(world.ledger).run().defects == [], "\(place)")
  }
}

extension World {
  /// The number of the newest event.
  fileprivate func lastEvent() async throws -> Int64 { try await ledger.store.read { try $0.lastEventID() } }
}
