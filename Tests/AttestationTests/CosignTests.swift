import Attestation
import Issuing
import Ledger
import Storage
import TestWorld
import Testing
import TransparencyLog

@Suite("Witnesses of checkpoints")
struct CosignTests {
  private func settings(_ key: NoteKey) -> AttestationSettings {
    var settings = AttestationSettings()
    settings.witnesses = [WitnessAddress(key: key, url: "http://w.test")]
    settings.cosignEvery = 1
    return settings
  }

  @Test("checkpoints gather cosignatures as the log grows, and are served with them")
  func gathers() async throws {
    let shop = try await Shop.make()
    let ledger = shop.world.ledger
    let witness = try TestWitness(ledger)
    let cosigner = Cosigner(ledger, settings(witness.witness.key), post: witness.post)
    try await shop.void([shop.item(0)])
    try await Sequencer(ledger).catchUp()
    #expect(try await cosigner.pass() == [:])
    let note = try #require(try await LogReader(ledger).checkpoint())
    let policy = WitnessPolicy(witnesses: [witness.witness.key], needed: 1)
    #expect(try policy.count(in: note).isEnough)
    #expect(try LogPolicy(origin: ledger.origin, logKeys: [ledger.logSigner().key]).open(note).checkpoint.size > 0)
    try await shop.void([shop.item(1)])
    try await Sequencer(ledger).catchUp()
    let bare = try #require(try await LogReader(ledger).checkpoint())
    #expect(try !policy.count(in: bare).isEnough)
    #expect(try await cosigner.pass() == [:])
    let grown = try #require(try await LogReader(ledger).checkpoint())
    #expect(try policy.count(in: grown).isEnough)
  }

  @Test("a witness that has forgotten is told from its own size")
  func conflicts() async throws {
    let shop = try await Shop.make()
    let ledger = shop.world.ledger
    let witness = try TestWitness(ledger)
    try await Sequencer(ledger).catchUp()
    #expect(try await Cosigner(ledger, settings(witness.witness.key), post: witness.post).pass() == [:])
    witness.forget()
    try await shop.void([shop.item(0)])
    try await Sequencer(ledger).catchUp()
    #expect(try await Cosigner(ledger, settings(witness.witness.key), post: witness.post).pass() == [:])
    #expect(try await ledger.store.read { try $0.lastCosignature(witness: "witness.example/w1")?.size } != nil)
  }

  @Test("a database swapped for yesterday's copy that goes on is found by the witness, though its audit is clean")
  func swapped() async throws {
    let shop = try await Shop.make()
    let witness = try TestWitness(shop.world.ledger)
    try await Sequencer(shop.world.ledger).catchUp()
    let yesterday = try shop.world.crashed()
    try await shop.void([shop.item(0)])
    try await Sequencer(shop.world.ledger).catchUp()
    let cosigner = Cosigner(shop.world.ledger, settings(witness.witness.key), post: witness.post)
    #expect(try await cosigner.pass() == [:])
    // The copy takes other events, as many and more.
    let issuing = Issuing(yesterday.ledger)
    for item in 5..<8 {
      try await issuing.void([.code(shop.item(Int64(item)))], reason: "torn", by: Shop.actor)
    }
    try await Sequencer(yesterday.ledger).catchUp()
    #expect(try await Audit(yesterday.ledger).run().isClean)
    let fork = Cosigner(yesterday.ledger, settings(witness.witness.key), post: witness.post)
    let size = try #require(try await shop.world.ledger.store.read { try $0.lastCheckpoint()?.size })
    let dispute = AttestationError.Dispute(size: UInt64(size), isProven: true)
    #expect(try await fork.pass() == ["witness.example/w1": .disputed(dispute)])
  }

  @Test("a refusal, an unreachable witness and another key's signature are told, and nothing is kept")
  func failures() async throws {
    let shop = try await Shop.make()
    let ledger = shop.world.ledger
    let witness = try TestWitness(ledger), stranger = try TestWitness(ledger, name: "witness.example/w2", seed: 9)
    try await Sequencer(ledger).catchUp()
    struct Away: Error {}
    let posts: [(Post, String)] = [
      (Post { _, _, _ in Post.Reply(status: 403, body: []) }, "status"),
      (Post { _, _, _ in throw Away() }, "unreachable"),
      (stranger.post, "notBelieved"), (Post { _, _, _ in Post.Reply(status: 200, body: [65]) }, "notBelieved"),
    ]
    for (post, word) in posts {
      let failure = try await Cosigner(ledger, settings(witness.witness.key), post: post).pass()["witness.example/w1"]
      #expect(failure.map { "\($0)".hasPrefix(word) } == true, "\(String(describing: failure))")
      #expect(try await ledger.store.read { try $0.lastCosignature(witness: "witness.example/w1") } == nil)
    }
  }
}
