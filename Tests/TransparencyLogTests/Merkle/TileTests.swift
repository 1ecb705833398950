import Testing
import TransparencyLog

@Suite struct TileTests {
  @Test("paths are those of Tessera", .enabled(if: Conformance.isPresent, Conformance.absent))
  func conformance() throws {
    for item in try Conformance.cases("tile_paths.json") {
      switch try item.text("fn") {
      case "tilePath":
        let tile = Tile(level: Int(try item.number("level")), index: try item.number("index"), width: try width(item))
        #expect(tile?.path == (try item.text("path")))
      case "entriesPath":
        #expect(Tile.entries(index: try item.number("index"), width: try width(item))?.path == (try item.text("path")))
      case "entriesPathForLogIndex":
        let key = TileKey(level: 0, index: try item.number("seq") / 256)
        let tile = Tile.entries(index: key.index, width: Tile.width(of: key, size: try item.number("logSize")))
        #expect(tile?.path == (try item.text("path")))
      default:
        let path = "tile/\(try item.text("level"))/\(try item.text("index"))"
        let tile = Tile(path: path)
        #expect((tile != nil) == item["valid"]?.bool, "\(path)")
        guard let tile, let out = item["out"] else { continue }
        #expect(tile.path == path)
        #expect(tile.level == Int(try out.number("level")))
        #expect(tile.index == (try out.number("index")))
        #expect(tile.width == Int(try out.number("width")) || tile.width == 256)
      }
    }
  }

  private func width(_ item: JSONValue) throws -> Int {
    let partial = Int(try item.number("partial"))
    return partial == 0 ? 256 : partial
  }

  @Test("a tile is read back from its path", arguments: [UInt64](1...50))
  func roundTrip(seed: UInt64) throws {
    var random = Seeded(seed: seed)
    let index = random.next() >> UInt64.random(in: 0..<64, using: &random)
    let width = Int.random(in: 1...256, using: &random)
    let level = Int.random(in: 0...63, using: &random)
    for tile in [Tile(level: level, index: index, width: width), Tile.entries(index: index, width: width)] {
      let tile = try #require(tile)
      #expect(Tile(path: tile.path) == tile, "seed \(seed)")
      let changed = String(decoding: random.mutation(of: Array(tile.path.utf8)), as: UTF8.self)
      if let other = Tile(path: changed) { #expect(other.path == changed, "seed \(seed)") }
    }
    let largest = try #require(Tile(level: 63, index: .max))
    #expect(largest.path == "tile/63/x018/x446/x744/x073/x709/x551/615")
    #expect(Tile(path: largest.path) == largest)
  }

  @Test(
    "a second spelling, and what is no path, is refused",
    arguments: [
      "", "tile", "tile/", "tile/0", "tile/0/", "/tile/0/000", "tile/0/000/", "tile/00/000", "tile/64/000",
      "tile/-1/000", "tile/+1/000", "tile/0/0", "tile/0/0000", "tile/0/x000", "tile/0/x000/001", "tile/0/000/001",
      "tile/0/000.p/0", "tile/0/000.p/01", "tile/0/000.p/256", "tile/0/000.p/1/", "tile/0/000.p/1.p/1", "tile/0/.p/1",
      "tile/0/x000.p/000", "tile/entries/000.p/", "tile/Entries/000", "tile/data/000", "tile/0/٠٠٠",
      "tile/0/x018/x446/x744/x073/x709/x551/616", "tile/0/000.p/1\n", "tile/0/000?",
    ])
  func refused(_ path: String) {
    #expect(Tile(path: path) == nil)
  }

  @Test("the example of the specification: a tree of 70 000")
  func example() throws {
    #expect(
      Tile.partialTiles(size: 70_000).map(\.path) == ["tile/0/273.p/112", "tile/1/001.p/17", "tile/2/000.p/1"])
    #expect(Tile.width(of: .init(level: 0, index: 272), size: 70_000) == 256)
    #expect(Tile.width(of: .init(level: 0, index: 274), size: 70_000) == 0)
    #expect(Tile.partialTiles(size: 256).map(\.path) == ["tile/1/000.p/1"])
    #expect(Tile.partialTiles(size: 0).isEmpty)
    #expect(Tile.width(of: .init(level: 64, index: 0), size: .max) == 0)
    #expect(Tile.width(of: .init(level: -1, index: 0), size: .max) == 0)
  }

  @Test("a tile outside the specification cannot be made")
  func impossible() {
    #expect(Tile(level: -1, index: 0) == nil)
    #expect(Tile(level: 64, index: 0) == nil)
    #expect(Tile(level: 0, index: 0, width: 0) == nil)
    #expect(Tile(level: 0, index: 0, width: 257) == nil)
    #expect(Tile.entries(index: 0, width: 0) == nil)
    #expect(Tile(level: 2, index: 5)?.key == TileKey(level: 2, index: 5))
    #expect(Tile(level: 2, index: 5)?.isPartial == false)
  }
}
