/// Why a keystore could not be read, written or used.
package enum KeystoreError: Error, Equatable, Sendable {
  /// The file cannot be opened or read; with the system's reason.
  case cannotRead(path: String, reason: String)
  /// The file cannot be written, synced or put in its place; with the system's reason. The old file is untouched.
  case cannotWrite(path: String, reason: String)
  /// Others than the owner may read a keystore that is not encrypted.
  case exposed(path: String)
  /// Not a keystore, or one with a broken or inconsistent part.
  case notAKeystore(String)
  /// Written by a later version of the program.
  case unsupportedFormat(String)
  /// The keystore is encrypted and no passphrase was given.
  case passphraseNeeded
  /// The passphrase does not open the keystore, or the file was changed: the cipher cannot tell which.
  case wrongPassphrase
  /// Epoch 15 is in use; a seventeenth root key does not fit into a serial.
  case epochsExhausted
  /// No seal key with this name.
  case unknownSealKey(String)
}

extension KeystoreError: CustomStringConvertible {
  /// One English sentence without its full stop, for the operator.
  package var description: String {
    switch self {
    case .cannotRead(let path, let reason): "cannot read the keystore \(path): \(reason)"
    case .cannotWrite(let path, let reason): "cannot write the keystore \(path): \(reason)"
    case .exposed(let path): "others may read the keystore \(path): run chmod 600 on it, and rotate if they could have"
    case .notAKeystore(let reason): "not a usable keystore: \(reason)"
    case .unsupportedFormat(let format): "the keystore has the unknown format \(format)"
    case .passphraseNeeded: "the keystore is encrypted: give its passphrase"
    case .wrongPassphrase: "the passphrase does not open the keystore, or the file was damaged"
    case .epochsExhausted: "all 16 key epochs are in use"
    case .unknownSealKey(let key): "no seal key \(key) in the keystore"
    }
  }
}
