import FoundationEssentials

/// The JSON inside a keystore file. Members are written in alphabetical order, bytes in base64.
struct KeystoreDocument: Codable {
  static let currentFormat = "yima-keystore/v1"

  struct Root: Codable {
    let epoch: UInt8
    let suite: String
    let createdAt: Int64
    let key: Data
  }

  struct Seal: Codable {
    let seed: Data
    let notBefore: Int64
    let revokedAt: Int64?
  }

  let format: String
  let roots: [Root]
  let seals: [Seal]
  let logSeed: Data

  init(_ keystore: Keystore) {
    format = Self.currentFormat
    roots = keystore.roots.map {
      Root(epoch: $0.epoch.rawValue, suite: $0.suite.rawValue, createdAt: $0.createdAt, key: Data($0.key.bytes))
    }
    seals = keystore.seals.map { Seal(seed: Data($0.key.seed), notBefore: $0.notBefore, revokedAt: $0.revokedAt) }
    logSeed = Data(keystore.logSeed)
  }

  /// Checks every part.
  /// - Throws: `unsupportedFormat` or `notAKeystore`.
  func keystore() throws(KeystoreError) -> Keystore {
    guard format == Self.currentFormat else { throw .unsupportedFormat(format) }
    var roots: [Keystore.Root] = []
    for (number, root) in self.roots.enumerated() {
      guard let epoch = KeyEpoch(rawValue: root.epoch), Int(root.epoch) == number else {
        throw .notAKeystore("its epochs are not 0, 1, 2 …")
      }
      guard let suite = Suite(rawValue: root.suite) else { throw .unsupportedFormat(root.suite) }
      guard let key = RootKey(bytes: root.key) else { throw .notAKeystore("root key \(number) is not 32 bytes") }
      roots.append(Keystore.Root(epoch: epoch, suite: suite, createdAt: root.createdAt, key: key))
    }
    var seals: [Keystore.Seal] = []
    for seal in self.seals {
      guard let key = SealingKey(seed: seal.seed) else { throw .notAKeystore("a seal key is not 32 bytes") }
      seals.append(Keystore.Seal(key: key, notBefore: seal.notBefore, revokedAt: seal.revokedAt))
    }
    guard !roots.isEmpty, !seals.isEmpty, logSeed.count == 32 else { throw .notAKeystore("a key is missing") }
    return Keystore(roots: roots, seals: seals, logSeed: Array(logSeed))
  }

  /// The bytes of the document.
  func encoded() throws(KeystoreError) -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(self) else { throw .notAKeystore("it cannot be encoded") }
    return data
  }

  /// Reads a document; nil when it is none.
  static func decode(_ data: Data) -> KeystoreDocument? {
    try? JSONDecoder().decode(KeystoreDocument.self, from: data)
  }
}
