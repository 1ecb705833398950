import Alerting
import Ledger
import Regions
import Storage
import TestWorld
import Testing

/// What is normal where an alert is: B sells in Hunan (430000), and its goods turn up in Guangzhou.
@Suite("What an alert is compared with") struct AlertUsualTests {
  private static let compliance = Actor(key: 1, role: .compliance)

  /// Counts of scans so many days after the alert's only scan, and an alert about a dealer and region.
  private func usual(
    dealer: String? = "B", region: String? = "440100", for actor: Actor = compliance,
    _ flows: [(days: Int64, dealer: String, region: String, scans: Int64)] = []
  ) async throws -> AlertUsual? {
    let shop = try await Shop.make()
    let ledger = shop.world.ledger
    let now = shop.now
    let id = try await ledger.store.write { transaction in
      for flow in flows {
        try transaction.addFlow(
          day: now.day + flow.days, gtin: 6_901_234_567_892, dealer: flow.dealer, region: flow.region,
          scans: flow.scans)
      }
      let scan = try ledger.append(EventDraft(.scan, at: now, by: .consumer, data: [:]), transaction, recorded: now)
      let id = try transaction.nextAlertID()
      try transaction.addAlert(
        AlertRow(
          id: id, identity: "\(id)", kind: "diversion", status: "open", severity: "warning", dealer: dealer,
          region: region, gtin: nil, raised: now.milliseconds, rule: "t/1", detail: Array("{}".utf8), event: scan),
        events: [scan])
      return id
    }
    return try await AlertQueries(ledger).usual(AlertID(id), for: actor)
  }

  @Test("shares there, outside and of others, in the alert's days and in the eight weeks before") func shares()
    async throws
  {
    let found = try #require(
      try await usual([
        (0, "B", "440106", 4), (0, "B", "430102", 6), (-1, "B", "440106", 1), (-56, "B", "430102", 90),
        (-30, "B", "440300", 9), (0, "B1", "440103", 1), (0, "B1", "430102", 7), (-2, "A2", "430200", 50),
        (-2, "A2", "440100", 5),
        // Too early, too late, and of a dealer who may sell there.
        (-57, "B", "440106", 1000), (1, "B", "440106", 1000), (0, "A", "440106", 1000),
      ]))
    #expect(found.from.description == "430000" && found.to.description == "440100")
    func shares(_ line: AlertUsual.Line) -> [Int64] {
      [line.during.count, line.during.scans, line.before.count, line.before.scans]
    }
    #expect(shares(found.there) == [4, 10, 1, 100])
    #expect(shares(found.outside) == [4, 10, 10, 100])
    #expect(shares(found.others) == [1, 8, 5, 55])
    #expect(found.days.count == 1 && found.json["there"]?["before"]?["scans"]?.int == 100)
  }

  @Test("without a dealer, or without a region, there is nothing to compare") func nothing() async throws {
    #expect(try await usual(dealer: nil) == nil)
    #expect(try await usual(region: nil) == nil)
    #expect(try await usual(dealer: "NOBODY") == nil)
  }

  @Test("whoever may not see the alert is told that there is none") func scope() async throws {
    await #expect(throws: AlertingError.self) {
      try await usual(for: Actor(key: 1, role: .compliance, region: "650000"))
    }
    #expect(try await usual(for: Actor(key: 1, role: .compliance, region: "440000")) != nil)
  }
}
