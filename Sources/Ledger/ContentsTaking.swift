import Storage

extension Contents {
  /// Takes a piece out of the box it was scanned into; does nothing for one that was not. Runs in the box that reach
  /// beyond the piece are cut.
  package func take(_ piece: LifeMap.Piece) throws {
    guard case .box(let parentSpace, let parentSerial) = piece.life.enclosure else { return }
    let run = piece.run
    for row in try transaction.contents(parentSpace: parentSpace, first: parentSerial, last: parentSerial)
    where row.space == run.space && row.first <= run.last && row.last >= run.first {
      try transaction.removeContent(
        parentSpace: parentSpace, parentSerial: parentSerial, space: row.space, first: row.first)
      for rest in [(row.first, run.first - 1), (run.last + 1, row.last)] where rest.0 <= rest.1 {
        try transaction.addContent(
          parentSpace: parentSpace, parentSerial: parentSerial, space: row.space, first: rest.0, last: rest.1)
      }
    }
  }
}
