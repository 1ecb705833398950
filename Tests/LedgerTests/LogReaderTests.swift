import Ledger
import Storage
import TestWorld
import Testing
import TransparencyLog

@Suite("The published log")
struct LogReaderTests {
  private static let count = 700

  /// A log of 700 leaves, signed at 1, 256, 300, 512 and 700, and three events that wait.
  private func world() async throws -> World {
    let world = try await World.make()
    let sequencer = try Sequencer(world.ledger)
    var size = 1
    for next in [1, 256, 300, 512, Self.count] {
      try await world.append(next - size)
      size = next
      try await sequencer.catchUp()
    }
    try await world.append(3)
    return world
  }

  @Test("every tile of hashes is what the definition of the tree gives")
  func hashTiles() async throws {
    let world = try await world()
    let reader = LogReader(world.ledger)
    let leaves = try await NaiveLog.leaves(world.ledger).prefix(Self.count)
    for (level, step) in [(0, 1), (1, 256)] {
      let hashes = (0..<Self.count / step).map { NaiveLog.root(leaves[$0 * step..<($0 + 1) * step]) }
      for index in 0...hashes.count / 256 {
        let own = Array(hashes[index * 256..<min(hashes.count, index * 256 + 256)])
        for width in Set([1, own.count / 2, own.count]) where width > 0 {
          let tile = try #require(Tile(level: level, index: UInt64(index), width: width))
          #expect(try await reader.tile(tile) == Array(own.prefix(width).joined()), "tile \(level)/\(index).p/\(width)")
        }
      }
    }
  }

  @Test("what the signed tree does not have is not served")
  func noTiles() async throws {
    let world = try await world()
    let reader = LogReader(world.ledger)
    for (level, index, width) in [(0, 2, 189), (0, 2, 256), (0, 3, 1), (1, 0, 3), (2, 0, 1), (63, 0, 1)] {
      let tile = try #require(Tile(level: level, index: UInt64(index), width: width))
      #expect(try await reader.tile(tile) == nil, "tile \(level)/\(index).p/\(width)")
    }
    for index in [UInt64.max, UInt64(Int64.max), UInt64(Int64.max) + 1] {
      #expect(try await reader.tile(try #require(Tile(level: 0, index: index, width: 1))) == nil)
      #expect(try await reader.tile(try #require(Tile.entries(index: index, width: 1))) == nil)
    }
    #expect(try await reader.tile(try #require(Tile.entries(index: 2, width: 189))) == nil)
  }

  @Test("entries are the SHA-256 of the events, and give the leaves")
  func entryTiles() async throws {
    let world = try await world()
    let reader = LogReader(world.ledger)
    let bodies = try await world.ledger.store.read { try $0.all("SELECT body FROM event ORDER BY id") { $0.blob(0) } }
    let leaves = try await NaiveLog.leaves(world.ledger)
    for (index, width) in [(0, 256), (0, 100), (1, 256), (2, 188), (2, 1)] {
      let tile = try #require(Tile.entries(index: UInt64(index), width: width))
      let bytes = try #require(try await reader.tile(tile))
      let bundle = try EntryBundle(parsing: bytes)
      let own = index * 256..<index * 256 + width
      #expect(bundle.entries == bodies[own].map { Digest32.sha256($0).bytes })
      #expect(bundle.leafHashes.map(\.bytes) == Array(leaves[own]))
    }
  }

  @Test("the checkpoint is the newest, under the installation's name and key")
  func checkpoint() async throws {
    let empty = try await World.make()
    #expect(try await LogReader(empty.ledger).checkpoint() == nil)
    let world = try await world()
    let bytes = try #require(try await LogReader(world.ledger).checkpoint())
    let policy = LogPolicy(origin: World.origin, logKeys: [try world.ledger.logSigner().key])
    #expect(try policy.open(bytes).checkpoint.size == UInt64(Self.count))
    let stranger = try NoteSigner(name: World.origin, seed: [UInt8](repeating: 9, count: 32)).key
    #expect(throws: LogPolicyError.notSignedByLog) {
      try LogPolicy(origin: World.origin, logKeys: [stranger]).open(bytes)
    }
  }

  @Test("every placed event has a proof that verifies for it and for no other")
  func proofs() async throws {
    let world = try await world()
    let reader = LogReader(world.ledger)
    let policy = LogPolicy(origin: World.origin, logKeys: [try world.ledger.logSigner().key])
    let bodies = try await world.ledger.store.read { try $0.all("SELECT body FROM event ORDER BY id") { $0.blob(0) } }
    for id in [1, 2, 255, 256, 257, 300, 511, 512, 513, 699, 700] as [Int64] {
      let found = try #require(try await reader.proof(ofEvent: id))
      let proof = try LogProof(parsing: found.bytes)
      let entry = logEntry(forEvent: bodies[Int(id) - 1])
      #expect(try proof.verify(entry: entry, policy: policy).checkpoint.size == UInt64(Self.count))
      #expect(proof.index == UInt64(id) - 1)
      #expect(throws: LogProofError.proof(.rootMismatch)) {
        try proof.verify(entry: logEntry(forEvent: bodies[Int(id) % bodies.count]), policy: policy)
      }
    }
    for id in [0, -1, 701, 703, .max] as [Int64] { #expect(try await reader.proof(ofEvent: id) == nil) }
  }

  @Test("a proof under an older checkpoint leads to that one")
  func olderProof() async throws {
    let world = try await world()
    let head = try #require(try await world.ledger.store.read { try $0.checkpoint(covering: 257) })
    #expect(head.size == 300)
    let proof = try #require(try await LogReader(world.ledger).proof(ofEvent: 20, under: head))
    let policy = LogPolicy(origin: World.origin, logKeys: [try world.ledger.logSigner().key])
    let leaf = try #require(Digest32(bytes: try await NaiveLog.leaves(world.ledger)[19]))
    #expect(try proof.verify(leaf: leaf, policy: policy).checkpoint.size == 300)
    #expect(try await LogReader(world.ledger).proof(ofEvent: 301, under: head) == nil)
  }

  @Test("a consistency proof beyond the log, or backwards, is refused")
  func badConsistency() async throws {
    let world = try await world()
    let reader = LogReader(world.ledger)
    await #expect(throws: LedgerError.self) { try await reader.consistency(from: 5, to: 4) }
    await #expect(throws: LedgerError.self) { try await reader.consistency(from: 5, to: 5_000) }
    #expect(try await reader.consistency(from: 0, to: 700).isEmpty)
    #expect(try await reader.consistency(from: 700, to: 700).isEmpty)
  }
}
