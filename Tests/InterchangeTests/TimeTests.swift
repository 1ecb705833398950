import Interchange
import Ledger
import Testing

@Suite("Times of dispatch lists")
struct TimeTests {
  private func at(_ text: String, now: String? = nil) throws -> String? {
    let row = "number,dealer,territories,code,date\nDN-1,D001,430000,\(Box.first),\(text)\n"
    return try list(row, now: now.flatMap { Timestamp(rfc3339: $0) }).dispatches[0].at?.description
  }

  @Test(
    "dates are read as people write them, in China's time",
    arguments: [
      ("2026-09-01T08:00:00Z", "2026-09-01T08:00:00Z"), ("2026-09-01T08:00:00+08:00", "2026-09-01T00:00:00Z"),
      ("2026-09-01 08:05", "2026-09-01T00:05:00Z"), ("2026/9/1 8:05:06", "2026-09-01T00:05:06Z"),
      ("2026年9月1日 18:00", "2026-09-01T10:00:00Z"), ("２０２６－０９－０１", "2026-08-31T16:00:00Z"),
      ("20260901", "2026-08-31T16:00:00Z"), ("2026.09.01", "2026-08-31T16:00:00Z"),
    ])
  func forms(_ text: String, _ expected: String) throws {
    #expect(try at(text) == expected)
  }

  @Test("a day alone is its end, or now while it lasts")
  func day() throws {
    #expect(try at("2026-09-01", now: "2026-09-05T00:00:00Z") == "2026-09-01T15:59:59.999Z")
    #expect(try at("2026-09-05", now: "2026-09-05T03:00:00Z") == "2026-09-05T03:00:00Z")
    #expect(try at("2026-09-06", now: "2026-09-05T03:00:00Z") == "2026-09-05T16:00:00Z")
  }

  @Test(
    "what is no time is refused",
    arguments: [
      "2026-13-01", "2026-09-01 25:00", "2026-09", "1-9-2026", "2026-09-01 8", "2026-+9-01", "45000", "2026-9-1 8:5:",
    ])
  func refused(_ text: String) {
    let row = "number,dealer,territories,code,date\nDN-1,D001,430000,\(Box.first),\(text)\n"
    #expect(badLines(row) == [BadLine(line: 2, column: .dispatchedAt, .notATime)])
  }
}
