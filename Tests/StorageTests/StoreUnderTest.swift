import Foundation
import Storage
import Testing

/// An engine that the contract is tried on. `YIMA_TEST_POSTGRES` names a PostgreSQL database that tests may fill; each
/// takes a schema of its own there.
struct StoreUnderTest: Sendable, CustomTestStringConvertible {
  let name: String
  /// Opens, or makes, the database in a folder of its own.
  let open: @Sendable (_ folder: String) throws -> Store

  var testDescription: String { name }

  /// Whether it is PostgreSQL, alone or as a cluster's coordinator.
  var isPostgres: Bool { name != "SQLite" }

  /// SQL with SQLite's literals, in this engine's.
  func dialect(_ sql: String) -> String {
    guard name != "SQLite" else { return sql }
    let event = "INSERT INTO event (id, kind, at, recorded, body) VALUES ("
    return sql.replacing("x''", with: "''::bytea")
      .replacing(event, with: event.replacing("(id", with: "(span, id") + "0, ")
      .replacing("zeroblob(31)", with: "decode(repeat('00', 31), 'hex')")
      .replacing("zeroblob(32)", with: "decode(repeat('00', 32), 'hex')")
  }

  static let sqlite = StoreUnderTest(name: "SQLite") { try Store(path: $0 + "/yima.sqlite", durability: .normal) }

  static let all = [sqlite] + [postgres, citus].compactMap { $0 }

  /// Those whose files lie on the machine that is asked.
  static let ofOneMachine = [sqlite] + [postgres].compactMap { $0 }

  /// A Citus cluster's coordinator, when `YIMA_TEST_CITUS` names one: the same schemas, spread by `yima cluster-plan`.
  static let citus: StoreUnderTest? = ProcessInfo.processInfo.environment["YIMA_TEST_CITUS"].map { url in
    StoreUnderTest(name: "Citus") { folder in
      let schema = "t" + folder.suffix(12).lowercased().filter { $0 != "-" }
      let url = "\(url)&options=-csearch_path%3D\(schema)%20-ccitus.shard_count%3D4"
      try ClusterPlan.apply(to: url) { _ in }
      return try Store(postgres: url, durability: .normal)
    }
  }

  /// PostgreSQL, when there is one to test on.
  static let postgres: StoreUnderTest? = ProcessInfo.processInfo.environment["YIMA_TEST_POSTGRES"].map { url in
    StoreUnderTest(name: "PostgreSQL") { folder in
      let schema = "t" + folder.suffix(12).lowercased().filter { $0 != "-" }
      return try Store(postgres: "\(url)&options=-csearch_path%3D\(schema)", durability: .normal)
    }
  }
}

/// A temporary folder that goes when the last test holding it is done.
final class Folder: Sendable {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.path + "/yima-storage-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// A fresh database of one engine.
struct Bench {
  let folder: Folder
  let engine: StoreUnderTest
  let store: Store

  init(_ engine: StoreUnderTest) throws {
    folder = try Folder()
    self.engine = engine
    store = try engine.open(folder.path)
  }

  /// A second connection to the same database, as another process would have it.
  func another() throws -> Store { try engine.open(folder.path) }

  /// A database with one event, which most rows must point to.
  static func withEvent(_ engine: StoreUnderTest) async throws -> Bench {
    let bench = try Bench(engine)
    _ = try await bench.store.write { try $0.appendEvent("first") }
    return bench
  }
}

extension Transaction {
  /// An event whose body is its kind.
  func appendEvent(_ kind: String, at: Int64 = 0) throws -> Int64 {
    try appendEvent(kind: kind, at: at, recorded: at, body: Array(kind.utf8), personal: nil, previous: nil)
  }

  /// The first column of a query as integers.
  func integers(_ sql: String) throws -> [Int64] { try all(sql) { $0.int(0) } }
}

/// What a test makes fail on purpose.
struct Deliberate: Error, Equatable {}

/// Whether `error` is a refusal by a constraint.
func isConstraint(_ error: (any Error)?) -> Bool {
  if case .constraint = error as? StorageError { true } else { false }
}
