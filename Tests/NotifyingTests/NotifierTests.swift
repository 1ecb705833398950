import Foundation
import Ledger
import Notifying
import Storage
import TestWorld
import Testing
import TransparencyLog

@Suite("Telling other systems")
struct NotifierTests {
  @Test("an alert is told once, signed, with numbers and words only; what happened before the address was added is not")
  func tells() async throws {
    let desk = try await Desk.make()
    try await desk.raise()
    let (id, secret) = try await desk.add()
    let notifier = desk.notifier()
    try await notifier.pass()
    #expect(desk.receiver.messages.isEmpty)
    try await desk.idle(3)
    let alert = try await desk.raise()
    for _ in 0..<3 { try await notifier.pass() }
    let message = try #require(desk.receiver.messages.first)
    #expect(desk.receiver.messages.count == 1 && message.url == "https://hooks.example.com/y")
    #expect(message.isBelieved(secret, at: desk.world.clock.now))
    #expect(message.headers["content-type"] == "application/json" && !message.id.contains("."))
    #expect(
      message.json == [
        "type": "alert.raised", "timestamp": "2026-09-01T08:00:00Z",
        "data": [
          "alert": .string("A\(alert)"), "event": 7, "kind": "diversion", "severity": "serious", "rule": "test/1",
          "region": "440100", "gtin": "06901234567892",
          "links": ["api": .string("/v1/alerts/A\(alert)"), "page": .string("/console/alerts/A\(alert)")],
        ],
      ])
    let row = try #require(try await desk.deliveries(id).first)
    #expect(row.state == "delivered" && row.tries == 1 && row.status == 204 && row.next == nil)
  }

  @Test("each address is told what it wants, and no other; a name that dealers go by is not among it")
  func types() async throws {
    let desk = try await Desk.make()
    let (wanting, _) = try await desk.add(["alert.raised", "alert.decided"])
    let (other, _) = try await desk.add(["case.opened"])
    try await desk.raise()
    let now = desk.world.clock.now
    _ = try await desk.ledger.store.write { [ledger = desk.ledger] transaction in
      try ledger.append(
        EventDraft(
          .alertDecision, at: now, by: Desk.admin, data: ["alert": 1, "decision": "confirmed"],
          personal: ["reason": "王某承认"]), transaction, recorded: now)
    }
    try await desk.notifier().pass()
    #expect(try await desk.deliveries(other).isEmpty)
    #expect(try await desk.deliveries(wanting).map(\.type) == ["alert.decided", "alert.raised"])
    let told = desk.receiver.messages.map { String(decoding: $0.body, as: UTF8.self) }.joined()
    #expect(told.contains("confirmed") && !told.contains("王"))
  }

  @Test("a failed delivery is tried ten times over 75 hours under the same id, then given up, and the address disabled")
  func backOff() async throws {
    let desk = try await Desk.make()
    let (id, secret) = try await desk.add()
    try await desk.raise()
    desk.receiver.answers(500)
    let notifier = desk.notifier()
    try await notifier.pass()
    for wait in [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400] as [Int64] {
      let before = desk.receiver.messages.count
      desk.world.clock.advance(seconds: wait - 1)
      try await notifier.pass()
      #expect(desk.receiver.messages.count == before, "too early: \(wait)")
      desk.world.clock.advance(seconds: 1)
      try await notifier.pass()
      #expect(desk.receiver.messages.count == before + 1, "\(wait)")
      #expect(try #require(desk.receiver.messages.last).isBelieved(secret, at: desk.world.clock.now))
    }
    #expect(Set(desk.receiver.ids).count == 1 && desk.receiver.ids.count == 10)
    let view = try await desk.webhooks.view(id)
    #expect(!view.row.isEnabled && view.row.reason == "failing")
    #expect(view.last?.state == "failed" && view.last?.tries == 10 && view.last?.status == 500)
    #expect(try await desk.kinds().last == "webhook", "the log says that it was disabled")
    desk.world.clock.advance(seconds: 86_400)
    try await desk.raise()
    try await notifier.pass()
    #expect(desk.receiver.messages.count == 10, "nothing is sent to an address that is disabled")
  }

  @Test("a delivery that is given up does not disable an address that took another one meanwhile")
  func staysEnabled() async throws {
    let desk = try await Desk.make()
    let (id, _) = try await desk.add()
    try await desk.raise()
    desk.receiver.fails(.timedOut)
    let notifier = desk.notifier()
    for place in 0..<9 {
      if place > 0 { desk.world.clock.advance(seconds: 86_400) }
      try await notifier.pass()
    }
    desk.world.clock.advance(seconds: 3_600)
    desk.receiver.answers(200)
    try await desk.raise()
    try await notifier.pass()
    #expect(try await desk.webhooks.view(id).row.failingSince == nil)
    desk.receiver.fails(.timedOut)
    desk.world.clock.advance(seconds: 86_400)
    try await notifier.pass()
    #expect(try await desk.deliveries(id).map(\.state) == ["delivered", "failed"])
    #expect(try await desk.deliveries(id).last?.error == "timedOut")
    #expect(try await desk.webhooks.view(id).row.isEnabled)
  }

  @Test("410 disables at once; enabled again, what waited is sent, and what happened meanwhile is not told")
  func gone() async throws {
    let desk = try await Desk.make()
    let (id, _) = try await desk.add()
    let notifier = desk.notifier()
    desk.receiver.answers(503)
    try await desk.raise()
    try await notifier.pass()
    desk.world.clock.advance(seconds: 60)
    desk.receiver.answers(410)
    try await desk.raise()
    try await notifier.pass()
    #expect(try await desk.webhooks.view(id).row.reason == "gone")
    try await desk.raise()
    try await notifier.pass()
    desk.receiver.clear()
    desk.receiver.answers(200)
    let form = Webhooks.Form(url: "https://hooks.example.com/y", types: ["alert.raised"])
    let view = try await desk.webhooks.change(id, to: form, by: Desk.admin)
    #expect(view.row.isEnabled && view.row.reason == nil && view.row.failingSince == nil)
    let after = try await desk.raise()
    for _ in 0..<3 { try await notifier.pass() }
    let told = desk.receiver.messages.compactMap { $0.json?["data"]?["alert"]?.string }
    #expect(Set(told).isSuperset(of: ["A\(after)"]) && !told.contains("A3") && told.count == 2, "\(told)")
  }

  @Test("a receiver under load is left alone for as long as it asks, and a redirect is a failure")
  func pauses() async throws {
    let desk = try await Desk.make()
    let (id, _) = try await desk.add()
    let notifier = desk.notifier()
    desk.receiver.answers(429, retryAfter: 120)
    try await desk.raise()
    try await notifier.pass()
    try await desk.raise()
    desk.world.clock.advance(seconds: 119)
    try await notifier.pass()
    #expect(desk.receiver.messages.count == 1)
    desk.receiver.answers(302)
    desk.world.clock.advance(seconds: 1)
    try await notifier.pass()
    #expect(desk.receiver.messages.count == 2)
    #expect(try await desk.deliveries(id).contains { $0.status == 302 && $0.state == "pending" })
  }

  @Test("a crash after sending and before noting it: the same message comes again under the same id")
  func crash() async throws {
    let desk = try await Desk.make()
    let (id, secret) = try await desk.add()
    try await desk.raise()
    // Unknown to us: the server stops while it waits for the answer.
    desk.receiver.fails(.cancelled)
    try await desk.notifier().pass()
    #expect(try await desk.deliveries(id).map(\.tries) == [0])
    let later = Desk(try desk.world.crashed())
    try await later.notifier().pass()
    #expect(later.receiver.ids == desk.receiver.ids && later.receiver.ids.count == 1)
    #expect(try #require(later.receiver.messages.first).isBelieved(secret, at: later.world.clock.now))
    #expect(later.receiver.messages.first?.body == desk.receiver.messages.first?.body)
  }

  @Test("a crash before anything was decided loses nothing, and two servers at once decide nothing twice")
  func takeover() async throws {
    let desk = try await Desk.make()
    let (id, _) = try await desk.add()
    for _ in 0..<5 { try await desk.raise() }
    let after = Desk(try desk.world.crashed())
    let (one, two) = (after.notifier(), after.notifier())
    async let first: Void = one.pass()
    async let second: Void = two.pass()
    _ = try await (first, second)
    try await one.pass()
    let rows = try await after.deliveries(id)
    #expect(rows.count == 5 && Set(rows.compactMap(\.event)).count == 5)
    #expect(Set(after.receiver.ids).count == 5, "at least once")
    #expect(rows.allSatisfy { $0.state == "delivered" })
  }

  @Test("whatever fails in between, in whatever order: everything is told at least once, each under one id")
  func faults() async throws {
    for seed in Seeds.some(6) {
      var random = SeededGenerator(seed)
      var desk = try await Desk.make()
      let (id, secret) = try await desk.add()
      var notifier = desk.notifier()
      var (raised, told) = (0, [String: Set<String>]())
      for _ in 0..<40 {
        switch Int.random(in: 0..<5, using: &random) {
        case 0:
          try await desk.raise()
          raised += 1
        case 1: desk.receiver.answers([200, 500, 404, 301].randomElement(using: &random) ?? 200)
        case 2: desk.receiver.fails([.timedOut, .unreachable, .cancelled].randomElement(using: &random) ?? .tls)
        case 3:
          collect(desk, secret, &told)
          desk = Desk(try desk.world.crashed())
          notifier = desk.notifier()
        default:
          desk.world.clock.advance(seconds: Int64.random(in: 0...600, using: &random))
          try await notifier.pass()
        }
      }
      desk.receiver.answers(204)
      for _ in 0..<(raised + 4) {
        desk.world.clock.advance(seconds: 20_000)
        try await notifier.pass()
      }
      collect(desk, secret, &told)
      let rows = try await desk.deliveries(id)
      #expect(rows.count == raised && rows.allSatisfy { $0.state == "delivered" }, "seed \(seed)")
      #expect(told.count == raised && told.values.allSatisfy { $0.count == 1 }, "seed \(seed)")
    }
  }

  /// The ids under which each alert came.
  private func collect(_ desk: Desk, _ secret: WebhookSecret, _ told: inout [String: Set<String>]) {
    for message in desk.receiver.messages {
      told[message.json?["data"]?["alert"]?.string ?? "", default: []].insert(message.id)
    }
  }

  @Test("while more than a thousand wait for an address no further events are looked at for it, and none is lost")
  func bounded() async throws {
    let desk = try await Desk.make()
    let (id, _) = try await desk.add()
    desk.receiver.answers(500)
    for _ in 0..<1_700 { try await desk.raise() }
    let notifier = desk.notifier()
    for _ in 0..<6 { try await notifier.pass() }
    let waiting = try await desk.webhooks.view(id).pending
    #expect((1_000...1_500).contains(waiting))
    desk.receiver.answers(200)
    for _ in 0..<2_000 where try await desk.webhooks.view(id).pending > 0 || desk.receiver.messages.count < 1_700 {
      desk.world.clock.advance(seconds: 400)
      try await notifier.pass()
    }
    #expect(Set(desk.receiver.messages.compactMap { $0.json?["data"]?["alert"]?.string }).count == 1_700)
  }

  @Test("deliveries are forgotten after thirty days, and numbers are not given again")
  func sweeps() async throws {
    let desk = try await Desk.make()
    let (id, _) = try await desk.add()
    let notifier = desk.notifier()
    try await desk.raise()
    try await notifier.pass()
    desk.world.clock.advance(seconds: 30 * 86_400 + 1)
    try await notifier.pass()
    #expect(try await desk.deliveries(id).isEmpty)
    try await desk.raise()
    try await notifier.pass()
    #expect(try await desk.deliveries(id).map(\.number) == [2])
  }

  @Test("waits are the schedule's, a little longer by chance, never shorter, and as long as a receiver asks")
  func waits() {
    #expect(RetrySchedule.triesMax == 10)
    #expect(RetrySchedule.wait(after: 1, asked: nil, random: 0) == 5_000)
    #expect(RetrySchedule.wait(after: 1, asked: nil, random: 0.5) == 5_500)
    #expect(RetrySchedule.wait(after: 1, asked: 60, random: 0) == 60_000)
    #expect(RetrySchedule.wait(after: 1, asked: .max, random: 0) == 86_400_000)
    #expect(RetrySchedule.wait(after: 1, asked: -5, random: 0) == 5_000)
    #expect(RetrySchedule.wait(after: 9, asked: nil, random: 0) == 86_400_000)
    #expect(RetrySchedule.wait(after: 10, asked: nil, random: 0) == nil)
    #expect(RetrySchedule.wait(after: 0, asked: nil, random: 0) == nil)
  }
}
