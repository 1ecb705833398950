import Hummingbird
import Ledger
import Server
import Spreadsheets
import TransparencyLog

/// What a dealer sees of its goods: what is on its way, what it and those below it hold, and the prices asked of it.
enum PortalPages {
  static let pages: [Page] =
    [
      .get("/portal/goods", .roles([.dealer])) { visit in try await goods(visit) },
      .post("/portal/receipts", .roles([.dealer]), receive),
      .get("/portal/prices", .roles([.dealer]), prices),
    ] + Page.exports("/portal/incoming", .roles([.dealer]), exportIncoming)
    + Page.exports("/portal/stock", .roles([.dealer]), exportStock)
    + Page.exports("/portal/prices", .roles([.dealer]), exportPrices)

  /// The address of a call about one's own dealer.
  private static func path(_ visit: Visit, _ name: String) throws -> String {
    "/v1/dealers/\(Query.escape(try visit.ownDealer()))/\(name)"
  }

  private static func goods(
    _ visit: Visit, error: String? = nil, status: HTTPResponse.Status = .ok
  ) async throws -> Response {
    let incoming = try await visit.all(path(visit, "incoming"))
    let stock = try await visit.all(path(visit, "stock"))
    let names = try await names(visit)
    var values: [String: Any] = [
      "incoming": incoming.map { visit.arrival($0, names) }, "hasStock": !stock.isEmpty,
      "incomingExports": visit.exports("/portal/incoming"), "stockExports": visit.exports("/portal/stock"),
      "stock": stock.map { line -> [String: Any] in
        let holder = line["dealer"]?.string ?? ""
        return [
          "product": visit.both(line["product"]?["name"]), "gtin": line["product"]?["gtin"]?.string ?? "",
          "holder": [holder, names[holder] ?? ""].joined(separator: " "), "places": visit.places(line["territories"]),
          "state": visit.t("stock_" + (line["state"]?.string ?? "")),
          "items": Format.number(line["itemCount"]?.int ?? 0),
        ]
      },
    ]
    if let error { values["error"] = error }
    return visit.html("portal-goods", title: visit.t("portal"), values, status: status)
  }

  /// Receives all that is on its way by one event, as the API lists it now.
  private static func receive(_ visit: Visit) async throws -> Response {
    let event = visit.form["event"].flatMap { Int64($0) }
    let incoming = try await visit.all(path(visit, "incoming"))
    guard let arrival = incoming.first(where: { $0["event"]?.int == event }), let ranges = arrival["ranges"] else {
      return visit.redirect("/portal/goods", done: "received")
    }
    do {
      let body: JSONValue = ["ranges": ranges, "dealer": .string(try visit.ownDealer())]
      _ = try await visit.api(.post, "/v1/receipts", Query(), body)
      return visit.redirect("/portal/goods", done: "received")
    } catch let problem as Problem {
      return try await goods(visit, error: visit.refusals(problem), status: problem.status)
    }
  }

  private static func prices(_ visit: Visit) async throws -> Response {
    let stock = try await visit.all(path(visit, "stock"))
    let products = Dictionary(
      stock.map { ($0["product"]?["gtin"]?.string ?? "", visit.both($0["product"]?["name"])) },
      uniquingKeysWith: { first, _ in first })
    let policies = try await visit.all(path(visit, "price-policies")).map { policy -> [String: Any] in
      let gtin = policy["gtin"]?.string ?? ""
      var values: [String: Any] = [
        "product": [products[gtin] ?? "", gtin].filter { !$0.isEmpty }.joined(separator: " "),
        "floor": policy["floor"].map(visit.money) ?? "", "mode": visit.t("mode_" + (policy["mode"]?.string ?? "")),
        "places": visit.places(policy["regions"]), "from": visit.time(policy["from"]?.string),
      ]
      if let basis = policy["legalBasis"]?.string { values["basis"] = basis }
      return values
    }
    return visit.html(
      "portal-prices", title: visit.t("ownPrices"), ["policies": policies, "exports": visit.exports("/portal/prices")])
  }

