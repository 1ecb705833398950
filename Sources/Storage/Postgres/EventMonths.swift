import Synchronization

/// Where events lie on PostgreSQL: in a partition for each month in which they were recorded, and within it in spans of
/// 65 536 consecutive numbers. Months never go back: an event recorded by a slow clock lies in the month before it.
///
/// `span` is month and span in one number that grows with the event's, so that it is partition key, distribution column
/// and order at once.
package enum EventSpan {
  /// Events of one span: two to this power.
  static let bits: Int64 = 16

  /// The month of a moment in UTC, counted from January 1970; no later than the year 9999.
  /// - Parameter time: Unix milliseconds.
  package static func month(of time: Int64) -> Int64 {
    // Days to a year and month of the Gregorian calendar that begins in March (Hinnant, "chrono-compatible low-level
    // date algorithms", civil_from_days).
    let days = min(max(time, 0) / 86_400_000, 2_932_896) + 719_468
    let (era, day) = days.quotientAndRemainder(dividingBy: 146_097)
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365
    let march = (5 * (day - (365 * year + year / 4 - year / 100)) + 2) / 153
    return (era * 400 + year) * 12 + march + 2 - 1_970 * 12
  }

  /// The span of an event in a month.
  static func span(month: Int64, id: Int64) -> Int64 { month << 32 | id >> bits }

  /// The first span of a month.
  static func first(ofMonth month: Int64) -> Int64 { month << 32 }

  /// What a month's partitions are called after their table: `2026_11`.
  package static func name(ofMonth month: Int64) -> String {
    let (year, place) = month.quotientAndRemainder(dividingBy: 12)
    return "\(1_970 + year)_\(place < 9 ? "0" : "")\(place + 1)"
  }

  /// The months of the events in a table that is not yet divided, each with the event that begins it.
  static func starts(in table: String, _ transaction: Transaction) throws -> [(month: Int64, first: Int64)] {
    var starts: [(month: Int64, first: Int64)] = []
    try transaction.each("SELECT min(id), recorded / 86400000 FROM \(table) GROUP BY 2 ORDER BY 1") { day in
      let month = Self.month(of: day.int(1) * 86_400_000)
      // A month that begins after a later one has only events of a slow clock.
      while let last = starts.last, last.first > day.int(0) { starts.removeLast() }
      if month > starts.last?.month ?? -1 { starts.append((month, day.int(0))) }
    }
    return starts
  }
}

/// The months and the event that each begins with, as far as this process knows them.
final class EventMonths: Sendable {
  /// What is known at one moment.
  struct Known: Sendable {
    /// In order.
    var starts: [(month: Int64, first: Int64)] = []
    /// The last event whose month is certain.
    var through: Int64 = 0

    /// The month of an event that is known to be there.
    func month(of id: Int64) -> Int64? { starts.last { $0.first <= id }?.month }

    /// The latest month; nil before the first event.
    var latest: Int64? { starts.last?.month }
  }

  private let known = Mutex(Known())

  init() {}

  /// What is known.
  var now: Known { known.withLock { $0 } }

  /// Takes what a transaction read; what reaches further stays.
  func learn(_ read: Known) {
    known.withLock { if read.through >= $0.through { $0 = read } }
  }

  /// Forgets everything: the database is another one, or was promoted.
  func forget() { known.withLock { $0 = Known() } }
}

/// The tables with a partition for each month.
enum MonthlyTable: String, CaseIterable {
  /// The log's events, for good; and what is personal in them, until its time is over.
  case event, personal = "event_private"

  /// Makes a month's partitions unless they are there. Readers and writers go on: attaching waits for neither.
  static func make(month: Int64, _ transaction: Transaction) throws {
    for table in allCases {
      let name = table.partition(ofMonth: month)
      if try !transaction.hasTable(name) { for sql in table.definition(ofMonth: month) { try transaction.define(sql) } }
    }
  }

  /// The statements that make a month's partition.
  func definition(ofMonth month: Int64) -> [String] {
    let name = partition(ofMonth: month)
    let (first, last) = (EventSpan.first(ofMonth: month), EventSpan.first(ofMonth: month + 1))
    return [
      "CREATE TABLE \(name) (LIKE \(rawValue) INCLUDING DEFAULTS INCLUDING CONSTRAINTS)",
      "ALTER TABLE \(rawValue) ATTACH PARTITION \(name) FOR VALUES FROM (\(first)) TO (\(last))",
    ]
  }

  /// The name of a month's partition.
  func partition(ofMonth month: Int64) -> String { "\(rawValue)_\(EventSpan.name(ofMonth: month))" }
}

extension Transaction {
  /// Whether PostgreSQL has a table of this name here.
  func hasTable(_ name: String) throws -> Bool {
    try first("SELECT to_regclass(?) IS NOT NULL", [.text(name)]) { $0.int(0) == 1 } ?? false
  }
}
