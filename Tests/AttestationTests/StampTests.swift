import Attestation
import Foundation
import Ledger
import Storage
import TestWorld
import Testing
import TimeStamps
import TransparencyLog

/// An authority made of `openssl ts -reply`, in a folder of its own.
final class Responder: Sendable {
  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("tsa-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Self.configuration.write(to: folder.appendingPathComponent("tsa.cnf"), atomically: true, encoding: .utf8)
    try "01".write(to: folder.appendingPathComponent("serial"), atomically: true, encoding: .utf8)
    try run(
      "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "3650", "-subj",
      "/CN=Root", "-config", "tsa.cnf", "-keyout", "ca.key", "-out", "ca.pem")
    try run(
      "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=TSA", "-config", "tsa.cnf",
      "-keyout", "tsa.key", "-out", "tsa.csr")
    try run(
      "x509", "-req", "-in", "tsa.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "3650",
      "-extfile", "tsa.cnf", "-extensions", "usage", "-out", "tsa.pem")
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  func answer(_ request: [UInt8]) throws -> [UInt8] {
    let name = UUID().uuidString
    try Data(request).write(to: folder.appendingPathComponent("\(name).tsq"))
    try run(
      "ts", "-reply", "-config", "tsa.cnf", "-section", "tsa", "-queryfile", "\(name).tsq", "-signer", "tsa.pem",
      "-inkey", "tsa.key", "-out", "\(name).tsr")
    return try file("\(name).tsr")
  }

  func file(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: folder.appendingPathComponent(name))) }

  @discardableResult
  func run(_ words: String...) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["openssl"] + words
    process.currentDirectoryURL = folder
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "openssl \(words.joined(separator: " ")): \(text)")
    return text
  }

  private static let configuration = """
    [req]
    distinguished_name = name
    x509_extensions = root
    [name]
    [root]
    basicConstraints = critical, CA:TRUE
    keyUsage = critical, keyCertSign
    [usage]
    keyUsage = critical, digitalSignature
    extendedKeyUsage = critical, timeStamping
    [tsa]
    serial = serial
    signer_digest = sha256
    default_policy = 1.2.3.4.1
    digests = sha256
    accuracy = secs:1
    clock_precision_digits = 0
    ess_cert_id_alg = sha256
    """
}

@Suite("Time stamps on checkpoints")
struct StampTests {
  private static let clock: @Sendable () -> Int64 = { Int64(Date().timeIntervalSince1970) }

  private func settings(_ responder: Responder) throws -> AttestationSettings {
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
    let responder = try Responder()
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

  @Test("a stamp that fails is told, waits, is tried again and got; nothing else is held up")
  func retries() async throws {
    let world = try await World.make()
    try await Sequencer(world.ledger).catchUp()
    let responder = try Responder()
    let state = Attempts()
    let stamper = Stamper(
      world.ledger, try settings(responder),
      post: Post { _, body, _ in
        await state.next() == 1
          ? Post.Reply(status: 503, body: []) : Post.Reply(status: 200, body: try responder.answer(body))
      }, clock: { Self.clock() + (state.later ? 60 : 0) })
    #expect(try await stamper.pass() == ["local": .status(503)])
    #expect(try await stamper.pass() == [:], "it waits")
    #expect(await state.count == 1)
    state.wait()
    #expect(try await stamper.pass() == [:])
    #expect(await state.count == 2)
    #expect(try await world.ledger.store.read { try $0.lastTimeStamp(authority: "local")?.size } == 1)
  }

  @Test("an answer that is no stamp, or over other bytes, is not believed and not kept")
  func lies() async throws {
    let world = try await World.make()
    try await Sequencer(world.ledger).catchUp()
    let responder = try Responder()
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
    let responder = try Responder()
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
