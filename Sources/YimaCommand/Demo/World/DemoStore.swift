import Regions

/// A shop with a registered terminal.
struct DemoStore: Sendable {
  let code: String
  let dealer: DemoDealer
  let name: String
  let spot: DemoMap.Spot
}

/// The shops of the demo, and which of them sell a dealer's goods.
struct DemoStores: Sendable {
  let all: [DemoStore]
  private let byDealer: [String: [DemoStore]]

  /// Shops that the story needs: where diverted goods turn up.
  private static let needed: [(dealer: String, place: String)] = [
    ("P44", "440600"), ("P44", "440600"), ("P36", "360300"), ("P36", "360300"), ("C6101", "610100"),
    ("C6101", "610100"), ("P33", "330100"), ("P33", "330200"),
  ]

  init(_ count: Int, _ dealers: DemoDealers, _ map: DemoMap, _ random: inout DemoRandom) throws {
    var names = DemoNames()
    var all: [DemoStore] = []
    func open(_ dealer: DemoDealer, _ territory: Territory) throws {
      guard let spot = random.pick(map.spots(in: territory)) else { throw DemoError.noPlace(territory.description) }
      let number = String(all.count + 1)
      let code = "T" + String(repeating: "0", count: max(0, 3 - number.count)) + number
      let county = map.atlas.shortName(of: spot.region, .zh) ?? ""
      all.append(DemoStore(code: code, dealer: dealer, name: names.shop(county), spot: spot))
    }
    for (code, place) in Self.needed { try open(dealers.dealer(code), Territory(place)) }
    // Round and round the dealers who have shops: all but the general agents.
    let owners = dealers.all.filter { $0.tier > 1 }
    var next = 0
    while all.count < count, !owners.isEmpty {
      let owner = owners[next % owners.count]
      try open(owner, owner.territory)
      next += 1
    }
    self.all = all
    byDealer = Dictionary(grouping: all, by: \.dealer.code)
  }

  /// A dealer's own shops.
  func stores(of dealer: DemoDealer) -> [DemoStore] { byDealer[dealer.code] ?? [] }

  /// The shops in a region.
  func stores(in region: RegionCode) -> [DemoStore] { all.filter { region.contains($0.spot.region) } }
}
