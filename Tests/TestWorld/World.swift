import Codes
import Foundation
import GRDBSQLite
import Ledger
import Regions
import Storage
import Synchronization
import TransparencyLog

/// SplitMix64: a seed is a world, and the same on every machine.
package struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  package init(_ seed: UInt64) { state = seed }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

/// Seeds of property tests: fixed, so that a failure is the same everywhere, unless `YIMA_SEED` names another one.
package enum Seeds {
  package static func some(_ count: Int) -> [UInt64] {
    if let text = ProcessInfo.processInfo.environment["YIMA_SEED"], let seed = UInt64(text) { return [seed] }
    return (1...UInt64(count)).map { $0 }
  }
}

/// A clock that stands still until it is set.
package final class TestClock: Sendable {
  private let time: Mutex<Int64>

  /// 2026-09-01T08:00:00Z unless said otherwise.
  package init(milliseconds: Int64 = 1_788_249_600_000) { time = Mutex(milliseconds) }

  package var now: Timestamp { Timestamp(milliseconds: time.withLock { $0 }) }

  package func advance(seconds: Int64) { time.withLock { $0 += seconds * 1000 } }
}

/// Salts that follow from a seed.
package final class SaltSource: Sendable {
  private let generator: Mutex<SeededGenerator>

  package init(_ seed: UInt64) { generator = Mutex(SeededGenerator(seed)) }

  package func next() -> Commitment.Salt {
    generator.withLock { generator in
      while true {
        let bytes = (0..<16).map { _ in UInt8.random(in: 0...255, using: &generator) }
        if let salt = Commitment.Salt(bytes: bytes) { return salt }
      }
    }
  }
}

/// An installation in a temporary folder, where time and randomness follow from a seed. It goes with its last holder.
package final class World: Sendable {
  package let folder: String
  package let clock: TestClock
  package let keystore: Keystore
  package let ledger: Ledger
  private let salts: SaltSource
  private let durability: Store.Durability

  package static let origin = "id.example.cn/yima"
  /// Read once: every world has the same divisions.
  private static let atlas = Result { try RegionAtlas.load() }

  /// A new world. Its first event is the installation.
  package static func make(seed: UInt64 = 1, durability: Store.Durability = .normal) async throws -> World {
    var random = SeededGenerator(seed)
    let clock = TestClock()
    let keystore = Keystore.make(now: clock.now.seconds, random: &random)
    let world = try World(
      folder: try newFolder(), clock: clock, keystore: keystore, salts: SaltSource(seed), durability: durability)
    let (ledger, now) = (world.ledger, clock.now)
    try await ledger.store.write {
      let draft = EventDraft(.installation, at: now, by: .system, data: ["origin": .string(Self.origin)])
      try ledger.append(draft, $0, recorded: now)
    }
    return world
  }

  private init(
    folder: String, clock: TestClock, keystore: Keystore, salts: SaltSource, durability: Store.Durability
  ) throws {
    self.folder = folder
    self.durability = durability
    self.clock = clock
    self.keystore = keystore
    self.salts = salts
    ledger = Ledger(
      store: try Store(path: folder + "/yima.sqlite", durability: durability), keystore: keystore,
      atlas: try Self.atlas.get(), resolver: try Resolver("https://id.example.cn"), origin: Self.origin,
      now: { clock.now }, salt: { salts.next() })
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  package var databasePath: String { folder + "/yima.sqlite" }

  /// The world as it is found after the process was killed at this moment: the files as they are on the disk, with
  /// whatever the write-ahead log holds, opened by a new process.
  package func crashed() throws -> World { try reopened(from: try image()) }

  /// A copy of the files as they are on the disk at this moment; the folder.
  package func image() throws -> String {
    let after = try Self.newFolder()
    for name in ["yima.sqlite", "yima.sqlite-wal"] where FileManager.default.fileExists(atPath: "\(folder)/\(name)") {
      try FileManager.default.copyItem(atPath: "\(folder)/\(name)", toPath: "\(after)/\(name)")
    }
    return after
  }

  /// What a new process finds in such a copy.
  package func reopened(from image: String) throws -> World {
    try World(folder: image, clock: clock, keystore: keystore, salts: salts, durability: durability)
  }

  /// A second process on the same database.
  package func sibling() throws -> Ledger {
    Ledger(
      store: try Store(path: databasePath, durability: .normal), keystore: keystore, atlas: ledger.atlas,
      resolver: ledger.resolver, origin: ledger.origin, now: ledger.now, salt: ledger.salt)
  }

  private static func newFolder() throws -> String {
    let path = FileManager.default.temporaryDirectory.path + "/yima-world-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    return path
  }
}

extension World {
  /// Edits the database file behind the program's back, as somebody with a SQLite shell would: through a connection
  /// of its own, without foreign keys or checks.
  package func edit(_ statements: String...) throws {
    var connection: OpaquePointer?
    defer { sqlite3_close(connection) }
    var code = sqlite3_open(databasePath, &connection)
    for sql in ["PRAGMA ignore_check_constraints = ON", "PRAGMA busy_timeout = 5000"] + statements
    where code == SQLITE_OK {
      code = sqlite3_exec(connection, sql, nil, nil, nil)
    }
    guard code == SQLITE_OK else { throw StorageError.engine(code: code, message: "an edit behind the program's back") }
  }

  /// The whole projection as text: what must be equal before and after a step that was refused.
  package func dump() async throws -> [String] {
    try await ledger.store.read { transaction in
      var lines: [String] = []
      for table in ["event", "space", "batch", "version", "track", "content", "dispatch", "dispatch_unit"] {
        let columns = try transaction.all("SELECT name FROM pragma_table_info(?)", [.text(table)]) { $0.text(0) }
        let row = columns.map { "quote(\($0))" }.joined(separator: " || ',' || ")
        lines += try transaction.all("SELECT \(row) FROM \(table) ORDER BY 1") { table + ":" + $0.text(0) }
      }
      return lines
    }
  }

  /// What the whole-state checker has to say.
  package func defects() async throws -> [String] {
    try await ledger.store.read { transaction in
      var found: [String] = []
      try StateChecker(transaction).run { found.append($0) }
      return found
    }
  }
}
