import Hummingbird
import Server

/// Tables as files (RFC 4180), for spreadsheets.
enum CSV {
  /// A file: UTF-8 with a mark so that Excel reads Chinese, and no cell that a spreadsheet would take for a formula.
  static func file(_ rows: [[String]]) -> [UInt8] {
    [0xef, 0xbb, 0xbf] + Array(rows.map { $0.map(cell).joined(separator: ",") + "\r\n" }.joined().utf8)
  }

  /// One cell. What begins like a formula gets an apostrophe before it; numbers keep their sign.
  static func cell(_ text: String) -> String {
    var text = text
    if let first = text.first, "=+-@\t\r\n＝＋－＠".contains(first), Double(text) == nil { text = "'" + text }
    guard text.contains(where: { ",\"\r\n'".contains($0) || $0 == "\r\n" }) else { return text }
    return "\"" + text.replacing("\"", with: "\"\"") + "\""
  }

  /// The rows of a text; comma, semicolon or tab, whichever its first line has most of.
  static func rows(_ text: String) -> [[String]] {
    let text = text.hasPrefix("\u{feff}") ? String(text.dropFirst()) : text
    let head = text.prefix { !$0.isNewline }
    let comma = [",", "\t", ";"].max { a, b in
      head.filter { String($0) == a }.count < head.filter { String($0) == b }.count
    }
    let separator = Character(comma ?? ",")
    var rows: [[String]] = [], row: [String] = [], cell = ""
    var isQuoted = false
    var previousQuote = false
    for letter in text {
      if isQuoted, letter == "\"", !previousQuote {
        previousQuote = true
        continue
      }
      if previousQuote {
        previousQuote = false
        if letter == "\"" {
          cell.append(letter)
          continue
        }
        isQuoted = false
      }
      switch letter {
      case "\"" where !isQuoted && cell.isEmpty: isQuoted = true
      case separator where !isQuoted:
        row.append(cell)
        cell = ""
      case _ where letter.isNewline && !isQuoted:
        rows.append(row + [cell])
        (row, cell) = ([], "")
      default: cell.append(letter)
      }
    }
    if !cell.isEmpty || !row.isEmpty { rows.append(row + [cell]) }
    return rows.filter { $0.contains { !$0.trimmed.isEmpty } }
  }

  /// A file to be kept.
  static func response(_ rows: [[String]], named name: String) -> Response {
    var response = Response.bytes(file(rows), type: "text/csv; charset=utf-8")
    response.headers[.contentDisposition] = "attachment; filename=\"\(name).csv\""
    return response
  }
}
