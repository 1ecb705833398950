import Hummingbird
import Ledger

/// Days of a query, both ends included.
struct DaySpan: Sendable {
  /// Days since 1970.
  let from: Int64, to: Int64

  /// Reads `from` and `to`, each a date or a time; to today unless said, over `days` days or from the very first.
  init(_ request: Request, now: Timestamp, days: Int64? = 90) throws {
    func day(_ name: Substring) throws -> Int64? {
      guard let text = request.uri.queryParameters[name] else { return nil }
      guard let time = Timestamp(rfc3339: text.count == 10 ? text + "T00:00:00Z" : String(text)) else {
        throw Problem.field(String(name), "must be a date such as 2026-09-01")
      }
      return time.day
    }
    let last = try day("to") ?? now.day
    from = try day("from") ?? days.map { last - $0 + 1 } ?? 0
    to = last
  }

  /// Unix milliseconds of its start, and of its end, which is not included.
  var milliseconds: Range<Int64> { from * 86_400_000..<max(from, to + 1) * 86_400_000 }

  /// A day as a date.
  static func text(_ day: Int64) -> String { String(Timestamp(milliseconds: day * 86_400_000).description.prefix(10)) }
}
