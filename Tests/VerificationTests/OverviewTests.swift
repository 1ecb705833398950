import Ledger
import Regions
import Storage
import TestWorld
import Testing
import Verification

/// What an overview counts, and how far it reaches for whoever is bound to a region or a dealer.
@Suite struct OverviewTests {
  /// An alert that was raised this long after its first scan.
  private struct Raised {
    let dealer: String?, region: String?, kind: String, seconds: Int64
  }

  private func overview(
    _ actor: Actor, _ alerts: [Raised], _ flows: [(day: Int64, dealer: String, region: String, scans: Int64)] = [],
    within whole: RegionCode? = nil
  ) async throws -> Overview {
    let shop = try await Shop.make()
    let ledger = shop.world.ledger
    let now = shop.now
    return try await ledger.store.write { transaction in
      for flow in flows {
        try transaction.addFlow(
          day: flow.day, gtin: 6_901_234_567_892, dealer: flow.dealer, region: flow.region, scans: flow.scans)
      }
      for alert in alerts {
        let scan = try ledger.append(EventDraft(.scan, at: now, by: .consumer, data: [:]), transaction, recorded: now)
        let id = try transaction.nextAlertID()
        try transaction.addAlert(
          AlertRow(
            id: id, identity: "\(id)", kind: alert.kind, status: "open", severity: "warning", dealer: alert.dealer,
            region: alert.region, gtin: nil, raised: now.milliseconds + alert.seconds * 1000, rule: "t/1",
            detail: Array("{}".utf8), event: scan), events: [scan])
      }
      return try Overview(from: 0, to: 30_000, within: whole, Scope(actor, transaction), transaction)
    }
  }

  private static let alerts = [
    Raised(dealer: "A", region: "440106", kind: "diversion", seconds: 100),
    Raised(dealer: "B", region: "430102", kind: "diversion", seconds: 7),
    Raised(dealer: "B", region: "430200", kind: "clone", seconds: 9),
    Raised(dealer: "B", region: "430200", kind: "clone", seconds: 11),
    Raised(dealer: nil, region: nil, kind: "forgery", seconds: 500),
  ]

  @Test(
    "alerts and their median delay are those of the scope",
    arguments: [
      (Actor(key: 1, role: .compliance), ["clone": 2, "diversion": 2, "forgery": 1], 11),
      (Actor(key: 1, role: .compliance, region: "430000"), ["clone": 2, "diversion": 1], 9),
      (Actor(key: 1, role: .auditor, region: "440000"), ["diversion": 1], 100),
      (Actor(key: 1, role: .auditor, region: "CN"), ["clone": 2, "diversion": 2], 11),
      (Actor(key: 1, role: .compliance, dealer: "A"), ["diversion": 1], 100),
      (Actor(key: 1, role: .compliance, region: "430100"), ["diversion": 1], 7),
      (Actor(key: 1, role: .compliance, region: "650000"), [:], nil),
    ] as [(Actor, [String: Int64], Int64?)])
  func alerts(_ actor: Actor, _ counts: [String: Int64], _ median: Int64?) async throws {
    let found = try await overview(actor, Self.alerts)
    #expect(Dictionary(found.alerts.map { ($0.key.kind, $0.value) }, uniquingKeysWith: +) == counts)
    #expect(found.medianSecondsToAlert == median)
  }

  @Test("scans are outside by the dealer's present territory; a week begins on its Monday") func flows() async throws {
    let flows: [(day: Int64, dealer: String, region: String, scans: Int64)] = [
      (4, "B", "430102", 10), (10, "B", "440106", 3), (11, "B", "440300", 2), (3, "A", "440106", 5),
    ]
    let found = try await overview(Actor(key: 1, role: .compliance), [], flows)
    #expect(found.all.scans == 20 && found.all.outside == 5)
    #expect(found.weeks.mapValues(\.scans) == [4: 13, 11: 2, -3: 5])
    #expect(found.flows.map { "\($0.key.from)>\($0.key.to) \($0.value)" } == ["430000>440000 5"])
    #expect(found.dealers.mapValues(\.outside) == ["B": 5, "A": 0])
    let bound = try await overview(Actor(key: 1, role: .compliance, region: "430000"), [], flows)
    #expect(bound.all.scans == 10 && bound.all.outside == 0 && bound.flows.isEmpty)
  }

  @Test("a page of a scope reads on until it is full, and says where the next one begins") func pages() throws {
    let rows = Array((1...12_000).reversed())
    func page(_ before: Int64, _ limit: Int, _ holds: (Int) -> Bool) -> (rows: [Int], next: Int64?) {
      Scope.page(before: before, limit: limit) { before, limit in
        Array(rows.lazy.filter { $0 < before }.prefix(limit))
      } number: {
        Int64($0)
      } holds: {
        holds($0)
      }
    }
    let full = page(.max, 3) { $0 % 1000 == 0 }
    #expect(full.rows == [12_000, 11_000, 10_000] && full.next == 10_000)
    let short = page(.max, 10) { $0 == 100 }
    #expect(short.rows.isEmpty && short.next == 12_001 - Int64(Scope.lookedMax), "a bounded look")
    let last = page(201, 10) { $0 == 100 }
    #expect(last.rows == [100] && last.next == nil)
  }

  @Test("within a province only its scans count, by its prefectures; within a prefecture by its districts")
  func within() async throws {
    let flows: [(day: Int64, dealer: String, region: String, scans: Int64)] = [
      (4, "B", "430102", 10), (10, "B", "440106", 3), (10, "B", "440103", 1), (11, "B", "440300", 2),
      (12, "B", "440000", 7),
    ]
    let boss = Actor(key: 1, role: .compliance)
    let province = try await overview(boss, [], flows, within: try RegionCode("440000"))
    #expect(province.all.scans == 13 && province.all.outside == 13)
    #expect(
      Dictionary(uniqueKeysWithValues: province.regions.map { ($0.key.description, $0.value.scans) })
        == ["440100": 4, "440300": 2, "440000": 7])
    #expect(
      Set(province.flows.map { "\($0.key.from)>\($0.key.to) \($0.value)" })
        == ["430000>440100 4", "430000>440300 2", "430000>440000 7"])
    let prefecture = try await overview(boss, [], flows, within: try RegionCode("440100"))
    #expect(Set(prefecture.regions.map { "\($0.key) \($0.value.scans)" }) == ["440106 3", "440103 1"])
  }
}
