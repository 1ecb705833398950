import Codes
import Foundation
import Testing

@Suite("Keystore")
struct KeystoreTests {
  private func keystore(_ seed: UInt64 = 1) -> Keystore {
    var random = SeededGenerator(seed)
    return Keystore.make(now: 1_700_000_000, random: &random)
  }

  @Test("a new keystore has epoch 0, one sealing key and a log key")
  func fresh() throws {
    let keystore = keystore()
    #expect(keystore.currentEpoch == .first)
    #expect(keystore.roots.map(\.createdAt) == [1_700_000_000])
    #expect(keystore.sealingKey != nil)
    #expect(keystore.logSeed.count == 32)
    #expect(keystore.keyRing.keys.map(\.keyID) == [try #require(keystore.sealingKey).keyID])
    #expect(keystore != self.keystore(2))
  }

  @Test("rotation adds an epoch, and codes of older ones stay genuine")
  func rotateRoot() throws {
    var random = SeededGenerator(3)
    var keystore = keystore()
    let gtin = try Fixture.gtin()
    let old = try keystore.cipher(gtin: gtin, epoch: .first).serial(index: 5, profile: .compact)
    try keystore.rotateRoot(now: 1_800_000_000, random: &random)
    #expect(keystore.currentEpoch.rawValue == 1)
    let new = try keystore.cipher(gtin: gtin, epoch: keystore.currentEpoch).serial(index: 5, profile: .compact)
    let recogniser = Recogniser(keystore: keystore)
    #expect(try recogniser.recognise(gtin: gtin, serial: old.description).epoch == .first)
    #expect(try recogniser.recognise(gtin: gtin, serial: new.description).epoch.rawValue == 1)
    #expect(throws: CodeError.unknownEpoch(2)) { try keystore.cipher(gtin: gtin, epoch: Fixture.epoch(2)) }
  }

  @Test("there are sixteen epochs, and no seventeenth")
  func exhausted() throws {
    var random = SeededGenerator(4)
    var keystore = keystore()
    for _ in 1...15 { try keystore.rotateRoot(now: 0, random: &random) }
    #expect(keystore.currentEpoch.rawValue == 15)
    #expect(throws: KeystoreError.epochsExhausted) { try keystore.rotateRoot(now: 0, random: &random) }
    #expect(keystore.roots.count == 16)
  }

  @Test("a new sealing key takes over, and seals of the old one stay good until it is revoked")
  func rotateSeal() throws {
    var random = SeededGenerator(5)
    var keystore = keystore()
    let first = try #require(keystore.sealingKey)
    let code = try ScannedCode(
      first.seal(Fixture.box(), dealer: "D", territories: ["CN"], dispatch: "1", at: 1_750_000_000)
        .uri(Fixture.resolver()))
    keystore.rotateSealKey(now: 1_760_000_000, random: &random)
    #expect(try #require(keystore.sealingKey).keyID != first.keyID)
    #expect(try keystore.keyRing.verify(code).statement.keyID == first.keyID)
    try keystore.revokeSealKey(first.keyID, at: 1_750_000_001)
    #expect(try keystore.keyRing.verify(code).statement.keyID == first.keyID)
    try keystore.revokeSealKey(first.keyID, at: 1_750_000_000)
    #expect(throws: CodeError.revokedSealKey(first.keyID)) { try keystore.keyRing.verify(code) }
    try keystore.revokeSealKey(first.keyID, at: 1_900_000_000)
    #expect(throws: CodeError.revokedSealKey(first.keyID)) { try keystore.keyRing.verify(code) }
    #expect(throws: KeystoreError.unknownSealKey("ABCDEFGH")) { try keystore.revokeSealKey("ABCDEFGH", at: 0) }
  }

  @Test("when every sealing key is revoked nothing is sealed until a new one is made")
  func noSealingKey() throws {
    var random = SeededGenerator(6)
    var keystore = keystore()
    try keystore.revokeSealKey(try #require(keystore.sealingKey).keyID, at: 0)
    #expect(keystore.sealingKey == nil)
    keystore.rotateSealKey(now: 1, random: &random)
    #expect(keystore.sealingKey != nil)
  }
}

@Suite("Keystore file")
struct KeystoreFileTests {
  /// A folder that is gone after the test.
  final class Folder {
    let path = FileManager.default.temporaryDirectory.appending(path: "codes-\(UUID().uuidString)").path

    init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }
    deinit { try? FileManager.default.removeItem(atPath: path) }

    var file: String { path + "/keystore.json" }

