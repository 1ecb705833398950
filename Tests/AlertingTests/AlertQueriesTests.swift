import Alerting
import Ledger
import Regions
import Testing
import TransparencyLog

@Suite("Alert queries")
struct AlertQueriesTests {
  /// Three diversions (D001 and D011 in Shandong, D002 in Guangdong's case to Beijing), a copy and a forgery.
  private func world() async throws -> (TestLedger, AlertQueries) {
    let world = try await TestLedger()
    func diverted(_ dealer: String, _ dispatch: Int64, _ town: Town, from event: Int64) throws -> [Sighting] {
      try (event..<event + 3).map { number in
        try scan(number, in: town) {
          $0.dealer = dealer
          $0.dispatch = dispatch
          $0.territory = .outside
          $0.position = SightedPosition(latitude: 36.5, longitude: 117.5, accuracyMeters: 20)
        }
      }
    }
    try await world.record(
      try diverted("D001", 1, .jinan, from: 1) + diverted("D011", 2, .qingdao, from: 4)
        + diverted("D002", 3, .beijing, from: 7))
    try await world.record([
      try scan(20, 50, in: .changsha) { $0.isConsumer(in: .changsha) },
      try scan(21, 50, in: .guangzhou) {
        $0.isConsumer(in: .guangzhou)
        $0.at = Timestamp(milliseconds: dawn + 20 * hour + 60_000)
      },
    ])
    #expect(try await AlertingEngine(ledger: world.ledger).catchUp() == [1, 2, 3, 4])
    return (world, AlertQueries(world.ledger))
  }

  private func ids(_ page: AlertPage) -> [String] { page.items.map(\.id.description) }

  @Test("who sees what")
  func scopes() async throws {
    let (world, queries) = try await world()
    defer { world.remove() }
    func seen(_ actor: Actor) async throws -> [String] { ids(try await queries.list(AlertQuery(), for: actor)) }
    #expect(try await seen(.system) == ["A4", "A3", "A2", "A1"])
    #expect(try await seen(Actor(key: 1, role: .auditor)) == ["A4", "A3", "A2", "A1"])
    #expect(try await seen(Actor(key: 1, role: .dealer, dealer: "D001")) == ["A4", "A2", "A1"])
    #expect(try await seen(Actor(key: 1, role: .dealer, dealer: "D011")) == ["A2"])
    #expect(try await seen(Actor(key: 1, role: .dealer, dealer: "D002", region: "430000")) == ["A3"])
    #expect(try await seen(Actor(key: 1, role: .dealer, dealer: "D009")).isEmpty)
    #expect(try await seen(Actor(key: 1, role: .compliance, region: "370000")) == ["A2", "A1"])
    #expect(try await seen(Actor(key: 1, role: .inspector, region: "370200")) == ["A2"])
  }

