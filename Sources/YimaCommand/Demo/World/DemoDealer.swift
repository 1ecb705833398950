import Regions

/// A dealer of the demo.
struct DemoDealer: Sendable {
  /// `G01` a general agent, `P43` the dealer of province 43, `C4301` the dealer of prefecture 4301.
  let code: String
  let name: String
  let tier: Int64
  let parent: String?
  let territory: Territory
  /// People in the territory, in millions: goods go where people are.
  let people: Double
}

/// Seven general agents, a dealer in each province below them, and a dealer in 22 cities below those.
struct DemoDealers: Sendable {
  let all: [DemoDealer]
  private let byCode: [String: DemoDealer]
  private let byParent: [String: [DemoDealer]]

  init(_ map: DemoMap) throws {
    var names = DemoNames()
    var all: [DemoDealer] = []
    func add(_ code: String, _ tier: Int64, _ parent: String?, _ territory: Territory, _ name: String) {
      let people = map.spots(in: territory).reduce(0) { $0 + $1.people }
      all.append(
        DemoDealer(code: code, name: name, tier: tier, parent: parent, territory: territory, people: people))
    }
    for (number, agent) in Self.agents.enumerated() {
      let code = "G0\(number + 1)"
      let provinces = try agent.provinces.map { try RegionCode("\($0)0000") }
      add(code, 1, nil, try Territory(provinces), names.company(agent.name))
      for province in provinces {
        add("P\(province.description.prefix(2))", 2, code, try Territory([province]), names.company(map.name(province)))
      }
    }
    for city in Self.cities {
      let region = try RegionCode("\(city)00")
      add("C\(city)", 3, "P\(city.prefix(2))", try Territory([region]), names.company(map.name(region)))
    }
    self.all = all
    byCode = Dictionary(all.map { ($0.code, $0) }) { first, _ in first }
    byParent = Dictionary(grouping: all) { $0.parent ?? "" }
  }

  /// - Throws: `DemoError.noPlace` for a code that no dealer has, which only a change of the tables can bring about.
  func dealer(_ code: String) throws -> DemoDealer {
    guard let dealer = byCode[code] else { throw DemoError.noPlace(code) }
    return dealer
  }

  /// The dealers directly below.
  func below(_ code: String) -> [DemoDealer] { byParent[code] ?? [] }

  private static let agents: [(name: String, provinces: [String])] = [
    ("华北", ["11", "12", "13", "14", "15"]), ("东北", ["21", "22", "23"]),
    ("华东", ["31", "32", "33", "34", "37"]), ("华南", ["35", "44", "45", "46"]), ("华中", ["36", "41", "42", "43"]),
    ("西南", ["50", "51", "52", "53", "54"]), ("西北", ["61", "62", "63", "64", "65"]),
  ]

  /// Prefectures, by the first four digits.
  private static let cities = [
    "1301", "2101", "2102", "3201", "3205", "3301", "3302", "3401", "3501", "3502", "3701", "3702", "4101", "4103",
    "4201", "4301", "4401", "4403", "5101", "5107", "5301", "6101",
  ]
}

extension DemoMap {
  /// 湖南省 → 湖南: as companies are named after places.
  func name(_ region: RegionCode) -> String {
    let full = atlas.shortName(of: region, .zh) ?? region.description
    for ending in ["维吾尔自治区", "壮族自治区", "回族自治区", "自治区", "省", "市"] where full.hasSuffix(ending) {
      return String(full.dropLast(ending.count))
    }
    return full
  }
}
