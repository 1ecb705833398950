import Codes
import Foundation
import Testing

/// SplitMix64: a seed is a world, and the same on every machine.
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

/// The published test keys of `codes/vectors.json`, and what is made with them.
enum Fixture {
  /// 00 01 02 … 1f for epoch 0; every later epoch begins 0x20 higher.
  static func root(_ epoch: UInt8 = 0) throws -> RootKey {
    try #require(RootKey(bytes: (0..<32).map { epoch &* 0x20 &+ $0 }))
  }

  static func gtin(_ text: String = "06901234567892") throws -> GTIN { try GTIN(text) }

  static func epoch(_ number: UInt8) throws -> KeyEpoch { try #require(KeyEpoch(rawValue: number)) }

  static func cipher(_ gtin: String = "06901234567892", epoch: UInt8 = 0) throws -> ProductCipher {
    ProductCipher(
      root: try root(epoch), suite: .intl, gtin: try self.gtin(gtin), epoch: try self.epoch(epoch))
  }

  /// The seed with all bytes `fill`: c0 is the published sealing key, c1 the revoked one, c2 one that no ring knows.
  static func sealingKey(_ fill: UInt8 = 0xC0) throws -> SealingKey {
    try #require(SealingKey(seed: [UInt8](repeating: fill, count: 32)))
  }

  /// The sealing key, good from second 1 700 000 000 on, and one that was revoked at 1 750 000 000.
  static func ring() throws -> SealKeyRing {
    let good = try sealingKey().publicKey
    let revoked = try sealingKey(0xC1).publicKey
    return SealKeyRing([
      try #require(SealPublicKey(publicKey: good, notBefore: 1_700_000_000)),
      try #require(SealPublicKey(publicKey: revoked, notBefore: 1_600_000_000, revokedAt: 1_750_000_000)),
    ])
  }

  static func resolver() throws -> Resolver { try Resolver("https://id.example.cn") }

  static func box() throws -> ScannedCode.Subject { .box(try SSCC("106901234500000010")) }
}

/// The folder of the repository, found from where this file was compiled.
let repository: URL = {
  // Symbolic links are resolved, so that it is found from a mini package as well.
  let file = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
  return file.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
}()

/// Test data of other projects; absent outside the development machine.
enum Conformance {
  static let folder = repository.deletingLastPathComponent().appending(path: "shared/conformance")
  static let isHere = FileManager.default.fileExists(atPath: folder.appending(path: "INDEX.md").path)
  static let why: Comment = "needs ../shared/conformance, which is not part of the repository"

  /// A file decoded as `type`.
  static func load<T: Decodable>(_ path: String, as type: T.Type = T.self) throws -> T {
    try JSONDecoder().decode(type, from: Data(contentsOf: folder.appending(path: path)))
  }
}

/// The form of most conformance files.
struct Cases<Case: Decodable>: Decodable {
  let cases: [Case]
}

/// The error that `body` throws; nil when it throws none.
func failure<T>(_ body: () throws -> T) -> CodeError? {
  do {
    _ = try body()
    return nil
  } catch {
    return error as? CodeError
  }
}

/// Bytes of a hexadecimal text.
func bytes(hex: String) -> [UInt8] {
  stride(from: 0, to: hex.utf8.count, by: 2).compactMap { position in
    UInt8(hex.dropFirst(position).prefix(2), radix: 16)
  }
}

/// Lower-case hexadecimal text.
func hex(_ bytes: some Sequence<UInt8>) -> String {
  bytes.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
}
