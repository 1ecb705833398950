import Codes
import Ledger
import Storage
import TransparencyLog

/// A batch to be issued.
package struct NewBatch: Sendable {
  /// Product, how many items, and the form of the serials.
  package let gtin: GTIN, quantity: Int64, profile: SerialProfile
  /// Items a box when boxes are pre-assigned; or a number of boxes to be packed by scanning.
  package let perBox: Int64?, boxes: Int64?

  /// Made from its parts.
  package init(gtin: GTIN, quantity: Int64, perBox: Int64? = nil, boxes: Int64? = nil, profile: SerialProfile) {
    self.gtin = gtin
    self.quantity = quantity
    self.perBox = perBox
    self.boxes = boxes
    self.profile = profile
  }
}

extension Issuing {
  /// Issues a batch: takes a range of indexes and of box serials, whatever its size.
  package func issue(_ new: NewBatch, by actor: Actor) async throws(IssuingError) -> BatchRow {
    try check(new)
    return try await changeCatalogue { [ledger] transaction, now in
      guard let product = try transaction.product(Int64(new.gtin.value)) else {
        throw IssuingError.unknown(field: "/gtin", code: new.gtin.description)
      }
      let plan = try BatchPlan(new, product, ledger, transaction)
      let batch = try plan.take(now, transaction)
      let draft = EventDraft(.batch, at: now, by: actor, data: plan.json(batch))
      let event = try ledger.append(draft, transaction, recorded: now)
      try transaction.addBatch(batch, event: event)
      let life = Life(state: .issued, at: now, recorded: now, event: event)
      let lives = LifeMap(transaction)
      try lives.begin(Run(space: batch.space, first: batch.first, last: batch.last), life)
      if let boxes = batch.boxSpace {
        try lives.begin(Run(space: boxes, first: batch.boxFirst, last: batch.boxLast), life)
      }
      return batch
    }
  }

  private func check(_ new: NewBatch) throws(IssuingError) {
    guard (1...IssuingLimits.quantityMax).contains(new.quantity) else {
      throw .invalid(field: "/quantity", .range(1, IssuingLimits.quantityMax))
    }
    if let perBox = new.perBox, !(1...IssuingLimits.perBoxMax).contains(perBox) {
      throw .invalid(field: "/perBox", .range(1, IssuingLimits.perBoxMax))
    }
    if let boxes = new.boxes {
      guard new.perBox == nil else { throw .invalid(field: "/boxes", .characters(allowed: "only without perBox")) }
      guard (1...IssuingLimits.quantityMax).contains(boxes) else {
        throw .invalid(field: "/boxes", .range(1, IssuingLimits.quantityMax))
      }
    }
  }
}

/// Where a batch's codes will come from.
private struct BatchPlan {
  let new: NewBatch
  let items: CodeSpace
  let boxes: CodeSpace
  let boxCount: Int64

  init(_ new: NewBatch, _ product: ProductRow, _ ledger: Ledger, _ transaction: Transaction) throws {
    self.new = new
    items = .items(new.gtin, ledger.keystore.currentEpoch)
    guard let series = try? BoxSeries(key: product.series) else {
      throw LedgerError.inconsistent("product \(product.gtin) has the series \(product.series)")
    }
    boxes = .boxes(series)
    boxCount = new.perBox.map { (new.quantity + $0 - 1) / $0 } ?? new.boxes ?? 0
    let spaces = try SpaceTable(transaction)
    let free = Int64(ItemIndex.end) - spaces.issued(items)
    guard new.quantity <= free else { throw IssuingError.invalid(field: "/quantity", .range(1, free)) }
    let freeBoxes = Int64(series.capacity) - spaces.issued(boxes)
    guard boxCount <= freeBoxes else {
      throw IssuingError.invalid(field: new.perBox == nil ? "/boxes" : "/perBox", .range(0, freeBoxes))
    }
  }

  func take(_ now: Timestamp, _ transaction: Transaction) throws -> BatchRow {
    let space = try transaction.space(items.key)
    let first = try transaction.take(new.quantity, from: space)
    let boxSpace = boxCount > 0 ? try transaction.space(boxes.key) : nil
    let boxFirst = try boxSpace.map { try transaction.take(boxCount, from: $0) } ?? 0
    return BatchRow(
      id: try transaction.nextBatchID(), gtin: Int64(new.gtin.value), space: space, first: first,
      count: new.quantity, profile: new.profile.rawValue, boxSpace: boxSpace, boxFirst: boxFirst,
      boxCount: boxCount, perBox: new.perBox, created: now.milliseconds)
  }

  func json(_ batch: BatchRow) -> [String: JSONValue] {
    var data: [String: JSONValue] = [
      "batch": .integer(batch.id), "profile": .string(batch.profile),
      "items": items.json(Run(space: batch.space, first: batch.first, last: batch.last)),
    ]
    if let space = batch.boxSpace {
      data["boxes"] = boxes.json(Run(space: space, first: batch.boxFirst, last: batch.boxLast))
    }
    if let perBox = batch.perBox { data["perBox"] = .integer(perBox) }
    return data
  }
}
