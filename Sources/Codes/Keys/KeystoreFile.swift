import FoundationEssentials
import Glibc

// The one file of this target that touches the disk.

extension Keystore {
  /// The longest file that is read, in bytes; sixteen epochs and a century of seal keys are below 100 KiB.
  private static let longestFile = 1 << 20

  /// Reads a keystore file.
  /// - Parameter passphrase: needed for an encrypted file, ignored for a plain one.
  /// - Throws: `cannotRead`; `exposed` for a plain file with a mode other than 0600 or stricter; `passphraseNeeded`,
  ///   `wrongPassphrase`, `unsupportedFormat`, `notAKeystore`.
  package static func load(path: String, passphrase: String?) throws(KeystoreError) -> Keystore {
    let (data, mode) = try read(path)
    if let envelope = try? JSONDecoder().decode(KeystoreEnvelope.self, from: data) {
      guard let passphrase else { throw .passphraseNeeded }
      guard let document = KeystoreDocument.decode(try envelope.open(passphrase: passphrase)) else {
        throw .notAKeystore("what was encrypted is no keystore")
      }
      return try document.keystore()
    }
    guard let document = KeystoreDocument.decode(data) else { throw .notAKeystore("it is not the JSON of one") }
    guard mode & 0o077 == 0 else { throw .exposed(path: path) }
    return try document.keystore()
  }

  /// Writes the keystore, encrypted when a passphrase is given, with mode 0600. It is written beside `path`, synced and
  /// renamed, so that a crash leaves the old file or the new one, never half of one.
  /// - Throws: `cannotWrite`.
  package func save(path: String, passphrase: String?) throws(KeystoreError) {
    var data = try KeystoreDocument(self).encoded()
    if let passphrase {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
      let envelope = try KeystoreEnvelope.seal(data, passphrase: passphrase)
      guard let sealed = try? encoder.encode(envelope) else { throw .notAKeystore("it cannot be encoded") }
      data = sealed
    }
    try Self.replace(path, with: data + Data("\n".utf8))
  }

  /// Everything in the file, and its mode.
  private static func read(_ path: String) throws(KeystoreError) -> (Data, mode_t) {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw .cannotRead(path: path, reason: reason()) }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0 else { throw .cannotRead(path: path, reason: reason()) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 64 * 1024)
    while bytes.count <= longestFile {
      let count = Glibc.read(file, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw .cannotRead(path: path, reason: reason()) }
      if count == 0 { return (Data(bytes), status.st_mode) }
      bytes += chunk[..<count]
    }
    throw .notAKeystore("it is longer than \(longestFile) bytes")
  }

  /// Writes a temporary file beside `path`, syncs it, puts it in place and syncs the folder.
  private static func replace(_ path: String, with data: Data) throws(KeystoreError) {
    let temporary = "\(path).\(getpid()).\(UInt32.random(in: 0 ... .max)).tmp"
    let file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw .cannotWrite(path: path, reason: reason()) }
    let written = write(data, to: file) && fchmod(file, 0o600) == 0 && fsync(file) == 0
    let failure = reason()
    guard close(file) == 0, written else {
      unlink(temporary)
      throw .cannotWrite(path: path, reason: failure)
    }
    guard rename(temporary, path) == 0 else {
      let failure = reason()
      unlink(temporary)
      throw .cannotWrite(path: path, reason: failure)
    }
    syncFolder(of: path)
  }

  private static func write(_ data: Data, to file: Int32) -> Bool {
    var rest = Array(data)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }

  /// Makes the rename last. Some file systems do not let a folder be synced; the file itself is safe by then.
  private static func syncFolder(of path: String) {
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }

  private static func reason() -> String { String(cString: strerror(errno)) }
}