    var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] }

    func text() throws -> String { String(decoding: try Data(contentsOf: URL(fileURLWithPath: file)), as: UTF8.self) }

    func mode() throws -> Int? {
      (try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? NSNumber)?.intValue
    }
  }

  private func keystore() throws -> Keystore {
    var random = SeededGenerator(7)
    var keystore = Keystore.make(now: 1_700_000_000, random: &random)
    try keystore.rotateRoot(now: 1_800_000_000, random: &random)
    keystore.rotateSealKey(now: 1_800_000_000, random: &random)
    try keystore.revokeSealKey(keystore.keyRing.keys[0].keyID, at: 1_810_000_000)
    return keystore
  }

  private func error(_ body: () throws(KeystoreError) -> Keystore) -> KeystoreError? {
    do {
      _ = try body()
      return nil
    } catch {
      return error
    }
  }

  @Test(
    "what is saved is loaded, with or without a passphrase, and the file is for its owner alone",
    arguments: [nil, "正确的密码", ""])
  func roundTrip(passphrase: String?) throws {
    let folder = try Folder()
    let keystore = try keystore()
    try keystore.save(path: folder.file, passphrase: passphrase)
    #expect(try folder.mode() == 0o600)
    #expect(try Keystore.load(path: folder.file, passphrase: passphrase) == keystore)
    #expect(folder.names == ["keystore.json"])
  }

  @Test("an encrypted file shows no key and no field of the document, and never looks the same twice")
  func encrypted() throws {
    let folder = try Folder()
    let keystore = try keystore()
    try keystore.save(path: folder.file, passphrase: "p")
    let first = try folder.text()
    try keystore.save(path: folder.file, passphrase: "p")
    #expect(try folder.text() != first)
    for secret in ["roots", "seals", "logSeed", Data(keystore.logSeed).base64EncodedString()] {
      #expect(!first.contains(secret))
    }
  }

  @Test("a wrong passphrase, or none, has its own error")
  func passphrase() throws {
    let folder = try Folder()
    try keystore().save(path: folder.file, passphrase: "right")
    #expect(
      error { () throws(KeystoreError) in try Keystore.load(path: folder.file, passphrase: "wrong") }
        == .wrongPassphrase)
    #expect(
      error { () throws(KeystoreError) in try Keystore.load(path: folder.file, passphrase: nil) } == .passphraseNeeded)
  }

  @Test("an encrypted file with any one byte changed is refused")
  func changed() throws {
    let folder = try Folder()
    try keystore().save(path: folder.file, passphrase: "p")
    let text = try folder.text()
    for (old, new) in [
      ("\"cost\" : 32768", "\"cost\" : 16384"), ("aes256gcm", "aes256gcn"),
      ("\"cost\" : 32768", "\"cost\" : 1073741824"),
    ] {
      let changed = text.replacing(old, with: new)
      #expect(changed != text)
      try Data(changed.utf8).write(to: URL(fileURLWithPath: folder.file))
      let found = error { () throws(KeystoreError) in try Keystore.load(path: folder.file, passphrase: "p") }
      #expect(found != nil)
    }
    let box = try #require(text.firstRange(of: "\"box\" : \"")).upperBound
    for offset in [0, 15, 16, 40, 200] {
      let place = text.index(box, offsetBy: offset)
      let changed = text.replacingCharacters(place, with: text[place] == "A" ? "B" : "A")
      try Data(changed.utf8).write(to: URL(fileURLWithPath: folder.file))
      #expect(
        error { () throws(KeystoreError) in try Keystore.load(path: folder.file, passphrase: "p") } == .wrongPassphrase)
    }
  }

  @Test("a plain file that others may read is refused until its mode is put right")
  func exposed() throws {
    let folder = try Folder()
    try keystore().save(path: folder.file, passphrase: nil)
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: folder.file)
    #expect(
      error { () throws(KeystoreError) in try Keystore.load(path: folder.file, passphrase: nil) }
        == .exposed(path: folder.file))
    try keystore().save(path: folder.file, passphrase: nil)
    #expect(try folder.mode() == 0o600)
  }

  @Test("what is no keystore is refused with what is wrong")
  func notAKeystore() throws {
    let folder = try Folder()
    try keystore().save(path: folder.file, passphrase: nil)
    let text = try folder.text()
    let (format, content) = ("the keystore has the unknown format", "not a usable keystore")
    for (old, new, reason) in [
      ("yima-keystore/v1", "yima-keystore/v9", format), ("\"intl\"", "\"gm\"", format),
      ("\"epoch\" : 1", "\"epoch\" : 2", content), ("\"epoch\" : 1", "\"epoch\" : 300", content),
      ("\"roots\"", "\"rotos\"", content), ("{", "[", content), ("\"seed\" : \"", "\"seed\" : \"AAAA", content),
    ] {
      try Data(text.replacing(old, with: new).utf8).write(to: URL(fileURLWithPath: folder.file))
      let found = error { () throws(KeystoreError) in try Keystore.load(path: folder.file, passphrase: nil) }
      #expect(try #require(found).description.hasPrefix(reason), "\(old) → \(new)")
    }
  }

  @Test("a missing file and an unwritable folder are told apart, and a failed save leaves the old file")
  func io() throws {
    let folder = try Folder()
    guard
      case .cannotRead? = error({ () throws(KeystoreError) in try Keystore.load(path: folder.file, passphrase: nil) })
    else {
      Issue.record("a missing file was read")
      return
    }
    do {
      try keystore().save(path: folder.path + "/none/keystore.json", passphrase: nil)
      Issue.record("a file was written into a folder that is not there")
    } catch let error as KeystoreError {
      guard case .cannotWrite = error else { Issue.record("\(error)"); return }
    }
    try FileManager.default.createDirectory(atPath: folder.file, withIntermediateDirectories: true)
    #expect(throws: KeystoreError.self) { try keystore().save(path: folder.file, passphrase: nil) }
    #expect(folder.names == ["keystore.json"])
  }
}
