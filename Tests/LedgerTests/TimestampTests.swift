import Ledger
import TestWorld
import Testing

@Suite("Timestamps are RFC 3339 in and out")
struct TimestampTests {
  @Test(
    "any offset is read",
    arguments: [
      ("1970-01-01T00:00:00Z", 0), ("1970-01-01T00:00:00.001Z", 1), ("2026-09-01T08:00:00Z", 1_788_249_600_000),
      ("2026-09-01T16:00:00+08:00", 1_788_249_600_000), ("2026-09-01T02:30:00-05:30", 1_788_249_600_000),
      ("2026-09-01t08:00:00z", 1_788_249_600_000), ("2026-09-01 08:00:00Z", 1_788_249_600_000),
      ("2026-09-01T08:00:00-00:00", 1_788_249_600_000), ("2026-09-01T08:00:00.5Z", 1_788_249_600_500),
      ("2026-09-01T08:00:00.123999Z", 1_788_249_600_123), ("2024-02-29T00:00:00Z", 1_709_164_800_000),
      ("2000-02-29T00:00:00Z", 951_782_400_000), ("1990-12-31T23:59:60Z", 662_688_000_000),
      ("9999-12-31T23:59:59.999Z", 253_402_300_799_999),
    ] as [(String, Int64)])
  func reads(_ text: String, _ milliseconds: Int64) {
    #expect(Timestamp(rfc3339: text)?.milliseconds == milliseconds)
  }

  static let refused = [
    "", "2026", "2026-09-01", "2026-09-01T08:00:00", "2026-09-01T08:00Z", "2026-09-01T08:00:00.Z",
    "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-02-29T00:00:00Z", "1900-02-29T00:00:00Z",
    "2026-04-31T00:00:00Z", "2026-01-00T00:00:00Z", "2026-01-32T00:00:00Z", "2026-01-01T24:00:00Z",
    "2026-01-01T00:60:00Z", "2026-01-01T00:00:61Z", "2026-01-01T00:00:00+24:00", "2026-01-01T00:00:00+08:60",
    "2026-01-01T00:00:00+0800", "2026-01-01T00:00:00ZZ", " 2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z ",
    "1969-12-31T23:59:59Z", "１９７０-01-01T00:00:00Z", "+026-01-01T00:00:00Z", "2026-1-01T00:00:00Z",
    "-2026-01-01T00:00:00Z", "2026-01-01T00:00:00.-5Z", "2026-09-01T08:00:00,5Z",
    // An offset must not carry an instant out of the years that can be written.
    "1970-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01", "9999-12-31T23:59:60Z",
    // 64 bytes that are a time, and something after them.
    "2026-01-01T00:00:00." + String(repeating: "1", count: 43) + "Zjunk",
  ]

  @Test("anything else is refused", arguments: refused)
  func refuses(_ text: String) { #expect(Timestamp(rfc3339: text) == nil) }

  @Test("what is written is read back as the same instant", arguments: Seeds.some(3))
  func roundTrip(_ seed: UInt64) {
    var random = SeededGenerator(seed)
    for _ in 0..<20_000 {
      let time = Timestamp(milliseconds: Int64.random(in: 0...253_402_300_799_999, using: &random))
      let text = time.description
      #expect(Timestamp(rfc3339: text) == time, "seed \(seed): \(text)")
      #expect(text.utf8.count == (time.milliseconds % 1000 == 0 ? 20 : 24))
      #expect(time.seconds == time.milliseconds / 1000 && time.day == time.milliseconds / 86_400_000)
    }
  }

  @Test("arbitrary bytes never trap, and what is read is written back to the same instant", arguments: Seeds.some(3))
  func fuzz(_ seed: UInt64) {
    var random = SeededGenerator(seed)
    let alphabet = Array("0123456789-:TZ+. tz".unicodeScalars)
    for _ in 0..<20_000 {
      var text = Timestamp(milliseconds: Int64.random(in: 0...253_402_300_799_999, using: &random)).description
      for _ in 0..<Int.random(in: 0...3, using: &random) {
        var scalars = Array(text.unicodeScalars)
        let place = Int.random(in: scalars.indices, using: &random)
        guard let new = alphabet.randomElement(using: &random) else { continue }
        scalars[place] = new
        text = String(String.UnicodeScalarView(scalars))
      }
      guard let read = Timestamp(rfc3339: text) else { continue }
      #expect(Timestamp(rfc3339: read.description) == read, "seed \(seed): \(text)")
    }
  }

  @Test(
    "an instant that no four-digit year holds is written as the nearest one that it does",
    arguments: [
      (Int64.min, "0000-01-01T00:00:00Z"), (-1, "1969-12-31T23:59:59.999Z"), (.max, "9999-12-31T23:59:59.999Z"),
      (253_402_300_800_000, "9999-12-31T23:59:59.999Z"), (-62_167_219_200_001, "0000-01-01T00:00:00Z"),
    ] as [(Int64, String)])
  func extremes(_ milliseconds: Int64, _ text: String) {
    #expect(Timestamp(milliseconds: milliseconds).description == text)
  }

  @Test("moving on saturates, and order is that of time")
  func arithmetic() {
    #expect(Timestamp(milliseconds: .max).advanced(by: 1).milliseconds == .max)
    #expect(Timestamp(milliseconds: .min).advanced(by: -1).milliseconds == .min)
    #expect(Timestamp(milliseconds: 5).advanced(by: -7) < Timestamp(milliseconds: 0))
    #expect(Timestamp(milliseconds: -1).seconds == -1 && Timestamp(milliseconds: -1).day == -1)
  }
}
