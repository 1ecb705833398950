import Hummingbird
import Ledger
import Server
import Spreadsheets
import TransparencyLog

/// Where goods turn up: figures, tables and a map; each figure leads to the scans behind it.
enum OverviewPages {
  private static let readers: Page.Audience = .roles([.compliance, .auditor])

  static let pages: [Page] =
    [
      .get("/console/overview", readers, overview),
      .get("/console/scans", readers, scans),
    ] + Page.exports("/console/overview", readers, export) + Page.exports("/console/scans", readers, exportScans)

  private static let rowsMax = 12

  private static func span(_ visit: Visit) -> Query {
    var query = Query()
    for name in ["from", "to"] { if let value = visit.query[name] { query = query.setting(name, value) } }
    return query
  }

  private static func overview(_ visit: Visit) async throws -> Response {
    do {
      return try await overview(visit, span(visit))
    } catch let problem as Problem where problem.status == .unprocessableContent {
      return try await overview(visit, Query(), error: visit.sentence(problem), status: problem.status)
    }
  }

  private static func overview(
    _ visit: Visit, _ span: Query, error: String? = nil, status: HTTPResponse.Status = .ok
  ) async throws -> Response {
    // The sums take the longest; the rest is read beside them.
    async let sums = visit.api(.get, "/v1/overview", span)
    async let (named, decided) = (visit.dealers(), DecisionTable(visit))
    let products = try await products(visit)
    let (data, dealers, decisions) = try await (sums, named, decided)
    let days = Query([("from", data["from"]?.string ?? ""), ("to", data["to"]?.string ?? "")])
    let (scans, outside) = (data["scans"]?.int ?? 0, data["outside"]?.int ?? 0)
    func table(_ name: String, _ key: String, _ label: (String) -> String) -> [String: Any] {
      let rows = (data[name]?.array ?? []).prefix(rowsMax).map { row -> [String: Any] in
        let value = row[key]?.string ?? ""
        let link = days.setting(key == "week" ? "from" : key, value).setting("territory", "outside")
        return [
          "label": label(value), "scans": Format.number(row["scans"]?.int ?? 0),
          "outside": Format.number(row["outside"]?.int ?? 0), "share": share(row),
          "href": "/console/scans?" + link.text,
        ]
      }
      return [
        "title": visit.t("by_" + key), "rows": rows,
        "exports": visit.exports("/console/overview", days.setting("table", name)),
      ]
    }
    let alerts = (data["alerts"]?.array ?? []).reduce(into: ["open": Int64(0), "inCase": 0, "closed": 0]) {
      $0[$1["status"]?.string ?? "", default: 0] += $1["count"]?.int ?? 0
    }
    var figures: [[String: Any]] = [
      figure(visit, "scansFigure", Format.number(scans), "/console/scans?" + days.text),
      figure(
        visit, "outsideFigure", Format.number(outside), "/console/scans?" + days.setting("territory", "outside").text),
      figure(visit, "outsideShare", share(data), "/console/scans?" + days.setting("territory", "outside").text),
      figure(visit, "openAlerts", Format.number(alerts["open"] ?? 0), "/console/alerts?status=open"),
    ]
    if scans > 0, let seconds = data["medianSecondsToAlert"]?.int {
      figures.append(figure(visit, "timeToAlert", duration(seconds, visit), "/console/alerts?order=newest"))
    }
    if scans > 0, let rate = decisions.all.map({ $0.isNoneShare }) {
      figures.append(figure(visit, "falseAlarmShare", rate, "/console/alerts?status=closed&order=newest"))
    }
    let weeks = (data["weeks"]?.array ?? []).map { week -> JSONValue in
      var week = week
      // The axis has no room for years.
      let day = visit.day(week["week"]?.string ?? "")
      week["label"] = .string(visit.language == .zh ? String(day.dropFirst(5)) : String(day.dropLast(5)))
      return week
    }
    let chart: JSONValue = [
      "weeks": .array(weeks), "outside": .string(visit.t("outsideFigure")),
      "scans": .string(visit.t("scansFigure")),
    ]
    var values: [String: Any] = [:]
    if let error { values["error"] = error }
    let map: JSONValue = ["flows": data["flows"] ?? [], "regions": data["regions"] ?? []]
    values.merge(
      [
        "figures": figures, "from": data["from"]?.string ?? "", "to": data["to"]?.string ?? "",
        "tables": [
          table("dealers", "dealer") { code in dealers[code].map { "\(code) \($0)" } ?? code },
          table("regions", "region") { visit.region($0) }, table("products", "gtin") { products[$0] ?? $0 },
          table("weeks", "week") { visit.day($0) },
        ],
        "decisions": decisions.rows(visit),
        "decisionHeads": DecisionTable.words.map { visit.t("decision_" + $0) },
        "decisionExports": visit.exports("/console/overview", days.setting("table", "decisions")),
        "chart": chart.description, "map": map.description, "isEmpty": scans == 0,
      ]) { $1 }
    return visit.html("overview", title: visit.t("overview"), values, status: status)
  }

  private static func figure(_ visit: Visit, _ label: String, _ value: String, _ href: String) -> [String: Any] {
    ["label": visit.t(label), "value": value, "href": href]
  }

