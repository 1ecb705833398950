import Regions
import Testing

@Suite("Judging a place against a territory")
struct JudgeTests {
  struct Row: Sendable, CustomStringConvertible {
    let place: String, fix: Fix?, territory: String, finding: TerritoryFinding, reason: TerritoryReason

    init(_ place: String, _ territory: String, _ finding: TerritoryFinding, _ reason: TerritoryReason) {
      (self.place, fix, self.territory) = (place, nil, territory)
      (self.finding, self.reason) = (finding, reason)
    }

    init(_ fix: Fix, _ territory: String, _ finding: TerritoryFinding, _ reason: TerritoryReason) {
      (place, self.fix, self.territory) = ("", fix, territory)
      (self.finding, self.reason) = (finding, reason)
    }

    var description: String { "\(place)\(fix.map(String.init(describing:)) ?? "") in \(territory)" }
  }

  static let declaredRows: [Row] = [
    Row("430102", "430000", .inside, .regionInside),
    Row("430102", "430102,440000", .inside, .regionInside),
    Row("430000", "430000", .inside, .regionInside),
    Row("430102", "CN", .inside, .regionInside),
    Row("810000", "CN", .inside, .regionInside),
    Row("430102", "440000", .outside, .regionOutside),
    Row("430102", "430200", .outside, .regionOutside),
    Row("DE-BY", "430000", .outside, .regionOutside),
    Row("DE-BY", "DE", .inside, .regionInside),
    Row("430000", "DE", .outside, .regionOutside),
    Row("430000", "430100", .uncertain, .regionCoarserThanTerritory),
    Row("430100", "430102", .uncertain, .regionCoarserThanTerritory),
    Row("CN", "430000", .uncertain, .regionCoarserThanTerritory),
    Row("530199", "530000", .uncertain, .regionUnknown),
    Row("430102", "", .uncertain, .territoryUnknown),
    // Old codes, on either side.
    Row("310230", "310151", .inside, .regionInside),
    Row("310151", "310230", .inside, .regionInside),
    Row("542423", "540600", .inside, .regionInside),
    Row("542423", "430000", .outside, .regionOutside),
    Row("540628", "542400", .inside, .regionInside),
    Row("371200", "370116", .uncertain, .regionDivided),
    Row("371200", "370100", .inside, .regionInside),
    Row("140402", "140403", .uncertain, .regionCoarserThanTerritory),
    // Codes of statistics.
    Row("110100", "110000", .inside, .regionInside),
    Row("110101", "110100", .inside, .regionInside),
    Row("429004", "429000", .inside, .regionInside),
    Row("420100", "429000", .outside, .regionOutside),
    Row("429000", "429004", .uncertain, .regionDivided),
  ]

  @Test("a region that was said is judged by its code", arguments: declaredRows)
  func declared(row: Row) throws {
    let atlas = try World.atlas()
    for place in [Place.declared(try code(row.place)), .registered(try code(row.place))] {
      let found = try judge(place, in: Territory(row.territory), atlas: atlas)
      #expect(found.finding == row.finding && found.reason == row.reason, "\(row): \(found)")
    }
  }

  /// A fix: latitude, longitude, accuracy, source.
  struct Fix: Sendable {
    let latitude: Double, longitude: Double, accuracy: Double?, source: PositionSource

    init(_ latitude: Double, _ longitude: Double, _ accuracy: Double?, _ source: PositionSource) {
      (self.latitude, self.longitude, self.accuracy, self.source) = (latitude, longitude, accuracy, source)
    }

    func place(_ atlas: RegionAtlas, _ datum: Datum = .wgs84) throws -> Place {
      try .from(
        position: Position(
          latitude: latitude, longitude: longitude, accuracyMeters: accuracy, source: source, datum: datum),
        atlas: atlas)
    }
  }

