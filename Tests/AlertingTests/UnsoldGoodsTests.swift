import Alerting
import Ledger
import Testing

@Suite("Unsold goods")
struct UnsoldGoodsTests {
  var detector = UnsoldGoods()

  private func seen(
    _ event: Int64, _ state: LifeState, _ change: (inout Sighting) throws -> Void = { _ in }
  ) throws -> Sighting {
    try scan(event, in: .changsha) {
      $0.state = state
      $0.territory = .notBound
      try change(&$0)
    }
  }

  @Test("void goods are serious at once, whoever sees them")
  mutating func voided() throws {
    let clue = try #require(detector.observe(try seen(1, .voided) { $0.isConsumer(in: .changsha) }).first)
    #expect(clue.kind == .unsold)
    #expect(clue.severity == .serious)
    #expect(clue.rule.description == "unsold-goods/1")
    #expect(clue.message == .unsoldVoided)
    #expect(clue.numbers["state"] == "voided")
    #expect(clue.numbers["needed"] == 1)
    #expect(clue.subject.code == (try item(1)))
    #expect(detector.observeAll(try (2...9).map { try seen($0, .voided) }).isEmpty, "the same matter")
  }

  @Test("two independent scans of goods never dispatched raise a warning", arguments: [LifeState.issued, .packed])
  mutating func undispatched(_ state: LifeState) throws {
    #expect(detector.observe(try seen(1, state)).isEmpty)
    let clue = try #require(detector.observe(try seen(2, state)).first)
    #expect(clue.severity == .warning)
    #expect(clue.message == .unsoldUndispatched)
    #expect(clue.numbers["needed"] == 2)
    #expect(clue.scans == [1, 2])
  }

  @Test("returned goods are a matter of their own")
  mutating func returned() throws {
    #expect(detector.observeAll([try seen(1, .returned), try seen(2, .packed)]).isEmpty)
    #expect(detector.observe(try seen(3, .returned)).map(\.message) == [.unsoldReturned])
  }

  @Test("an inspector's single scan is enough")
  mutating func inspector() throws {
    #expect(detector.observe(try seen(1, .packed) { $0.isInspector() }).count == 1)
  }

  @Test("a printer's quality check of many labels is one voice")
  mutating func qualityCheck() throws {
    #expect(detector.observeAll(try (1...50).map { try seen($0, .issued) { $0.isConsumer(in: .changsha) } }).isEmpty)
    #expect(
      detector.observeAll(try (51...59).map { try seen($0, .issued) { $0.key = 5 } }).count == 1, "two voices now")
  }

  @Test("the warehouse's own scans, sold goods and suspected copies raise nothing")
  mutating func nothing() throws {
    #expect(detector.observeAll(try (1...9).map { try seen($0, .packed) { $0.role = .warehouse } }).isEmpty)
    for state in [LifeState.dispatched, .received, .sold] {
      #expect(detector.observeAll(try (1...9).map { try seen($0, state) }).isEmpty)
    }
    let copies = try (1...9).map { try seen($0, .voided) { $0.authenticity = .suspectedCopy } }
    #expect(detector.observeAll(copies).isEmpty)
  }
}
