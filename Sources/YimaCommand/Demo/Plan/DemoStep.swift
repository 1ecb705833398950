import Ledger
import Regions

/// Boxes of a batch, counted within it.
struct DemoGoods: Hashable, Sendable {
  let batch: Int
  let boxes: Range<Int>
}

/// Something that happens in the story. Batches, dispatches and shops are named by their place in the plan.
enum DemoAction: Sendable {
  case issue(batch: Int)
  case pack(batch: Int, box: Int)
  case palletise(pallet: DemoPallet, goods: DemoGoods)
  case dispatch(Int)
  case receive(DemoGoods, dealer: String)
  case transfer(DemoGoods, from: String, to: String)
  case sell(DemoGoods, dealer: String)
  case takeBack(DemoGoods, dealer: String, reason: String)
  case void(DemoGoods, reason: String)
  case scan(DemoScan)
}

/// A moment and what happens then.
struct DemoStep: Sendable {
  let at: Timestamp
  let action: DemoAction
}

/// A batch to be issued. Box k holds the items from k · perBox on, by the batch's rule or by scanning.
struct DemoBatch: Sendable {
  let product: Int
  let boxes: Int
  let perBox: Int
  /// Box codes beyond the boxes, for pallets; a batch that has them is packed by scanning.
  let pallets: Int

  var items: Int { boxes * perBox }
}

/// A pallet: one of the box codes behind a batch's boxes.
struct DemoPallet: Hashable, Sendable {
  let batch: Int
  let place: Int
}

/// A dispatch to be made: a range of boxes, or the pallet that they stand on.
struct DemoDispatch: Sendable {
  let number: String
  let dealer: DemoDealer
  let goods: DemoGoods
  let pallet: DemoPallet?
}

/// A scan to be made.
struct DemoScan: Sendable {
  enum Code: Sendable {
    case item(batch: Int, place: Int)
    /// The sealed code of a dispatch's box, counted within the dispatch.
    case sealedBox(dispatch: Int, offset: Int)
    /// A serial that nobody issued.
    case invented(product: Int, serial: String)
  }

  enum Witness: Sendable {
    case consumer
    case terminal(DemoStore)
    case inspector(Int)
  }

  enum Place: Sendable {
    case unsaid
    /// WGS-84; `isShifted`: the phone's app says it in GCJ-02.
    case phone(GeoPoint, accuracyMeters: Double, isShifted: Bool)
    case network(GeoPoint)
  }

  let code: Code
  let witness: Witness
  let place: Place
  /// Whole yuan.
  var price: Int?
}
