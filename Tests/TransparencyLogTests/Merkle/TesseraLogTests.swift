import Testing
import TransparencyLog

/// A log written by Tessera: checkpoint, bundle and tile at sizes 0 to 15.
@Suite(.enabled(if: Conformance.isPresent, Conformance.absent)) struct TesseraLogTests {
  @Test("its checkpoints, bundles and tiles are the same as ours")
  func log() throws {
    let document = try Conformance.document("tessera_log.json")
    let meta = try #require(document["meta"])
    let key = try NoteKey(parsing: meta.text("vkey"))
    let policy = LogPolicy(origin: "example.com/log/testdata", logKeys: [key])
    for item in try Conformance.cases("tessera_log.json") {
      let size = try item.number("size")
      let head = try policy.open(Array(item.text("checkpoint").utf8))
      #expect(head.checkpoint.size == size)
      #expect(head.checkpoint.root.hex == (try item.text("rootHex")))
      #expect(head.note.note.bytes == Array(try item.text("checkpoint").utf8))

      let entries = try #require(item["entries"]?.array).map { Array(($0.string ?? "").utf8) }
      let shelf = TileShelf(entries.map { MerkleHash.leaf($0) })
      #expect(try MerkleProof.root(size: size, reader: shelf.reader()) == head.checkpoint.root)
      guard size > 0 else { continue }
      let bundle = try EntryBundle(entries: entries)
      #expect(Hex.encode(bundle.bytes) == (try item.text("entryBundleHex")))
      #expect(Tile.entries(index: 0, width: Int(size))?.path == (try item.text("entryBundlePath")))
      let tile = try #require(Tile.partialTiles(size: size).first)
      #expect(tile.path == (try item.text("tilePath")))
      #expect(shelf.tiles[tile.key].map { Hex.encode($0) } == (try item.text("tileHex")))
    }
  }
}