  @Test(
    "roles that have nothing to do with alerts see none",
    arguments: [Role.issuer, .warehouse, .terminal, .consumer, .dealer])
  func notAllowed(_ role: Role) async throws {
    let world = try await TestLedger()
    defer { world.remove() }
    let queries = AlertQueries(world.ledger)
    await #expect(throws: AlertingError.notAllowed(role)) {
      _ = try await queries.list(AlertQuery(), for: Actor(key: 1, role: role))
    }
    await #expect(throws: AlertingError.notAllowed(role)) {
      _ = try await queries.get(AlertID(1), for: Actor(key: 1, role: role))
    }
  }

  @Test("filters by kind, status, dealer and region, within what one may see")
  func filters() async throws {
    let (world, queries) = try await world()
    defer { world.remove() }
    func seen(_ actor: Actor = .system, _ change: (inout AlertQuery) throws -> Void) async throws -> [String] {
      var query = AlertQuery()
      try change(&query)
      return ids(try await queries.list(query, for: actor))
    }
    #expect(try await seen { $0.kind = .clone } == ["A4"])
    #expect(try await seen { $0.kind = .price }.isEmpty)
    #expect(try await seen { $0.status = .open }.count == 4)
    #expect(try await seen { $0.status = .closed }.isEmpty)
    #expect(try await seen { $0.dealer = "D011" } == ["A2"])
    #expect(try await seen { $0.region = try region("370000") } == ["A2", "A1"])
    #expect(try await seen { $0.region = try region("370100") } == ["A1"])
    let east = Actor(key: 1, role: .compliance, region: "370100")
    #expect(try await seen(east) { $0.region = try region("370000") } == ["A1"])
    #expect(try await seen(east) { $0.region = try region("370200") }.isEmpty)
    let dealer = Actor(key: 1, role: .dealer, dealer: "D001")
    #expect(try await seen(dealer) { $0.dealer = "D002" }.isEmpty)
    #expect(try await seen(dealer) { $0.dealer = "D011" } == ["A2"])
  }

  @Test("pages follow each other without a gap, for a brand and for a dealer's family")
  func pages() async throws {
    let (world, queries) = try await world()
    defer { world.remove() }
    for (actor, expected) in [
      (Actor.system, ["A4", "A3", "A2", "A1"]), (Actor(key: 1, role: .dealer, dealer: "D001"), ["A4", "A2", "A1"]),
    ] {
      for limit in 1...5 {
        var cursor: String?
        var all: [String] = []
        repeat {
          let page = try await queries.list(AlertQuery(), for: actor, cursor: cursor, limit: limit)
          #expect(page.items.count <= limit)
          all += ids(page)
          cursor = page.next
        } while cursor != nil
        #expect(all == expected, "limit \(limit)")
      }
    }
    await #expect(throws: AlertingError.malformedCursor) {
      _ = try await queries.list(AlertQuery(), for: .system, cursor: "7")
    }
  }

  @Test("an alert of somebody else is like one that is not there")
  func hidden() async throws {
    let (world, queries) = try await world()
    defer { world.remove() }
    for (id, actor) in [
      (AlertID(3), Actor(key: 1, role: .dealer, dealer: "D001")),
      (AlertID(3), Actor(key: 1, role: .compliance, region: "370000")), (AlertID(99), Actor.system),
    ] {
      await #expect(throws: AlertingError.noAlert(id)) { _ = try await queries.get(id, for: actor) }
    }
  }

  @Test("one alert tells its scans; exact places only to those who investigate")
  func detail() async throws {
    let (world, queries) = try await world()
    defer { world.remove() }
    let full = try await queries.get(AlertID(1), for: Actor(key: 1, role: .compliance)).json
    let scans = try #require(full["scans"]?.array)
    #expect(scans.count == 3)
    #expect(scans[0]["data"]?["authenticity"] == "genuine")
    #expect(scans[0]["by"]?["role"] == "terminal")
    #expect(scans[0]["place"]?["latitude"] == 36.5)
    #expect(scans[0]["salt"] == nil && scans[0]["personal"] == nil)
    let partial = try await queries.get(AlertID(1), for: Actor(key: 1, role: .dealer, dealer: "D001")).json
    #expect(partial["scans"]?[0]?["data"]?["authenticity"] == "genuine")
    #expect(!partial.description.contains("latitude") && !partial.description.contains("36.5"))
  }

  @Test("the JSON is the contract's")
  func json() async throws {
    let (world, queries) = try await world()
    defer { world.remove() }
    let json = try await queries.list(AlertQuery(), for: .system).json
    let alert = try #require(json["items"]?[3])
    #expect(alert["id"] == "A1")
    #expect(alert["kind"] == "diversion")
    #expect(alert["status"] == "open")
    #expect(alert["severity"] == "warning")
    #expect(alert["rule"] == "outside-territory/1")
    #expect(alert["raisedAt"] == .string(world.clock.now.description))
    #expect(alert["dealer"] == "D001")
    #expect(alert["region"] == "370100")
    #expect(alert["gtin"] == .string(liquor))
    #expect(alert["dispatch"] == 1)
    #expect(alert["product"]?["name"] == ["zh": "老窖", "en": "Old Cellar"])
    #expect(alert["numbers"]?["sightings"] == 3)
    #expect(alert["explanation"]?["en"]?.string?.contains("Jinan") == true)
    #expect(alert["explanation"]?["zh"]?.string?.contains("济南") == true)
    #expect(alert["scans"]?.array?.count == 3)
    #expect(json["next"] == .null)
    // A copied item is named as it is printed.
    #expect(json["items"]?[0]?["code"]?.string?.hasPrefix("https://id.example.cn/01/\(liquor)/21/") == true)
  }

  @Test("what a stream missed can be asked for")
  func missed() async throws {
    let (world, queries) = try await world()
    defer { world.remove() }
    #expect(try await queries.list(after: 2, for: .system).map(\.id.number) == [3, 4])
    let dealer = Actor(key: 1, role: .dealer, dealer: "D011")
    #expect(try await queries.list(after: 0, for: dealer).map(\.id.number) == [2])
  }

  @Test("an id has one spelling")
  func ids() {
    #expect(AlertID("A12")?.number == 12)
    #expect(AlertID("A12")?.description == "A12")
    for wrong in ["12", "a12", "A", "A0", "A-1", "A+1", "A01", " A1", "A1 ", "A99999999999999999999"] {
      #expect(AlertID(wrong) == nil, "\(wrong)")
    }
  }
}