  // 长沙 to begin with.
  static let measuredRows: [Row] = [
    Row(Fix(28.20, 113.05, 30.0, .gps), "430000", .inside, .regionInside),
    Row(Fix(28.20, 113.05, 30, .gps), "430100", .inside, .regionInside),
    Row(Fix(28.20, 113.05, 30, .gps), "440000", .outside, .regionOutside),
    Row(Fix(28.20, 113.05, 30, .gps), "430200", .outside, .regionOutside),
    Row(Fix(28.20, 113.05, 40_000, .cell), "430200", .uncertain, .circleTouchesTerritory),
    Row(Fix(28.20, 113.05, 40_000, .cell), "430100", .uncertain, .circleLeavesTerritory),
    Row(Fix(28.20, 113.05, 40_000, .cell), "430000", .inside, .regionInside),
    Row(Fix(28.20, 113.05, 40_000, .cell), "440000", .outside, .regionOutside),
    Row(Fix(28.20, 113.05, 30, .gps), "DE", .outside, .regionOutside),
    Row(Fix(28.20, 113.05, 30, .gps), "", .uncertain, .territoryUnknown),
    // Off the map.
    Row(Fix(30.0, 125.5, 30, .gps), "330000", .outside, .beyondMap),
    Row(Fix(35.68, 139.77, 30, .gps), "430000", .outside, .beyondMap),
    Row(Fix(35.68, 139.77, 30, .gps), "430000,JP", .uncertain, .boundaryNotMapped),
    Row(Fix(35.68, 139.77, 30, .gps), "CN", .outside, .beyondMap),
    Row(Fix(30.70, 122.15, 30, .gps), "310000", .uncertain, .boundaryNotMapped),
    // Near a border the land of another country is not ruled out.
    Row(Fix(22.40, 107.10, 30, .gps), "440000,VN", .outside, .regionOutside),
    Row(Fix(21.98, 106.712, 5_000, .cell), "440000,VN", .uncertain, .boundaryNotMapped),
    // An IP address.
    Row(Fix(28.20, 113.05, nil, .ip), "430000", .uncertain, .ipTooCoarse),
    Row(Fix(28.20, 113.05, 20, .ip), "430200", .uncertain, .ipTooCoarse),
    Row(Fix(28.20, 113.05, nil, .ip), "420000", .uncertain, .ipTooCoarse),
    Row(Fix(28.20, 113.05, nil, .ip), "510000", .outside, .regionOutside),
    Row(
      Fix(28.20, 113.05, nil, .ip), "430000,420000,360000,440000,450000,520000,340000,410000,500000", .inside,
      .regionInside),
    Row(Fix(28.20, 113.05, nil, .ip), "CN", .inside, .regionInside),
    Row(Fix(35.68, 139.77, nil, .ip), "430000", .outside, .beyondMap),
    Row(Fix(35.68, 139.77, nil, .ip), "JP", .uncertain, .boundaryNotMapped),
    // Never outside at city level: 通道 is 400 km away, but in the same province.
    Row(Fix(28.20, 113.05, nil, .ip), "431230", .uncertain, .ipTooCoarse),
    Row(Fix(31.0, 86.0, nil, .ip), "540400", .uncertain, .ipTooCoarse),
    // A county newer than the map, cut out of 和田's counties.
    Row(Fix(37.11, 79.92, 30, .gps), "653228", .uncertain, .boundaryNotMapped),
    Row(Fix(28.20, 113.05, 30, .gps), "653228", .outside, .regionOutside),
  ]

