import Storage
import Testing

@Suite("Rows of webhooks, on both engines")
struct WebhookRowsTests {
  private func row(_ id: Int64, cursor: Int64 = 1, before: [UInt8]? = nil) -> WebhookRow {
    WebhookRow(
      id: id, url: "https://a.example/", name: "一", types: "alert.raised,case.opened", created: 5, secret: [0, 1, 255],
      before: before, beforeUntil: before == nil ? nil : 9, cursor: cursor, event: 1)
  }

  private func delivery(_ number: Int64, event: Int64?, created: Int64 = 10) -> DeliveryRow {
    DeliveryRow(
      webhook: 1, number: number, message: "msg_\(number)", type: "alert.raised", event: event, body: [1, 0, 2],
      created: created)
  }

  @Test("what is put is read, and put again it takes the place of what was there", arguments: StoreUnderTest.all)
  func round(_ engine: StoreUnderTest) async throws {
    let bench = try await Bench.withEvent(engine)
    let plain = row(1), turned = row(1, cursor: 7, before: [9])
    let (first, second) = try await bench.store.write { transaction in
      try transaction.put(plain)
      let first = try transaction.webhook(1)
      try transaction.put(turned)
      return (first, try transaction.webhooks())
    }
    #expect(first?.secret == [0, 1, 255] && first?.before == nil && first?.isEnabled == true && first?.name == "一")
    #expect(second.count == 1 && second[0].before == [9] && second[0].beforeUntil == 9 && second[0].cursor == 7)
    #expect(second[0].failingSince == nil && second[0].reason == nil)
  }

  @Test(
    "deliveries: due ones in order, pages from the newest, counted, swept, and gone with their address",
    arguments: StoreUnderTest.all)
  func deliveries(_ engine: StoreUnderTest) async throws {
    let bench = try await Bench.withEvent(engine)
    let webhook = row(1)
    let rows = [delivery(1, event: 1, created: 30), delivery(2, event: nil, created: 10), delivery(3, event: nil)]
    try await bench.store.write { transaction in
      try transaction.put(webhook)
      #expect(try transaction.nextDelivery(ofWebhook: 1) == 1 && transaction.nextDelivery(ofWebhook: 1) == 2)
      for row in rows { try transaction.put(row) }
      var done = rows[2]
      (done.state, done.next, done.tries, done.tried, done.status) = ("delivered", nil, 1, 11, 204)
      try transaction.put(done)
    }
    let found = try await bench.store.read { transaction in
      (
        due: try transaction.dueDeliveries(ofWebhook: 1, at: 30, limit: 5).map(\.number),
        early: try transaction.dueDeliveries(ofWebhook: 1, at: 29, limit: 5).map(\.number),
        page: try transaction.deliveries(ofWebhook: 1, before: 3, limit: 5).map(\.number),
        one: try transaction.delivery(3, ofWebhook: 1), pending: try transaction.pendingDeliveries(ofWebhook: 1)
      )
    }
    #expect(found.due == [2, 1] && found.early == [2] && found.page == [2, 1] && found.pending == 2)
    #expect(found.one?.status == 204 && found.one?.next == nil && found.one?.body == [1, 0, 2])
    try await bench.store.write { transaction in
      try transaction.makeDue(ofWebhook: 1, at: 20)
      try transaction.setFailing(ofWebhook: 1, since: 12)
      try transaction.setCursor(ofWebhook: 1, to: 4)
    }
    let after = try await bench.store.read {
      (try $0.dueDeliveries(ofWebhook: 1, at: 20, limit: 5).map(\.number), try $0.webhook(1))
    }
    #expect(after.0 == [2, 1] && after.1?.failingSince == 12 && after.1?.cursor == 4)
    try await bench.store.write { try $0.sweepDeliveries(before: 30) }
    #expect(try await bench.store.read { try $0.deliveries(ofWebhook: 1, before: .max, limit: 5).map(\.number) } == [1])
    try await bench.store.write { try $0.removeWebhook(1) }
    #expect(try await bench.store.read { try $0.webhooks().isEmpty })
  }

  @Test("an event is told to an address once", arguments: StoreUnderTest.all)
  func once(_ engine: StoreUnderTest) async throws {
    let bench = try await Bench.withEvent(engine)
    let (webhook, one, two) = (row(1), delivery(1, event: 1), delivery(2, event: 1))
    try await bench.store.write {
      try $0.put(webhook)
      try $0.put(one)
    }
    let error = await #expect(throws: StorageError.self) { try await bench.store.write { try $0.put(two) } }
    #expect(isConstraint(error))
  }

  @Test("events of some kinds within bounds, in order", arguments: StoreUnderTest.all)
  func events(_ engine: StoreUnderTest) async throws {
    let bench = try Bench(engine)
    try await bench.store.write { transaction in
      for kind in ["a", "b", "a", "c", "a"] { _ = try transaction.appendEvent(kind) }
    }
    let found = try await bench.store.read { transaction in
      [(0, 5, 9), (1, 5, 9), (0, 4, 9), (0, 5, 2)].map { after, through, limit in
        (try? transaction.events(ofKinds: ["a", "c"], after: after, through: through, limit: limit).map(\.id)) ?? []
      }
    }
    #expect(found == [[1, 3, 4, 5], [3, 4, 5], [1, 3, 4], [1, 3]])
    #expect(try await bench.store.write { try [$0.nextWebhookID(), $0.nextWebhookID()] } == [1, 2])
  }
}
