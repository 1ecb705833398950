import Codes
import Foundation
import Ledger
import TestWorld
import Testing
import TransparencyLog

@Suite("Keys are rotated and revoked while the service goes on, and the log says so")
struct KeystoreDeskTests {
  private let folder = FileManager.default.temporaryDirectory.path + "/yima-keystore-\(UUID().uuidString)"
  private let clock = TestClock()
  private let boss = Actor(key: 1, role: .admin)

  private func opened(
    passphrase: String? = nil
  ) async throws -> (ledger: Ledger, desk: KeystoreDesk, installation: Installation) {
    let installation = Installation(directory: folder, passphrase: passphrase, now: { [clock] in clock.now })
    let ledger = try await installation.create()
    return (ledger, KeystoreDesk(ledger, installation), installation)
  }

  private func cleanUp() { try? FileManager.default.removeItem(atPath: folder) }

  private func events(_ ledger: Ledger) async throws -> [JSONValue] {
    let rows = try await ledger.read(LedgerError.self) { try $0.events(after: 0, limit: 100) }
    return try rows.filter { $0.kind == "keystore" }.map { try JSONValue(parsing: $0.body) }
  }

  @Test("a rotation is in use at once, in the file, and in the log with who did it; nothing secret is in the event")
  func rotation() async throws {
    defer { cleanUp() }
    let (ledger, desk, installation) = try await opened(passphrase: "correct horse")
    let first = try #require(ledger.keystore.sealingKey?.keyID)
    let second = try await desk.rotateSeals(by: boss)
    #expect(second != first && ledger.keystore.sealingKey?.keyID == second)
    #expect(try await desk.rotateCodes(by: boss) == 1)
    #expect(ledger.keystore.currentEpoch.rawValue == 1)
    #expect(try Keystore.load(path: installation.keystorePath, passphrase: "correct horse") == ledger.keystore)
    let view = desk.view()
    #expect(view.epochs.map(\.number) == [0, 1] && Set(view.seals.map(\.name)) == [first, second])
    #expect(view.seals.filter(\.isInUse).map(\.name) == [second])
    let told = try await events(ledger)
    #expect(
      told.map { $0["data"] } == [
        ["act": "rotateSeals", "sealKey": .string(second)], ["act": "rotateCodes", "epoch": 1],
      ])
    #expect(told.allSatisfy { $0["by"]?["role"] == "admin" })
  }

  @Test("the key of codes rotates once a day at most, and sixteen times in all")
  func epochs() async throws {
    defer { cleanUp() }
    let (ledger, desk, _) = try await opened()
    for epoch in 1...15 {
      #expect(try await desk.rotateCodes() == Int64(epoch))
      await #expect(throws: KeystoreDeskError.rotatedToday) { try await desk.rotateCodes() }
      clock.advance(seconds: 86_400)
    }
    await #expect(throws: KeystoreDeskError.epochsExhausted) { try await desk.rotateCodes() }
    #expect(try await events(ledger).count == 15)
  }

  @Test("a revoked key is trusted no more since the moment; the earliest moment stays, and none lies ahead")
  func revocation() async throws {
    defer { cleanUp() }
    let (ledger, desk, _) = try await opened()
    let key = try #require(ledger.keystore.sealingKey?.keyID)
    let stolen = Timestamp(milliseconds: clock.now.milliseconds - 3_600_000)
    await #expect(throws: KeystoreDeskError.unknownSealKey("ABCDEFGH")) {
      try await desk.revokeSeal("ABCDEFGH", at: nil)
    }
    await #expect(throws: KeystoreDeskError.future) {
      try await desk.revokeSeal(key, at: Timestamp(milliseconds: clock.now.milliseconds + 1000))
    }
    #expect(try await events(ledger).isEmpty && ledger.keystore.sealingKey != nil)
    #expect(try await desk.revokeSeal(key, at: stolen, by: boss) == nil)
    _ = try await desk.revokeSeal(key, at: nil)
    #expect(desk.view().seals.map(\.revoked) == [Timestamp(milliseconds: stolen.seconds * 1000)])
    #expect(ledger.keystore.sealingKey == nil)
    let next = try await desk.rotateSeals()
    #expect(ledger.keystore.sealingKey?.keyID == next)
  }

  @Test("when the file cannot be read, nothing is changed and no event says otherwise")
  func faults() async throws {
    defer { cleanUp() }
    let (ledger, _, installation) = try await opened(passphrase: "correct horse")
    let before = ledger.keystore
    let wrong = Installation(directory: folder, passphrase: "another horse", now: { [clock] in clock.now })
    await #expect(throws: KeystoreDeskError.file(.wrongPassphrase)) {
      try await KeystoreDesk(ledger, wrong).rotateSeals()
    }
    try FileManager.default.removeItem(atPath: installation.keystorePath)
    await #expect(throws: KeystoreDeskError.self) { try await KeystoreDesk(ledger, installation).rotateCodes() }
    #expect(ledger.keystore == before)
    #expect(try await events(ledger).isEmpty)
    #expect(!FileManager.default.fileExists(atPath: installation.keystorePath))
  }
}
