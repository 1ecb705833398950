import Hummingbird
import TransparencyLog

/// `?limit=&cursor=` and `{"items":[…],"next":"…"}`.
package struct Paging: Sendable {
  /// At most this many items (1 to 1000, 100 unless said).
  package let limit: Int
  /// Where the page before ended; empty at the start.
  package let cursor: String

  /// Reads the query of a request.
  package init(_ request: Request) throws {
    let query = request.uri.queryParameters
    let text = query["limit"].map(String.init) ?? "100"
    guard let limit = Int(text), (1...1000).contains(limit) else {
      throw Problem.field("limit", "must lie between 1 and 1000")
    }
    self.limit = limit
    cursor = query["cursor"].map(String.init) ?? ""
  }

  /// The cursor as a number, `start` at the beginning.
  package func number(start: Int64) throws -> Int64 {
    guard !cursor.isEmpty else { return start }
    guard let number = Int64(cursor) else { throw Problem.field("cursor", "is not a cursor of this list") }
    return number
  }

  /// The page; `next` is given when there may be more.
  package func page(_ items: [JSONValue], next: String?) -> JSONValue {
    ["items": .array(items), "next": items.count == limit ? next.map(JSONValue.string) ?? nil : nil]
  }

  /// A page that says itself where the next one begins.
  package static func page(_ items: [JSONValue], next: Int64?) -> JSONValue {
    ["items": .array(items), "next": next.map { .string(String($0)) } ?? nil]
  }
}
