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

  /// A file to be kept.
  static func response(_ rows: [[String]], named name: String) -> Response {
    var response = Response.bytes(file(rows), type: "text/csv; charset=utf-8")
    response.headers[.contentDisposition] = "attachment; filename=\"\(name).csv\""
    return response
  }
}
