import HTTPTypes
import Ledger
import TestWorld
import Testing
import TransparencyLog

@Suite("The published log")
struct LogRouteTests {
  @Test("checkpoint, tiles and proofs fit together for somebody with the log's key alone")
  func auditor() async throws {
    try await TestServer.run { server async throws in
      let ledger = server.shop.world.ledger
      let sequencer = try Sequencer(ledger)
      try await sequencer.catchUp()
      let first = try await checkpoint(server, ledger)
      for place in 0..<Int64(5) {
        try await server.shop.issuing.void([.code(server.shop.item(place))], reason: "x", by: Shop.actor)
      }
      try await sequencer.catchUp()
      let second = try await checkpoint(server, ledger)
      #expect(second.size == first.size + 5)

      let consistency = try await server.call("/log/proof/consistency?from=\(first.size)&to=\(second.size)")
      let hashes = try #require(
        consistency.json["hashes"]?.array?.compactMap { $0.string.flatMap { Digest32(base64: $0) } })
      try MerkleProof.verifyConsistency(
        from: first.size, oldRoot: first.root, to: second.size, newRoot: second.root, proof: hashes)

      let tile = try await server.call("/log/tile/0/000.p/\(second.size)")
      #expect(tile.status == 200 && tile.bytes.count == Int(second.size) * 32)
      #expect(tile.headers[.cacheControl] == "public, max-age=60")
      let entries = try await server.call("/log/tile/entries/000.p/\(second.size)")
      #expect(entries.bytes.count == Int(second.size) * 34)
      let inclusion = try await server.call("/log/proof/inclusion?index=3")
      let path = try #require(
        inclusion.json["hashes"]?.array?.compactMap { $0.string.flatMap { Digest32(base64: $0) } })
      let leaf = try #require(Digest32(bytes: tile.bytes[96..<128]))
      try MerkleProof.verifyInclusion(leaf: leaf, index: 3, size: second.size, proof: path, root: second.root)
    }
  }

  private func checkpoint(_ server: TestServer, _ ledger: Ledger) async throws -> Checkpoint {
    let answer = try await server.call("/log/checkpoint")
    #expect(answer.type == "text/plain; charset=utf-8" && answer.headers[.cacheControl] == "no-cache")
    let policy = LogPolicy(origin: ledger.origin, logKeys: [try ledger.logSigner().key])
    return try policy.open(answer.bytes).checkpoint
  }

  @Test("full tiles may be kept for ever")
  func fullTile() async throws {
    try await TestServer.run { server async throws in
      let ledger = server.shop.world.ledger
      for _ in 0..<260 {
        try await ledger.store.write { transaction in
          let draft = EventDraft(.installation, at: ledger.now(), by: .system, data: [:])
          try ledger.append(draft, transaction, recorded: ledger.now())
        }
      }
      try await Sequencer(ledger).catchUp()
      let tile = try await server.call("/log/tile/0/000")
      #expect(tile.bytes.count == 256 * 32 && tile.headers[.cacheControl]?.contains("immutable") == true)
      #expect(try await server.call("/log/tile/1/000.p/1").bytes.count == 32)
    }
  }

  @Test(
    "what is not published is not found",
    arguments: [
      "/log/tile/0/001", "/log/tile/0/000", "/log/tile/0/x000/000", "/log/tile/64/000", "/log/tile/0/000.p/0",
      "/log/tile/0/000.p/256", "/log/tile/data/000", "/log/tile/0/../0/000", "/log/proof/inclusion?index=99999",
      "/log/proof/inclusion?index=9223372036854775807",
    ])
  func notFound(_ path: String) async throws {
    try await TestServer.run { server async throws in
      try await Sequencer(server.shop.world.ledger).catchUp()
      let answer = try await server.call(path)
      #expect(answer.status == 404 && answer.type == "application/problem+json")
    }
  }

  @Test("before the first checkpoint nothing is published")
  func before() async throws {
    try await TestServer.run { server async throws in
      for path in ["checkpoint", "tile/0/000.p/1", "proof/inclusion?index=0", "proof/consistency?from=0"] {
        let answer = try await server.call("/log/\(path)")
        #expect(answer.status == 404, "\(path)")
      }
    }
  }

  @Test(
    "bad numbers are named",
    arguments: [
      ("inclusion", "index"), ("inclusion?index=-1", "index"), ("inclusion?index=01", "index"),
      ("consistency", "from"), ("consistency?from=2&to=1", "from"), ("consistency?from=1&to=999", "to"),
    ])
  func numbers(_ path: String, _ pointer: String) async throws {
    try await TestServer.run { server async throws in
      try await Sequencer(server.shop.world.ledger).catchUp()
      let answer = try await server.call("/log/proof/\(path)")
      #expect(answer.status == 422 && answer.json["pointer"]?.string == pointer)
    }
  }
}
