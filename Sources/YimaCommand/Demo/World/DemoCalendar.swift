import Ledger

/// The days of a demo, counted in China (UTC+8): trade begins on day 0, the week before is for setting up.
struct DemoCalendar: Sendable {
  let now: Timestamp
  let days: Int
  /// Midnight in China of day 0, Unix milliseconds.
  private let midnight: Int64

  static let day: Int64 = 86_400_000
  private static let offset: Int64 = 8 * 3_600_000

  init(now: Timestamp, days: Int) {
    self.now = now
    self.days = days
    midnight = (now.advanced(by: Self.offset).day - Int64(days)) * Self.day - Self.offset
  }

  /// When the installation is made.
  var opening: Timestamp { moment(-7, 9) }

  /// A moment of a day; hours may have fractions.
  func moment(_ day: Int, _ hour: Double) -> Timestamp {
    Timestamp(milliseconds: midnight + Int64(day) * Self.day + Int64(hour * 3600) * 1000)
  }

  /// Which day a moment is on.
  func day(of moment: Timestamp) -> Int {
    Int(Timestamp(milliseconds: moment.milliseconds - midnight).day)
  }

  /// The day after a share of all days.
  func day(at share: Double) -> Int { Int(Double(days) * share) }

  /// The first day from `day` on when the warehouse works: Monday to Saturday. 1970-01-01 was a Thursday.
  func workday(from day: Int) -> Int {
    let number = moment(day, 0).advanced(by: Self.offset).day
    return (number + 4) % 7 == 0 ? day + 1 : day
  }

  /// `20260901`, as it stands on papers.
  func stamp(_ day: Int) -> String {
    String(moment(day, 0).advanced(by: Self.offset).description.prefix(10).filter { $0 != "-" })
  }
}
