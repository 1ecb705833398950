import Foundation
import Regions
import Testing

/// Times of the release build, with room for a busy machine; a debug build only shows that all of it runs.
@Suite("Speed", .serialized)
struct SpeedTests {
  static let isRelease: Bool = {
    #if DEBUG
      false
    #else
      true
    #endif
  }()

  @Test("reading the file takes under 150 ms")
  func load() throws {
    // The best of eight: other suites run beside this one.
    let times = try (0..<(Self.isRelease ? 8 : 1)).map { _ in
      try ContinuousClock().measure { _ = try RegionAtlas.load() }.microseconds
    }
    check("load", times.min() ?? .infinity, limit: 150_000)
  }

  @Test("a point is located in under 20 µs")
  func locate() throws {
    let (atlas, points) = try (World.atlas(), Self.points())
    report("locate", limit: 20, count: 20_000) { turn in
      let place = points[turn % points.count]
      _ = atlas.locate(latitude: place.latitude, longitude: place.longitude)
    }
  }

  @Test("a small circle is measured in under 200 µs")
  func smallCircle() throws {
    let (atlas, points) = try (World.atlas(), Self.points())
    try report("circle of 1 km", limit: 200, count: 5_000) { turn in
      _ = atlas.regions(touching: try GeoCircle(center: points[turn % points.count], radiusMeters: 1_000))
    }
  }

  @Test(
    "a GPS fix is placed and judged in under 300 µs, an IP in under 3 ms, a circle of the Earth in under 30 ms",
    arguments: [(PositionSource.gps, 30.0, 300.0, 5_000), (.ip, 0, 3_000, 300), (.cell, 2e7, 30_000, 10)])
  func judged(source: PositionSource, accuracy: Double, limit: Double, count: Int) throws {
    let (atlas, points) = try (World.atlas(), Self.points())
    let territory = try Territory("430000,440100,420000")
    try report("place and judge, \(source) \(accuracy) m", limit: limit, count: count) { turn in
      let position = try Position(point: points[turn % points.count], accuracyMeters: accuracy, source: source)
      _ = judge(.from(position: position, atlas: atlas), in: territory, atlas: atlas)
    }
  }

  private static func points() throws -> [GeoPoint] {
    var random = Seeded(1)
    return try (0..<1_000).map { _ in
      try GeoPoint(latitude: .random(in: 22...42, using: &random), longitude: .random(in: 98...122, using: &random))
    }
  }

  private func report(_ what: String, limit: Double, count: Int, _ body: (Int) throws -> Void) rethrows {
    let count = Self.isRelease ? count : max(1, count / 50)
    let time = try ContinuousClock().measure { for turn in 0..<count { try body(turn) } }
    check(what, time.microseconds / Double(count), limit: limit)
  }

  private func check(_ what: String, _ each: Double, limit: Double) {
    if ProcessInfo.processInfo.environment["YIMA_SHOW_TIMES"] != nil {
      FileHandle.standardError.write(Data("\(what): \(each) µs\n".utf8))
    }
    #expect(!Self.isRelease || each < limit, "\(what): \(each) µs")
  }
}
