import Foundation
import Regions
import Testing

@Suite("The file of regions")
struct ResourceTests {
  @Test("a tiny file is read, and its two regions are told apart")
  func tiny() throws {
    let atlas = try RegionAtlas(bytes: ResourceBuilder.two.file)
    #expect(atlas.locate(latitude: 27.5, longitude: 111.5)?.region.description == "430100")
    #expect(atlas.locate(latitude: 27.5, longitude: 112.5)?.region.description == "430200")
    #expect(atlas.locate(latitude: 27.5, longitude: 113.01) == nil)
    #expect(atlas.locate(latitude: 28.0001, longitude: 111.5) == nil)
    #expect(try atlas.outline(of: code("430000")).map(\.count) == [7])
    #expect(try atlas.resolve(code("430300")) == code("430200"))
    #expect(atlas.boundaryToleranceMeters == 700)
  }

  @Test("a tiny file cut anywhere is refused as damaged, even with a right checksum")
  func truncated() throws {
    let builder = ResourceBuilder.two
    for length in builder.file.indices {
      #expect(throws: RegionError.self, "\(length)") { try RegionAtlas(bytes: Array(builder.file.prefix(length))) }
    }
    for length in builder.body.indices {
      let cut = ResourceBuilder.sealed(Array(builder.body.prefix(length)))
      #expect(throws: RegionError.self, "\(length)") { try RegionAtlas(bytes: cut) }
    }
  }

  @Test("each kind of damage is named, with its place")
  func named() throws {
    let whole = ResourceBuilder.two
    #expect(throws: RegionError.resourceDamaged(.notRegions, at: 0)) { try RegionAtlas(bytes: []) }
    #expect(throws: RegionError.resourceDamaged(.truncated, at: 8)) { try RegionAtlas(bytes: Array("YIMAREG1".utf8)) }
    var flipped = whole.file
    flipped[40] ^= 1
    #expect(throws: RegionError.resourceDamaged(.checksum, at: 8)) { try RegionAtlas(bytes: flipped) }
    #expect(throws: RegionError.resourceDamaged(.trailingBytes, at: whole.file.count)) {
      try RegionAtlas(bytes: ResourceBuilder.sealed(whole.body + [0]))
    }
    #expect(damage { for _ in 0..<9 { $0.body.append(0xff) } } == .numberTooLarge)
    #expect(
      damage {
        $0.number(1); $0.number(700); $0.number(1_000_000)
      } == .truncated)
    #expect(
      damage {
        $0.number(1); $0.number(700); $0.number(1); $0.life(990_000, 0, 0, "", "abcdefgh")
      } == .badCode)
    #expect(
      damage {
        $0.number(1); $0.number(700); $0.number(1); $0.life(430_000, 5_000, 0, "", "")
      } == .badIndex)
    #expect(damage { Self.headAndTail(&$0, arc: (9, 0), steps: [(0, 0), (1, 1)]) } == .badIndex)
    #expect(damage { Self.headAndTail(&$0, arc: (0, 0), steps: [(11_100_000, 2_700_000)]) } == .badIndex)
    #expect(damage { Self.headAndTail(&$0, arc: (0, 0), steps: [(0, 0), (1, 1)]) } == .badCoordinate)
    #expect(
      damage { Self.headAndTail(&$0, arc: (0, 0), steps: [(11_100_000, 2_700_000), (500_000, 0)]) } == .badCoordinate)
    var text = ResourceBuilder()
    for value in [1, 700, 1, 430_000, 0, 0, 3] { text.number(value) }
    #expect(damage { $0.body = text.body + [0xff, 0xfe, 0xfd, 0, 0, 0, 0] } == .badText)
  }

  private static func headAndTail(_ builder: inout ResourceBuilder, arc: (Int, Int), steps: [(Int, Int)]) {
    for value in [1, 700, 0, 0, 1] { builder.number(value) }
    builder.arc(arc.0, arc.1, steps)
    builder.body += [0, 0, 0, 0, 0, 0]
  }

  private func damage(_ build: (inout ResourceBuilder) -> Void) -> RegionError.Damage? {
    var builder = ResourceBuilder()
    build(&builder)
    do {
      _ = try RegionAtlas(bytes: builder.file)
      return nil
    } catch {
      guard case .resourceDamaged(let damage, _) = error else { return nil }
      return damage
    }
  }

  @Test("garbled bytes under a right checksum are refused or read, and what is read answers without a trap")
  func garbled() throws {
    let seed: UInt64 = 1
    var random = Seeded(seed)
    let whole = ResourceBuilder.two.body
    var read = 0
    for _ in 0..<1_500 {
      var body = whole
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let place = Int.random(in: 0..<body.count, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: body[place] = UInt8.random(in: .min ... .max, using: &random)
        case 1: body.remove(at: place)
        default: body.insert(UInt8.random(in: .min ... .max, using: &random), at: place)
        }
      }
      guard let atlas = try? RegionAtlas(bytes: ResourceBuilder.sealed(body)) else { continue }
      read += 1
      _ = atlas.locate(latitude: 27.5, longitude: 111.5)
      _ = try atlas.regions(touching: GeoCircle(center: point(27.5, 112), radiusMeters: 100_000))
      for text in ["430000", "430100", "430300", "CN"] {
        _ = try (atlas.outline(of: code(text)), atlas.name(of: code(text), .zh), atlas.resolutions(code(text)))
      }
    }
    #expect(read > 50, "seed \(seed)")
  }

  @Test("a history that goes in a circle ends")
  func circular() throws {
    var builder = ResourceBuilder()
    for value in [20_260_911, 700, 2] { builder.number(value) }
    builder.life(430_100, 0, 90, "甲", "A", [430_200, 430_200])
    builder.life(100, 0, 80, "乙", "B", [430_100])
    builder.number(0)
    builder.number(0)
    let atlas = try RegionAtlas(bytes: builder.file)
    #expect(try atlas.resolutions(code("430100")).isEmpty)
    #expect(atlas.locate(latitude: 27.5, longitude: 111.5) == nil)
  }

  @Test("the real file, cut or with a byte changed, is refused")
  func real() throws {
    let url = try #require(
      URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Sources/Regions/Resources/regions.bin") as URL?)
    let whole = [UInt8](try Data(contentsOf: url))
    #expect(whole.count < 3_000_000)
    var random = Seeded(3)
    for _ in 0..<10 {
      var bytes = whole
      bytes[Int.random(in: 8..<bytes.count, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      #expect(throws: RegionError.resourceDamaged(.checksum, at: 8)) { try RegionAtlas(bytes: bytes) }
      let cut = Array(whole.prefix(Int.random(in: 0..<whole.count, using: &random)))
      #expect(throws: RegionError.self) { try RegionAtlas(bytes: cut) }
    }
  }
}
