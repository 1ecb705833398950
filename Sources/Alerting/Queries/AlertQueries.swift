import Codes
import Ledger
import Regions
import Storage
import TransparencyLog

/// Which alerts are asked for; nil means any.
package struct AlertQuery: Sendable {
  /// Kind and status.
  package var kind: AlertKind?, status: AlertStatus?
  /// One dealer; a region and all that lies in it.
  package var dealer: String?, region: RegionCode?
  /// How severe, and of which product.
  package var severity: Severity?, gtin: GTIN?
  /// The most severe first, and among them the most value at risk; else the newest first.
  package var isByUrgency = false

  /// No condition yet.
  package init() {}
}

/// A page of alerts, newest first, and the cursor of the next one.
package struct AlertPage: Sendable {
  /// The alerts; their scans by number only.
  package let items: [AlertView]
  /// The next page's cursor, nil after the last.
  package let next: String?

  /// `{"items":[…],"next":"…"}`
  package var json: JSONValue {
    ["items": .array(items.map(\.json)), "next": next.map(JSONValue.string) ?? .null]
  }
}

/// Reads alerts, for somebody: a dealer sees its own and those of the dealers below it, a key bound to a region what
/// happened there, and exact places are for those who investigate.
package struct AlertQueries: Sendable {
  let ledger: Ledger

  /// The longest page.
  package static let limitMax = 200

  /// Over the ledger.
  package init(_ ledger: Ledger) { self.ledger = ledger }

  /// A page of alerts.
  /// - Throws: `notAllowed`, `malformedCursor`.
  package func list(
    _ query: AlertQuery, for actor: Actor, cursor: String? = nil, limit: Int = 50
  ) async throws(AlertingError) -> AlertPage {
    let before = try Self.position(cursor)
    let limit = min(max(1, limit), Self.limitMax)
    return try await ledger.read(AlertingError.self) { [ledger] transaction in
      let scope = try AlertScope(actor, transaction)
      let rows = try Self.rows(query, scope, before: before, limit: limit + 1, transaction)
      let renderer = AlertRenderer(ledger, transaction)
      let items = try rows.prefix(limit).map { row in
        try renderer.view(row, scans: try transaction.events(ofAlert: row.id).map(AlertScan.init(event:)))
      }
      return AlertPage(items: items, next: rows.count > limit ? items.last?.id.description : nil)
    }
  }

  /// One alert with the scans that it rests on.
  /// - Throws: `notAllowed`; `noAlert` also for one that is not the asker's to see, which must not be told apart.
  package func get(_ id: AlertID, for actor: Actor) async throws(AlertingError) -> AlertView {
    try await ledger.read(AlertingError.self) { [ledger] transaction in
      let scope = try AlertScope(actor, transaction)
      guard let row = try transaction.alert(id.number), scope.holds(row) else { throw AlertingError.noAlert(id) }
      let renderer = AlertRenderer(ledger, transaction)
      let scans = try transaction.events(ofAlert: row.id).compactMap { try transaction.event($0) }.map { event in
        var scan = AlertScan(event, showsPlace: scope.seesPlaces)
        if scope.seesPlaces { scan.uri = try renderer.uri(of: scan) }
        return scan
      }
      return try renderer.view(row, scans: scans)
    }
  }

  /// The alerts after a number that somebody may see, oldest first: what a live stream sends when it begins or missed
  /// some.
  package func list(
    after id: Int64, for actor: Actor, limit: Int = AlertQueries.limitMax
  ) async throws(AlertingError) -> [AlertView] {
    try await ledger.read(AlertingError.self) { [ledger] transaction in
      let scope = try AlertScope(actor, transaction)
      let renderer = AlertRenderer(ledger, transaction)
      return try transaction.alerts(after: id, limit: min(max(1, limit), Self.limitMax)).filter(scope.holds).map {
        try renderer.view($0, scans: try transaction.events(ofAlert: $0.id).map(AlertScan.init(event:)))
      }
    }
  }

  private static func position(_ cursor: String?) throws(AlertingError) -> Int64 {
    guard let cursor else { return .max }
    guard let id = AlertID(cursor) else { throw .malformedCursor }
    return id.number
  }

  private static func rows(
    _ query: AlertQuery, _ scope: AlertScope, before: Int64, limit: Int, _ transaction: Transaction
  ) throws -> [AlertRow] {
    var filter = AlertFilter()
    filter.kind = query.kind?.rawValue
    filter.status = query.status?.rawValue
    filter.severity = query.severity?.rawValue
    filter.gtin = query.gtin.flatMap { Int64(exactly: $0.value) }
    filter.regionPrefix = scope.regionPrefix
    if let asked = query.region.map({ Scope.prefix(of: $0.description) }) {
      let bound = scope.regionPrefix ?? ""
      guard asked.hasPrefix(bound) || bound.hasPrefix(asked) else { return [] }
      filter.regionPrefix = asked.hasPrefix(bound) ? asked : bound
    }
    guard let dealers = scope.dealers else {
      filter.dealer = query.dealer
      return try page(filter, query, before: before, limit: limit, transaction)
    }
    // One indexed search a dealer: a family has few members, and the page is their newest together.
    let rows = try dealers.filter { query.dealer == nil || $0 == query.dealer }.flatMap { dealer in
      filter.dealer = dealer
      return try page(filter, query, before: before, limit: limit, transaction)
    }
    let sorted = rows.sorted { query.isByUrgency ? ($0.urgency, $0.id) > ($1.urgency, $1.id) : $0.id > $1.id }
    return Array(sorted.prefix(limit))
  }

  private static func page(
    _ filter: AlertFilter, _ query: AlertQuery, before: Int64, limit: Int, _ transaction: Transaction
  ) throws -> [AlertRow] {
    guard query.isByUrgency else { return try transaction.alerts(filter, before: before, limit: limit) }
    // The cursor names the last alert shown; its urgency never changes.
    let urgency = before == .max ? Int64.max : try transaction.alert(before)?.urgency ?? .max
    return try transaction.urgentAlerts(filter, after: (urgency, before), limit: limit)
  }
}
