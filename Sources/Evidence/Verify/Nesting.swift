/// What is in what: the events so far, asked from the newest back. A box may have been put on its pallet before the item
/// was put into the box, so moves are kept for every code that they name, not only for the one that is followed.
struct Nesting {
  /// Boxes within boxes beyond this are a mistake; it also ends a circle.
  private static let depthMax = 8

  private var moves: [(codes: CodeRuns, parent: EvidenceCode?)] = []
  private var assigned: [EvidenceCode: EvidenceCode] = [:]

  /// The batch's rule puts a code into a box, or into none.
  mutating func assign(_ code: EvidenceCode, to box: EvidenceCode?) { assigned[code] = box }

  /// Codes are put into a box, or with nil taken out of whatever they are in.
  mutating func move(_ codes: CodeRuns, into parent: EvidenceCode?) { moves.append((codes, parent)) }

  /// The box that a code is directly in.
  func parent(of code: EvidenceCode) -> EvidenceCode? {
    if let move = moves.last(where: { $0.codes.contains(code) }) { return move.parent }
    return assigned[code]
  }

  /// The code and the boxes around it, inmost first.
  func lineage(of code: EvidenceCode) -> [EvidenceCode] {
    var result = [code]
    while let last = result.last, let parent = parent(of: last), result.count < Self.depthMax {
      result.append(parent)
    }
    return result
  }
}
