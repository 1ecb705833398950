import Foundation
import Regions
import Testing

@Suite("Circles, borders and outlines")
struct TouchTests {
  @Test("a circle touches exactly the regions whose outline comes within its radius, and the one it is in")
  func againstOutlines() throws {
    let atlas = try World.atlas()
    let seed: UInt64 = 11
    var random = Seeded(seed)
    // Every county of Hunan and its neighbours' prefectures are drawn once and measured by brute force.
    let drawn = ["430000", "420000", "360000"].compactMap { try? RegionCode($0) }.flatMap { atlas.children(of: $0) }
      .map { ($0, atlas.outline(of: $0)) }
    for round in 0..<40 {
      let center = try point(.random(in: 26...29, using: &random), .random(in: 111...114, using: &random))
      let radius = [50.0, 3_000, 40_000][round % 3]
      let touched = try atlas.regions(touching: GeoCircle(center: center, radiusMeters: radius))
      for (region, outline) in drawn {
        let distance = isInside(center, outline) ? 0 : nearest(center, outline)
        // The brute force measures on a sphere: within half a per cent of the radius either answer is right.
        if abs(distance - radius) < radius * 0.006 { continue }
        #expect(touched.contains(region) == (distance < radius), "seed \(seed): \(center) \(radius) \(region)")
      }
    }
  }

  @Test("a circle names counties and their prefectures; at sea it names nothing")
  func levels() throws {
    let atlas = try World.atlas()
    let changsha = try atlas.regions(touching: GeoCircle(center: point(28.1941, 112.9823), radiusMeters: 10))
    #expect(try changsha == [code("430102"), code("430100")])
    #expect(try atlas.regions(touching: GeoCircle(center: point(30, 125.5), radiusMeters: 1_000)).isEmpty)
    let dongguan = try atlas.regions(touching: GeoCircle(center: point(23.02, 113.75), radiusMeters: 10))
    #expect(try dongguan == [code("441900")])
    let beijing = try atlas.regions(touching: GeoCircle(center: point(39.9087, 116.3975), radiusMeters: 1))
    #expect(try beijing == [code("110101")])
  }

  @Test("the circle of the Earth touches everything")
  func everything() throws {
    let atlas = try World.atlas()
    let all = try atlas.regions(touching: GeoCircle(center: point(35, 105), radiusMeters: GeoCircle.radiusMax))
    #expect(all.count > 3_100)
  }

  @Test("the distance to a border is that of brute force, and nil beyond the limit")
  func distances() throws {
    let atlas = try World.atlas()
    var random = Seeded(5)
    let hunan = try code("430000")
    let outline = atlas.outline(of: hunan)
    for _ in 0..<30 {
      let place = try point(.random(in: 26...29, using: &random), .random(in: 110...113.5, using: &random))
      let found = try #require(atlas.distanceToBoundary(from: place, of: hunan))
      let expected = nearest(place, outline)
      #expect(abs(found - expected) < expected * 0.006 + 1, "\(place) \(found) \(expected)")
      #expect(atlas.distanceToBoundary(from: place, of: hunan, limit: found * 0.9) == nil)
      #expect(try #require(atlas.distanceToBoundary(from: place)) <= found + 1e-6)
    }
    #expect(try atlas.distanceToBoundary(from: point(0, 0)) == nil)
  }

  @Test("rings are closed, outer ones run counter-clockwise, and counties add up to their province")
  func outlines() throws {
    let atlas = try World.atlas()
    let hunan = try code("430000")
    for region in [hunan] + atlas.children(of: hunan) {
      let rings = atlas.outline(of: region)
      #expect(!rings.isEmpty && rings.allSatisfy { $0.first == $0.last && $0.count >= 4 }, "\(region)")
    }
    let whole = try #require(atlas.centroid(of: hunan))
    let parts = atlas.children(of: hunan).compactMap { atlas.centroid(of: $0)?.squareMeters }
    #expect(abs(parts.reduce(0, +) / whole.squareMeters - 1) < 0.01)
    // Hunan has 211 800 square kilometres.
    #expect(abs(whole.squareMeters / 2.118e11 - 1) < 0.02)
    #expect(atlas.locate(latitude: whole.point.latitude, longitude: whole.point.longitude)?.province == hunan)
    #expect(try atlas.outline(of: code("DE")).isEmpty && atlas.centroid(of: code("653132")) == nil)
  }

  @Test(
    "the areas of the provinces are those of the books",
    arguments: [
      ("110000", 16_411.0), ("440000", 179_725), ("510000", 486_000), ("630000", 722_300), ("330000", 105_500),
      ("500000", 82_402), ("640000", 51_950),
    ])
  func areas(text: String, squareKilometers: Double) throws {
    let found = try #require(try World.atlas().centroid(of: code(text)))
    #expect(abs(found.squareMeters / 1e6 / squareKilometers - 1) < 0.04)
  }

  /// Brute force on a sphere: metres from a place to the nearest segment of some rings.
  private func nearest(_ place: GeoPoint, _ rings: [[GeoPoint]]) -> Double {
    let perDegree = 6_371_008.8 * Double.pi / 180
    func flat(_ p: GeoPoint) -> (x: Double, y: Double) {
      let middle = cos((p.latitude + place.latitude) / 2 * .pi / 180)
      return ((p.longitude - place.longitude) * perDegree * middle, (p.latitude - place.latitude) * perDegree)
    }
    var best = Double.infinity
    for ring in rings {
      for (a, b) in zip(ring.map(flat), ring.dropFirst().map(flat)) {
        let (dx, dy) = (b.x - a.x, b.y - a.y)
        let share = max(0, min(1, -(a.x * dx + a.y * dy) / max(dx * dx + dy * dy, 1e-9)))
        best = min(best, hypot(a.x + share * dx, a.y + share * dy))
      }
    }
    return best
  }
}
