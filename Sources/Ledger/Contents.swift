import Storage

/// What is in which box, inside one transaction: by the batch's rule (box k holds items k·perBox …) unless a code
/// was taken out, or by scanning.
package struct Contents {
  let transaction: Transaction
  private let lives: LifeMap

  /// Pallets hold boxes that hold inner boxes that hold items; deeper nesting is refused when packing.
  package static let depthMax = 4

  /// Over this transaction.
  package init(_ transaction: Transaction) {
    self.transaction = transaction
    lives = LifeMap(transaction)
  }

  /// Everything directly in the boxes of a run.
  package func children(of boxes: Run) throws -> [LifeMap.Piece] {
    var result: [LifeMap.Piece] = []
    for row in try transaction.contents(parentSpace: boxes.space, first: boxes.first, last: boxes.last) {
      result += try lives.pieces(of: Run(space: row.space, first: row.first, last: row.last))
    }
    for run in try assigned(to: boxes) {
      result += try lives.pieces(of: run).filter { $0.life.enclosure == .byBatch }
    }
    return result
  }

  /// Everything in the boxes of a run, at any depth, and not the boxes themselves.
  package func descendants(of boxes: Run, depth: Int = 0) throws -> [LifeMap.Piece] {
    guard depth < Self.depthMax else { throw LedgerError.inconsistent("boxes nested too deeply") }
    var result: [LifeMap.Piece] = []
    for piece in try children(of: boxes) {
      result.append(piece)
      if try holdsBoxes(piece.run.space) { result += try descendants(of: piece.run, depth: depth + 1) }
    }
    return result
  }

  /// The box that a code with this life is in: its space and serial.
  package func box(of number: Int64, space: Int64, life: Life) throws -> (space: Int64, serial: Int64)? {
    switch life.enclosure {
    case .none: return nil
    case .box(let space, let serial): return (space, serial)
    case .byBatch:
      guard let batch = try transaction.batch(ofItem: number, space: space), let perBox = batch.perBox,
        let boxSpace = batch.boxSpace
      else { return nil }
      return (boxSpace, batch.boxFirst + (number - batch.first) / perBox)
    }
  }

  /// The items that the batches' rule puts into the boxes of a run, whatever became of them since.
  private func assigned(to boxes: Run) throws -> [Run] {
    var result: [Run] = []
    var serial = boxes.first
    while serial <= boxes.last {
      guard let batch = try transaction.batch(ofBox: serial, space: boxes.space) else { break }
      let lastSerial = min(boxes.last, batch.boxLast)
      if let perBox = batch.perBox {
        let first = batch.first + (serial - batch.boxFirst) * perBox
        let last = min(batch.last, batch.first + (lastSerial - batch.boxFirst + 1) * perBox - 1)
        if first <= last { result.append(Run(space: batch.space, first: first, last: last)) }
      }
      serial = lastSerial + 1
    }
    return result
  }

  private func holdsBoxes(_ space: Int64) throws -> Bool {
    guard let key = try transaction.spaceKey(space), let space = CodeSpace(key: key) else {
      throw LedgerError.inconsistent("no space \(space)")
    }
    return !space.holdsItems
  }
}
