import Ledger
import Regions

/// Plans what the warehouse and the dealers do: batches, pallets, dispatches, and the way of the goods down the tiers.
struct DemoWarehouse {
  let scale: DemoScale
  let calendar: DemoCalendar
  let products: [DemoProduct]
  let dealers: DemoDealers
  var random: DemoRandom

  private(set) var batches: [DemoBatch] = []
  private(set) var dispatches: [DemoDispatch] = []
  private(set) var parcels: [DemoParcel] = []
  var steps: [DemoStep] = []
  private var stock: [Stock] = []
  private var pallets: [(pallet: DemoPallet, goods: DemoGoods)] = []
  /// Dispatches made on a day so far, for their numbers.
  private var papers: [Int: Int] = [:]

  /// Boxes of a batch that are still in the house.
  private struct Stock {
    let batch: Int
    let since: Int
    var boxes: Range<Int>
  }

  /// Part of the items that leaves the house within the time.
  private static let dispatchedShare = 0.85
  private static let palletBoxes = 40

  init(_ scale: DemoScale, _ calendar: DemoCalendar, _ products: [DemoProduct], _ dealers: DemoDealers, seed: UInt64) {
    self.scale = scale
    self.calendar = calendar
    self.products = products
    self.dealers = dealers
    random = DemoRandom(seed: seed, "warehouse")
  }

  /// Works out everything that the warehouse does.
  mutating func plan() throws {
    issueBatches()
    packPallets()
    let orders = try plantedOrders()
    for day in 0..<calendar.days where calendar.workday(from: day) == day {
      for order in orders where order.day == day { send(order, on: day) }
      trade(on: day)
    }
  }
}

extension DemoWarehouse {
  /// Three production runs of each product; the last box of each has a spoiled label.
  private mutating func issueBatches() {
    for (day, part) in [(-5, 0.45), (calendar.day(at: 0.25), 0.3), (calendar.day(at: 0.58), 0.25)] {
      for (number, product) in products.enumerated() {
        let boxes = Int(Double(scale.items) * product.share * part) / product.perBox
        let batch = add(DemoBatch(product: number, boxes: boxes, perBox: product.perBox, pallets: 0), day, 9.5)
        stock.append(Stock(batch: batch, since: day, boxes: 0..<boxes - 1))
        let spoiled = DemoGoods(batch: batch, boxes: boxes - 1..<boxes)
        step(day, 11 + 0.1 * Double(number), .void(spoiled, reason: "标签印刷不良，未出厂"))
      }
    }
  }

  /// Three pallets packed from the bottle up, and two of boxes that the batch had filled.
  private mutating func packPallets() {
    let count = Self.palletBoxes
    let byHand = add(DemoBatch(product: 1, boxes: 3 * count, perBox: products[1].perBox, pallets: 5), -4, 9)
    for box in 0..<3 * count { step(-4, 9.5 + Double(box) / 60, .pack(batch: byHand, box: box)) }
    for number in 0..<5 {
      let pallet = DemoPallet(batch: byHand, place: 3 * count + number)
      var goods = DemoGoods(batch: byHand, boxes: number * count..<(number + 1) * count)
      if number >= 3 {
        guard let taken = take(count, of: 1, on: -4) else { continue }
        goods = taken
      }
      pallets.append((pallet, goods))
      step(-4, 14 + Double(number) / 4, .palletise(pallet: pallet, goods: goods))
    }
  }

  private mutating func add(_ batch: DemoBatch, _ day: Int, _ hour: Double) -> Int {
    batches.append(batch)
    step(day, hour + 0.1 * Double(batch.product), .issue(batch: batches.count - 1))
    return batches.count - 1
  }

  private mutating func step(_ day: Int, _ hour: Double, _ action: DemoAction) {
    steps.append(DemoStep(at: calendar.moment(day, hour), action: action))
  }

  /// Takes boxes of a product from the oldest batch that has some; fewer than asked for when it is nearly empty.
  private mutating func take(_ boxes: Int, of product: Int, on day: Int) -> DemoGoods? {
    guard
      let place = stock.firstIndex(where: {
        batches[$0.batch].product == product && $0.since < day && !$0.boxes.isEmpty
      })
    else { return nil }
    let taken = stock[place].boxes.prefix(boxes)
    stock[place].boxes = taken.upperBound..<stock[place].boxes.upperBound
    return DemoGoods(batch: stock[place].batch, boxes: taken)
  }
}