  @Test("a point that was measured is judged by its whole circle", arguments: measuredRows)
  func measured(row: Row) throws {
    let atlas = try World.atlas()
    let place = try #require(row.fix).place(atlas)
    let found = try judge(place, in: Territory(row.territory), atlas: atlas)
    #expect(
      found.finding == row.finding && found.reason == row.reason, "\(row): \(found) \(place.region?.description ?? "-")"
    )
  }

  @Test("nothing known is uncertain, and says so")
  func unknown() throws {
    let found = try judge(.unknown, in: Territory("430000"), atlas: World.atlas())
    #expect(found == (.uncertain, .placeUnknown))
  }

  @Test("near a border neither side is said to be outside, and well within it is: along all of Hunan's border")
  func nearBorders() throws {
    let atlas = try World.atlas()
    let hunan = try code("430000")
    let territory = try Territory([hunan])
    let seed: UInt64 = 430
    var random = Seeded(seed)
    for corner in atlas.outline(of: hunan).joined() where Int.random(in: 0..<4, using: &random) == 0 {
      let fix = Fix(
        corner.latitude + .random(in: -0.02...0.02, using: &random),
        corner.longitude + .random(in: -0.02...0.02, using: &random), 100, .gps)
      let center = try point(fix.latitude, fix.longitude)
      let distance = try #require(atlas.distanceToBoundary(from: center, of: hunan))
      let place = try fix.place(atlas)
      let found = judge(place, in: territory, atlas: atlas)
      let isWithin = place.region.map(territory.contains) ?? false
      let radius = 100 + atlas.boundaryToleranceMeters
      let expected: TerritoryReason =
        distance <= radius
        ? isWithin ? .circleLeavesTerritory : .circleTouchesTerritory : isWithin ? .regionInside : .regionOutside
      #expect(found.reason == expected, "seed \(seed): \(fix) \(distance)")
    }
  }

  static let changsha = (28.1941, 112.9823)

  @Test("a place from GCJ-02 or BD-09 coordinates is the place of the WGS-84 point")
  func datums() throws {
    let atlas = try World.atlas()
    let wgs = try point(Self.changsha.0, Self.changsha.1)
    let expected = try Fix(wgs.latitude, wgs.longitude, 30, .gps).place(atlas)
    for datum in [Datum.gcj02, .bd09] {
      let shifted = datum.fromWGS84(wgs)
      let fix = Fix(shifted.latitude, shifted.longitude, 30, .gps)
      #expect(try fix.place(atlas, datum) == expected)
    }
    #expect(expected.certainty == .measured(radiusMeters: 730))
  }

  @Test("a wider circle never makes a finding sharper, and a wider territory never makes one worse")
  func monotone() throws {
    let atlas = try World.atlas()
    let seed: UInt64 = 77
    var random = Seeded(seed)
    for _ in 0..<300 {
      let (latitude, longitude) = (
        Double.random(in: 22...40, using: &random), Double.random(in: 103...119, using: &random)
      )
      let territory = try Territory(
        ["430000", "440100", "510000", "370000,410000"].randomElement(using: &random) ?? "")
      let wider = try Territory(territory.codes + [code("420000")])
      var past: TerritoryFinding?
      for accuracy in [0.0, 500, 20_000, 150_000, 600_000] {
        let place = try Fix(latitude, longitude, accuracy, .gps).place(atlas)
        if place.region == nil { break }
        let found = judge(place, in: territory, atlas: atlas).finding
        #expect(
          past == nil || found == past || found == .uncertain, "seed \(seed): \(latitude) \(longitude) \(accuracy)")
        past = found
        let more = judge(place, in: wider, atlas: atlas).finding
        #expect(found != .inside || more == .inside)
        #expect(more != .outside || found == .outside)
      }
    }
  }

  @Test("an IP address never says outside within a province of the territory, wherever it points")
  func ipNeverAccuses() throws {
    let atlas = try World.atlas()
    let seed: UInt64 = 200
    var random = Seeded(seed)
    for _ in 0..<200 {
      let place = try Fix(
        .random(in: 20...50, using: &random), .random(in: 75...130, using: &random),
        .random(in: 0...50_000, using: &random), .ip
      ).place(atlas)
      #expect(place.certainty == .coarse)
      for province in Set(place.candidates.compactMap(\.province)) {
        for city in atlas.children(of: province).prefix(3) {
          #expect(judge(place, in: try Territory([city]), atlas: atlas).finding != .outside, "seed \(seed): \(city)")
        }
      }
    }
  }
}
