import Ledger

/// Goods that one dealer sells: a dispatch, or the part of it that was passed on.
struct DemoParcel: Sendable {
  let dispatch: Int
  let goods: DemoGoods
  let product: Int
  let perBox: Int
  let holder: DemoDealer
  /// When the dealer has them.
  let availableAt: Timestamp
  /// Which of the dispatch's seals is on the first box; nil when only the pallet was sealed.
  let seal: Int?
  /// What is wrong with them.
  var trouble: DemoTrouble?

  /// The items, counted within the batch.
  var items: Range<Int> { goods.boxes.lowerBound * perBox..<goods.boxes.upperBound * perBox }

  /// The parcel without its last boxes.
  func without(last count: Int) -> DemoParcel {
    DemoParcel(
      dispatch: dispatch,
      goods: DemoGoods(batch: goods.batch, boxes: goods.boxes.dropLast(min(count, goods.boxes.count - 1))),
      product: product, perBox: perBox, holder: holder, availableAt: availableAt, seal: seal,
      trouble: trouble)
  }
}

/// What is planted in the story for the detectors to find, and one parcel that nobody touches.
enum DemoTrouble: String, Hashable, Sendable, CaseIterable {
  /// A whole pallet turns up far away.
  case farPallet
  /// Nearly half of a dispatch crosses into the province next door.
  case adjacent
  /// A city dealer lets a box a week go, out of three dispatches.
  case trickle
  /// One bottle's code is copied, and two shops sell below the floor.
  case copied
  /// Fresh goods for whoever tries the demo.
  case showcase

  /// Who is to get the goods, when (as a share of all days), and of which product how many boxes.
  var orders: [(dealer: String, share: Double, product: Int, boxes: Int)] {
    switch self {
    case .farPallet: [("P41", 0.42, 1, 40)]
    case .adjacent: [("P43", 0.28, 2, 60)]
    case .trickle: [0.08, 0.36, 0.6].map { ("C4103", $0, 2, 60) }
    case .copied: [("P33", 0.2, 0, 40)]
    case .showcase: [("P43", 0.97, 2, 20)]
    }
  }

  /// How many boxes leave the territory; 0 for what is no diversion.
  var leakedBoxes: Int {
    switch self {
    case .farPallet: 40
    case .adjacent: 27
    case .trickle: 5
    case .copied, .showcase: 0
    }
  }

  /// Where diverted goods turn up.
  var destination: String? {
    switch self {
    case .farPallet: "440600"
    case .adjacent: "360300"
    case .trickle: "610100"
    case .copied, .showcase: nil
    }
  }
}
