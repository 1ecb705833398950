import Foundation
import Ledger
import Regions

/// Plans who scans what where: goods are sold off around the dealer, and some of them travel.
///
/// The shares are detection.md's simulator's, not fitted to any real brand.
struct DemoMarket {
  let map: DemoMap
  let calendar: DemoCalendar
  let stores: DemoStores
  let products: [DemoProduct]
  var random: DemoRandom
  var steps: [DemoStep] = []

  private var trips: DemoTrips
  private var homes: [String: (spots: [DemoMap.Spot], sums: [Double])] = [:]

  /// Days until the first bottle is sold, and the mean time until another is.
  private static let shelfDays = 3.0, sellingDays = 24.0
  static let inspectorShare = 0.01, terminalShare = 0.24
  private static let awayShare = 0.085, rescanShare = 0.1, saleThenBuyerShare = 0.3

  init(
    _ map: DemoMap, _ calendar: DemoCalendar, _ stores: DemoStores, _ products: [DemoProduct], seed: UInt64
  ) {
    self.map = map
    self.calendar = calendar
    self.stores = stores
    self.products = products
    random = DemoRandom(seed: seed, "market")
    trips = DemoTrips(map)
  }

  /// Scans of the goods of all parcels, some `scans` in number.
  mutating func sell(_ parcels: [DemoParcel], scans: Int) {
    let open = parcels.filter { $0.trouble != .showcase }
    let supply = open.reduce(0) { $0 + Double(stays($1).count) * soldShare($1) }
    guard supply > 0 else { return }
    // One sale in six is scanned twice, by till and buyer or by the buyer again.
    let rate = min(0.5, Double(scans) / 1.08 / supply)
    for parcel in open { sell(parcel, rate: rate) }
  }

  /// The items that stay where they belong: a diversion takes the first boxes, and the first items of the parcel with
  /// the copied bottle are left to its story.
  private func stays(_ parcel: DemoParcel) -> Range<Int> {
    switch parcel.trouble {
    case .copied: parcel.items.dropFirst(5 * parcel.perBox)
    case let trouble?: parcel.items.dropFirst(trouble.leakedBoxes * parcel.perBox)
    case nil: parcel.items
    }
  }

  /// The part of a parcel that is sold by now.
  private func soldShare(_ parcel: DemoParcel) -> Double {
    let days = Double(calendar.now.milliseconds - parcel.availableAt.milliseconds) / Double(DemoCalendar.day)
    return days <= Self.shelfDays ? 0 : 1 - exp(-(days - Self.shelfDays) / Self.sellingDays)
  }

  private mutating func sell(_ parcel: DemoParcel, rate: Double) {
    let items = stays(parcel)
    let share = soldShare(parcel)
    guard !items.isEmpty, share > 0, let home = home(of: parcel.holder) else { return }
    arrivalScan(parcel)
    // Each item once, or two buyers of one bottle would look like a copied code.
    var taken: Set<Int> = []
    for _ in 0..<random.rounded(rate * share * Double(items.count)) {
      let item = Int.random(in: items, using: &random)
      guard taken.insert(item).inserted else { continue }
      let days = Self.shelfDays - Self.sellingDays * log(1 - random.fraction() * share)
      sale(Bottle(parcel, item), near: home, at: daytime(parcel.availableAt, days))
    }
  }

  /// A moment some days later, between nine in the morning and ten at night.
  mutating func daytime(_ start: Timestamp, _ days: Double) -> Timestamp {
    let day = calendar.day(of: start.advanced(by: Int64(days * Double(DemoCalendar.day))))
    let hour = 9 + 13 * (random.fraction() + random.fraction() + random.fraction()) / 3
    let moment = calendar.moment(day, hour)
    return moment < start ? start.advanced(by: 3_600_000) : moment
  }

  /// Some till scans the sealed label of a box that came in.
  private mutating func arrivalScan(_ parcel: DemoParcel) {
    guard let seal = parcel.seal, random.chance(0.3), let store = random.pick(stores.stores(of: parcel.holder)) else {
      return
    }
    let at = daytime(parcel.availableAt, 1)
    add(at, .sealedBox(dispatch: parcel.dispatch, offset: seal), .terminal(store), .unsaid)
  }

