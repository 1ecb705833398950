@testable import Detection

/// A small made-up market: a chain of prefectures in four provinces, dealers with one or two of them, honest consumers.
struct TestMarket {
  let map: Geography
  var engine: DetectionEngine
  private(set) var profiles: [Int] = []
  private var random: UInt64

  static let start: Int64 = 1_700_000_000

  static func geography(provinces: Int = 4, each: Int = 6) -> Geography {
    var regions: [Geography.Region] = []
    for province in 0..<provinces {
      for index in 0..<each {
        regions.append(
          Geography.Region(
            code: Int32((11 + province) * 10_000 + (index + 1) * 100), province: Int32((11 + province) * 10_000),
            latitude: 28 + Double(index), longitude: 105 + 3 * Double(province), population: 4_000_000, radius: 60,
            isCapital: index == 0))
      }
    }
    return Geography(regions)
  }

  init(seed: UInt64 = 1, settings: DetectionSettings = DetectionSettings(), dealers: Int = 12) {
    map = Self.geography()
    engine = DetectionEngine(map: map, settings: settings)
    random = seed &* 0x9e37_79b9_7f4a_7c15 | 1
    for dealer in 0..<dealers {
      profiles.append(engine.admit(dealer: UInt64(dealer + 1), authorised: [2 * dealer % map.regions.count]))
    }
  }

  /// splitmix64: a seed is a world.
  mutating func next() -> UInt64 {
    random &+= 0x9e37_79b9_7f4a_7c15
    return mixBits(random)
  }

  mutating func number(below limit: Int) -> Int { Int(next() % UInt64(max(1, limit))) }

  mutating func chance(_ percent: Int) -> Bool { number(below: 1000) < percent * 10 }

  func home(_ dealer: Int) -> Int { 2 * dealer % map.regions.count }

  /// A scan of a fresh item by a fresh phone.
  mutating func sighting(
    _ dealer: Int, at region: Int, time: Int64, source: Source = .consumerGPS, lot: UInt64? = nil
  ) -> Sighting {
    let spot = map.regions[region]
    var sighting = Sighting(
      time: time, code: next() | 1, source: source, region: region,
      latitude: spot.latitude + Double(number(below: 1000)) / 2500 - 0.2,
      longitude: spot.longitude + Double(number(below: 1000)) / 2500 - 0.2,
      accuracy: source == .consumerIP ? 30_000 : 60)
    sighting.box = next() | 1
    sighting.lot = lot ?? UInt64(1000 + dealer)
    sighting.profile = profiles[dealer]
    sighting.product = 7
    if source.isShelf { sighting.store = UInt64(50_000 + region) } else { sighting.device = next() | 1 }
    return sighting
  }

  /// Days of honest trade: `perDay` scans a day, one in ten away from home.
  mutating func honest(days: Int, from start: Int64 = Self.start, perDay: Int = 60) -> [Sighting] {
    var scans: [Sighting] = []
    for today in 0..<days {
      for index in 0..<perDay {
        let dealer = number(below: profiles.count)
        let isAway = chance(10)
        let region = isAway ? number(below: map.regions.count) : home(dealer)
        let time = start + Int64(today) * day + Int64(index) * (day / Int64(perDay))
        let source: Source = isAway ? .consumerGPS : [.consumerGPS, .consumerIP, .terminal][number(below: 3)]
        scans.append(
          sighting(dealer, at: region, time: time, source: source, lot: UInt64(1000 + dealer * 100 + today / 14)))
      }
    }
    return scans
  }

  /// Feeds all and returns what was found.
  mutating func feed(_ scans: [Sighting]) -> [Finding] {
    var findings: [Finding] = []
    for scan in scans { findings += engine.observe(scan) }
    return findings
  }
}
