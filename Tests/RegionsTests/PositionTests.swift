import Regions
import Testing

@Suite("Positions and datums")
struct PositionTests {
  @Test(
    "a number that is no place is refused by the name of its field",
    arguments: [
      (91.0, 112.0, 10.0, RegionError.Field.latitude), (-90.1, 112, 10, .latitude), (.nan, 112, 10, .latitude),
      (.infinity, 112, 10, .latitude), (28, 180.1, 10, .longitude), (28, .nan, 10, .longitude),
      (28, 112, -1, .accuracyMeters), (28, 112, .nan, .accuracyMeters), (28, 112, 3e7, .accuracyMeters),
    ])
  func refused(latitude: Double, longitude: Double, accuracy: Double, field: RegionError.Field) {
    #expect(throws: RegionError.outOfRange(field)) {
      try Position(latitude: latitude, longitude: longitude, accuracyMeters: accuracy, source: .gps)
    }
  }

  @Test("a circle of no possible radius is refused")
  func circle() throws {
    let center = try point(28, 112)
    #expect(throws: RegionError.outOfRange(.radiusMeters)) { try GeoCircle(center: center, radiusMeters: -.ulpOfOne) }
    #expect(throws: RegionError.outOfRange(.radiusMeters)) { try GeoCircle(center: center, radiusMeters: .infinity) }
  }

  @Test(
    "a missing accuracy is assumed by source, and an IP is never better than 200 km",
    arguments: [
      (PositionSource.gps, nil, 100.0), (.wifi, nil, 200), (.cell, nil, 5_000), (.ip, nil, 200_000),
      (.terminal, nil, 100),
      (.declared, nil, 1_000), (.gps, 12, 12), (.ip, 5_000, 200_000), (.ip, 500_000, 500_000), (.wifi, 0, 0),
    ])
  func reckoned(source: PositionSource, accuracy: Double?, expected: Double) throws {
    let position = try Position(latitude: 28, longitude: 112, accuracyMeters: accuracy, source: source)
    #expect(position.reckonedAccuracyMeters == expected)
  }

  /// (WGS-84, GCJ-02), from the tests of googollee/eviltransform and the README of wandergis/coordtransform.
  static let gcjPairs: [((Double, Double), (Double, Double))] = [
    ((31.1774276, 121.5272106), (31.17530398364597, 121.531541859215)),
    ((22.543847, 113.912316), (22.540796131694766, 113.9171764808363)),
    ((39.911954, 116.377817), (39.91334545536069, 116.38404722455657)),
    ((39.915, 116.404), (39.91640428150164, 116.41024449916938)),
  ]

  @Test("WGS-84 to GCJ-02 gives the published pairs to the nanodegree, and back to 1 cm", arguments: gcjPairs)
  func gcj02(wgs: (Double, Double), gcj: (Double, Double)) throws {
    let made = Datum.gcj02.fromWGS84(try point(wgs.0, wgs.1))
    #expect(abs(made.latitude - gcj.0) < 1e-9 && abs(made.longitude - gcj.1) < 1e-9)
    #expect(meters(Datum.gcj02.toWGS84(try point(gcj.0, gcj.1)), try point(wgs.0, wgs.1)) < 0.01)
  }

  /// wandergis/coordtransform's README. Its BD-09 inverse is the closed form, good to a metre; eviltransform's BD-09
  /// pairs are off by up to 40 m against its own formulas, and are no use as expected values.
  @Test("BD-09 gives the published pairs: forward to the nanodegree, back to a metre")
  func bd09() throws {
    let made = Datum.bd09.fromWGS84(try point(39.915, 116.404))
    #expect(abs(made.latitude - 39.922699552216216) < 1e-9 && abs(made.longitude - 116.41662724378733) < 1e-9)
    let back = Datum.bd09.toWGS84(try point(39.915, 116.404))
    let published = Datum.gcj02.toWGS84(try point(39.90865673957631, 116.39762729119315))
    #expect(meters(back, published) < 1)
  }

  @Test("the way there and back is under a millimetre anywhere in China")
  func roundTrip() throws {
    let seed: UInt64 = 7
    var random = Seeded(seed)
    for _ in 0..<20_000 {
      let start = try point(.random(in: 3...54, using: &random), .random(in: 73...136, using: &random))
      for datum in Datum.allCases {
        let back = datum.toWGS84(datum.fromWGS84(start))
        #expect(meters(back, start) < 0.001, "seed \(seed): \(datum) \(start)")
      }
    }
  }

  @Test(
    "outside the box of China nothing is shifted", arguments: [(35.0, 139.0), (48.85, 2.35), (-33.9, 151.2), (90, 180)])
  func abroad(latitude: Double, longitude: Double) throws {
    let place = try point(latitude, longitude)
    for datum in Datum.allCases {
      #expect(datum.toWGS84(place) == place && datum.fromWGS84(place) == place)
    }
  }

  @Test("conversion of any valid point stays a valid point")
  func fuzz() throws {
    var random = Seeded(99)
    for _ in 0..<20_000 {
      let start = try point(.random(in: -90...90, using: &random), .random(in: -180...180, using: &random))
      for datum in Datum.allCases {
        let made = datum.toWGS84(start)
        #expect((try? GeoPoint(latitude: made.latitude, longitude: made.longitude)) == made)
      }
    }
  }

  @Test("the contract's words are the raw values")
  func words() {
    #expect(Datum.allCases.map(\.rawValue) == ["WGS84", "GCJ02", "BD09"])
    #expect(PositionSource.allCases.map(\.rawValue) == ["gps", "wifi", "cell", "ip", "terminal", "declared"])
  }
}
