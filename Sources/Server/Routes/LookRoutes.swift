import Foundation
import Hummingbird
import Ledger
import Regions
import Storage
import Synchronization
import TransparencyLog

/// What people look at besides single things: the scans behind a figure, the overview, the audit trail, the shapes of
/// regions.
struct LookRoutes {
  private let ledger: Ledger
  private let outlines = OutlineCache()

  init(_ services: Services) { ledger = services.ledger }

  private static let readers: Route.Access = .roles([.compliance, .auditor])
  /// Scans that one page of a list looks at; a page can be empty and still have a next one.
  static let scansLooked = 20_000

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
        parameters: [.query("from", "first day", "2026-09-01"), .query("to", "last day", "2026-09-30")],
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
        .get, "/v1/events", .roles([.auditor]), "The ledger's events, newest first, scans aside: the audit trail",
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
    let filter = try ScanFilter(request, ledger, call.actor)
    let limit = paging.limit
    let page = try await ledger.answer { transaction -> (items: [JSONValue], next: Int64?) in
      let first = try transaction.firstEvent(recordedSince: filter.from)
      let end = min(before, try transaction.firstEvent(recordedSince: filter.until))
      var items: [JSONValue] = []
      let rows = try transaction.events(before: end, since: first, kind: "scan", limit: Self.scansLooked)
      for row in rows {
        if let item = filter.item(row) { items.append(item) }
        if items.count == limit { return (items, row.id) }
      }
      return (items, rows.count == Self.scansLooked ? rows.last?.id : nil)
    }
    return .json(["items": .array(page.items), "next": page.next.map { .string(String($0)) } ?? nil])
  }

  private func overview(_ request: Request, _ call: Call) async throws -> Response {
    let span = try DaySpan(request, now: ledger.now())
    let scope = try call.actor.region.map { try RegionCode($0) }
    return .json(try await ledger.answer { try Overview(span, scope, $0).json })
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

/// Days of a query, both ends included; the last 90 unless said.
struct DaySpan: Sendable {
  let from: Int64, to: Int64
  let texts: (from: String, to: String)

  init(_ request: Request, now: Timestamp) throws {
    func day(_ name: Substring, _ standard: Int64) throws -> Int64 {
      guard let text = request.uri.queryParameters[name] else { return standard }
      guard text.count == 10, let time = Timestamp(rfc3339: text + "T00:00:00Z") else {
        throw Problem.field(String(name), "must be a date such as 2026-09-01")
      }
      return time.day
    }
    to = try day("to", now.day)
    from = try day("from", to - 89)
    texts = (Self.text(from), Self.text(to))
  }

  static func text(_ day: Int64) -> String { String(Timestamp(milliseconds: day * 86_400_000).description.prefix(10)) }
}

/// Which scans are asked for.
private struct ScanFilter: Sendable {
  let dealer: String?, region: RegionCode?, gtin: String?, territory: String?
  /// Unix milliseconds; the end is not included.
  let from: Int64, until: Int64

  init(_ request: Request, _ ledger: Ledger, _ actor: Actor) throws {
    let query = request.uri.queryParameters
    dealer = query["dealer"].map(String.init)
    let asked = try query["region"].map { try FieldReader(.string(String($0)), pointer: "region").region() }
    let scope = try actor.region.map { try RegionCode($0) }
    // Whoever is bound to a region sees that region's scans only.
    if let scope, let asked, !scope.contains(asked) {
      region = asked.contains(scope) ? scope : nil
    } else {
      region = asked ?? scope
    }
    gtin = try query["gtin"].map { try FieldReader(.string(String($0)), pointer: "gtin").gtin().description }
    territory = query["territory"].map(String.init)
    let span = try DaySpan(request, now: ledger.now())
    (from, until) = (span.from * 86_400_000, (span.to + 1) * 86_400_000)
  }

  /// A scan as it is listed; nil when it is not asked for.
  func item(_ row: EventRow) -> JSONValue? {
    guard let body = try? JSONValue(parsing: row.body), let data = body["data"] else { return nil }
    let place = data["place"]?["region"]?.string
    if let dealer, data["dealer"]?.string != dealer { return nil }
    if let gtin, data["code"]?["gtin"]?.string != gtin { return nil }
    if let territory, data["territory"]?.string != territory { return nil }
    if let region {
      guard let place, let code = try? RegionCode(place), region.contains(code) else { return nil }
    }
    var item: [String: JSONValue] = [
      "event": .integer(row.id), "at": .string(Timestamp(milliseconds: row.at).description),
    ]
    item["role"] = body["by"]?["role"]
    for name in ["verdict", "territory", "dealer", "authenticity", "dispatch", "terminal", "price", "scanCount"] {
      item[name] = data[name]
    }
    item["region"] = place.map(JSONValue.string)
    item["gtin"] = data["code"]?["gtin"]
    return .object(item)
  }
}

/// Shapes are made once: China's provinces alone have some hundred thousand points.
final class OutlineCache: Sendable {
  private let features = Mutex<[String: JSONValue]>([:])

  static let codesMax = 400, entriesMax = 4_000

  func feature(of code: RegionCode, metres: Double, _ atlas: RegionAtlas) -> JSONValue {
    let key = "\(code) \(metres)"
    if let known = features.withLock({ $0[key] }) { return known }
    let feature = Self.make(code, metres, atlas)
    features.withLock {
      if $0.count >= Self.entriesMax { $0.removeAll() }
      $0[key] = feature
    }
    return feature
  }

  private static func make(_ code: RegionCode, _ metres: Double, _ atlas: RegionAtlas) -> JSONValue {
    // One polygon a ring: holes are drawn over, which is right for islands and wrong by a few enclaves.
    let rings = atlas.outline(of: code).compactMap { thinned($0, degrees: metres / 111_000) }
    let polygons = rings.map { ring in
      JSONValue.array([.array(ring.map { [.number(rounded($0.longitude)), .number(rounded($0.latitude))] })])
    }
    var properties: [String: JSONValue] = [
      "region": .string(code.description), "zh": .string(atlas.name(of: code, .zh) ?? code.description),
      "en": .string(atlas.name(of: code, .en) ?? code.description),
    ]
    if let center = atlas.centroid(of: code)?.point {
      properties["center"] = [.number(rounded(center.latitude)), .number(rounded(center.longitude))]
    }
    return [
      "type": "Feature", "properties": .object(properties),
      "geometry": ["type": "MultiPolygon", "coordinates": .array(polygons)],
    ]
  }

  private static func rounded(_ degrees: Double) -> Double { (degrees * 1000).rounded() / 1000 }

  /// Leaves out points that lie close to the one before; rings that shrink to nothing are left out too.
  private static func thinned(_ ring: [GeoPoint], degrees: Double) -> [GeoPoint]? {
    guard let first = ring.first else { return nil }
    var kept = [first]
    for point in ring.dropFirst() {
      let last = kept[kept.count - 1]
      if max(abs(point.longitude - last.longitude), abs(point.latitude - last.latitude)) >= degrees {
        kept.append(point)
      }
    }
    guard kept.count >= 4 else { return nil }
    if kept[kept.count - 1] != first { kept.append(first) }
    return kept
  }
}
