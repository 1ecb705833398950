/// Reads a table of comma-separated values (RFC 4180) chunk by chunk: memory for one line, whatever the file's size.
struct TableReader {
  /// Gives the next bytes; none at the end.
  typealias Chunks = () throws(MarketError) -> [UInt8]

  let file: String
  private let chunks: Chunks
  private var chunk: [UInt8] = []
  private var place = 0
  private var isAtEnd = false
  /// Line of the row in ``row``, from 1; its bytes without quotes; where its fields end.
  private(set) var line = 0
  private var row: [UInt8] = []
  private var ends: [Int] = []
  /// Position of every wanted column.
  private var positions: [Int] = []
  private let columns: [String]
  private var width = 0

  /// Longest line.
  static let lengthMax = 1 << 16

  /// Reads the first line and finds the columns by name, in any order, others beside them.
  init(_ file: String, columns: [String], _ chunks: @escaping Chunks) throws(MarketError) {
    self.file = file
    self.chunks = chunks
    self.columns = columns
    guard try advance() else { throw .column(file: file, name: columns.first ?? "") }
    width = ends.count
    let names = (0..<ends.count).map { raw($0).hasPrefix("\u{FEFF}") ? String(raw($0).dropFirst()) : raw($0) }
    for column in columns {
      guard let position = names.firstIndex(of: column) else { throw .column(file: file, name: column) }
      positions.append(position)
    }
  }

  /// Goes to the next row; false at the end. Empty lines are skipped.
  mutating func next() throws(MarketError) -> Bool {
    repeat {
      guard try advance() else { return false }
    } while ends.count == 1 && row.isEmpty
    guard ends.count == width else { throw .fields(file: file, line: line, count: ends.count, expected: width) }
    return true
  }

  private mutating func byte() throws(MarketError) -> UInt8? {
    if place == chunk.count {
      guard !isAtEnd else { return nil }
      chunk = try chunks()
      place = 0
      isAtEnd = chunk.isEmpty
      guard !isAtEnd else { return nil }
    }
    place += 1
    return chunk[place - 1]
  }

  private mutating func advance() throws(MarketError) -> Bool {
    row.removeAll(keepingCapacity: true)
    ends.removeAll(keepingCapacity: true)
    line += 1
    var isQuoted = false, wasQuoted = false, isEmpty = true
    while let next = try byte() {
      isEmpty = false
      guard row.count < Self.lengthMax else { throw .length(file: file, line: line) }
      if isQuoted {
        if next == UInt8(ascii: "\"") { (isQuoted, wasQuoted) = (false, true) } else { row.append(next) }
        continue
      }
      switch next {
      case UInt8(ascii: "\""):
        if wasQuoted {
          row.append(next)
          (isQuoted, wasQuoted) = (true, false)
        } else if row.count == ends.last ?? 0 {
          isQuoted = true
        } else {
          throw .quote(file: file, line: line)
        }
      case UInt8(ascii: ","):
        ends.append(row.count)
        wasQuoted = false
      case UInt8(ascii: "\n"):
        ends.append(row.count)
        return true
      case UInt8(ascii: "\r"): break
      default:
        guard !wasQuoted else { throw .quote(file: file, line: line) }
        row.append(next)
      }
    }
    guard !isQuoted else { throw .quote(file: file, line: line) }
    guard !isEmpty else { return false }
    ends.append(row.count)
    return true
  }

  private func range(_ position: Int) -> Range<Int> { (position == 0 ? 0 : ends[position - 1])..<ends[position] }

  private func raw(_ position: Int) -> String { String(decoding: row[range(position)], as: UTF8.self) }

  // MARK: Fields, by the number of the wanted column

  func text(_ column: Int) -> String { raw(positions[column]) }

  func isEmpty(_ column: Int) -> Bool { range(positions[column]).isEmpty }

  func failure(_ column: Int, _ expected: MarketError.Expectation) -> MarketError {
    .field(
      file: file, line: line, column: columns[column], text: String(text(column).prefix(40)), expected: expected)
  }

  /// Some text and the number that stands for it.
  func name(_ column: Int) throws(MarketError) -> UInt64 {
    guard !isEmpty(column) else { throw failure(column, .text) }
    return id(column)
  }

  /// The number that stands for a text; 0 for none.
  func id(_ column: Int) -> UInt64 {
    guard !isEmpty(column) else { return 0 }
    var hash = StableHash()
    hash.add(row[range(positions[column])])
    return hash.value
  }

  /// Digits without sign or leading zeros, or a single zero; at most 15, so that nothing overflows.
  func integer(_ column: Int) throws(MarketError) -> Int64 {
    let digits = row[range(positions[column])]
    guard let first = digits.first, digits.count <= 15, first != UInt8(ascii: "0") || digits.count == 1 else {
      throw failure(column, .integer)
    }
    var value: Int64 = 0
    for digit in digits {
      guard digit >= UInt8(ascii: "0"), digit <= UInt8(ascii: "9") else { throw failure(column, .integer) }
      value = value * 10 + Int64(digit - UInt8(ascii: "0"))
    }
    return value
  }

  /// A finite decimal number.
  func number(_ column: Int) throws(MarketError) -> Double {
    guard let value = Double(text(column)), value.isFinite else { throw failure(column, .number) }
    return value
  }

  /// Degrees between ± `bound`.
  func degrees(_ column: Int, bound: Double) throws(MarketError) -> Double {
    guard let value = Double(text(column)), abs(value) <= bound else { throw failure(column, .degrees) }
    return value
  }
}
