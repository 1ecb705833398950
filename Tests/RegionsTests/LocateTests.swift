import Regions
import Testing

@Suite("Point to region")
struct LocateTests {
  struct Sample: Decodable {
    let id: String, lon: Double, lat: Double, province: String?, city: String?, district: String?
  }

  @Test(
    "all points of the conformance list are found: every province, every city, every district",
    .enabled(if: Conformance.isThere, "needs ../shared/conformance/geo"))
  func conformance() throws {
    let atlas = try World.atlas()
    let samples = try Conformance.cases("point_in_region.json", Sample.self)
    #expect(samples.count == 325)
    for sample in samples {
      let found = atlas.locate(latitude: sample.lat, longitude: sample.lon)
      #expect(found?.province.description == sample.province, "\(sample.id)")
      // The list gives a county that its province administers as its own city.
      let city = sample.city.flatMap { $0 == sample.province ? nil : $0 }
      #expect(city == nil || [found?.prefecture, found?.region].contains { $0?.description == city }, "\(sample)")
      // Codes of 2024 in the list are compared by what they are today.
      if let district = sample.district {
        #expect(try found?.region == atlas.resolve(code(district)), "\(sample.id)")
      }
    }
  }

  @Test(
    "known places",
    arguments: [
      (39.9087, 116.3975, "110101"), (31.2397, 121.4998, "310115"), (22.5431, 114.0579, "440304"),
      (30.6571, 104.0665, "510105"), (23.0207, 113.7518, "441900"), (22.3193, 114.1694, "810000"),
      (22.1987, 113.5439, "820000"), (25.0330, 121.5654, "710000"), (28.1941, 112.9823, "430102"),
    ])
  func known(latitude: Double, longitude: Double, expected: String) throws {
    let found = try #require(try World.atlas().locate(latitude: latitude, longitude: longitude))
    #expect(
      found.region.description == expected || found.region.parent?.description == String(expected.prefix(4)) + "00")
    #expect(found.province.description.prefix(2) == expected.prefix(2))
  }

  @Test(
    "a placement names prefecture and province, where there are any",
    arguments: [
      (28.1941, 112.9823, "430100"), (23.0207, 113.7518, "441900"), (39.9087, 116.3975, nil), (30.36, 113.45, nil),
    ])
  func placement(latitude: Double, longitude: Double, prefecture: String?) throws {
    let found = try #require(try World.atlas().locate(latitude: latitude, longitude: longitude))
    #expect(found.prefecture?.description == prefecture)
    #expect(found.province.contains(found.region))
  }

  @Test(
    "sea, other countries and numbers that are no place are nowhere",
    arguments: [
      (35.6, 139.7), (30.0, 125.5), (0.0, 0.0), (-90, -180), (90, 180), (55.75, 37.62), (21.03, 105.85), (91, 112),
      (.nan, 112), (28, .infinity), (28, -.infinity), (1e308, -1e308),
    ])
  func nowhere(latitude: Double, longitude: Double) throws {
    #expect(try World.atlas().locate(latitude: latitude, longitude: longitude) == nil)
  }

  @Test("the grid answers as the outlines do: every point lies in the outline of its region, by the even-odd rule")
  func againstOutlines() throws {
    let atlas = try World.atlas()
    let seed: UInt64 = 325
    var random = Seeded(seed)
    var (outlines, inside) = ([RegionCode: [[GeoPoint]]](), 0)
    for _ in 0..<4_000 {
      let place = try point(.random(in: 18...53, using: &random), .random(in: 74...134, using: &random))
      guard let found = atlas.locate(latitude: place.latitude, longitude: place.longitude) else { continue }
      inside += 1
      let outline = outlines[found.region] ?? atlas.outline(of: found.region)
      outlines[found.region] = outline
      #expect(isInside(place, outline), "seed \(seed): \(place) \(found.region)")
    }
    #expect(inside > 1_500)
  }

  @Test("on the corners of borders, and just beside them, exactly one region answers and its outline agrees")
  func corners() throws {
    let atlas = try World.atlas()
    let outline = atlas.outline(of: try code("430100"))
    for corner in outline.joined() {
      for (north, east) in [(0.0, 0.0), (0, 1e-6), (1e-6, 0), (-1e-6, 0), (0, -1e-6)] {
        let place = try point(corner.latitude + north, corner.longitude + east)
        let found = atlas.locate(latitude: place.latitude, longitude: place.longitude)
        #expect(found != nil, "\(place)")
        if north != 0 {
          #expect((found?.prefecture?.description == "430100") == isInside(place, outline), "\(place)")
        }
      }
    }
  }
}

/// Even-odd rule over all rings, half-open in latitude; written apart from the grid's code on purpose.
func isInside(_ place: GeoPoint, _ rings: [[GeoPoint]]) -> Bool {
  var isInside = false
  for ring in rings {
    for (a, b) in zip(ring, ring.dropFirst()) where (a.latitude > place.latitude) != (b.latitude > place.latitude) {
      let share = (place.latitude - a.latitude) / (b.latitude - a.latitude)
      if place.longitude < a.longitude + share * (b.longitude - a.longitude) { isInside.toggle() }
    }
  }
  return isInside
}
