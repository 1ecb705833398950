import Codes
import Foundation
import Ledger
import Storage
import TestWorld
import Testing
import TransparencyLog

@Suite("An installation is one folder")
struct InstallationTests {
  private let folder = FileManager.default.temporaryDirectory.path + "/yima-installation-\(UUID().uuidString)"
  private let clock = TestClock()

  private func installation(passphrase: String? = nil) -> Installation {
    Installation(directory: folder, passphrase: passphrase, now: { [clock] in clock.now })
  }

  private func cleanUp() { try? FileManager.default.removeItem(atPath: folder) }

  private func mode(_ path: String) throws -> Int {
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    return try #require(attributes[.posixPermissions] as? Int)
  }

  @Test("made, it has a first event with its keys; only its owner may read it")
  func create() async throws {
    defer { cleanUp() }
    let installation = installation()
    #expect(!installation.exists)
    let ledger = try await installation.create(resolver: "https://q.example.com")
    #expect(installation.exists)
    #expect(try mode(installation.keystorePath) == 0o600)
    #expect(try mode(installation.databasePath) == 0o600)
    #expect(try mode(folder) == 0o700)
    let row = try #require(try await ledger.read(LedgerError.self) { try $0.event(1) })
    let data = try JSONValue(parsing: row.body)["data"]
    #expect(data?["origin"] == "q.example.com/yima" && data?["resolver"] == "https://q.example.com")
    #expect(data?["logKey"]?.string == (try ledger.logSigner().key.vkey))
    #expect(data?["sealKeys"] == .array([.string(try #require(ledger.keystore.sealingKey).keyID)]))
    #expect(ledger.origin == "q.example.com/yima" && ledger.resolver.description == "https://q.example.com")
  }

  @Test("the database's files are the owner's alone even in a folder that others may read")
  func sharedFolder() async throws {
    defer { cleanUp() }
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
    let ledger = try await installation().create()
    for name in ["yima.sqlite", "yima.sqlite-wal", "keystore.json"] {
      #expect(try mode("\(folder)/\(name)") == 0o600, "\(name)")
    }
    #expect(ledger.origin == "id.example.cn/yima")
  }

  @Test("opened again it is the same: keys, resolver, events")
  func reopen() async throws {
    defer { cleanUp() }
    let first = try await installation(passphrase: "开门").create(resolver: "https://q.example.com")
    let (keystore, seal) = (first.keystore, first.keystore.sealingKey?.keyID)
    try first.store.close()
    let second = try installation(passphrase: "开门").open()
    #expect(second.keystore == keystore && second.keystore.sealingKey?.keyID == seal)
    #expect(second.resolver.description == "https://q.example.com" && second.origin == first.origin)
    #expect(try await second.read(LedgerError.self) { try $0.lastEventID() } == 1)
    #expect(try second.store.writeBlocking { try $0.first("PRAGMA synchronous") { $0.int(0) } } == 2)
  }

  @Test("it is made once")
  func twice() async throws {
    defer { cleanUp() }
    _ = try await installation().create()
    await #expect(throws: InstallationError.exists(folder)) { try await installation().create() }
    try FileManager.default.removeItem(atPath: installation().databasePath)
    // Keys alone are never overwritten either: codes may be printed with them.
    await #expect(throws: InstallationError.exists(folder)) { try await installation().create() }
  }

  @Test("a wrong or missing passphrase is said, and opens nothing")
  func passphrase() async throws {
    defer { cleanUp() }
    _ = try await installation(passphrase: "right").create()
    #expect(throws: InstallationError.keystore(.wrongPassphrase)) { try installation(passphrase: "wrong").open() }
    #expect(throws: InstallationError.keystore(.passphraseNeeded)) { try installation().open() }
    _ = try installation(passphrase: "right").open()
  }

  @Test("a plain keystore that others may read is not used")
  func exposed() async throws {
    defer { cleanUp() }
    _ = try await installation().create()
    let path = installation().keystorePath
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
    #expect(throws: InstallationError.keystore(.exposed(path: path))) { try installation().open() }
  }

  @Test("an empty folder holds none; a resolver must be one; a folder must be writable")
  func refusals() async throws {
    defer { cleanUp() }
    #expect(throws: InstallationError.missing(folder)) { try installation().open() }
    for bad in ["", "id.example.cn", "ftp://id.example.cn", "https://id.example.cn/a b"] {
      await #expect(throws: InstallationError.resolver(bad)) { try await installation().create(resolver: bad) }
    }
    #expect(!installation().exists && !FileManager.default.fileExists(atPath: folder))
    let bad = Installation(directory: "/proc/none", now: { [clock] in clock.now })
    await #expect(throws: InstallationError.folder("/proc/none")) { try await bad.create() }
  }

  @Test("after a rotation old codes are recognised and new ones come from the next epoch")
  func rotation() async throws {
    defer { cleanUp() }
    let ledger = try await installation().create()
    var keystore = ledger.keystore
    let gtin = try GTIN("06901234567892")
    let old = try ledger.recogniser.cipher(gtin: gtin, epoch: .first).serial(index: 5, profile: .compact)
    var random = SeededGenerator(1)
    try keystore.rotateRoot(now: clock.now.seconds, random: &random)
    ledger.use(keystore)
    #expect(ledger.keystore.currentEpoch.rawValue == 1)
    #expect(try ledger.recogniser.recognise(gtin: gtin, serial: old.description).index == 5)
  }

  @Test("salts are never the same")
  func salts() async throws {
    defer { cleanUp() }
    let ledger = try await installation().create()
    #expect(Set((0..<1000).map { _ in ledger.salt() }).count == 1000)
  }
}
