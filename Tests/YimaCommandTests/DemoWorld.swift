import Foundation
import Ledger
import Storage
import TransparencyLog
import YimaCommand

/// A small demo in a folder of its own, which goes away with it.
final class DemoWorld: Sendable {
  static let now = Timestamp(milliseconds: 1_795_266_000_000)
  static let scale = DemoScale(items: 25_000, days: 35, scans: 3_000, stores: 40)

  let ledger: Ledger
  let clock: DemoClock
  let summary: DemoSummary
  private let directory: String

  private init(_ ledger: Ledger, _ clock: DemoClock, _ summary: DemoSummary, _ directory: String) {
    self.ledger = ledger
    self.clock = clock
    self.summary = summary
    self.directory = directory
  }

  deinit {
    try? ledger.store.close()
    try? FileManager.default.removeItem(atPath: directory)
  }

  /// Filled with this seed.
  static func filled(
    seed: UInt64, now: Timestamp = DemoWorld.now, scale: DemoScale = DemoWorld.scale,
    progress: @Sendable (DemoProgress) -> Void = { _ in }
  ) async throws -> DemoWorld {
    let directory = temporaryDirectory()
    let clock = DemoClock(endingAt: now, scale: scale)
    let ledger = try await installed(directory, clock.now)
    let demo = Demo(ledger: ledger, clock: clock, seed: seed, now: now, scale: scale)
    return DemoWorld(ledger, clock, try await demo.fill(progress: progress), directory)
  }

  /// The one with the seed of `yima demo`; the tests that only read share it.
  static func standard() async throws -> DemoWorld { try await shared.value }
  private static let shared = Task { try await filled(seed: Demo.standardSeed) }

  /// An empty installation, opened as `yima demo` opens it.
  static func installed(_ directory: String, _ now: @escaping @Sendable () -> Timestamp) async throws -> Ledger {
    let installation = Installation(directory: directory, now: now)
    try await installation.create().store.close()
    return try installation.open(durability: .normal)
  }

  static func temporaryDirectory() -> String { NSTemporaryDirectory() + "yima-demo-\(UUID().uuidString)" }
}

extension DemoWorld {
  /// All events in order.
  func events() async throws -> [EventRow] { try await ledger.store.read { try $0.events(after: 0, limit: 1_000_000) } }

  /// Events of a kind, with their parsed data.
  func data(of kind: EventKind) async throws -> [JSONValue] {
    try await events().filter { $0.kind == kind.rawValue }
      .compactMap { try JSONValue(parsing: $0.body, limits: JSONLimits(bytes: 1 << 24))["data"] }
  }

  /// What the story fixes of each event: all but keys, salts and what is committed to with them.
  func story() async throws -> [String] {
    try await events().compactMap { event in
      guard event.kind != EventKind.installation.rawValue, event.kind != EventKind.key.rawValue else { return nil }
      var data = try JSONValue(parsing: event.body, limits: JSONLimits(bytes: 1 << 24))["data"]
      data?["sealKey"] = nil
      return "\(event.kind) \(event.at) \(event.recorded) \(data?.description ?? "")"
    }
  }
}
