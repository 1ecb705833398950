import Ledger
import Storage
import TestWorld
import Testing
import TransparencyLog

/// What is done after a pass has failed at a step.
enum Recovery: CaseIterable, Sendable {
  /// The same sequencer goes on.
  case sameSequencer
  /// The process lives and makes a new one.
  case newSequencer
  /// The process was killed: only the files are left.
  case crash
}

/// The fault table. A pass has one effect, its transaction (tiles and checkpoint together), and what leads to it:
///
/// | fault | step | recovery |
/// |---|---|---|
/// | refused before anything is done | `sign`, `store` | any |
/// | crash before | `midTransaction`: tiles are written, nothing is committed | `crash` |
/// | done but the reply is lost | `answer` | `sameSequencer`, `newSequencer` |
/// | crash after | `answer` | `crash` |
@Suite("The sequencer never forks, loses or repeats")
struct SequencerTests {
  @Test("whatever fails at whatever step", arguments: Sequencer.Step.allCases, Recovery.allCases)
  func faults(_ step: Sequencer.Step, _ recovery: Recovery) async throws {
    var world = try await World.make()
    var sequencer = try Sequencer(world.ledger)
    var seen: [Checkpoint] = []
    for (round, count) in [3, 250, 5, 300].enumerated() {
      try await world.append(count)
      world.clock.advance(seconds: 1)
      let before = try await world.checkpoints()
      let failing = sequencer
      await #expect(throws: LedgerError.inconsistent("fault injected at \(step)"), "round \(round)") {
        try await failing.pass(faults: .at(step))
      }
      let after = try await world.checkpoints()
      // Only a lost answer leaves something: the whole pass.
      #expect(after.count == before.count + (step == .answer ? 1 : 0))
      seen += after
      switch recovery {
      case .sameSequencer: break
      case .newSequencer: sequencer = try Sequencer(world.ledger)
      case .crash:
        world = try world.crashed()
        sequencer = try Sequencer(world.ledger)
      }
      try await sequencer.catchUp()
      seen += try await world.checkpoints()
    }
    try await Self.checkWhole(world, seen)
    #expect(try await Audit(world.ledger).run().defects == [])
  }

  /// Nothing lost or repeated, and every head that was ever seen is still the beginning of the log.
  private static func checkWhole(_ world: World, _ seen: [Checkpoint]) async throws {
    let leaves = try await NaiveLog.leaves(world.ledger)
    let stored = try await world.checkpoints()
    #expect(leaves.count == 559 && stored.last?.size == 559)
    #expect(Set(seen).isSubset(of: stored))
    for checkpoint in stored {
      #expect(checkpoint.root.bytes == NaiveLog.root(leaves.prefix(Int(checkpoint.size))))
      #expect(checkpoint.origin == World.origin)
    }
    let reader = LogReader(world.ledger)
    for (old, new) in stored.indices.flatMap({ first in stored[first...].map { (stored[first], $0) } }) {
      let proof = try await reader.consistency(from: old.size, to: new.size)
      try MerkleProof.verifyConsistency(
        from: old.size, oldRoot: old.root, to: new.size, newRoot: new.root, proof: proof)
    }
  }

  @Test("a pass places what waits and says how much; without events it signs nothing new")
  func passes() async throws {
    let world = try await World.make()
    let sequencer = try Sequencer(world.ledger)
    #expect(try await sequencer.pass() == 1)
    #expect(try await sequencer.pass() == 0)
    try await world.append(7)
    #expect(try await sequencer.pass() == 7)
    #expect(try await world.checkpoints().map(\.size) == [1, 8])
  }

  @Test("more events than one pass takes are placed in several")
  func long() async throws {
    let world = try await World.make()
    try await world.append(Sequencer.passMax + 500)
    let sequencer = try Sequencer(world.ledger)
    #expect(try await sequencer.pass() == Sequencer.passMax)
    #expect(try await sequencer.pass() == 501)
    let leaves = try await NaiveLog.leaves(world.ledger)
    #expect(
      try await world.checkpoints().map(\.root.bytes) == [
        NaiveLog.root(leaves.prefix(Sequencer.passMax)), NaiveLog.root(leaves[...]),
      ])
  }

  @Test("two processes that sequence at once make one log")
  func race() async throws {
    let world = try await World.make()
    let ledgers = [world.ledger, try world.sibling(), try world.sibling()]
    try await withThrowingTaskGroup(of: Void.self) { group in
      for ledger in ledgers {
        group.addTask {
          let sequencer = try Sequencer(ledger)
          for _ in 0..<40 {
            do { try await sequencer.pass() } catch LedgerError.inconsistent(let detail) {
              #expect(detail == "another sequencer signed a checkpoint meanwhile")
            }
          }
        }
      }
      group.addTask { for count in 1...40 { try await world.append(count) } }
      try await group.waitForAll()
    }
    try await Sequencer(world.ledger).catchUp()
    let leaves = try await NaiveLog.leaves(world.ledger)
    for checkpoint in try await world.checkpoints() {
      #expect(checkpoint.root.bytes == NaiveLog.root(leaves.prefix(Int(checkpoint.size))))
    }
    #expect(try await world.checkpoints().last?.size == UInt64(leaves.count))
    #expect(try await Audit(world.ledger).run().isClean)
  }

  @Test("tiles that do not give the signed root stop the sequencer before it signs")
  func damagedTiles() async throws {
    let world = try await World.make()
    let sequencer = try Sequencer(world.ledger)
    try await world.append(20)
    try await sequencer.catchUp()
    try world.edit("UPDATE tile SET bytes = zeroblob(length(bytes))")
    try await world.append(1)
    await #expect(throws: LedgerError.inconsistent("the tiles do not give the root of checkpoint 21")) {
      try await sequencer.pass()
    }
    #expect(try await world.checkpoints().map(\.size) == [21])
  }

  @Test("a missing event stops the sequencer before it signs")
  func missingEvent() async throws {
    let world = try await World.make()
    try await world.append(5)
    try world.edit("DELETE FROM event WHERE id = 4")
    // Another process, which has not got in memory what the first one wrote.
    let sequencer = try Sequencer(try world.sibling())
    await #expect(throws: LedgerError.inconsistent("event 4 is missing")) { try await sequencer.pass() }
    #expect(try await world.checkpoints().isEmpty)
  }
}
