import Storage

/// The piecewise-constant function from codes to their lives, inside one transaction.
///
/// Each space is cut into tracks; a track points to the newest version of its life, and each version to the one
/// before. Asking what was true at a moment is one range search and a walk back over as many versions as the code
/// has had: nothing grows with the number of codes issued.
package struct LifeMap {
  private let transaction: Transaction

  /// Over this transaction.
  package init(_ transaction: Transaction) { self.transaction = transaction }

  /// A part of a run that has one life.
  package struct Piece: Sendable {
    /// The codes.
    package let run: Run
    /// What is true of them now.
    package let life: Life
  }

  /// The newest life of one code; nil when it was never issued.
  package func life(space: Int64, number: Int64) throws -> Life? {
    guard let track = try transaction.track(space: space, number: number) else { return nil }
    return try version(track.version)
  }

  /// A stored version.
  package func version(_ id: Int64) throws -> Life {
    guard let row = try transaction.version(id) else { throw LedgerError.inconsistent("no version \(id)") }
    return try Life(row)
  }

  /// The lives of one code, newest first.
  package func lives(space: Int64, number: Int64) throws -> [Life] {
    var result: [Life] = []
    var next = try transaction.track(space: space, number: number)?.version
    while let id = next {
      let life = try version(id)
      result.append(life)
      next = life.previous
    }
    return result
  }

  /// The pieces of a run in order; what was never issued is left out.
  package func pieces(of run: Run) throws -> [Piece] {
    var known: [Int64: Life] = [:]
    return try transaction.tracks(space: run.space, first: run.first, last: run.last).compactMap { track in
      guard
        let part = Run(space: run.space, first: track.first, last: track.last).clamped(run.first, run.last)
      else { return nil }
      let life = try known[track.version] ?? version(track.version)
      known[track.version] = life
      return Piece(run: part, life: life)
    }
  }

  /// Gives new codes their first life.
  package func begin(_ run: Run, _ life: Life) throws {
    let id = try transaction.addVersion(life.row(previous: nil))
    try transaction.putTrack(space: run.space, TrackRow(first: run.first, last: run.last, version: id))
  }

  /// Gives each piece the life that `change` makes of its present one. Pieces that shared a version go on sharing
  /// one, so that a dispatch of a million codes of one batch writes one version.
  package func advance(_ pieces: [Piece], _ change: (Piece) throws -> Life) throws {
    var successors: [Life: Int64] = [:]
    var changed: [(run: Run, version: Int64)] = []
    for piece in pieces.sorted(by: { ($0.run.space, $0.run.first) < ($1.run.space, $1.run.first) }) {
      var life = try change(piece)
      life.previous = piece.life.version
      let id = try successors[life] ?? transaction.addVersion(life.row(previous: piece.life.version))
      successors[life] = id
      if let last = changed.last, last.version == id, last.run.space == piece.run.space,
        last.run.last == piece.run.first - 1
      {
        changed[changed.count - 1].run = Run(space: last.run.space, first: last.run.first, last: piece.run.last)
      } else {
        changed.append((piece.run, id))
      }
    }
    for (run, version) in changed { try overlay(run, version) }
  }

  /// Points a run at a version, cutting the tracks that reach into it from either side.
  private func overlay(_ run: Run, _ version: Int64) throws {
    for track in try transaction.tracks(space: run.space, first: run.first, last: run.last) {
      if track.first < run.first {
        let left = TrackRow(first: track.first, last: run.first - 1, version: track.version)
        try transaction.putTrack(space: run.space, left)
      } else if track.first > run.first {
        try transaction.removeTrack(space: run.space, first: track.first)
      }
      if track.last > run.last {
        let right = TrackRow(first: run.last + 1, last: track.last, version: track.version)
        try transaction.putTrack(space: run.space, right)
      }
    }
    try transaction.putTrack(space: run.space, TrackRow(first: run.first, last: run.last, version: version))
  }
}
