import Ledger
import Regions

/// The whole story, worked out before anything is written. A function of scale, seed and present.
struct DemoPlan: Sendable {
  let calendar: DemoCalendar
  let products: [DemoProduct]
  let dealers: DemoDealers
  let stores: DemoStores
  let batches: [DemoBatch]
  let dispatches: [DemoDispatch]
  let parcels: [DemoParcel]
  /// In the order of time.
  let steps: [DemoStep]

  init(_ scale: DemoScale, seed: UInt64, now: Timestamp, _ atlas: RegionAtlas) throws {
    let map = DemoMap(atlas)
    calendar = DemoCalendar(now: now, days: scale.days)
    products = try DemoProduct.all()
    dealers = try DemoDealers(map)
    var random = DemoRandom(seed: seed, "stores")
    stores = try DemoStores(scale.stores, dealers, map, &random)

    var warehouse = DemoWarehouse(scale, calendar, products, dealers, seed: seed)
    try warehouse.plan()
    batches = warehouse.batches
    dispatches = warehouse.dispatches
    parcels = warehouse.parcels

    var market = DemoMarket(map, calendar, stores, products, seed: seed)
    market.sell(parcels, scans: scale.scans)
    for parcel in parcels { try market.divert(parcel) }
    for parcel in parcels where parcel.trouble == .copied {
      try market.copy(parcel)
      try market.undercut(parcel)
    }
    market.ignoreAdvice(parcels)
    try market.forge()
    steps = Self.ordered(warehouse.steps + market.steps, until: now)
  }

  /// By time, what was planned first first: that is stable, which `sort` by itself does not promise.
  private static func ordered(_ steps: [DemoStep], until now: Timestamp) -> [DemoStep] {
    steps.enumerated().filter { $0.element.at <= now }
      .sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }.map(\.element)
  }

  /// The parcels of a planted matter.
  func parcels(_ trouble: DemoTrouble) -> [DemoParcel] { parcels.filter { $0.trouble == trouble } }
}
