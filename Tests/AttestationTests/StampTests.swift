import Attestation
import Foundation
import Ledger
import Storage
import TestAuthority
import TestWorld
import Testing
import TimeStamps
import TransparencyLog

@Suite("Time stamps on checkpoints")
struct StampTests {
  private static let clock: @Sendable () -> Int64 = { Int64(Date().timeIntervalSince1970) }

  private func settings(_ responder: Authority) throws -> AttestationSettings {
    let file = responder.folder.appendingPathComponent("stamps.json").path
    try #"{"every":60,"authorities":[{"name":"local","url":"http://tsa.test/","policy":"1.2.3.4.1","ca":"ca.pem"}]}"#
      .write(toFile: file, atomically: true, encoding: .utf8)
    var settings = AttestationSettings()
    try settings.readTimeStamps(file)
    return settings
  }

  @Test("the newest checkpoint is stamped by a real responder, once, and OpenSSL verifies the stamp")
  func stamps() async throws {
    let world = try await World.make()
    try await Sequencer(world.ledger).catchUp()
    let responder = try Authority()
    let stamper = Stamper(
      world.ledger, try settings(responder),
      post: Post { url, body, type in
        #expect(url == "http://tsa.test/" && type == "application/timestamp-query")
        return Post.Reply(status: 200, body: try responder.answer(body))
      }, clock: Self.clock)
    #expect(try await stamper.pass() == [:])
    let head = try #require(try await world.ledger.store.read { try $0.lastCheckpoint() })
    let stamps = try await world.ledger.store.read { try $0.timeStamps(size: head.size) }
    #expect(stamps.map(\.authority) == ["local"])
    try Data(stamps[0].answer).write(to: responder.folder.appendingPathComponent("got.tsr"))
    try Data(head.note.utf8).write(to: responder.folder.appendingPathComponent("stamped"))
    #expect(
      try responder.run("ts", "-verify", "-data", "stamped", "-in", "got.tsr", "-CAfile", "ca.pem").contains("OK"))
    #expect(try await stamper.pass() == [:])
    #expect(try await world.ledger.store.read { try $0.timeStamps(size: head.size).count } == 1)
  }

  @Test("an idle log stays as it was stamped; with the next event the stamp is in the log, and missed when deleted")
  func recorded() async throws {
    let shop = try await Shop.make()
    let world = shop.world
    try await Sequencer(world.ledger).catchUp()
    let responder = try Authority()
    let stamper = Stamper(
      world.ledger, try settings(responder),
      post: Post { _, body, _ in Post.Reply(status: 200, body: try responder.answer(body)) }, clock: Self.clock)
    let head = try #require(try await world.ledger.store.read { try $0.lastCheckpoint() })
    #expect(try await stamper.pass() == [:])
    #expect(try await Sequencer(world.ledger).pass() == 0)
    #expect(try await world.ledger.store.read { try $0.lastCheckpoint() }?.size == head.size)
    try await shop.void([shop.item(0)])
    #expect(try await Sequencer(world.ledger).pass() == 2)
    #expect(try await AttestationAudit(world.ledger).run() == [])
    try world.edit("DELETE FROM time_stamp")
    let missed = "the time stamp of local over checkpoint \(head.size) is not there as it was kept"
    #expect(try await AttestationAudit(world.ledger).run() == [missed])
  }

  @Test("a stamp that fails is told, waits, is tried again and got; nothing else is held up")
  func retries() async throws {
    let world = try await World.make()
    try await Sequencer(world.ledger).catchUp()
    let responder = try Authority()
    let state = Attempts()
    let board = AttestationBoard()
    let stamper = Stamper(
      world.ledger, try settings(responder),
      post: Post { _, body, _ in
        await state.next() == 1
          ? Post.Reply(status: 503, body: []) : Post.Reply(status: 200, body: try responder.answer(body))
      }, board: board, clock: { Self.clock() + (state.later ? 60 : 0) })
    #expect(try await stamper.pass() == ["local": .status(503)])
    let standing = board.standing(.timeStamp, "local")
    #expect(standing.word == "failing" && standing.failures == 1 && standing.error == .status(503))
    #expect(standing.nextTry.map { $0 > Self.clock() } == true)
    #expect(try await stamper.pass() == [:], "it waits")
    #expect(await state.count == 1)
    state.wait()
    #expect(try await stamper.pass() == [:])
    #expect(await state.count == 2)
    let got = board.standing(.timeStamp, "local")
    #expect(got.word == "ok" && got.failures == 0 && got.error == nil && got.nextTry == nil)
    #expect(try await world.ledger.store.read { try $0.lastTimeStamp(authority: "local")?.size } == 1)
  }

  @Test("several authorities stamp the same checkpoint; one that is away holds up none")
  func several() async throws {
    let world = try await World.make()
    try await Sequencer(world.ledger).catchUp()
    let responder = try Authority()
    let file = responder.folder.appendingPathComponent("three.json").path
    let entries = ["one", "two", "away"].map { #"{"name":"\#($0)","url":"http://\#($0).test/","ca":"ca.pem"}"# }
    try #"{"authorities":[\#(entries.joined(separator: ","))]}"#.write(
      toFile: file, atomically: true, encoding: .utf8)
    var settings = AttestationSettings()
    try settings.readTimeStamps(file)
    let stamper = Stamper(
      world.ledger, settings,
      post: Post { url, body, _ in
        url.contains("away")
          ? Post.Reply(status: 503, body: []) : Post.Reply(status: 200, body: try responder.answer(body))
      }, clock: Self.clock)
    #expect(try await stamper.pass() == ["away": .status(503)])
    let stamps = try await world.ledger.store.read { try $0.timeStamps(size: 1) }
    #expect(Set(stamps.map(\.authority)) == ["one", "two"])
    #expect(try await AttestationAudit(world.ledger).run() == [])
    try world.edit("UPDATE time_stamp SET answer = x'3000' WHERE authority = 'one'")
    #expect(
      try await AttestationAudit(world.ledger).run() == [
        "the time stamp of one is not over checkpoint 1",
        "the time stamp of one over checkpoint 1 is not there as it was kept",
        "the time stamp of one over checkpoint 1 is there without its event",
      ])
  }

  @Test("an answer that is no stamp, or over other bytes, is not believed and not kept")
  func lies() async throws {
    let world = try await World.make()
    try await Sequencer(world.ledger).catchUp()
    let responder = try Authority()
    let other = try TimeStampRequest(note: [1, 2, 3], nonce: [9, 9, 9, 9, 9, 9, 9, 9]).der
    for reply in [[UInt8]("nonsense".utf8), try responder.answer(other)] {
      let stamper = Stamper(
        world.ledger, try settings(responder), post: Post { _, _, _ in .init(status: 200, body: reply) },
        clock: Self.clock)
      let failure = try await stamper.pass()["local"]
      if case .notBelieved = failure {} else { Issue.record("\(String(describing: failure))") }
      #expect(try await world.ledger.store.read { try $0.lastTimeStamp(authority: "local") } == nil)
    }
  }

  @Test("a settings file that cannot be used says why")
  func badSettings() throws {
    let responder = try Authority()
    for (text, reason) in [
      ("[]", "is not a JSON object"), ("{}", "needs authorities, each with a name of its own"),
      (#"{"authorities":[{"name":"a/b","url":"http://x","ca":"ca.pem"}]}"#, "an authority needs name"),
      (#"{"authorities":[{"name":"a","url":"ftp://x","ca":"ca.pem"}]}"#, "an authority needs name"),
      (#"{"authorities":[{"name":"a","url":"http://x","ca":"none.pem"}]}"#, "none.pem cannot be read"),
      (#"{"every":0,"authorities":[]}"#, "every must be 1 to 86400 seconds"),
    ] {
      let file = responder.folder.appendingPathComponent("bad.json").path
      try text.write(toFile: file, atomically: true, encoding: .utf8)
      var settings = AttestationSettings()
      let error = #expect(throws: SettingsError.self) { try settings.readTimeStamps(file) }
      #expect(error?.reason.hasPrefix(reason) == true, "\(text): \(String(describing: error))")
    }
  }
}

/// Counts what was asked, and moves a clock.
private final class Attempts: Sendable {
  private let counter = Counter()
  private let flag = Flag()

  var count: Int { get async { await counter.value } }
  var later: Bool { flag.isSet }
  func next() async -> Int { await counter.next() }
  func wait() { flag.set() }

  private actor Counter {
    var value = 0
    func next() -> Int {
      value += 1
      return value
    }
  }
}
