import Storage
import Testing

@Suite("Alerts, detectors, keys and users")
struct AlertRowsTests {
  private static func alert(_ id: Int64, _ kind: String, region: String?, dealer: String? = nil) -> AlertRow {
    AlertRow(
      id: id, identity: "matter-\(id)", kind: kind, status: "open", severity: "notice", dealer: dealer,
      region: region, gtin: 5, raised: 10 * id, rule: "rule/1", detail: [1, 2], event: 1)
  }

  @Test("a matter is raised once, with the events it rests on", arguments: StoreUnderTest.all)
  func identities(_ engine: StoreUnderTest) async throws {
    let bench = try await Bench.withEvent(engine)
    try await bench.store.write { transaction throws in
      _ = try transaction.appendEvent("second")
      #expect(try transaction.nextAlertID() == 1)
      #expect(try !transaction.alertExists(identity: "matter-1"))
      try transaction.addAlert(Self.alert(1, "clone", region: nil), events: [2, 1, 2])
      #expect(try transaction.alertExists(identity: "matter-1"))
      #expect(try transaction.events(ofAlert: 1) == [1, 2])
    }
    let error = await #expect(throws: StorageError.self) {
      try await bench.store.write { transaction throws in
        let again = AlertRow(
          id: 2, identity: "matter-1", kind: "clone", status: "open", severity: "notice", dealer: nil, region: nil,
          gtin: nil, raised: 0, rule: "r", detail: [], event: 1)
        try transaction.addAlert(again, events: [])
      }
    }
    #expect(isConstraint(error))
    let row = try await bench.store.read { try $0.alert(1) }
    #expect(row?.detail == [1, 2] && row?.raised == 10 && row?.gtin == 5 && row?.rule == "rule/1" && row?.event == 1)
  }

  @Test("a filter asks for what it names; a region for what lies in it", arguments: StoreUnderTest.all)
  func filters(_ engine: StoreUnderTest) async throws {
    let bench = try await Bench.withEvent(engine)
    let rows = [
      Self.alert(1, "diversion", region: "430102", dealer: "A"), Self.alert(2, "price", region: "440100", dealer: "A"),
      Self.alert(3, "diversion", region: "430000", dealer: "B"), Self.alert(4, "forgery", region: nil),
    ]
    try await bench.store.write { transaction in for row in rows { try transaction.addAlert(row, events: []) } }
    let ids: @Sendable (String?, String?, String?, String?) async throws -> [Int64] = { kind, status, dealer, region in
      try await bench.store.read { transaction throws in
        var filter = AlertFilter()
        (filter.kind, filter.status, filter.dealer, filter.regionPrefix) = (kind, status, dealer, region)
        return try transaction.alerts(filter, before: .max, limit: 10).map(\.id)
      }
    }
    #expect(try await ids(nil, nil, nil, nil) == [4, 3, 2, 1])
    #expect(try await ids("diversion", nil, nil, nil) == [3, 1])
    #expect(try await ids(nil, "open", "A", nil) == [2, 1])
    #expect(try await ids(nil, "closed", nil, nil).isEmpty)
    #expect(try await ids(nil, nil, nil, "43") == [3, 1])
    #expect(try await ids(nil, nil, nil, "4301") == [1])
    try await bench.store.read { transaction throws in
      #expect(try transaction.alerts(AlertFilter(), before: 3, limit: 1).map(\.id) == [2])
      #expect(try transaction.alerts(after: 2, limit: 9).map(\.id) == [3, 4])
    }
  }

  @Test("alerts are counted where they stand, and a count that is edited is found", arguments: StoreUnderTest.all)
  func tallies(_ engine: StoreUnderTest) async throws {
    let bench = try await Bench.withEvent(engine)
    let rows = [
      Self.alert(1, "diversion", region: "430102", dealer: "A"),
      Self.alert(2, "diversion", region: "430102", dealer: "A"), Self.alert(3, "forgery", region: nil),
    ]
    let counts: @Sendable () async throws -> [String] = {
      try await bench.store.read { transaction throws in
        #expect(try transaction.wrongTallies() == 0)
        return try transaction.alertCounts().map {
          "\($0.kind) \($0.status) \($0.count) \($0.dealer ?? "-") \($0.region ?? "-")"
        }.sorted()
      }
    }
    try await bench.store.write { transaction in for row in rows { try transaction.addAlert(row, events: []) } }
    #expect(try await counts() == ["diversion open 2 A 430102", "forgery open 1 - -"])
    try await bench.store.write { transaction in
      try transaction.setStatus("inCase", ofAlert: 2)
      try transaction.setAlert(1, status: "closed", detail: [])
      try transaction.setDecision("confirmed", ofAlert: 1)
    }
    #expect(
      try await counts() == ["diversion closed 1 A 430102", "diversion inCase 1 A 430102", "forgery open 1 - -"])
    try await bench.store.read { transaction throws in
      let decided = try transaction.decisionCounts()
      #expect(decided.map(\.decision) == ["confirmed"] && decided.map(\.count) == [1])
    }
    try await bench.store.write { transaction throws in
      #expect(try transaction.run("UPDATE alert_tally SET n = 7 WHERE kind = 'forgery'") == 1)
    }
    #expect(try await bench.store.read { try $0.wrongTallies() } == 1)
  }

  @Test("the most severe come first, and of those the most value at risk", arguments: StoreUnderTest.all)
  func urgency(_ engine: StoreUnderTest) async throws {
    let bench = try await Bench.withEvent(engine)
    let urgencies = [(0, 900), (2, 5), (1, 50), (2, 700), (1, 50)] as [(Int, Int64)]
    try await bench.store.write { transaction in
      for (place, urgency) in urgencies.enumerated() {
        let row = AlertRow(
          id: Int64(place + 1), identity: "m\(place)", kind: "diversion", status: "open", severity: "notice",
          dealer: nil, region: nil, gtin: nil, raised: 0, rule: "r", detail: [], event: 1,
          urgency: AlertUrgency.number(rank: urgency.0, value: urgency.1))
        try transaction.addAlert(row, events: [])
      }
    }
    let all = try await bench.store.read {
      try $0.urgentAlerts(AlertFilter(), after: (.max, .max), limit: 9)
    }
    #expect(all.map(\.id) == [4, 2, 5, 3, 1])
    #expect(all.map { AlertUrgency.value($0.urgency) } == [700, 5, 50, 50, 900])
    let place = (urgency: all[2].urgency, id: all[2].id)
    #expect(
      try await bench.store.read { try $0.urgentAlerts(AlertFilter(), after: place, limit: 9).map(\.id) } == [3, 1])
  }

  @Test("a detector remembers how far it has read", arguments: StoreUnderTest.all)
  func detectors(_ engine: StoreUnderTest) async throws {
    let bench = try Bench(engine)
    #expect(try await bench.store.read { try $0.detector("clone")?.cursor } == nil)
    for cursor in [5, 9] as [Int64] {
      try await bench.store.write { try $0.putDetector("clone", cursor: cursor, state: [UInt8(cursor)]) }
      let found = try await bench.store.read { try $0.detector("clone") }
      #expect(found?.cursor == cursor && found?.state == [UInt8(cursor)])
    }
  }

  @Test("a key is found by its hash and revoked once", arguments: StoreUnderTest.all)
  func keys(_ engine: StoreUnderTest) async throws {
    let bench = try await Bench.withEvent(engine)
    let hash = [UInt8](repeating: 5, count: 32)
    try await bench.store.write { transaction throws in
      let id = try transaction.addKey(
        hash: hash, role: "terminal", dealer: nil, region: "430102", name: "till", created: 7, event: 1)
      #expect(id == 1)
      try transaction.addUser(name: "li", salt: [1], password: [2], key: id)
    }
    for bad in [hash, [1, 2, 3]] {
      let error = await #expect(throws: StorageError.self) {
        try await bench.store.write {
          try $0.addKey(hash: bad, role: "admin", dealer: nil, region: nil, name: "", created: 0, event: 1)
        }
      }
      #expect(isConstraint(error))
    }
    try await bench.store.write { transaction throws in
      let key = try transaction.key(hash: hash)
      #expect(key?.id == 1 && key?.role == "terminal" && key?.region == "430102" && key?.name == "till")
      #expect(key?.created == 7 && key?.revoked == nil && key?.dealer == nil)
      #expect(try transaction.revokeKey(1, at: 9))
      #expect(try !transaction.revokeKey(1, at: 10))
      #expect(try !transaction.revokeKey(2, at: 10))
      #expect(try transaction.key(1)?.revoked == 9)
      #expect(try transaction.keys().map(\.id) == [1])
      let user = try transaction.user("li")
      #expect(user?.salt == [1] && user?.password == [2] && user?.key == 1)
      #expect(try transaction.user("wang")?.key == nil)
    }
  }
}
