import Foundation
import Hummingbird
import Ledger
import Regions
import Storage
import TransparencyLog
import Verification

/// What people look at besides single things: the scans behind a figure, the overview, the audit trail, the shapes of
/// regions.
struct LookRoutes {
  private let ledger: Ledger
  private let outlines = OutlineCache()

  init(_ services: Services) { ledger = services.ledger }

  private static let readers: Route.Access = .roles([.compliance, .auditor])

  private static let dealerCount: JSONValue = ["dealer": "D001", "scans": 1200, "outside": 48]

  var routes: [Route] {
    [
      Route(
        .get, "/v1/scans", Self.readers,
        "Scans, newest first; a page looks at a bounded number of them, so it can be short and still have a next one",
        parameters: [
          .query("dealer", "whose goods", "D001"), .query("region", "a region and all in it", "370000"),
          .query("gtin", "one product", "06901234567892"), .query("territory", "inside, outside, uncertain", "outside"),
          .query("from", "first day", "2026-09-01"), .query("to", "last day", "2026-09-30"),
        ] + Example.paging,
        answers: [
          .json(
            Example.page([
              "event": 7, "at": "2026-09-05T10:00:00Z", "role": "consumer", "verdict": "attention",
              "territory": "outside", "dealer": "D001", "region": "370102", "gtin": "06901234567892",
              "authenticity": "genuine",
            ]))
        ], handle: scans),
      Route(
        .get, "/v1/overview", Self.readers,
        "Where goods turn up, by dealer, region, product and week; alerts, their delays and decisions",
        parameters: [
          .query("from", "first day", "2026-09-01"), .query("to", "last day", "2026-09-30"),
          .query("within", "a region: only scans in it count, by its parts", "370000"),
        ],
        answers: [
          .json([
            "from": "2026-09-01", "to": "2026-09-30", "scans": 1200, "outside": 48, "dealers": [Self.dealerCount],
            "regions": [["region": "370000", "scans": 60, "outside": 48]],
            "products": [["gtin": "06901234567892", "scans": 1200, "outside": 48]],
            "weeks": [["week": "2026-08-31", "scans": 300, "outside": 12]],
            "flows": [["from": "430000", "to": "370000", "scans": 48]],
            "alerts": [["kind": "diversion", "status": "open", "severity": "warning", "count": 3]],
            "medianSecondsToAlert": 86_400,
          ])
        ], handle: overview),
      Route(
        .get, "/v1/events", .unbound([.auditor]), "The ledger's events, newest first, scans aside: the audit trail",
        parameters: [.query("kind", "one kind of event", "dispatch")] + Example.paging,
        answers: [
          .json(
            Example.page([
              "event": 7, "kind": "dispatch", "at": "2026-09-05T10:00:00Z", "recordedAt": "2026-09-05T10:00:00Z",
              "by": ["key": 3, "role": "warehouse"], "data": ["dispatch": 1],
            ]))
        ], handle: events),
      Route(
        .get, "/v1/regions", .anyKey, "Regions directly below one, by name in both languages",
        parameters: [.query("parent", "a region; the provinces unless said", "430000")],
        answers: [.json(Example.page(["region": "430100", "name": ["zh": "湖南省长沙市", "en": "Changsha, Hunan"]]))],
        handle: regions),
      Route(
        .get, "/v1/regions/outlines", .anyKey, "Shapes of regions for drawing, as GeoJSON (RFC 7946), simplified",
        parameters: [
          .query("codes", "regions parted by commas; the provinces unless said", "430000,440100"),
          .query("metres", "how far a drawn border may be from the map's, 100 to 20 000", "2000"),
        ],
        answers: [
          Route.Body(
            type: "application/geo+json", example: ["type": "FeatureCollection", "features": []], required: [],
            nullable: [])
        ], handle: shapes),
    ]
  }

  private func scans(_ request: Request, _ call: Call) async throws -> Response {
    let paging = try Paging(request)
    let before = try paging.number(start: .max)
    let filter = try ScanFilter(request, now: ledger.now())
    let page = try await ledger.answer { transaction in
      try filter.page(before: before, limit: paging.limit, Scope(call.actor, transaction), transaction)
    }
    return .json(Paging.page(page.items, next: page.next))
  }

  private func overview(_ request: Request, _ call: Call) async throws -> Response {
    let span = try DaySpan(request, now: ledger.now())
    let whole = try request.uri.queryParameters["within"].map {
      try FieldReader(.string(String($0)), pointer: "within").region()
    }
    return .json(
      try await ledger.answer {
        try Overview(from: span.from, to: span.to, within: whole, Scope(call.actor, $0), $0)
      }.json(span))
  }

  private func events(_ request: Request, _ call: Call) async throws -> Response {
    let paging = try Paging(request)
    let before = try paging.number(start: .max)
    let kind = try request.uri.queryParameters["kind"].map {
      try FieldReader(.string(String($0)), pointer: "kind").word(EventKind.self).rawValue
    }
    let rows = try await ledger.answer {
      try $0.events(before: before, since: 1, kind: kind, limit: paging.limit)
    }
    return .json(paging.page(rows.map(\.json), next: rows.last.map { String($0.id) }))
  }

  private func regions(_ request: Request, _ call: Call) async throws -> Response {
    let parent = try request.uri.queryParameters["parent"].map {
      try FieldReader(.string(String($0)), pointer: "parent").region()
    }
    let items = ledger.atlas.children(of: parent ?? .china).map { code -> JSONValue in
      [
        "region": .string(code.description),
        "name": [
          "zh": .string(ledger.atlas.name(of: code, .zh) ?? ""), "en": .string(ledger.atlas.name(of: code, .en) ?? ""),
        ],
      ]
    }
    return .json(["items": .array(items), "next": nil])
  }

  private func shapes(_ request: Request, _ call: Call) async throws -> Response {
    let query = request.uri.queryParameters
    let text = query["codes"].map { String($0).removingPercentEncoding ?? String($0) }
    let codes: [RegionCode]
    do { codes = try text.map { try Territory($0).codes } ?? ledger.atlas.provinces } catch {
      throw Problem.field("codes", "must be region codes parted by commas")
    }
    guard codes.count <= OutlineCache.codesMax else {
      throw Problem.field("codes", "has more than \(OutlineCache.codesMax) regions")
    }
    guard let metres = Double(query["metres"].map(String.init) ?? "2000"), (100...20_000).contains(metres) else {
      throw Problem.field("metres", "must lie between 100 and 20000")
    }
    let features = codes.map { outlines.feature(of: $0, metres: metres, ledger.atlas) }
    return Response.bytes(
      JSONValue.object(["type": "FeatureCollection", "features": .array(features)]).canonicalBytes,
      type: "application/geo+json", cache: "private, max-age=86400")
  }
}
