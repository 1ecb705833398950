/// Cuts many rows or values into pieces of 32, 16, 8 … 1, each for one statement of SQLite. Powers of two, so that few
/// different texts are compiled and kept.
struct SQLPieces: Sequence, IteratorProtocol {
  private var rest: Range<Int>

  /// The longest piece.
  static let longest = 32

  /// Pieces of `0..<count`, in order.
  init(of count: Int) { rest = 0..<count }

  mutating func next() -> Range<Int>? {
    guard !rest.isEmpty else { return nil }
    var length = Self.longest
    while length > rest.count { length /= 2 }
    defer { rest = (rest.lowerBound + length)..<rest.upperBound }
    return rest.lowerBound..<(rest.lowerBound + length)
  }

  /// `?, ?, ?` for so many values.
  static func marks(_ count: Int) -> String { Array(repeating: "?", count: count).joined(separator: ", ") }
}