  private static func share(_ row: JSONValue) -> String {
    let (scans, outside) = (row["scans"]?.int ?? 0, row["outside"]?.int ?? 0)
    guard scans > 0 else { return "–" }
    return "\((Double(outside) / Double(scans) * 1000).rounded() / 10)%"
  }

  private static func duration(_ seconds: Int64, _ visit: Visit) -> String {
    seconds < 172_800
      ? visit.t("hours", ["n": String((seconds + 1800) / 3600)])
      : visit.t("days", ["n": String((seconds + 43_200) / 86_400)])
  }

  private static func products(_ visit: Visit) async throws -> [String: String] {
    let items = try await visit.api(.get, "/v1/products", Query([("limit", "1000")]))["items"]?.array ?? []
    return Dictionary(
      items.compactMap { item in item["gtin"]?.string.map { ($0, visit.both(item["name"])) } },
      uniquingKeysWith: { first, _ in first })
  }

  private static func export(_ visit: Visit) async throws -> Export {
    let table = visit.query["table"] ?? "dealers"
    if table == "decisions" { return try await DecisionTable(visit).export(visit) }
    let keys = ["dealers": "dealer", "regions": "region", "products": "gtin", "weeks": "week"]
    guard let key = keys[table] else { throw Problem.notFound }
    let data = try await visit.api(.get, "/v1/overview", span(visit))
    let isPlace = key == "region"
    let rows = (data[table]?.array ?? []).map { row -> [Table.Cell] in
      let share = share(row)
      return [Table.Cell(row[key]?.cell)] + (isPlace ? [Table.Cell(visit.region(row[key]?.string))] : [])
        + [Table.Cell(count: row["scans"]), Table.Cell(count: row["outside"])]
        + [share.hasSuffix("%") ? .decimal(String(share.dropLast())) : .empty]
    }
    let heads = (isPlace ? ["regionCode"] : []) + ["by_" + key, "scansFigure", "outsideFigure", "outsideShareNumber"]
    return Export(
      name: "yima-\(table)", title: "by_" + key, table: Table(heads: heads.map { visit.t($0) }, rows: rows))
  }

  private static let scanFilters = ["dealer", "region", "gtin", "territory", "from", "to"]

  private static func asked(_ visit: Visit) -> Query {
    var query = Query()
    for name in scanFilters { if let value = visit.query[name] { query = query.setting(name, value) } }
    return query
  }

  private static func row(
    _ scan: JSONValue, _ visit: Visit, _ dealers: [String: String] = [:], _ products: [String: String] = [:]
  ) -> [String: Any] {
    [
      "dealerName": dealers[scan["dealer"]?.string ?? ""] ?? "", "product": products[scan["gtin"]?.string ?? ""] ?? "",
      "event": scan["event"]?.int ?? 0, "at": visit.time(scan["at"]?.string),
      "role": visit.t("role_" + (scan["role"]?.string ?? "consumer")),
      "territory": visit.t("territory_" + (scan["territory"]?.string ?? "notBound")),
      "isOutside": scan["territory"]?.string == "outside", "dealer": scan["dealer"]?.string ?? "",
      "region": visit.region(scan["region"]?.string), "gtin": scan["gtin"]?.string ?? "",
      "verdict": visit.t("verdict_" + (scan["verdict"]?.string ?? "")), "price": scan["price"].map(visit.money) ?? "",
    ]
  }

  private static func scans(_ visit: Visit) async throws -> Response {
    let query = asked(visit)
    let page = try await visit.api(
      .get, "/v1/scans", query.setting("limit", "50").setting("cursor", visit.query["cursor"]))
    let (dealers, products) = (try await visit.dealers(), try await products(visit))
    var values: [String: Any] = [
      "rows": (page["items"]?.array ?? []).map { row($0, visit, dealers, products) },
      "exports": visit.exports("/console/scans", query),
      "territories": ["inside", "outside", "uncertain"].map {
        ["value": $0, "label": visit.t("territory_" + $0), "isChosen": query["territory"] == $0] as [String: Any]
      },
    ]
    for (name, value) in [
      ("askedDealer", "dealer"), ("askedRegion", "region"), ("askedGtin", "gtin"), ("from", "from"), ("to", "to"),
    ] {
      values[name] = query[value] ?? ""
    }
    if let next = page["next"]?.string { values["nextHref"] = "/console/scans?" + query.setting("cursor", next).text }
    return visit.html("scans", title: visit.t("scansFigure"), values)
  }

  private static func exportScans(_ visit: Visit) async throws -> Export {
    let names = ["event", "at", "role", "verdict", "territory", "region", "dealer", "gtin", "price"]
    let rows = try await visit.rows("/v1/scans", asked(visit)) { scan -> [Table.Cell] in
      let row = row(scan, visit)
      let words = ["role", "verdict", "territory", "region", "dealer", "gtin"].map { Table.Cell(row[$0] as? String) }
      return [Table.Cell(count: scan["event"]), Table.Cell(time: scan["at"])] + words
        + Table.Cell.money(scan["price"])
    }
    return Export(
      name: "yima-scans", title: "scansFigure",
      table: Table(heads: names.map { visit.t("col_" + $0) } + [visit.t("currency")], rows: rows))
  }
}
