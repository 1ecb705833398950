import Ledger
import Notifying
import Storage
import TestWorld
import Testing
import TransparencyLog

@Suite("Setting up webhooks")
struct WebhooksTests {
  private func refusal(_ form: Webhooks.Form, _ desk: Desk) async -> NotifyingError? {
    do {
      _ = try await desk.webhooks.add(form, by: Desk.admin)
      return nil
    } catch { return error }
  }

  @Test("what cannot be is refused with what is wrong, and nothing is written")
  func refusals() async throws {
    let desk = try await Desk.make()
    let good = "https://hooks.example.com/"
    for (form, expected) in [
      (.init(url: "http://example.com", types: ["alert.raised"]), .url(.insecure)),
      (.init(url: good, name: String(repeating: "x", count: 101), types: ["alert.raised"]), .name),
      (.init(url: good, name: "a\nb", types: ["alert.raised"]), .name),
      (.init(url: good, types: []), .types(place: nil)), (.init(url: good, types: ["ping"]), .types(place: 0)),
      (.init(url: good, types: ["case.opened", "nothing"]), .types(place: 1)),
      (.init(url: good, types: ["case.opened", "case.opened"]), .types(place: 1)),
    ] as [(Webhooks.Form, NotifyingError)] {
      #expect(await refusal(form, desk) == expected)
    }
    #expect(try await desk.webhooks.all().isEmpty)
    #expect(try await desk.kinds() == ["installation"])
    for _ in 0..<Webhooks.webhooksMax { _ = try await desk.add() }
    #expect(await refusal(.init(url: good, types: ["case.opened"]), desk) == .tooMany(max: 32))
  }

  @Test("setting up is in the log, with the address as a commitment and no secret anywhere; the database has it sealed")
  func recorded() async throws {
    let desk = try await Desk.make()
    let (id, secret) = try await desk.add(url: "https://hooks.example.com/token-4711")
    let turned = try await desk.webhooks.rotate(id, by: Desk.admin)
    try await desk.webhooks.remove((try await desk.add()).id, by: Desk.admin)
    #expect(try await desk.kinds().suffix(4) == ["webhook", "webhook", "webhook", "webhookRemoved"])
    let bodies = try await desk.ledger.store.read { transaction in
      try transaction.all("SELECT body FROM event") { String(decoding: $0.blob(0), as: UTF8.self) }.joined()
    }
    #expect(!bodies.contains("4711") && bodies.contains(#""change":"secret""#))
    let row = try await desk.webhooks.view(id).row
    for one in [secret, turned.secret] {
      let raw = try #require(Base64.standard.decode(Array(one.text.dropFirst(6).utf8)))
      for stored in [row.secret, row.before ?? []] {
        #expect(stored.count == 60 && !stored.indices.contains { stored[$0...].starts(with: raw.prefix(8)) })
      }
      #expect(!bodies.contains(one.text.dropFirst(6)))
    }
    #expect(try await Audit(desk.ledger).run().isClean)
  }

  @Test("numbers of removed webhooks are not given again")
  func numbers() async throws {
    let desk = try await Desk.make()
    let (one, _) = try await desk.add()
    try await desk.webhooks.remove(one, by: Desk.admin)
    let (two, _) = try await desk.add()
    #expect((one, two) == (1, 2))
    await #expect(throws: NotifyingError.unknownWebhook) { try await desk.webhooks.view(one) }
    await #expect(throws: NotifyingError.unknownWebhook) { try await desk.webhooks.remove(one, by: Desk.admin) }
  }

  @Test("for a day both secrets sign, then the new one alone")
  func rotation() async throws {
    let desk = try await Desk.make()
    let (id, old) = try await desk.add()
    let new = try await desk.webhooks.rotate(id, by: Desk.admin).secret
    let notifier = desk.notifier()
    for (wait, isOldBelieved) in [(0, true), (86_399, true), (1, false)] as [(Int64, Bool)] {
      desk.world.clock.advance(seconds: wait)
      try await desk.raise()
      try await notifier.pass()
      let message = try #require(desk.receiver.messages.last)
      #expect(message.isBelieved(new, at: desk.world.clock.now))
      #expect(message.isBelieved(old, at: desk.world.clock.now) == isOldBelieved, "after \(wait)")
    }
  }

  @Test("a secret of another keystore, of another row, or altered does not open, and nothing is sent unsigned")
  func seals() async throws {
    let desk = try await Desk.make()
    let (one, _) = try await desk.add()
    let (_, _) = try await desk.add()
    try desk.world.edit("UPDATE webhook SET secret = (SELECT secret FROM webhook WHERE id = 2) WHERE id = \(one)")
    do {
      _ = try await desk.webhooks.test(one)
      Issue.record("it was sent")
    } catch {
      guard case .ledger(.keys) = error else { throw error }
    }
    #expect(desk.receiver.messages.isEmpty)
  }

  @Test("a test is sent at once, also to an address that is disabled, is kept, and not sent again")
  func tests() async throws {
    let desk = try await Desk.make()
    let (id, secret) = try await desk.add()
    let good = try await desk.webhooks.test(id)
    #expect(good.state == "delivered" && good.type == "ping" && good.event == nil && good.number == 1)
    let message = try #require(desk.receiver.messages.first)
    #expect(message.isBelieved(secret, at: desk.world.clock.now) && message.json?["type"] == "ping")
    desk.receiver.fails(.notPublic)
    let form = Webhooks.Form(url: "https://hooks.example.com/y", types: ["alert.raised"], isEnabled: false)
    _ = try await desk.webhooks.change(id, to: form, by: Desk.admin)
    let bad = try await desk.webhooks.test(id)
    #expect(bad.state == "failed" && bad.error == "notPublic" && bad.status == nil && bad.next == nil)
    await #expect(throws: NotifyingError.disabled) { try await desk.webhooks.retry(bad.number, of: id) }
    _ = try await desk.webhooks.change(id, to: .init(url: form.url, types: form.types), by: Desk.admin)
    await #expect(throws: NotifyingError.testOnly) { try await desk.webhooks.retry(bad.number, of: id) }
  }

  @Test("what is over is sent again by hand under the same id, and what waits is sent at once")
  func retries() async throws {
    let desk = try await Desk.make()
    let (id, _) = try await desk.add()
    let notifier = desk.notifier()
    try await desk.raise()
    desk.receiver.answers(500)
    try await notifier.pass()
    try await notifier.pass()
    #expect(desk.receiver.messages.count == 1)
    _ = try await desk.webhooks.retry(1, of: id)
    desk.receiver.answers(200)
    try await notifier.pass()
    #expect(try await desk.deliveries(id).map(\.state) == ["delivered"])
    let again = try await desk.webhooks.retry(1, of: id)
    #expect(again.state == "pending" && again.tries == 0)
    try await notifier.pass()
    #expect(desk.receiver.messages.count == 3 && Set(desk.receiver.ids).count == 1)
    await #expect(throws: NotifyingError.unknownDelivery) { try await desk.webhooks.retry(9, of: id) }
  }

  @Test("an address that is no longer allowed is sent nothing")
  func withdrawn() async throws {
    let desk = try await Desk.make()
    let loose = Webhooks(desk.ledger, courier: desk.receiver.courier, allowsLoopback: true)
    let made = try await loose.add(.init(url: "http://127.0.0.1:9/", types: ["alert.raised"]), by: Desk.admin)
    #expect(try await loose.test(made.view.row.id).state == "delivered")
    #expect(try await desk.webhooks.test(made.view.row.id).error == "notPublic")
    #expect(desk.receiver.messages.count == 1)
  }
}