extension DemoWarehouse {
  /// A dispatch that the story needs.
  private struct Order {
    let trouble: DemoTrouble
    let dealer: DemoDealer
    let day: Int
    let goods: DemoGoods
    let pallet: DemoPallet?
  }

  /// The planted dispatches, with their goods set aside from the first production run: trade must not sell them out.
  private mutating func plantedOrders() throws -> [Order] {
    var orders: [Order] = []
    for trouble in DemoTrouble.allCases {
      for order in trouble.orders {
        let pallet = trouble == .farPallet && !pallets.isEmpty ? pallets.removeFirst() : nil
        guard let goods = pallet?.goods ?? take(order.boxes, of: order.product, on: 0) else { continue }
        // A Sunday moves an order on by a day, which must still be one of the story's.
        let day = calendar.workday(from: min(calendar.day(at: order.share), calendar.days - 3))
        let dealer = try dealers.dealer(order.dealer)
        orders.append(Order(trouble: trouble, dealer: dealer, day: day, goods: goods, pallet: pallet?.pallet))
      }
    }
    return orders
  }

  private mutating func send(_ order: Order, on day: Int) {
    let dispatch = dispatch(order.goods, to: order.dealer, on: day, pallet: order.pallet)
    var parcel = arrive(dispatch, order.goods, at: order.dealer)
    parcel.trouble = order.trouble
    parcels.append(parcel)
  }

  /// An ordinary day's dispatches: as many items as keep the year's pace.
  private mutating func trade(on day: Int) {
    let workdays = Double(calendar.days) * 6 / 7
    var quota = Double(scale.items) * Self.dispatchedShare / workdays
    while quota > 0 {
      let dealer = receiver()
      guard let product = random.place(in: Self.sums(products.map(\.share))) else { return }
      let size = dealer.tier == 1 ? random.between(1_800, 2_800) : random.between(450, 1_250)
      // Goods on pallets go first; there are only a few.
      let pallet = product == 1 && pallets.count > 1 && random.chance(0.1) ? pallets.removeLast() : nil
      guard let goods = pallet?.goods ?? take(Int(size) / products[product].perBox, of: product, on: day) else {
        return
      }
      quota -= Double(goods.boxes.count * products[product].perBox)
      passOn(dispatch(goods, to: dealer, on: day, pallet: pallet?.pallet), goods, dealer)
    }
  }

  /// General agents take much at a time, so they are asked less often.
  private mutating func receiver() -> DemoDealer {
    let weights = dealers.all.map { dealer in
      switch dealer.tier {
      case 1: dealer.people * 0.06
      case 2: dealer.people * 0.5
      default: dealer.people * 1.5
      }
    }
    return dealers.all[random.place(in: Self.sums(weights)) ?? 0]
  }

  private static func sums(_ weights: [Double]) -> [Double] {
    weights.reduce(into: []) { $0.append(($0.last ?? 0) + $1) }
  }

  private mutating func dispatch(
    _ goods: DemoGoods, to dealer: DemoDealer, on day: Int, pallet: DemoPallet?
  ) -> Int {
    let paper = papers[day, default: 0] + 1
    papers[day] = paper
    let digits = String(paper)
    let number = "XS\(calendar.stamp(day))-" + String(repeating: "0", count: max(0, 3 - digits.count)) + digits
    dispatches.append(DemoDispatch(number: number, dealer: dealer, goods: goods, pallet: pallet))
    // A quarter of an hour a paper or so, all before the carrier leaves in the evening.
    let hour = min(19, 8.5 + 0.35 * Double(paper)) + random.between(0, 0.25)
    step(day, hour, .dispatch(dispatches.count - 1))
    return dispatches.count - 1
  }
}

