import Ledger
import Testing

@Suite("When erased data is overwritten in the database's files")
struct ScrubbingTests {
  private static let since = Timestamp(rfc3339: "2026-11-22T12:00:00Z")

  @Test("what went on schedule waits for three to five in the night in Beijing")
  func night() throws {
    let since = try #require(Self.since)
    let due = (0..<24).filter { hour in
      Scrubbing.tonight(since: since).isDue(at: since.advanced(by: Int64(hour) * 3_600_000))
    }
    // 19:00 and 20:00 UTC, seven and eight hours later.
    #expect(due == [7, 8])
  }

  @Test("a machine that is never on at night does it after two days; what was asked for is done at once")
  func day() throws {
    let since = try #require(Self.since)
    let later = since.advanced(by: 2 * 86_400_000)
    #expect(!Scrubbing.tonight(since: since).isDue(at: later))
    #expect(Scrubbing.tonight(since: since).isDue(at: later.advanced(by: 1)))
    #expect(Scrubbing.due.isDue(at: since) && !Scrubbing.done.isDue(at: later))
    #expect(Scrubbing.begun.isDue(at: since), "a crash came between")
  }

  @Test("the row of settings gives back what was written, and a text that is none of these asks for it at once")
  func row() throws {
    let since = try #require(Self.since)
    for state in [Scrubbing.done, .due, .begun, .tonight(since: since)] { #expect(Scrubbing(state.text) == state) }
    #expect(Scrubbing(nil) == .done)
    #expect(Scrubbing("tonight never") == .due && Scrubbing("x") == .due)
  }
}
