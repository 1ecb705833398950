import Ledger
import Synchronization

/// Remembers for a few seconds whom a key stands for, so that a scan does not cost a look-up of its key. A key made
/// while serving works at once (a miss is looked up); a revoked one stops at once when revoked here, and within
/// `secondsMax` when revoked by another process.
package final class KeyCache: Sendable {
  private struct Entry {
    let actor: Actor?
    let until: Timestamp
  }

  private struct Entries {
    var generation = -1
    var byKey: [String: Entry] = [:]
  }

  private let access: Access
  private let ledger: Ledger
  private let entries = Mutex(Entries())

  static let secondsMax: Int64 = 5
  static let entriesMax = 10_000

  init(access: Access, ledger: Ledger) {
    self.access = access
    self.ledger = ledger
  }

  /// Whom the key stands for; nil for an unknown or revoked one.
  package func actor(forKey key: String) async throws(AccessError) -> Actor? {
    try await remembered(key) { () async throws(AccessError) in try await access.actor(forKey: key) }
  }

  /// Whom a user name and password stand for.
  package func actor(name: String, password: String) async throws(AccessError) -> Actor? {
    try await remembered("\(name)\n\(password)") { () async throws(AccessError) in
      try await access.actor(name: name, password: password)
    }
  }

  /// Whom the key stands for, when that is remembered.
  func known(_ key: String) -> Actor? {
    let now = ledger.now()
    let generation = ledger.catalogueGeneration
    return entries.withLock { entries in
      guard entries.generation == generation, let entry = entries.byKey[key], entry.until > now else { return nil }
      return entry.actor
    }
  }

  private func remembered(
    _ key: String, _ find: () async throws(AccessError) -> Actor?
  ) async throws(AccessError) -> Actor? {
    let now = ledger.now()
    let generation = ledger.catalogueGeneration
    let known: Entry? = entries.withLock { entries in
      if entries.generation != generation || entries.byKey.count >= Self.entriesMax {
        entries.byKey.removeAll(keepingCapacity: true)
        entries.generation = generation
      }
      return entries.byKey[key]
    }
    if let known, known.until > now { return known.actor }
    let actor = try await find()
    // Unknown keys are not remembered: guessing must not push out the good ones, and a new key works at once.
    guard actor != nil else { return nil }
    let entry = Entry(actor: actor, until: now.advanced(by: Self.secondsMax * 1000))
    entries.withLock { $0.byKey[key] = entry }
    return actor
  }
}
