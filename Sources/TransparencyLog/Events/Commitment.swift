/// A salted commitment to one personal field of an event: it stands in the event, the value and the salt beside it.
/// Shown both, anyone can check the value; with the salt erased, nobody can find the value by trying.
///
/// The preimage, each part preceded by its length in bytes as 32 bits, big end first, so that no two fields share one:
/// ```
/// "yima/commitment/v1\n" ‖ len ‖ name (UTF-8) ‖ len ‖ salt (16 bytes) ‖ len ‖ value (canonical JSON, RFC 8785)
/// ```
package struct Commitment: Hashable, Sendable {
  /// SHA-256 of the preimage.
  package let digest: Digest32

  /// The secret that keeps a value from being guessed: 16 random bytes, new for each field of each event.
  package struct Salt: Hashable, Sendable {
    /// The 16 bytes.
    package let bytes: [UInt8]

    /// How many bytes a salt has: 16.
    package static let byteCount = 16

    /// A salt from random bytes; nil unless there are 16.
    package init?(bytes: [UInt8]) {
      guard bytes.count == Self.byteCount else { return nil }
      self.bytes = bytes
    }

    /// base64url, 22 characters.
    package var base64url: String { Base64.url.encode(bytes) }

    /// Reads exactly what ``base64url`` writes; nil for anything else.
    package init?(base64url text: String) {
      guard let bytes = Base64.url.decode(text.utf8) else { return nil }
      self.init(bytes: bytes)
    }
  }

  /// Commits to the value of a field.
  /// - Parameters:
  ///   - name: the field's path in the event, so that one field's value cannot be passed off as another's.
  package init(name: String, value: JSONValue, salt: Salt) {
    var preimage = Array("yima/commitment/v1\n".utf8)
    for part in [Array(name.utf8), salt.bytes, value.canonicalBytes] {
      preimage += UInt32Bytes.encode(UInt32(truncatingIfNeeded: part.count))
      preimage += part
    }
    digest = Digest32.sha256(preimage)
  }

  /// A commitment as read from an event.
  package init(digest: Digest32) {
    self.digest = digest
  }

  /// Reads exactly what ``base64url`` writes; nil for anything else.
  package init?(base64url text: String) {
    guard let digest = Digest32(base64url: text) else { return nil }
    self.digest = digest
  }

  /// How it stands in an event: base64url, 43 characters.
  package var base64url: String { digest.base64url }

  /// Whether it was made from this field, value and salt.
  package func verify(name: String, value: JSONValue, salt: Salt) -> Bool {
    self == Commitment(name: name, value: value, salt: salt)
  }
}