  private static func exportIncoming(_ visit: Visit) async throws -> Export {
    let names = try await names(visit)
    let rows = try await visit.rows(path(visit, "incoming")) { arrival -> [Table.Cell] in
      [
        Table.Cell(visit.arrival(arrival, names)["from"] as? String), Table.Cell(time: arrival["at"]),
        Table.Cell(visit.places(arrival["territories"])), Table.Cell(count: arrival["itemCount"]),
      ]
    }
    let heads = ["fromHead", "col_at", "territories", "items"].map { visit.t($0) }
    return Export(name: "yima-incoming", title: "incoming", table: Table(heads: heads, rows: rows))
  }

  private static func exportStock(_ visit: Visit) async throws -> Export {
    let names = try await names(visit)
    let rows = try await visit.rows(path(visit, "stock")) { line -> [Table.Cell] in
      let holder = line["dealer"]?.string ?? ""
      return [
        Table.Cell(line["product"]?["gtin"]?.string), Table.Cell(visit.both(line["product"]?["name"])),
        Table.Cell(holder), Table.Cell(names[holder]), Table.Cell(visit.places(line["territories"])),
        Table.Cell(visit.t("stock_" + (line["state"]?.string ?? ""))), Table.Cell(count: line["itemCount"]),
      ]
    }
    let heads = ["gtin", "product", "holder", "name", "territories", "stateLabel", "items"].map { visit.t($0) }
    return Export(name: "yima-stock", title: "stock", table: Table(heads: heads, rows: rows))
  }

  private static func exportPrices(_ visit: Visit) async throws -> Export {
    let rows = try await visit.rows(path(visit, "price-policies")) { policy -> [Table.Cell] in
      [Table.Cell(policy["gtin"]?.string)] + Table.Cell.money(policy["floor"]) + [
        Table.Cell(visit.t("mode_" + (policy["mode"]?.string ?? ""))), Table.Cell(visit.places(policy["regions"])),
        Table.Cell(time: policy["from"]), Table.Cell(policy["legalBasis"]?.string),
      ]
    }
    let heads = ["gtin", "floorPrice", "currency", "priceMode", "policyRegions", "inForceFrom", "legalBasis"]
    return Export(
      name: "yima-prices", title: "portalPrices", table: Table(heads: heads.map { visit.t($0) }, rows: rows))
  }

  /// The names of the dealers below, by code.
  private static func names(_ visit: Visit) async throws -> [String: String] {
    Dictionary(
      try await visit.all(path(visit, "network")).map { ($0["code"]?.string ?? "", $0["name"]?.string ?? "") },
      uniquingKeysWith: { first, _ in first })
  }
}

extension Visit {
  /// The dealer that the person who looks belongs to.
  func ownDealer() throws -> String {
    guard let dealer = try actor().dealer else { throw Problem.forbidden }
    return dealer
  }

  /// A list of region codes by their names.
  func places(_ codes: JSONValue?) -> String {
    (codes?.array ?? []).compactMap { $0.string.map { region($0) } }.joined(separator: language == .zh ? "、" : ", ")
  }

  fileprivate func arrival(_ arrival: JSONValue, _ names: [String: String]) -> [String: Any] {
    let from =
      arrival["from"]?.string.map { t("fromDealer", ["from": [$0, names[$0] ?? ""].joined(separator: " ")]) }
      ?? t("fromDispatch", ["number": arrival["number"]?.string ?? ""])
    return [
      "from": from, "at": time(arrival["at"]?.string), "event": String(arrival["event"]?.int ?? 0),
      "places": places(arrival["territories"]),
      "count": t(
        "goodsCount",
        [
          "items": Format.number(arrival["itemCount"]?.int ?? 0),
          "units": Format.number(arrival["unitCount"]?.int ?? 0),
        ]),
    ]
  }
}
