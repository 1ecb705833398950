/// Why a market's files cannot be taken in: the file, the line and what is wrong there.
package enum MarketError: Error, Equatable, CustomStringConvertible {
  /// The file is not there or cannot be read, with the system's reason.
  case unreadable(file: String, reason: String)
  /// The first line lacks a column.
  case column(file: String, name: String)
  /// A line has another number of fields than the first.
  case fields(file: String, line: Int, count: Int, expected: Int)
  /// A quote is not closed, or text follows one.
  case quote(file: String, line: Int)
  /// A line longer than any is.
  case length(file: String, line: Int)
  /// A field is not what its column holds.
  case field(file: String, line: Int, column: String, text: String, expected: Expectation)
  /// Scans must come in the order of time.
  case order(line: Int)

  /// What a column holds.
  package enum Expectation: String, Sendable {
    /// Whole number in decimal digits.
    case integer = "a whole number"
    /// Decimal number.
    case number = "a number"
    /// Degrees.
    case degrees = "degrees within bounds"
    /// Code of a region in `regions.csv`.
    case region = "a region of regions.csv"
    /// Dealer in `dealers.csv`.
    case dealer = "a dealer of dealers.csv"
    /// Product in `skus.csv`.
    case product = "a product of skus.csv"
    /// Box in `dispatches.csv`.
    case box = "a box of dispatches.csv"
    /// One of the four sources.
    case source = "consumer_gps, consumer_ip, terminal or inspector"
    /// 0 or 1.
    case flag = "0 or 1"
    /// Why an exception was made.
    case reason = "borderTrade, onlineDealer or transfer"
    /// A moment after the one before it.
    case later = "later than from"
    /// Something rather than nothing.
    case text = "some text"
  }

  /// A sentence for the user.
  package var description: String {
    switch self {
    case .unreadable(let file, let reason): "\(file): \(reason)"
    case .column(let file, let name): "\(file): the first line has no column \(name)"
    case .fields(let file, let line, let count, let expected):
      "\(file), line \(line): \(count) fields where there should be \(expected)"
    case .quote(let file, let line): "\(file), line \(line): a quote is not closed or text follows it"
    case .length(let file, let line): "\(file), line \(line): the line is too long"
    case .field(let file, let line, let column, let text, let expected):
      "\(file), line \(line), \(column): \"\(text)\" is not \(expected.rawValue)"
    case .order(let line): "scans.csv, line \(line): earlier than the line before"
    }
  }
}