extension DemoWarehouse {
  /// Goods at a dealer after some days on the road. Three receipts in four are entered; before passing goods on, all.
  private mutating func arrive(
    _ dispatch: Int, _ goods: DemoGoods, at dealer: DemoDealer, after sent: Timestamp? = nil, isEntered: Bool? = nil
  ) -> DemoParcel {
    let start = sent ?? steps.last?.at ?? calendar.opening
    let arrival = start.advanced(by: Int64(random.between(1.5, 4.5) * Double(DemoCalendar.day)))
    if isEntered ?? random.chance(0.75) {
      steps.append(DemoStep(at: arrival, action: .receive(goods, dealer: dealer.code)))
    }
    return parcel(dispatch, goods, dealer, arrival)
  }

  private func parcel(
    _ dispatch: Int, _ goods: DemoGoods, _ holder: DemoDealer, _ availableAt: Timestamp
  ) -> DemoParcel {
    let product = batches[goods.batch].product
    let sent = dispatches[dispatch]
    return DemoParcel(
      dispatch: dispatch, goods: goods, product: product, perBox: products[product].perBox, holder: holder,
      availableAt: availableAt,
      seal: sent.pallet == nil ? goods.boxes.lowerBound - sent.goods.boxes.lowerBound : nil)
  }

  /// A general agent passes goods on to two or three provinces, a province's dealer sometimes half of them to a city.
  private mutating func passOn(_ dispatch: Int, _ goods: DemoGoods, _ dealer: DemoDealer) {
    let below = dealers.below(dealer.code).shuffled(using: &random)
    let receivers = dealer.tier == 1 ? Array(below.prefix(3)) : random.chance(0.3) ? Array(below.prefix(1)) : []
    guard !receivers.isEmpty, goods.boxes.count >= 12 else {
      return keep(arrive(dispatch, goods, at: dealer))
    }
    let stop = arrive(dispatch, goods, at: dealer, isEntered: true)
    var rest = goods.boxes
    let part = goods.boxes.count / (dealer.tier == 1 ? receivers.count : 2)
    for receiver in receivers {
      let passed = DemoGoods(batch: goods.batch, boxes: rest.prefix(part))
      rest = passed.boxes.upperBound..<rest.upperBound
      let sent = stop.availableAt.advanced(by: Int64(random.between(1, 4) * Double(DemoCalendar.day)))
      steps.append(DemoStep(at: sent, action: .transfer(passed, from: dealer.code, to: receiver.code)))
      keep(arrive(dispatch, passed, at: receiver, after: sent))
    }
    // A general agent's last boxes stay in its store room.
    guard dealer.tier > 1, !rest.isEmpty else { return }
    keep(parcel(dispatch, DemoGoods(batch: goods.batch, boxes: rest), dealer, stop.availableAt))
  }

  /// The dealer sells the goods; now and then some come back, break, or are entered as sold.
  private mutating func keep(_ parcel: DemoParcel) {
    var parcel = parcel
    let dealer = parcel.holder.code
    func later(_ days: Double) -> Timestamp {
      parcel.availableAt.advanced(by: Int64(days * Double(DemoCalendar.day)))
    }
    if parcel.goods.boxes.count > 12, random.chance(0.05) {
      let back = DemoGoods(batch: parcel.goods.batch, boxes: parcel.goods.boxes.suffix(2))
      let reason = random.pick(["外箱受潮退货", "滞销退货", "发错品种退货"]) ?? ""
      let at = later(random.between(2, 9))
      steps.append(DemoStep(at: at, action: .takeBack(back, dealer: dealer, reason: reason)))
      parcel = parcel.without(last: 2)
    } else if parcel.goods.boxes.count > 12, random.chance(0.02) {
      let broken = DemoGoods(batch: parcel.goods.batch, boxes: parcel.goods.boxes.suffix(1))
      steps.append(DemoStep(at: later(random.between(0.1, 3)), action: .void(broken, reason: "运输破损，已销毁")))
      parcel = parcel.without(last: 1)
    }
    if random.chance(0.1) {
      let sold = DemoGoods(
        batch: parcel.goods.batch, boxes: parcel.goods.boxes.prefix(parcel.goods.boxes.count / 3 + 1))
      steps.append(DemoStep(at: later(random.between(18, 40)), action: .sell(sold, dealer: dealer)))
    }
    parcels.append(parcel)
  }
}
