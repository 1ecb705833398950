import Hummingbird
import Ledger
import Server
import TransparencyLog

/// The warehouse station, which is also where a dealer scans: one page whose script does the work.
enum StationPages {
  static let pages: [Page] = [.get("/station", .roles([.warehouse, .issuer, .dealer]), show)]

  /// The texts that the script needs begin so.
  private static let wordPrefix = "st_"

  private static func show(_ visit: Visit) async throws -> Response {
    let actor = try visit.actor()
    let mine = actor.role == .dealer ? actor.dealer : nil
    let tasks = mine == nil ? ["pack", "dispatch", "return"] : ["receive", "transfer", "sell", "return"]
    var values: [String: Any] = [
      "mine": mine ?? "", "isHouse": mine == nil, "isDealer": mine != nil,
      "tasks": tasks.map { ["name": $0, "label": visit.t(wordPrefix + "task_" + $0)] },
      "words": visit.site.phrases.keys.filter { $0.hasPrefix(wordPrefix) }.sorted().map {
        ["key": String($0.dropFirst(wordPrefix.count)), "text": visit.t($0)]
      },
    ]
    if let mine {
      let network = try await visit.all("/v1/dealers/\(Query.escape(mine))/network")
      values["dealers"] = network.filter { $0["code"]?.string != mine }.map(option)
      values["gtins"] = ""
    } else {
      values["dealers"] = try await visit.all("/v1/dealers").map(option)
      values["gtins"] = try await visit.all("/v1/products").compactMap { $0["gtin"]?.string }.joined(separator: " ")
    }
    return visit.html("station", title: visit.t("station"), values)
  }

  private static func option(_ dealer: JSONValue) -> [String: Any] {
    [
      "code": dealer["code"]?.string ?? "", "name": dealer["name"]?.string ?? "",
      "territories": (dealer["territories"]?.array ?? []).compactMap(\.string).joined(separator: " "),
    ]
  }
}

extension Visit {
  /// Everything that a list of the API has, page by page; at most `max` items.
  func all(_ path: String, max: Int = 10_000) async throws -> [JSONValue] {
    var items: [JSONValue] = []
    var cursor: String?
    repeat {
      let query = Query([("limit", "1000")]).setting("cursor", cursor)
      let page = try await api(.get, path, query)
      items += page["items"]?.array ?? []
      cursor = page["next"]?.string
    } while cursor != nil && items.count < max
    return items
  }
}
