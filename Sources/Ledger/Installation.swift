import Codes
import Foundation
import Regions
import Storage
import TransparencyLog

/// Why a data folder cannot be made or opened.
package enum InstallationError: Error, Equatable, Sendable {
  /// The folder already holds an installation.
  case exists(String)
  /// The folder holds none.
  case missing(String)
  /// The folder cannot be written.
  case folder(String)
  /// The keystore cannot be read or written; a missing or wrong passphrase is said here.
  case keystore(KeystoreError)
  /// The regions that come with the program cannot be read.
  case regions(RegionError)
  /// The public address of the codes is not one.
  case resolver(String)
  /// The ledger failed.
  case ledger(LedgerError)
}

/// One data folder: the database, the keystore, and the settings that hold for its whole life.
package struct Installation: Sendable {
  /// The folder.
  package let directory: String
  /// The keystore's passphrase, when it has one.
  package let passphrase: String?
  /// The time.
  package let now: @Sendable () -> Timestamp

  /// A folder that may or may not exist yet.
  package init(directory: String, passphrase: String? = nil, now: @escaping @Sendable () -> Timestamp = Clock.system) {
    self.directory = directory
    self.passphrase = passphrase
    self.now = now
  }

  /// The public address of printed codes unless another is chosen.
  package static let defaultResolver = "https://id.example.cn"

  /// The first keys are dated half a year back, in seconds: goods that were dispatched before the installation was made
  /// are sealed with their own date.
  package static let keysReachBack: Int64 = 183 * 86_400

  /// Whether the folder holds an installation.
  package var exists: Bool { FileManager.default.fileExists(atPath: databasePath) }

  /// The database file.
  package var databasePath: String { directory + "/yima.sqlite" }
  /// The keystore file.
  package var keystorePath: String { directory + "/keystore.json" }

  /// Makes the folder, keys and database, and writes the first event.
  package func create(
    resolver: String = Installation.defaultResolver
  ) async throws(InstallationError) -> Ledger {
    guard !exists, !FileManager.default.fileExists(atPath: keystorePath) else { throw .exists(directory) }
    guard (try? Resolver(resolver)) != nil else { throw .resolver(resolver) }
    do {
      try FileManager.default.createDirectory(
        atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch { throw .folder(directory) }
    var random = SystemRandomNumberGenerator()
    let keystore = Keystore.make(now: now().seconds - Self.keysReachBack, random: &random)
    do { try keystore.save(path: keystorePath, passphrase: passphrase) } catch { throw .keystore(error) }
    // An empty file is an empty database. SQLite gives its mode to the write-ahead log, so both are the owner's alone
    // even when the folder was there before and others may enter it.
    guard
      FileManager.default.createFile(
        atPath: databasePath, contents: nil, attributes: [.posixPermissions: 0o600])
    else { throw .folder(directory) }
    let ledger = try open(keystore, resolver: resolver)
    do { try await record(ledger, resolver) } catch { throw .ledger(error) }
    return ledger
  }

  /// Opens an installation.
  package func open(durability: Store.Durability = .full) throws(InstallationError) -> Ledger {
    guard exists else { throw .missing(directory) }
    let keystore: Keystore
    do { keystore = try Keystore.load(path: keystorePath, passphrase: passphrase) } catch { throw .keystore(error) }
    return try open(keystore, resolver: nil, durability: durability)
  }

  private func open(
    _ keystore: Keystore, resolver: String?, durability: Store.Durability = .full
  ) throws(InstallationError) -> Ledger {
    let atlas: RegionAtlas
    do { atlas = try RegionAtlas.load() } catch { throw .regions(error) }
    let store: Store
    let address: String
    do {
      store = try Store(path: databasePath, durability: durability)
      address = try resolver ?? store.readBlocking { try $0.setting("resolver") } ?? Self.defaultResolver
    } catch { throw .ledger(LedgerError(any: error)) }
    guard let parsed = try? Resolver(address) else { throw .resolver(address) }
    return Ledger(
      store: store, keystore: keystore, atlas: atlas, resolver: parsed, origin: Self.origin(address), now: now,
      salt: Self.randomSalt)
  }

  /// The log's name: the host of its codes and a fixed path, without a scheme, as C2SP tlog-checkpoint advises.
  static func origin(_ resolver: String) -> String {
    resolver.replacing("https://", with: "").replacing("http://", with: "") + "/yima"
  }

  private func record(_ ledger: Ledger, _ resolver: String) async throws(LedgerError) {
    let key = try ledger.logSigner().key.vkey
    let seals = ledger.keystore.keyRing.keys.map { JSONValue.string($0.keyID) }
    try await ledger.write(LedgerError.self) { transaction in
      try transaction.set("resolver", to: resolver)
      let now = ledger.now()
      let data: [String: JSONValue] = [
        "origin": .string(ledger.origin), "resolver": .string(resolver), "logKey": .string(key),
        "sealKeys": .array(seals),
      ]
      try ledger.append(EventDraft(.installation, at: now, by: .system, data: data), transaction, recorded: now)
    }
  }

  /// 16 bytes from the kernel.
  @Sendable private static func randomSalt() -> Commitment.Salt {
    var random = SystemRandomNumberGenerator()
    while true {
      let words = [UInt64.random(in: .min ... .max, using: &random), UInt64.random(in: .min ... .max, using: &random)]
      let bytes = words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) } }
      if let salt = Commitment.Salt(bytes: bytes) { return salt }
    }
  }
}

/// Where the time comes from outside of tests.
package enum Clock {
  /// The machine's clock, to the millisecond.
  @Sendable package static func system() -> Timestamp {
    Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
  }
}
