import Codes
import Detection
import Ledger
import Storage

/// Which box an item was issued in. A batch never changes, so what was read once stays true, and so does the answer
/// whenever the ledger is read again; what was packed by hand later is not asked.
struct GoodsBook: Sendable {
  private struct Lot: Sendable {
    let first: Int64, last: Int64
    let perBox: Int64?, boxFirst: Int64
    let series: BoxSeries?
  }

  private var lots: [ItemSpace: [Lot]] = [:]
  private var count = 0

  private struct ItemSpace: Hashable, Sendable {
    let gtin: GTIN, epoch: KeyEpoch
  }

  /// Batches kept; beyond it all are read anew.
  static let lotsMax = 20_000

  /// The number of the box that a scan is of; nil when none is known.
  mutating func box(of scan: Sighting, _ transaction: Transaction) throws -> UInt64? {
    switch scan.code {
    case .box(let digits): return Detection.StableHash.of(digits)
    case .raw: return nil
    case .item(let item):
      guard let lot = try lot(of: item, transaction), let perBox = lot.perBox, perBox > 0, let series = lot.series,
        let sscc = try? series.sscc(UInt64(clamping: lot.boxFirst + (item.index - lot.first) / perBox))
      else { return nil }
      return Detection.StableHash.of(sscc.description)
    }
  }

  private mutating func lot(of item: ItemIdentity, _ transaction: Transaction) throws -> Lot? {
    let space = ItemSpace(gtin: item.gtin, epoch: item.epoch)
    let known = lots[space] ?? []
    let place = known.partition { $0.first > item.index } - 1
    if known.indices.contains(place), item.index <= known[place].last { return known[place] }
    guard let id = try transaction.findSpace(CodeSpace.items(item.gtin, item.epoch).key),
      let batch = try transaction.batch(ofItem: item.index, space: id)
    else { return nil }
    let key = try batch.boxSpace.flatMap { try transaction.spaceKey($0) }
    var series: BoxSeries?
    if case .boxes(let boxes) = key.flatMap(CodeSpace.init(key:)) { series = boxes }
    let lot = Lot(
      first: batch.first, last: batch.last, perBox: batch.perBox, boxFirst: batch.boxFirst, series: series)
    if count >= Self.lotsMax { (lots, count) = ([:], 0) }
    lots[space, default: []].insert(lot, at: (lots[space] ?? []).partition { $0.first > lot.first })
    count += 1
    return lot
  }
}

extension Array {
  /// The first place from which on a condition holds, which holds for no element before it.
  fileprivate func partition(_ holds: (Element) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if holds(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}

/// What is looked up beside a scan: the price policy, and the box.
struct EventBooks: Sendable {
  private var policies = PolicyBook()
  private var goods = GoodsBook()

  /// Adds to a sighting what is looked up.
  mutating func complete(_ sighting: inout Sighting, _ transaction: Transaction) throws {
    try policies.complete(&sighting, transaction)
    if sighting.dispatch != nil { sighting.box = try goods.box(of: sighting, transaction) }
  }
}
