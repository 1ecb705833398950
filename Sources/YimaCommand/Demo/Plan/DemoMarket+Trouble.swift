import Ledger
import Regions

/// What is planted for the detectors to find.
extension DemoMarket {
  /// Diverted goods of a parcel as they turn up where they may not be sold.
  mutating func divert(_ parcel: DemoParcel) throws {
    guard let trouble = parcel.trouble, let destination = trouble.destination else { return }
    let region = try RegionCode(destination)
    let places = places(in: try Territory([region]))
    let buyers = Home(spots: places.spots, sums: places.sums, stores: stores.stores(in: region))
    guard !buyers.spots.isEmpty else { throw DemoError.noPlace(destination) }
    for box in 0..<min(trouble.leakedBoxes, parcel.goods.boxes.count) {
      // A pallet is sold off within weeks; a trickle is a box a week.
      let start = trouble == .trickle ? 4 + 7 * Double(box) : random.between(6, 34)
      let first = (parcel.goods.boxes.lowerBound + box) * parcel.perBox
      for item in first..<first + parcel.perBox where random.chance(0.25) {
        let at = daytime(parcel.availableAt, start + random.between(0, 5))
        turnUp(Bottle(parcel, item), buyers, at)
      }
    }
    guard trouble == .farPallet, let spot = buyers.pick(&random) else { return }
    // Somebody was told, and went to look.
    let found = Bottle(parcel, parcel.items.lowerBound + 3)
    add(daytime(parcel.availableAt, 24), found.code, .inspector(0), phone(in: spot))
  }

  private mutating func turnUp(_ bottle: Bottle, _ buyers: Home, _ at: Timestamp) {
    if random.chance(0.12), let store = random.pick(buyers.stores) {
      add(at, bottle.code, .terminal(store), .unsaid, price: usualPrice(bottle.product) * 19 / 20)
    } else if let spot = buyers.pick(&random) {
      consumer(bottle, at: spot, at, mayTravel: false)
    }
  }

  /// One bottle's code on many: bought at home, and half an hour later 1 500 km away, then all over the country.
  mutating func copy(_ parcel: DemoParcel) throws {
    let bottle = Bottle(parcel, parcel.items.lowerBound)
    let start = calendar.moment(calendar.day(at: 0.55), 14)
    for (place, minutes) in [("330100", 0.0), ("510100", 25)] {
      guard let spot = map.spots(in: try Territory(place)).first else { throw DemoError.noPlace(place) }
      add(start.advanced(by: Int64(minutes * 60_000)), bottle.code, .consumer, phone(in: spot))
    }
    for number in 0..<22 {
      guard let spot = random.pick(map.spots) else { return }
      let at = daytime(start, 0.4 + Double(number) / 2)
      add(at, bottle.code, .consumer, placeOfPhone(in: spot))
    }
  }

  /// Two shops charge less than the enforced floor for a week; elsewhere one slip of the hand, and advice ignored.
  mutating func undercut(_ parcel: DemoParcel) throws {
    let shops = stores.stores(in: try RegionCode("330000")).filter { $0.dealer.code == parcel.holder.code }
    let start = calendar.moment(calendar.day(at: 0.5), 9)
    for (number, item) in parcel.items.dropFirst(parcel.perBox).prefix(8).enumerated() {
      guard let shop = shops.first(where: { number % 2 == 0 || $0.code != shops.first?.code }) else { return }
      let price = number == 7 ? 1_050 : 880 + 15 * (number % 4)
      add(
        daytime(start, Double(number)), Bottle(parcel, item).code, .terminal(shop), .unsaid, price: price)
    }
  }

  /// Prices under the advised level: the till is told, nobody is alerted.
  mutating func ignoreAdvice(_ parcels: [DemoParcel]) {
    for parcel in parcels.filter({ $0.product == 1 && $0.trouble == nil }).prefix(6) {
      guard let shop = random.pick(stores.stores(of: parcel.holder)) else { continue }
      let item = Bottle(parcel, parcel.items.upperBound - 1)
      add(daytime(parcel.availableAt, 2), item.code, .terminal(shop), .unsaid, price: 299)
    }
  }

  /// Somebody guesses codes on one evening, and here and there a code is misread or made up.
  mutating func forge() throws {
    guard let spot = map.spots(in: try Territory("440300")).first else { throw DemoError.noPlace("440300") }
    let evening = calendar.moment(calendar.day(at: 0.66), 21)
    let desk = phone(in: spot)
    for number in 0..<18 {
      let at = evening.advanced(by: Int64(number * 110_000))
      add(at, .invented(product: 0, serial: inventedSerial()), .consumer, desk)
    }
    for number in 0..<30 {
      guard let spot = random.pick(map.spots) else { return }
      let at = daytime(calendar.moment(0, 10), random.between(0, Double(calendar.days)))
      let code = DemoScan.Code.invented(product: number % products.count, serial: inventedSerial())
      add(at, code, .consumer, placeOfPhone(in: spot))
    }
  }

  /// 16 characters in the shape of a serial of the first key epoch (codes/SPEC.md); that one authenticates has a
  /// chance of 2^−40.
  private mutating func inventedSerial() -> String {
    let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
    return "0" + String((0..<15).map { _ in random.pick(alphabet) ?? "0" })
  }
}
