/// One record of a table.
struct CSVRecord: Equatable {
  /// The line it begins on, from 1.
  let line: Int
  /// Its fields, without the quotes that enclosed them.
  let fields: [String]

  /// Whether nothing stands in it: spreadsheets write such rows at the end of a table.
  var isBlank: Bool { fields.allSatisfy { $0.folded.isEmpty } }
}

/// A table that is not one (RFC 4180).
struct CSVFault: Error, Equatable {
  enum Kind: Equatable { case unclosedQuote, textAfterQuote, tooManyColumns, tooManyLines }

  /// Where, from 1.
  let line: Int
  let kind: Kind
}

/// Reads RFC 4180: quoted fields may hold delimiters, line breaks and doubled quotes. Lines end with CRLF, LF or CR. A
/// quote inside of an unquoted field is a character like any other, because people write inches so.
struct CSVReader {
  private let bytes: [UInt8]
  private let delimiter: [UInt8]
  private var place = 0
  private var line = 1

  /// - Parameter bytes: valid UTF-8.
  init(_ bytes: [UInt8], delimiter: Delimiter) {
    self.bytes = bytes
    self.delimiter = Array(delimiter.rawValue.utf8)
  }

  /// The next record, nil at the end.
  mutating func next() throws(CSVFault) -> CSVRecord? {
    guard place < bytes.count else { return nil }
    guard line <= ListLimits.linesMax else { throw CSVFault(line: line, kind: .tooManyLines) }
    let start = line
    var fields: [String] = []
    repeat {
      guard fields.count < ListLimits.columnsMax else { throw CSVFault(line: start, kind: .tooManyColumns) }
      fields.append(try field())
    } while takeDelimiter()
    takeLineEnd()
    return CSVRecord(line: start, fields: fields)
  }

  /// One field, up to the delimiter or line end after it.
  private mutating func field() throws(CSVFault) -> String {
    guard byte == UInt8(ascii: "\"") else {
      let start = place
      while let byte, !isLineEnd(byte), !isDelimiter { place += 1 }
      return String(decoding: bytes[start..<place], as: UTF8.self)
    }
    let start = line
    var content: [UInt8] = []
    place += 1
    while let byte {
      place += 1
      if byte != UInt8(ascii: "\"") {
        content.append(byte)
        if byte == UInt8(ascii: "\n") || (byte == UInt8(ascii: "\r") && self.byte != UInt8(ascii: "\n")) { line += 1 }
      } else if self.byte == UInt8(ascii: "\"") {
        content.append(byte)
        place += 1
      } else {
        // Blanks after the closing quote do no harm; spreadsheets' neighbours write them.
        while self.byte == UInt8(ascii: " ") { place += 1 }
        guard self.byte.map(isLineEnd) ?? true || isDelimiter else { throw CSVFault(line: line, kind: .textAfterQuote) }
        return String(decoding: content, as: UTF8.self)
      }
    }
    throw CSVFault(line: start, kind: .unclosedQuote)
  }

  private var byte: UInt8? { place < bytes.count ? bytes[place] : nil }

  private func isLineEnd(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") }

  /// Asked of every byte, so the common answer comes first.
  private var isDelimiter: Bool {
    bytes[place] == delimiter[0] && (delimiter.count == 1 || bytes[place...].starts(with: delimiter))
  }

  private mutating func takeDelimiter() -> Bool {
    guard place < bytes.count, isDelimiter else { return false }
    place += delimiter.count
    return true
  }

  private mutating func takeLineEnd() {
    if byte == UInt8(ascii: "\r") {
      place += 1
      if byte == UInt8(ascii: "\n") { place += 1 }
    } else if byte == UInt8(ascii: "\n") {
      place += 1
    }
    line += 1
  }
}

/// What parts the fields of a line.
enum Delimiter: String, CaseIterable {
  case tab = "\t"
  case comma = ","
  case semicolon = ";"
  /// Lists typed by hand with a Chinese input method.
  case fullWidthComma = "，"

  /// Looks at the first line that says something: where one delimiter makes it a heading, that is the one; else the one
  /// that parts it into most fields, the earlier of two that do alike.
  static func detect(_ text: [UInt8]) -> Delimiter {
    var best = (delimiter: Delimiter.comma, fields: 1)
    for delimiter in allCases {
      var reader = CSVReader(text, delimiter: delimiter)
      var record: CSVRecord?
      repeat { record = try? reader.next() } while record?.isBlank == true
      guard let record else { continue }
      if ListColumns(heading: record) != nil { return delimiter }
      if record.fields.count > best.fields { best = (delimiter, record.fields.count) }
    }
    return best.delimiter
  }
}
