import Alerting
import Codes
import Foundation
import Ledger
import Regions
import Storage
import Synchronization
import Testing
import TransparencyLog

/// A clock that a test moves.
final class TestClock: Sendable {
  private let time = Mutex(dawn + 60 * day)

  var now: Timestamp { time.withLock { Timestamp(milliseconds: $0) } }

  func advance(_ milliseconds: Int64) { time.withLock { $0 += milliseconds } }
}

/// A real installation in a folder of its own, with a brand's catalogue.
final class TestLedger: Sendable {
  let ledger: Ledger
  let clock = TestClock()
  private let directory: String

  init() async throws {
    directory = FileManager.default.temporaryDirectory.path + "/yima-alerting-" + UUID().uuidString
    ledger = try await Installation(directory: directory, now: { [clock] in clock.now }).create()
    try await ledger.store.write { [ledger] transaction in
      let event = try ledger.append(
        EventDraft(.product, at: ledger.now(), by: .system, data: [:]), transaction, recorded: ledger.now())
      let gtin = Int64(try GTIN(liquor).value)
      try transaction.addProduct(
        ProductRow(gtin: gtin, zh: "老窖", en: "Old Cellar", amount: nil, currency: nil, series: "1.6901234"),
        event: event)
      let dealers =
        [("D001", nil, "430000"), ("D011", "D001", "430100"), ("D002", nil, "440000")] as [(String, String?, String)]
      for (code, parent, territories) in dealers {
        try transaction.addDealer(
          DealerRow(code: code, name: code, tier: parent == nil ? 1 : 2, parent: parent, territories: territories),
          event: event)
      }
      let space = try transaction.space(CodeSpace.items(try GTIN(liquor), .first).key)
      let first = try transaction.take(10_000, from: space)
      try transaction.addBatch(
        BatchRow(
          id: 1, gtin: gtin, space: space, first: first, count: 10_000, profile: SerialProfile.compact.rawValue,
          boxSpace: nil, boxFirst: 0, boxCount: 0, perBox: nil, created: 0), event: event)
      try transaction.addPolicy(
        PolicyRow(
          id: "P1", version: 1, gtin: gtin, regions: "430000", amount: "100.00", currency: "CNY", mode: "enforce",
          basis: "safe harbour", since: 0, until: nil), event: event)
    }
  }

  /// Closes the store and removes the folder; to be deferred, which also keeps the world alive until then.
  func remove() {
    try? ledger.store.close()
    try? FileManager.default.removeItem(atPath: directory)
  }

  /// Records scans as the verifier does: the event, and the code's history. Event numbers are the ledger's own.
  @discardableResult
  func record(_ sightings: [Sighting]) async throws -> [Int64] {
    try await ledger.store.write { [ledger] transaction in
      try sightings.map { sighting in
        let draft = EventDraft(
          .scan, at: sighting.at, by: Actor(key: sighting.key, role: sighting.role), data: sighting.data,
          personal: sighting.personal)
        let event = try ledger.append(draft, transaction, recorded: sighting.recorded)
        if let item = sighting.code.item,
          let space = try transaction.findSpace(CodeSpace.items(item.gtin, item.epoch).key)
        {
          try transaction.countScan(
            space: space, number: item.index, at: sighting.at.milliseconds, region: sighting.region?.description,
            event: event)
        }
        return event
      }
    }
  }

  /// All alerts, oldest first.
  func alerts() async throws -> [AlertRow] { try await ledger.store.read { try $0.alerts(after: 0, limit: 10_000) } }

  /// Whether an item is held for a copy.
  func isSuspected(_ index: Int64) async throws -> Bool {
    try await ledger.store.read { transaction in
      let space = try transaction.findSpace(CodeSpace.items(try GTIN(liquor), .first).key)
      return try space.flatMap { try transaction.history(space: $0, number: index) }?.suspected ?? false
    }
  }
}
