import Ledger
import Storage
import TestWorld
import Testing

/// What one number's life is in the plain model: the dealers it was given, oldest first, each with its event.
private struct ModelLife: Equatable {
  var steps: [Step] = []

  struct Step: Equatable {
    let event: Int64
    let state: LifeState
    let dealer: String?
  }
}

@Suite("The map from codes to lives")
struct LifeMapTests {
  private static let last: Int64 = 199
  private static let space: Int64 = 1

  /// A world whose space 1 has 200 numbers, all with one life of event 1.
  private func world() async throws -> World {
    let world = try await World.make()
    try await world.ledger.store.write { transaction in
      _ = try transaction.take(Self.last + 1, from: transaction.space("b:1.6901234"))
      let life = Life(state: .issued, at: Timestamp(milliseconds: 0), recorded: Timestamp(milliseconds: 0), event: 1)
      try LifeMap(transaction).begin(Run(space: Self.space, first: 0, last: Self.last), life)
    }
    return world
  }

  @Test("random runs given random lives agree with a plain dictionary, back to the beginning", arguments: Seeds.some(4))
  func overlay(_ seed: UInt64) async throws {
    let world = try await world()
    try await world.ledger.store.write { transaction in
      var random = SeededGenerator(seed)
      var model = [ModelLife](
        repeating: ModelLife(steps: [.init(event: 1, state: .issued, dealer: nil)]), count: Int(Self.last) + 1)
      let map = LifeMap(transaction)
      for _ in 0..<300 {
        let event = try transaction.appendEvent(
          kind: "x", at: 0, recorded: 0, body: [], personal: nil, previous: nil)
        let (runs, states) = (Self.runs(&random), Self.states(&random))
        let pieces = try runs.flatMap { try map.pieces(of: $0) }
        try map.advance(pieces) { Self.changed($0.life, states, event) }
        for run in runs {
          for number in run.first...run.last {
            let before = model[Int(number)].steps.last?.state ?? .issued
            let (state, dealer) = states[Int(before.rawValue) % states.count]
            model[Int(number)].steps.append(.init(event: event, state: state, dealer: dealer))
          }
        }
      }
      try Self.compare(model, map, transaction, seed)
    }
  }

  /// Runs that do not meet each other.
  private static func runs(_ random: inout SeededGenerator) -> [Run] {
    let found = (0..<Int.random(in: 1...3, using: &random)).map { _ in
      let first = Int64.random(in: 0...last, using: &random)
      let length = Int64.random(in: 0...(Bool.random(using: &random) ? 2 : 60), using: &random)
      return Run(space: space, first: first, last: min(last, first + length))
    }
    return Run.joined(found) ?? [found[0]]
  }

  /// The life after a step depends on the life before, as it does for goods.
  private static func states(_ random: inout SeededGenerator) -> [(LifeState, String?)] {
    (0..<3).map { _ in
      (
        LifeState.allCases.randomElement(using: &random) ?? .issued,
        [nil, "A", "B"].randomElement(using: &random) ?? nil
      )
    }
  }

  private static func changed(_ life: Life, _ states: [(LifeState, String?)], _ event: Int64) -> Life {
    var life = life
    (life.state, life.dealer) = states[Int(life.state.rawValue) % states.count]
    life.event = event
    return life
  }

  private static func compare(
    _ model: [ModelLife], _ map: LifeMap, _ transaction: Transaction, _ seed: UInt64
  ) throws {
    for (number, expected) in model.enumerated() {
      let lives = try map.lives(space: space, number: Int64(number))
      let steps = lives.reversed().map { ModelLife.Step(event: $0.event, state: $0.state, dealer: $0.dealer) }
      #expect(steps == expected.steps, "seed \(seed), number \(number)")
      #expect(try map.life(space: space, number: Int64(number)) == lives.first)
    }
    let tracks = try transaction.tracks(space: space, first: 0, last: .max)
    #expect(tracks.first?.first == 0 && tracks.last?.last == last, "seed \(seed)")
    for (left, right) in zip(tracks, tracks.dropFirst()) { #expect(left.last + 1 == right.first, "seed \(seed)") }
    let pieces = try map.pieces(of: Run(space: space, first: 0, last: last))
    #expect(pieces.map(\.run.first) == tracks.map(\.first) && pieces.map(\.life.version) == tracks.map(\.version))
  }

  @Test("codes that shared a life go on sharing one, however many they are")
  func sharing() async throws {
    let world = try await world()
    let counts = try await world.ledger.store.write { transaction in
      let map = LifeMap(transaction)
      let count = { try transaction.first("SELECT count(*) FROM version") { $0.int(0) } ?? 0 }
      let before = try count()
      // Every other number, in one step: one life before, so one life after.
      let pieces = try stride(from: 0, through: Self.last, by: 2).flatMap {
        try map.pieces(of: Run(space: Self.space, first: $0, last: $0))
      }
      try map.advance(pieces) { piece in
        var life = piece.life
        life.state = .voided
        return life
      }
      return [before, try count()]
    }
    #expect(counts == [1, 2])
  }

  @Test("what was never issued has no life and no piece")
  func unknown() async throws {
    let world = try await world()
    try await world.ledger.store.read { transaction throws in
      let map = LifeMap(transaction)
      #expect(try map.life(space: Self.space, number: Self.last + 1) == nil)
      #expect(try map.lives(space: 7, number: 0).isEmpty)
      #expect(try map.pieces(of: Run(space: Self.space, first: 190, last: 300)).map(\.run.last) == [Self.last])
      #expect(throws: LedgerError.inconsistent("no version 99")) { try map.version(99) }
    }
  }

  @Test("a stored state or territory that is none is an inconsistency, not a trap")
  func damaged() async throws {
    let world = try await world()
    for change in ["state = 99", "state = 0, territories = 'here'"] {
      try world.edit("UPDATE version SET \(change)")
      await #expect(throws: LedgerError.self) {
        try await world.ledger.store.read { try LifeMap($0).version(1) }
      }
    }
  }
}
