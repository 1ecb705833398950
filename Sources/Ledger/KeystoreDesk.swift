import Codes
import TransparencyLog

/// Why keys were not rotated or revoked. Nothing was changed.
package enum KeystoreDeskError: Error, Equatable, Sendable, StorageFailing {
  /// No seal key has this name.
  case unknownSealKey(String)
  /// The newest root key is younger than a day: sixteen are all there can be, so they are not to be clicked away.
  case rotatedToday
  /// All sixteen root keys are in use.
  case epochsExhausted
  /// The moment of a revocation lies in the future.
  case future
  /// The keystore's file cannot be read or written.
  case file(KeystoreError)
  /// The ledger failed.
  case ledger(LedgerError)
}

extension KeystoreDeskError: CustomStringConvertible {
  /// One English sentence without its full stop, for the operator.
  package var description: String {
    switch self {
    case .unknownSealKey(let name): "no seal key \(name) in the keystore"
    case .rotatedToday: "the key of item codes was rotated within the last day; there are only sixteen"
    case .epochsExhausted: "all 16 key epochs are in use"
    case .future: "the moment lies in the future"
    case .file(let error): error.description
    case .ledger(let error): "\(error)"
    }
  }
}

/// What an installation's keystore holds, without its secrets.
package struct KeystoreView: Sendable {
  /// A root key of item codes: the epoch that stands in every serial, and since when.
  package struct Epoch: Sendable {
    /// 0 to 15.
    package let number: Int64
    /// When it was made.
    package let since: Timestamp
  }

  /// A seal key.
  package struct Seal: Sendable {
    /// Its name in seals and in the JWK set (`kid`).
    package let name: String
    /// Since when it seals, and since when its seals are trusted no more.
    package let since: Timestamp, revoked: Timestamp?
    /// Whether new seals are made with it.
    package let isInUse: Bool
  }

  /// Both in the order in which they were made.
  package let epochs: [Epoch], seals: [Seal]
}

/// Rotates and revokes an installation's keys while it serves. The file is written first within the transaction of the
/// event that says so: when the file cannot be written, there is no event.
package struct KeystoreDesk: Sendable {
  private let ledger: Ledger
  private let installation: Installation

  /// Seconds between two rotations of the root key.
  static let rootRest: Int64 = 86_400

  /// Over the ledger and the folder whose keystore it is.
  package init(_ ledger: Ledger, _ installation: Installation) {
    self.ledger = ledger
    self.installation = installation
  }

  /// What there is.
  package func view() -> KeystoreView { ledger.keystore.view }

  /// Begins the next epoch of item codes; codes of older ones stay good.
  /// - Returns: the epoch.
  package func rotateCodes(by actor: Actor = .system) async throws(KeystoreDeskError) -> Int64 {
    try await change(by: actor) { keystore, now throws(KeystoreDeskError) in
      guard let last = keystore.roots.last, now.seconds - last.createdAt >= Self.rootRest else { throw .rotatedToday }
      var random = SystemRandomNumberGenerator()
      do { try keystore.rotateRoot(now: now.seconds, random: &random) } catch { throw .epochsExhausted }
      let epoch = Int64(keystore.currentEpoch.rawValue)
      return (["act": "rotateCodes", "epoch": .integer(epoch)], epoch)
    }
  }

  /// Seals with a new key from now on; seals of older ones stay good.
  /// - Returns: its name.
  package func rotateSeals(by actor: Actor = .system) async throws(KeystoreDeskError) -> String {
    try await change(by: actor) { keystore, now throws(KeystoreDeskError) in
      var random = SystemRandomNumberGenerator()
      keystore.rotateSealKey(now: now.seconds, random: &random)
      let name = keystore.sealingKey?.keyID ?? ""
      return (["act": "rotateSeals", "sealKey": .string(name)], name)
    }
  }

  /// Takes the trust from what a seal key sealed at a moment or later; now unless said. When it is the one that seals,
  /// nothing is sealed until ``rotateSeals(by:)``.
  /// - Returns: the name of the key that seals now.
  package func revokeSeal(
    _ name: String, at moment: Timestamp?, by actor: Actor = .system
  ) async throws(KeystoreDeskError) -> String? {
    try await change(by: actor) { keystore, now throws(KeystoreDeskError) in
      let moment = moment ?? now
      guard moment <= now else { throw .future }
      do { try keystore.revokeSealKey(name, at: moment.seconds) } catch { throw .unknownSealKey(name) }
      let data: [String: JSONValue] = [
        "act": "revokeSeal", "sealKey": .string(name), "since": .string(moment.description),
      ]
      return (data, keystore.sealingKey?.keyID)
    }
  }

  private func change<Result: Sendable>(
    by actor: Actor,
    _ body: @escaping @Sendable (inout Keystore, Timestamp) throws(KeystoreDeskError) -> ([String: JSONValue], Result)
  ) async throws(KeystoreDeskError) -> Result {
    let (path, passphrase) = (installation.keystorePath, installation.passphrase)
    let (keystore, result) = try await ledger.write(KeystoreDeskError.self) { [ledger] transaction in
      let now = ledger.now()
      do {
        // Read anew: another process may have changed it.
        var keystore = try Keystore.load(path: path, passphrase: passphrase)
        let (data, result) = try body(&keystore, now)
        try ledger.append(EventDraft(.keystore, at: now, by: actor, data: data), transaction, recorded: now)
        try keystore.save(path: path, passphrase: passphrase)
        return (keystore, result)
      } catch let error as KeystoreError { throw KeystoreDeskError.file(error) }
    }
    ledger.use(keystore)
    return result
  }
}

extension Keystore {
  /// Without its secrets.
  fileprivate var view: KeystoreView {
    KeystoreView(
      epochs: roots.map {
        KeystoreView.Epoch(number: Int64($0.epoch.rawValue), since: Timestamp(milliseconds: $0.createdAt * 1000))
      },
      seals: keyRing.keys.map { key in
        KeystoreView.Seal(
          name: key.keyID, since: Timestamp(milliseconds: key.notBefore * 1000),
          revoked: key.revokedAt.map { Timestamp(milliseconds: $0 * 1000) }, isInUse: key.keyID == sealingKey?.keyID)
      })
  }
}
