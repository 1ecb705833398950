import Codes
import Crypto
import Foundation
import Glibc
import Regions
import Storage
import Synchronization
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
  /// The folder's installation lives in PostgreSQL now: the address must be given.
  case moved(String)
  /// The keys in the folder are not those of the database.
  case foreignKeys(String)
  /// The regions that come with the program cannot be read.
  case regions(RegionError)
  /// The public address of the codes is not one.
  case resolver(String)
  /// The ledger failed.
  case ledger(LedgerError)
}

/// One data folder: the keystore, and the database unless that is a PostgreSQL one.
package struct Installation: Sendable {
  /// The folder.
  package let directory: String
  /// The address of the PostgreSQL database; nil for SQLite in the folder.
  package let database: String?
  /// The keystore's passphrase, when it has one.
  package let passphrase: String?
  /// The time.
  package let now: @Sendable () -> Timestamp

  /// A folder that may or may not exist yet.
  package init(
    directory: String, database: String? = nil, passphrase: String? = nil,
    now: @escaping @Sendable () -> Timestamp = Clock.system
  ) {
    self.directory = directory
    self.database = database
    self.passphrase = passphrase
    self.now = now
  }

  /// The public address of printed codes unless another is chosen.
  package static let defaultResolver = "https://id.example.cn"

  /// The first keys are dated half a year back, in seconds: goods that were dispatched before the installation was made
  /// are sealed with their own date.
  package static let keysReachBack: Int64 = 183 * 86_400

  /// Whether the folder holds an installation.
  package var exists: Bool { FileManager.default.fileExists(atPath: database == nil ? databasePath : keystorePath) }

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
    if let database, try Self.isFilled(database) { throw .exists("the database") }
    do {
      try FileManager.default.createDirectory(
        atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch { throw .folder(directory) }
    var random = SystemRandomNumberGenerator()
    let keystore = Keystore.make(now: now().seconds - Self.keysReachBack, random: &random)
    do { try keystore.save(path: keystorePath, passphrase: passphrase) } catch { throw .keystore(error) }
    if database == nil { try makeDatabaseFile() }
    let ledger = try open(keystore, resolver: resolver)
    do { try await record(ledger, resolver) } catch { throw .ledger(error) }
    return ledger
  }

  private func makeDatabaseFile() throws(InstallationError) {
    // An empty file is an empty database. SQLite gives its mode to the write-ahead log, so both are the owner's alone
    // even when the folder was there before and others may enter it.
    guard
      FileManager.default.createFile(
        atPath: databasePath, contents: nil, attributes: [.posixPermissions: 0o600])
    else { throw .folder(directory) }
  }

  /// Opens an installation.
  /// - Parameter moved: also when it was moved to PostgreSQL, to look at what was left behind.
  package func open(
    durability: Store.Durability = .full, evenMoved moved: Bool = false
  ) throws(InstallationError) -> Ledger {
    guard exists else { throw .missing(directory) }
    let keystore: Keystore
    do { keystore = try Keystore.load(path: keystorePath, passphrase: passphrase) } catch { throw .keystore(error) }
    return try open(keystore, resolver: nil, durability: durability, evenMoved: moved)
  }

  private func open(
    _ keystore: Keystore, resolver: String?, durability: Store.Durability = .full, evenMoved moved: Bool = false
  ) throws(InstallationError) -> Ledger {
    let atlas: RegionAtlas
    do { atlas = try RegionAtlas.load() } catch { throw .regions(error) }
    let store: Store
    let found: (resolver: String?, isMoved: Bool, logKey: String?)
    do {
      store =
        try database.map { try Store(postgres: $0, durability: durability) }
        ?? Store(path: databasePath, durability: durability)
      found = try store.readBlocking {
        (try $0.setting("resolver"), try $0.setting("moved") != nil, try Self.logKey($0))
      }
    } catch { throw .ledger(LedgerError(any: error)) }
    guard database != nil || moved || !found.isMoved else { throw .moved(directory) }
    guard let address = resolver ?? found.resolver else { throw .missing(database == nil ? directory : "the database") }
    guard let parsed = try? Resolver(address) else { throw .resolver(address) }
    let ledger = Ledger(
      store: store, keystore: keystore, atlas: atlas, resolver: parsed, origin: Self.origin(address), now: now,
      salt: Self.randomSalt)
    // Another installation's keys would fork its log and know none of its codes.
    if let key = found.logKey, (try? ledger.logSigner().key.vkey) != key { throw .foreignKeys(directory) }
    return ledger
  }

  /// Whether a PostgreSQL database holds an installation.
  static func isFilled(_ database: String) throws(InstallationError) -> Bool {
    do {
      let store = try Store(postgres: database)
      let resolver = try store.readBlocking { try $0.setting("resolver") }
      try store.close()
      return resolver != nil
    } catch { throw .ledger(LedgerError(any: error)) }
  }

  /// The log's key as the first event says.
  private static func logKey(_ transaction: Transaction) throws -> String? {
    guard let event = try transaction.event(1) else { return nil }
    return (try? JSONValue(parsing: event.body))?["data"]?["logKey"]?.string
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

  /// Random bytes, and how many of them salts have used. They are fetched for many salts at once: the kernel's call
  /// costs more than all the rest of a salt.
  private static let randomness = Mutex((bytes: [UInt8](), used: 0))

  @Sendable private static func randomSalt() -> Commitment.Salt {
    while true {
      let bytes = randomness.withLock { pool in
        if pool.bytes.count - pool.used < Commitment.Salt.byteCount { pool = (fresh(), 0) }
        defer { pool.used += Commitment.Salt.byteCount }
        return Array(pool.bytes[pool.used..<pool.used + Commitment.Salt.byteCount])
      }
      if let salt = Commitment.Salt(bytes: bytes) { return salt }
    }
  }

  /// As many random bytes as one call of the kernel gives (`getentropy(3)`). Where it refuses, the library's, which ends
  /// the process rather than give none.
  private static func fresh() -> [UInt8] {
    let count = 256
    var bytes = [UInt8](repeating: 0, count: count)
    let isFilled = bytes.withUnsafeMutableBytes { buffer in
      buffer.baseAddress.map { getentropy($0, count) == 0 } ?? false
    }
    return isFilled ? bytes : SymmetricKey(size: .init(bitCount: 8 * count)).withUnsafeBytes { Array($0) }
  }
}

/// Where the time comes from outside of tests.
package enum Clock {
  /// The machine's clock, to the millisecond.
  @Sendable package static func system() -> Timestamp {
    Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
  }
}
