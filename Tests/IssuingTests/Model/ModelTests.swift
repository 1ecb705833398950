import Foundation
import Issuing
import Ledger
import Storage
import TestWorld
import Testing

/// 10 000 random steps in ten worlds. `YIMA_SEED` takes one world of another seed, `YIMA_STEPS` a longer life.
@Suite("The program and a plain model agree, step by step")
struct ModelTests {
  private static let steps = ProcessInfo.processInfo.environment["YIMA_STEPS"].flatMap(Int.init) ?? 1000

  @Test("random steps", arguments: Seeds.some(10))
  func random(_ seed: UInt64) async throws {
    var driver = try await Driver(seed: seed)
    var generator = StepGenerator(seed &* 1000 &+ 7)
    var model = Model(dealers: Self.dealers, events: Int64(Shop.dealers.count) + 2)
    var tally: [String: Int] = [:]
    for number in 1...Self.steps {
      driver.world.clock.advance(seconds: Int64.random(in: 0...20, using: &generator.random))
      let now = driver.world.clock.now.milliseconds
      let step = generator.next(model, now: now)
      let expected = model.take(step, now: now) { driver.uri(ofBox: $0) }
      let outcome = try await driver.take(step)
      let context = "seed \(seed), step \(number): \(step)"
      try #require(outcome == expected, "\(context)")
      try #require(try await Self.difference(driver.world, model) == nil, "\(context)")
      try #require(try await driver.world.defects() == [], "\(context)")
      if number % 500 == 0 {
        try #require(try await Audit(driver.world.ledger).run().defects == [], "\(context)")
      }
      for word in Self.words(step, outcome) { tally[word, default: 0] += 1 }
    }
    try await Self.compareHistories(driver.world, model, seed)
    Self.checkBreadth(tally, seed)
  }

  private static let dealers = Dictionary(
    uniqueKeysWithValues: Shop.dealers.map {
      ($0.code, Model.Dealer(parent: $0.parent, territories: $0.territories.split(separator: ",").map(String.init)))
    })

  /// What happened, in a few words, for the count of what the steps reached.
  private static func words(_ step: Step, _ outcome: Outcome) -> [String] {
    let name = String("\(step)".prefix { $0 != "(" })
    switch outcome {
    case .done, .scanned: return [name + " done"]
    case .refused(let complaints): return Set(complaints.map { String($0.reason.prefix { $0 != "(" }) }).sorted()
    case .invalid, .unknown, .unexpected: return [String("\(outcome)".prefix { $0 != "(" })]
    }
  }

  /// A test that takes no step proves nothing.
  private static func checkBreadth(_ tally: [String: Int], _ seed: UInt64) {
    let wanted = [
      "pack", "unpack", "dispatch", "receive", "sell", "takeBack", "transfer", "void", "sequence", "scan",
    ]
    guard steps >= 1000 else { return }
    for name in wanted { #expect(tally[name + " done", default: 0] > 0, "seed \(seed): \(tally)") }
    let done = tally.filter { $0.key.hasSuffix("done") }.reduce(0) { $0 + $1.value }
    #expect(done > steps / 3, "seed \(seed): \(tally)")
    for reason in ["alreadyPacked", "alreadyDispatched", "notInBox", "voided", "namedTwice", "beforePrevious"] {
      #expect(tally[reason, default: 0] > 0, "seed \(seed): \(tally)")
    }
  }
}

extension ModelTests {
  /// The first code of which program and model think differently; nil when there is none.
  private static func difference(_ world: World, _ model: Model) async throws -> String? {
    let (events, rows) = try await world.ledger.store.read { transaction in
      (try transaction.lastEventID(), try Row.all(transaction))
    }
    if events != model.events { return "\(events) events, \(model.events) expected" }
    var seen = 0
    for row in rows {
      for number in row.first...row.last {
        let code = Model.Code(isBox: row.isBox, number: number)
        guard let expected = model.codes[code] else { return "\(code) is unknown to the model" }
        if !row.agrees(with: expected) { return "\(code): \(row), expected \(expected)" }
        seen += 1
      }
    }
    return seen == model.codes.count ? nil : "\(seen) codes, \(model.codes.count) expected"
  }

  /// A track with its version.
  struct Row {
    let isBox: Bool, first: Int64, last: Int64, state: Int64, dealer: String?, dispatch: Int64?, territories: String?
    let parentSpace: Int64?, parentSerial: Int64?, at: Int64

    static func all(_ transaction: Transaction) throws -> [Row] {
      try transaction.all(
        """
        SELECT s.key LIKE 'b:%', t.first, t.last, v.state, v.dealer, v.dispatch, v.territories, v.parent_space,
        v.parent_serial, v.at FROM track AS t JOIN version AS v ON v.id = t.version JOIN space AS s ON s.id = t.space
        """
      ) {
        Row(
          isBox: $0.int(0) == 1, first: $0.int(1), last: $0.int(2), state: $0.int(3), dealer: $0.textOrNil(4),
          dispatch: $0.intOrNil(5), territories: $0.textOrNil(6), parentSpace: $0.intOrNil(7),
          parentSerial: $0.intOrNil(8), at: $0.int(9))
      }
    }

    func agrees(with expected: Model.State) -> Bool {
      let place =
        switch expected.place {
        case .byBatch: parentSpace == nil && parentSerial == nil
        case .out: parentSpace != nil && parentSerial == nil
        case .packed(let box): parentSpace != nil && parentSerial == box
        }
      return place && state == expected.state.rawValue && dealer == expected.dealer && dispatch == expected.dispatch
        && territories == expected.territories?.joined(separator: ",") && at == expected.at
    }
  }

  /// Every code's whole life, walked back through its versions.
  private static func compareHistories(_ world: World, _ model: Model, _ seed: UInt64) async throws {
    try await world.ledger.store.read { transaction in
      let map = LifeMap(transaction)
      let spaces = try transaction.spaces()
      for (code, states) in model.histories {
        let space = try #require(spaces.first { $0.key.hasPrefix("b:") == code.isBox })
        let lives = try map.lives(space: space.id, number: code.number)
        #expect(lives.reversed().map(\.state) == states.map(\.state), "seed \(seed): \(code)")
        #expect(lives.reversed().map(\.dealer) == states.map(\.dealer), "seed \(seed): \(code)")
        #expect(lives.reversed().map(\.at.milliseconds) == states.map(\.at), "seed \(seed): \(code)")
        let territories = lives.reversed().map { $0.territory?.codes.map(\.description) }
        #expect(territories == states.map(\.territories), "seed \(seed): \(code)")
      }
    }
  }
}
