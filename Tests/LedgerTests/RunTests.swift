import Ledger
import TestWorld
import Testing

@Suite("Runs")
struct RunTests {
  /// Runs that cover random numbers of two spaces, each number at most once.
  private func apart(_ random: inout SeededGenerator) -> (runs: [Run], numbers: Set<[Int64]>) {
    var runs: [Run] = []
    var numbers: Set<[Int64]> = []
    for _ in 0..<Int.random(in: 0...12, using: &random) {
      let space = Int64.random(in: 1...2, using: &random)
      let first = Int64.random(in: 0...40, using: &random)
      let last = first + Int64.random(in: 0...5, using: &random)
      let own = Set((first...last).map { [space, $0] })
      guard numbers.isDisjoint(with: own) else { continue }
      numbers.formUnion(own)
      runs.append(Run(space: space, first: first, last: last))
    }
    return (runs.shuffled(using: &random), numbers)
  }

  @Test("joined runs cover the same numbers, in order, with a gap between any two", arguments: Seeds.some(5))
  func joins(_ seed: UInt64) throws {
    var random = SeededGenerator(seed)
    for _ in 0..<2000 {
      let (runs, numbers) = apart(&random)
      let joined = try #require(Run.joined(runs), "seed \(seed)")
      #expect(Set(joined.flatMap { run in (run.first...run.last).map { [run.space, $0] } }) == numbers, "seed \(seed)")
      for (left, right) in zip(joined, joined.dropFirst()) {
        #expect((left.space, left.last + 1) < (right.space, right.first), "seed \(seed)")
      }
      #expect(Run.joined(joined) == joined)
      #expect(Run.joined(runs.reversed()) == joined)
      #expect(joined.reduce(0) { $0 + $1.count } == Int64(numbers.count))
    }
  }

  @Test("two runs that share a number are refused", arguments: Seeds.some(5))
  func overlaps(_ seed: UInt64) throws {
    var random = SeededGenerator(seed)
    for _ in 0..<2000 {
      let (runs, _) = apart(&random)
      guard let victim = runs.randomElement(using: &random) else { continue }
      let shared = Int64.random(in: victim.first...victim.last, using: &random)
      let bad = Run(
        space: victim.space, first: max(0, shared - Int64.random(in: 0...3, using: &random)),
        last: shared + Int64.random(in: 0...3, using: &random))
      #expect(Run.joined((runs + [bad]).shuffled(using: &random)) == nil, "seed \(seed): \(runs) and \(bad)")
    }
  }

  @Test("a run is cut to what is asked for")
  func clamps() {
    let run = Run(space: 1, first: 10, last: 19)
    #expect(run.clamped(0, 100) == run && run.clamped(10, 19) == run)
    #expect(run.clamped(12, 14) == Run(space: 1, first: 12, last: 14))
    #expect(run.clamped(0, 10) == Run(space: 1, first: 10, last: 10))
    #expect(run.clamped(20, 30) == nil && run.clamped(0, 9) == nil)
    #expect(Run.joined([]) == [])
  }
}
