import Attestation
import Issuing
import Ledger
import Storage
import TestWorld
import Testing
import TransparencyLog

/// A database that was swapped for an older copy of itself is whole by all that is in it: only who kept a later
/// checkpoint can say so.
@Suite("A swapped database is found")
struct RollbackTests {
  /// A shop whose witness cosigned today's and yesterday's checkpoint, and yesterday's copy.
  private struct Scene {
    let shop: Shop
    let witness: TestWitness
    let yesterday: World
    let settings: AttestationSettings

    static func make() async throws -> Scene {
      let shop = try await Shop.make()
      let witness = try TestWitness(shop.world.ledger)
      var settings = AttestationSettings()
      settings.witnesses = [WitnessAddress(key: witness.witness.key, url: "http://w.test")]
      settings.cosignEvery = 1
      let cosigner = Cosigner(shop.world.ledger, settings, post: witness.post)
      try await Sequencer(shop.world.ledger).catchUp()
      #expect(try await cosigner.pass() == [:])
      let yesterday = try shop.world.crashed()
      shop.world.clock.advance(seconds: 60)
      try await shop.void([shop.item(0)])
      try await Sequencer(shop.world.ledger).catchUp()
      #expect(try await cosigner.pass() == [:])
      return Scene(shop: shop, witness: witness, yesterday: yesterday, settings: settings)
    }
  }

  private static let name = "witness.example/w1"

  @Test("by the witness at the start, although the copy's head was cosigned and nothing grows")
  func atStart() async throws {
    let scene = try await Scene.make()
    #expect(try await Audit(scene.yesterday.ledger).run().isClean)
    #expect(try await AttestationAudit(scene.yesterday.ledger).run() == [])
    let size = try await scene.shop.world.ledger.store.read { try $0.lastCheckpoint()?.size }
    for (post, isProven) in [(scene.witness.post, true), (scene.witness.silent, false)] {
      let board = AttestationBoard()
      let cosigner = Cosigner(scene.yesterday.ledger, scene.settings, post: post, board: board)
      let dispute = AttestationError.Dispute(size: size.map(UInt64.init), isProven: isProven)
      #expect(try await cosigner.pass() == [Self.name: .disputed(dispute)])
      let standing = board.standing(.cosignature, Self.name)
      #expect(standing.word == "rolledBackOrForked" && standing.failures == 1 && board.disputes == [dispute])
    }
  }

  @Test("an honest restart asks once, finds nothing, and is quiet then")
  func honest() async throws {
    let scene = try await Scene.make()
    let board = AttestationBoard()
    let asked = Counter()
    let post = Post {
      await asked.next()
      return try await scene.witness.post($0, $1, type: $2)
    }
    let cosigner = Cosigner(scene.shop.world.ledger, scene.settings, post: post, board: board)
    for _ in 0..<3 { #expect(try await cosigner.pass() == [:]) }
    #expect(await asked.value == 1)
    #expect(board.standing(.cosignature, Self.name).word == "ok" && board.disputes.isEmpty)
  }

  @Test("a dispute stays while the witness is away, and ends when it cosigns")
  func stays() async throws {
    let scene = try await Scene.make()
    struct Away: Error {}
    let isAway = Flag(), isMended = Flag()
    let post = Post { url, body, type in
      if isMended.isSet { scene.witness.forget() } else if isAway.isSet { throw Away() }
      return try await scene.witness.post(url, body, type: type)
    } get: {
      try await scene.witness.post.get($0)
    }
    let board = AttestationBoard()
    let cosigner = Cosigner(scene.yesterday.ledger, scene.settings, post: post, board: board)
    #expect(try await cosigner.pass().count == 1)
    isAway.set()
    scene.yesterday.clock.advance(seconds: 3600)
    #expect(try await cosigner.pass().values.map(\.summary) == ["unreachable"])
    #expect(board.standing(.cosignature, Self.name).word == "rolledBackOrForked")
    #expect(board.standing(.cosignature, Self.name).failures == 2)
    isMended.set()
    scene.yesterday.clock.advance(seconds: 3600)
    #expect(try await cosigner.pass() == [:])
    let standing = board.standing(.cosignature, Self.name)
    #expect(standing.word == "ok" && standing.failures == 0 && standing.nextTry == nil && board.disputes.isEmpty)
  }

  @Test("by a kept checkpoint: agreeing, larger, of another tree, or not of this log")
  func kept() async throws {
    let scene = try await Scene.make()
    let kept = try #require(scene.witness.seen)
    let size = UInt64(try #require(try await scene.shop.world.ledger.store.read { try $0.lastCheckpoint()?.size }))
    let old = UInt64(try #require(try await scene.yesterday.ledger.store.read { try $0.lastCheckpoint()?.size }))
    let here = OutsideCheckpoint(scene.shop.world.ledger), there = OutsideCheckpoint(scene.yesterday.ledger)
    #expect(try await here.compare(kept) == .agrees(size: size))
    #expect(try await there.compare(kept) == .rolledBack(outside: size, here: old))
    let issuing = Issuing(scene.yesterday.ledger)
    for item in 5..<8 {
      try await issuing.void([.code(scene.shop.item(Int64(item)))], reason: "torn", by: Shop.actor)
    }
    try await Sequencer(scene.yesterday.ledger).catchUp()
    #expect(try await there.compare(kept) == .forked(size: size))
    #expect(try await there.compare([1, 2, 3]) == .notOurs)
    let stranger = try NoteSigner(name: World.origin, seed: [UInt8](repeating: 1, count: 32))
    let checkpoint = try Checkpoint(origin: World.origin, size: 1000, root: MerkleHash.empty)
    #expect(try await there.compare(checkpoint.signed(by: stranger).bytes) == .notOurs)
  }

  private actor Counter {
    var value = 0
    func next() { value += 1 }
  }
}