  private mutating func sale(_ bottle: Bottle, near home: Home, at: Timestamp) {
    let roll = random.fraction()
    if roll < Self.inspectorShare, let spot = home.pick(&random) {
      add(at, bottle.code, .inspector(Int.random(in: 0..<DemoCast.inspectors, using: &random)), phone(in: spot))
    } else if roll < Self.inspectorShare + Self.terminalShare, let store = random.pick(home.stores) {
      let price = random.chance(0.5) ? usualPrice(bottle.product) : nil
      add(at, bottle.code, .terminal(store), .unsaid, price: price)
      if random.chance(Self.saleThenBuyerShare) {
        // Two days at least: nobody is to outrun an aeroplane between the till and the table.
        consumer(bottle, at: store.spot, daytime(at, random.between(2, 12)), mayTravel: true)
      }
    } else if let spot = home.pick(&random) {
      consumer(bottle, at: spot, at, mayTravel: true)
    }
  }

  /// Somebody scans with a phone: at home, or away on a journey, at a wedding, where the parcel was sent to.
  mutating func consumer(_ bottle: Bottle, at home: DemoMap.Spot, _ moment: Timestamp, mayTravel: Bool) {
    let isAway = mayTravel && random.chance(Self.awayShare)
    let spot = isAway ? trips.destination(from: home, &random) : home
    let place = placeOfPhone(in: spot)
    add(moment, bottle.code, .consumer, place)
    guard random.chance(Self.rescanShare) else { return }
    add(moment.advanced(by: Int64(random.between(1, 40) * 60_000)), bottle.code, .consumer, place)
  }

  mutating func add(
    _ at: Timestamp, _ code: DemoScan.Code, _ witness: DemoScan.Witness, _ place: DemoScan.Place, price: Int? = nil
  ) {
    steps.append(
      DemoStep(at: at, action: .scan(DemoScan(code: code, witness: witness, place: place, price: price))))
  }
}

extension DemoMarket {
  /// A bottle and its product.
  struct Bottle {
    let code: DemoScan.Code
    let product: Int

    init(_ parcel: DemoParcel, _ item: Int) {
      code = .item(batch: parcel.goods.batch, place: item)
      product = parcel.product
    }
  }

  /// Where a dealer's goods are bought.
  struct Home {
    let spots: [DemoMap.Spot]
    let sums: [Double]
    let stores: [DemoStore]

    func pick(_ random: inout DemoRandom) -> DemoMap.Spot? { random.place(in: sums).map { spots[$0] } }
  }

  mutating func home(of dealer: DemoDealer) -> Home? {
    let own = homes[dealer.code] ?? places(in: dealer.territory)
    homes[dealer.code] = own
    return own.spots.isEmpty ? nil : Home(spots: own.spots, sums: own.sums, stores: stores.stores(of: dealer))
  }

  func places(in territory: Territory) -> (spots: [DemoMap.Spot], sums: [Double]) {
    let spots = map.spots(in: territory)
    return (spots, spots.reduce(into: []) { $0.append(($0.last ?? 0) + $1.people) })
  }

  /// Around the list price; never below a floor.
  mutating func usualPrice(_ product: Int) -> Int {
    let price = products[product].price
    return Int((Double(price) * random.between(0.93, 1.05)).rounded())
  }

  mutating func phone(in spot: DemoMap.Spot) -> DemoScan.Place {
    .phone(
      map.point(in: spot, &random), accuracyMeters: random.between(5, 60).rounded(), isShifted: random.chance(0.6))
  }

  /// What a consumer's phone tells of its place: a fix, the place of its network address, or nothing.
  mutating func placeOfPhone(in spot: DemoMap.Spot) -> DemoScan.Place {
    let roll = random.fraction()
    if roll < 0.63 { return phone(in: spot) }
    if roll > 0.95 { return .unsaid }
    if random.chance(0.72) { return .network(spot.center) }
    return .network(trips.destination(from: spot, &random).center)
  }
}
