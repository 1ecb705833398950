import Crypto

/// A SHA-256 value: 32 bytes held inline, so that a tree of millions of them costs no allocation.
package struct Digest32: Hashable, Sendable {
  // The bytes in memory order. They are words only to be copied and compared fast; nobody reads them as numbers.
  private let first: UInt64
  private let second: UInt64
  private let third: UInt64
  private let fourth: UInt64

  /// How many bytes a digest has: 32.
  package static let byteCount = 32

  /// The 32 bytes at `bytes`; nil for any other count.
  package init?(bytes: UnsafeRawBufferPointer) {
    guard bytes.count == Self.byteCount else { return nil }
    self.init(trusting: bytes)
  }

  /// The 32 bytes of a sequence; nil for any other count.
  package init?(bytes: some Sequence<UInt8>) {
    let direct = bytes.withContiguousStorageIfAvailable { Self(bytes: UnsafeRawBufferPointer($0)) }
    guard let value = direct ?? Array(bytes).withUnsafeBytes({ Self(bytes: $0) }) else { return nil }
    self = value
  }

  /// The caller has checked the count; `loadUnaligned` checks it again in any case.
  private init(trusting bytes: UnsafeRawBufferPointer) {
    first = bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self)
    second = bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
    third = bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self)
    fourth = bytes.loadUnaligned(fromByteOffset: 24, as: UInt64.self)
  }

  /// The value of a finished hasher.
  package init(_ digest: SHA256Digest) {
    self = digest.withUnsafeBytes { Self(trusting: $0) }
  }

  /// Lends the 32 bytes.
  package func withUnsafeBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
    try Swift.withUnsafeBytes(of: self, body)
  }

  /// The 32 bytes.
  package var bytes: [UInt8] { withUnsafeBytes { Array($0) } }

  /// Adds the 32 bytes to the end of `buffer`.
  package func append(to buffer: inout [UInt8]) {
    withUnsafeBytes { buffer.append(contentsOf: $0) }
  }
}

extension Digest32 {
  /// SHA-256 of the bytes (FIPS 180-4).
  package static func sha256(_ bytes: UnsafeRawBufferPointer) -> Digest32 {
    var hasher = SHA256()
    hasher.update(bufferPointer: bytes)
    return Digest32(hasher.finalize())
  }

  /// SHA-256 of the bytes (FIPS 180-4).
  package static func sha256(_ bytes: [UInt8]) -> Digest32 {
    bytes.withUnsafeBytes { sha256($0) }
  }

  /// SHA-256 of the bytes (FIPS 180-4).
  package static func sha256(_ bytes: ArraySlice<UInt8>) -> Digest32 {
    bytes.withUnsafeBytes { sha256($0) }
  }

  /// SHA-256 of the bytes (FIPS 180-4).
  package static func sha256(_ bytes: borrowing Span<UInt8>) -> Digest32 {
    bytes.withUnsafeBufferPointer { sha256(UnsafeRawBufferPointer($0)) }
  }
}

extension Digest32: CustomStringConvertible {
  /// Standard base64 with padding (44 characters), as in checkpoints and proofs.
  package var base64: String { Base64.standard.encode(bytes) }

  /// base64url without padding (43 characters), as in JSON and addresses.
  package var base64url: String { Base64.url.encode(bytes) }

  /// 64 lower-case hexadecimal digits.
  package var hex: String { Hex.encode(bytes) }

  /// The same as ``hex``.
  package var description: String { hex }

  /// Reads exactly what ``base64`` writes; nil for anything else.
  package init?(base64 text: some StringProtocol) {
    guard let bytes = Base64.standard.decode(text.utf8) else { return nil }
    self.init(bytes: bytes)
  }

  /// Reads exactly what ``base64url`` writes; nil for anything else.
  package init?(base64url text: some StringProtocol) {
    guard let bytes = Base64.url.decode(text.utf8) else { return nil }
    self.init(bytes: bytes)
  }

  /// Reads exactly what ``hex`` writes; nil for anything else.
  package init?(hex text: some StringProtocol) {
    guard let bytes = Hex.decode(text.utf8) else { return nil }
    self.init(bytes: bytes)
  }
}
