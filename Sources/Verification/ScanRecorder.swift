import Codes
import Dispatch
import Glibc
import Ledger
import Regions
import Storage
import Synchronization

/// Judges and records scans in groups: all that wait when the writer is free go into one transaction, and each is
/// answered when an fsync that began after its commit has ended. The more scans come, the larger the groups; while the
/// disk works on a large one, the next is made.
final class ScanRecorder: Sendable {
  /// A scan that waits for its answer. A class because it is handed on five times, and has a dozen fields.
  final class Waiting: Sendable {
    let request: ScanRequest
    let reading: Reading
    let place: Place?
    let actor: Actor
    let answer: @Sendable (Result<ScanAnswer, VerificationError>) -> Void

    init(
      request: ScanRequest, reading: Reading, place: Place?, actor: Actor,
      answer: @escaping @Sendable (Result<ScanAnswer, VerificationError>) -> Void
    ) {
      self.request = request
      self.reading = reading
      self.place = place
      self.actor = actor
      self.answer = answer
    }

    /// The scan as its sender names it, when it does.
    var clientScan: ClientScan? { request.clientID.map { ClientScan(key: actor.key, client: $0) } }
  }

  private struct Queue {
    private var scans: [Waiting] = []
    private var taken = 0
    var isDraining = false

    var count: Int { scans.count - taken }

    mutating func add(_ scan: Waiting) { scans.append(scan) }

    /// The first that wait, at most so many. The others move up only when they are no more than what was taken, so that
    /// a long queue is not moved for each group.
    mutating func take(_ most: Int) -> [Waiting] {
      let group = Array(scans[taken...].prefix(most))
      taken += group.count
      if count <= taken {
        scans.removeFirst(taken)
        taken = 0
      }
      return group
    }
  }

  private let ledger: Ledger
  private let queue = Mutex(Queue())
  private let committed = Mutex(Committed())
  private let disk = DispatchQueue(label: "yima.scans.disk", qos: .userInitiated)

  /// Groups that wait for the disk.
  private struct Committed {
    var groups: [(scans: [Waiting], answers: [Result<ScanAnswer, VerificationError>])] = []
    var isSyncing = false
  }
  /// Touched on the writer's queue only; the lock is there for the compiler and never contended.
  private let desk: Mutex<ScanDesk>

  /// Scans of one transaction.
  static let groupMax = 256
  /// Scans of a group from which the disk works on it beside the writer. The writer waits for a smaller one itself: the
  /// way to another thread and back would take longer than the disk does.
  static let besideMin = 33
  /// How long, and how often at most, a group is waited for.
  static let gatherMicroseconds: UInt32 = 100, gatherSteps = 4
  /// Scans that may wait; more are refused at once, so that a flood costs no memory.
  static let waitingMax = 20_000

  init(_ ledger: Ledger) {
    self.ledger = ledger
    desk = Mutex(ScanDesk(ledger))
  }

  /// Hands in a scan; its continuation is resumed once the scan is durable.
  func submit(_ scan: Waiting) {
    let (accepted, mustDrain) = queue.withLock { queue in
      guard queue.count < Self.waitingMax else { return (false, false) }
      queue.add(scan)
      defer { queue.isDraining = true }
      return (true, !queue.isDraining)
    }
    guard accepted else { return scan.answer(.failure(.overloaded)) }
    if mustDrain { ledger.store.enqueue { [self] in drain() } }
  }

  private func drain() {
    let group = queue.withLock { queue in
      let group = queue.take(Self.groupMax)
      if group.isEmpty { queue.isDraining = false }
      return group
    }
    guard !group.isEmpty else { return }
    record(group)
    gather(group.count)
    // Back to the end of the writer's queue: dispatches and the sequencer get their turn between groups.
    ledger.store.enqueue { [self] in drain() }
  }

  /// Under load, waits a moment for as many scans as the last group had: one fsync for many is what makes them cheap.
  /// A scan that comes alone never waits, and none waits while the disk is idle: until then it could not be answered
  /// sooner.
  private func gather(_ count: Int) {
    guard count > 2 else { return }
    for _ in 0..<Self.gatherSteps {
      guard queue.withLock({ $0.count }) < count, committed.withLock({ $0.isSyncing }) else { return }
      usleep(Self.gatherMicroseconds)
    }
  }

  private func record(_ group: [Waiting]) {
    do {
      let answers = try commit(group)
      let mustSync = committed.withLock { committed in
        committed.groups.append((group, answers))
        defer { committed.isSyncing = true }
        return !committed.isSyncing
      }
      guard mustSync else { return }
      if group.count < Self.besideMin { sync() } else { disk.async { [self] in sync() } }
    } catch {
      let isLost = if case .connection = StorageError(any: error) { true } else { false }
      // A lost connection fails all alike; whether the group was committed shows when a client asks again by its id.
      guard group.count > 1, !isLost else {
        return group.forEach { $0.answer(.failure(VerificationError(any: error))) }
      }
      // One scan must not cost the others their answer: each gets a transaction of its own.
      for scan in group { record([scan]) }
    }
  }

  /// Brings what was committed to the disk and answers it, until nothing waits.
  private func sync() {
    while true {
      let groups = committed.withLock { committed in
        defer { committed.groups = [] }
        if committed.groups.isEmpty { committed.isSyncing = false }
        return committed.groups
      }
      guard !groups.isEmpty else { return }
      let failure: VerificationError?
      do {
        try ledger.store.sync()
        failure = nil
      } catch { failure = VerificationError(any: error) }
      for group in groups {
        for (scan, answer) in zip(group.scans, group.answers) { scan.answer(failure.map { .failure($0) } ?? answer) }
      }
    }
  }

  private func commit(_ group: [Waiting]) throws -> [Result<ScanAnswer, VerificationError>] {
    try desk.withLock { desk in
      try ledger.store.commit(isSynced: false) { transaction in
        try desk.take(group, transaction)
      }
    }
  }
}
