/// How much JSON is read before giving up.
package struct JSONLimits: Hashable, Sendable {
  /// How many arrays and objects may lie within each other.
  package let depth: Int
  /// How many bytes a document may have.
  package let bytes: Int

  /// Depth beyond which no document is read whatever the caller asks, because each level takes some of the stack.
  package static let maxDepth = 256

  /// Limits; a depth beyond ``maxDepth`` counts as that.
  package init(depth: Int = 32, bytes: Int = 1 << 20) {
    self.depth = min(depth, Self.maxDepth)
    self.bytes = bytes
  }

  /// 32 levels, 1 MiB.
  package static let standard = JSONLimits()
}

/// Why bytes are not JSON, and where.
package struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong.
  package enum Reason: String, Hashable, Sendable {
    /// More bytes than the limit.
    case tooLong = "the document is too long"
    /// More nesting than the limit.
    case tooDeep = "the document is nested too deeply"
    /// The document ends before the value does.
    case unexpectedEnd = "the document ends too early"
    /// A byte that cannot stand here.
    case unexpectedByte = "unexpected character"
    /// Something follows the value.
    case trailingBytes = "something follows the value"
    /// Not valid UTF-8.
    case invalidUTF8 = "not valid UTF-8"
    /// A control character stands in a string unescaped.
    case controlCharacter = "a control character must be escaped"
    /// A backslash and no escape of RFC 8259 §7.
    case invalidEscape = "invalid escape"
    /// Half of a surrogate pair, which is no character.
    case loneSurrogate = "half of a surrogate pair"
    /// The same name twice in an object (Unicode normal forms of one name count as the same).
    case duplicateKey = "the same name occurs twice in an object"
    /// Not a number of RFC 8259 §6.
    case invalidNumber = "invalid number"
    /// A number beyond what 64-bit floating point holds.
    case numberOutOfRange = "the number is too large"
    /// A number of more than 1 024 characters.
    case numberTooLong = "the number has too many digits"
  }

  /// Where, in bytes from the start.
  package let offset: Int
  /// What is wrong.
  package let reason: Reason

  /// An error at an offset.
  package init(offset: Int, reason: Reason) {
    self.offset = offset
    self.reason = reason
  }

  /// A sentence for whoever sent the bytes; it repeats none of them.
  package var description: String { "\(reason.rawValue) (at byte \(offset))" }
}
