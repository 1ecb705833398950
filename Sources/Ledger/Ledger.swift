import Codes
import Dispatch
import Regions
import Storage
import Synchronization
import TransparencyLog

/// The one record of everything that happened: events, the lives they make, and the signed log over them.
///
/// What varies (time, randomness) comes in as closures, so that a test's seed is a world.
package final class Ledger: Sendable {
  /// The database.
  package let store: Store
  private let keys: Mutex<(store: Keystore, ring: SealKeyRing)>
  /// Recognises item codes without a look-up.
  package let recogniser: Recogniser
  /// China's divisions.
  package let atlas: RegionAtlas
  /// The base of printed codes.
  package let resolver: Resolver
  /// Name of the log and of its signer in notes.
  package let origin: String
  /// The time.
  package let now: @Sendable () -> Timestamp
  /// Fresh random salts.
  package let salt: @Sendable () -> Commitment.Salt

  private let generation = Atomic<Int>(0)

  /// Over an open store.
  package init(
    store: Store, keystore: Keystore, atlas: RegionAtlas, resolver: Resolver, origin: String,
    now: @escaping @Sendable () -> Timestamp, salt: @escaping @Sendable () -> Commitment.Salt
  ) {
    self.store = store
    keys = Mutex((keystore, keystore.keyRing))
    self.atlas = atlas
    self.resolver = resolver
    self.origin = origin
    self.now = now
    self.salt = salt
    recogniser = Recogniser(keystore: keystore)
  }

  /// The issuer's keys as they are now.
  package var keystore: Keystore { keys.withLock { $0.store } }

  /// The public keys of all seals, made once: every box scan asks for them.
  package var keyRing: SealKeyRing { keys.withLock { $0.ring } }

  /// Goes on with newer keys, after a rotation.
  package func use(_ keystore: Keystore) {
    keys.withLock { $0 = (keystore, keystore.keyRing) }
    recogniser.use(keystore)
  }

  /// Writes an event in the transaction of the change that it describes, and returns its number.
  @discardableResult
  package func append(_ draft: EventDraft, _ transaction: Transaction, recorded: Timestamp) throws -> Int64 {
    let sealed = SealedEvent(draft, recorded: recorded, salts: salt)
    return try transaction.appendEvent(
      kind: draft.kind.rawValue, at: draft.at.milliseconds, recorded: recorded.milliseconds, body: sealed.body,
      personal: sealed.personal, previous: nil)
  }

  /// Grows with every change of products, dealers, terminals, policies and keys made here: caches compare it.
  package var catalogueGeneration: Int { generation.load(ordering: .acquiring) }

  /// Tells caches that the catalogue changed.
  package func catalogueChanged() { generation.add(1, ordering: .acquiringAndReleasing) }

  /// Runs a write whose refusals are of type `Failure`; anything else becomes its storage case.
  package func write<T: Sendable, Failure: StorageFailing>(
    _ failure: Failure.Type, _ body: @escaping @Sendable (Transaction) throws -> T
  ) async throws(Failure) -> T {
    do { return try await store.write(body) } catch { throw Failure(any: error) }
  }

  /// Runs a read that joins any tables.
  func readGathered<T: Sendable>(
    _ body: @escaping @Sendable (Transaction) throws -> T
  ) async throws(LedgerError) -> T {
    do { return try await store.readGathered(body) } catch { throw LedgerError(any: error) }
  }

  /// Runs a read whose refusals are of type `Failure`.
  package func read<T: Sendable, Failure: StorageFailing>(
    _ failure: Failure.Type, _ body: @escaping @Sendable (Transaction) throws -> T
  ) async throws(Failure) -> T {
    do { return try await store.read(body) } catch { throw Failure(any: error) }
  }
}

/// A module's closed error type that has a place for failures of the ledger beneath it.
package protocol StorageFailing: Error {
  /// The case for a failure beneath the module.
  static func ledger(_ error: LedgerError) -> Self
}

extension StorageFailing {
  /// An error out of a transaction: the module's own as it is, anything else as a failure beneath it.
  package init(any error: any Error) {
    switch error {
    case let error as Self: self = error
    case let error as LedgerError: self = .ledger(error)
    default: self = .ledger(.storage(StorageError(any: error)))
    }
  }
}

extension LedgerError: StorageFailing {
  /// Itself.
  package static func ledger(_ error: LedgerError) -> LedgerError { error }
}
