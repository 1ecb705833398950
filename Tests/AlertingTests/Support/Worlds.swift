import Alerting
import Codes
import Ledger
import Regions
import Testing

/// A repeatable source of randomness; the seed stands in the test's argument, so a failure prints it.
struct Seeded: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  /// SplitMix64 (Steele, Lea, Flood 2014).
  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = (state ^ (state >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}

/// A product of the tests.
let liquor = "06901234567892"

/// The hour of the tests' first event: 2026-09-01T00:00:00Z.
let dawn: Int64 = 1_788_220_800_000

let hour: Int64 = 3_600_000
let day: Int64 = 24 * hour

/// Where things happen in the tests.
enum Town: String, CaseIterable {
  case changsha = "430102", zhuzhou = "430202", jinan = "370102", licheng = "370112", qingdao = "370202"
  case yantai = "370602", guangzhou = "440103", beijing = "110105"

  var point: (latitude: Double, longitude: Double) {
    switch self {
    case .changsha: (28.19, 112.98)
    case .zhuzhou: (27.83, 113.15)
    case .jinan: (36.67, 117.00)
    case .licheng: (36.68, 117.07)
    case .qingdao: (36.07, 120.38)
    case .yantai: (37.46, 121.45)
    case .guangzhou: (23.13, 113.26)
    case .beijing: (39.92, 116.44)
    }
  }
}

/// The real regions, read once.
func atlasMap() throws -> MarketMap { MarketMap(try atlas.get()) }

private let atlas = Result { try RegionAtlas.load() }

func region(_ code: String) throws -> RegionCode { try RegionCode(code) }

func item(_ index: Int64, of gtin: String = liquor) throws -> SightedCode {
  let identity = ItemIdentity(gtin: try GTIN(gtin), epoch: .first, index: index)
  return .item(try #require(identity))
}

/// Scans by a terminal of its own, of an item of dispatch 12 (dealer D001, Hunan) outside of Hunan, unless changed.
func scan(
  _ event: Int64, _ index: Int64? = nil, in town: Town = .jinan, after milliseconds: Int64? = nil,
  _ change: (inout Sighting) throws -> Void = { _ in }
) throws -> Sighting {
  let at = Timestamp(milliseconds: dawn + (milliseconds ?? event * hour))
  var sighting = Sighting(event: event, at: at, role: .terminal, code: try item(index ?? event))
  sighting.key = 100 + event
  sighting.region = try region(town.rawValue)
  sighting.certainty = .declared
  sighting.dealer = "D001"
  sighting.dispatch = 12
  sighting.territories = [try region("430000")]
  sighting.territory = town.rawValue.hasPrefix("43") ? .inside : .outside
  sighting.state = .dispatched
  try change(&sighting)
  return sighting
}

extension Sighting {
  /// By somebody with a phone and no key, at the town's centre or so many degrees north of it.
  mutating func isConsumer(in town: Town? = nil, north: Double = 0, accuracy: Double = 30) {
    role = .consumer
    key = 0
    terminal = nil
    guard let town else { return }
    certainty = .measured
    position = SightedPosition(
      latitude: town.point.latitude + north, longitude: town.point.longitude, accuracyMeters: accuracy)
  }

  mutating func isInspector(_ number: Int64 = 7) {
    role = .inspector
    key = number
    terminal = nil
  }
}

extension Detector {
  /// All clues of some sightings.
  mutating func observeAll(_ sightings: [Sighting]) -> [Clue] { sightings.flatMap { observe($0) } }
}
