/// Names a place within a JSON document (RFC 6901), for error messages: `/items/3/gtin`.
package struct JSONPointer: Hashable, Sendable, CustomStringConvertible {
  /// The member names and places on the way from the root.
  package private(set) var tokens: [String]

  /// The whole document.
  package static let root = JSONPointer(tokens: [])

  /// A pointer from its unescaped tokens.
  package init(tokens: [String]) {
    self.tokens = tokens
  }

  /// Reads a pointer; nil if it is neither empty nor begins with a slash, or has a `~` without 0 or 1 after it.
  package init?(_ text: String) {
    guard !text.isEmpty else {
      self = .root
      return
    }
    guard text.utf8.first == UInt8(ascii: "/") else { return nil }
    var tokens: [String] = []
    for part in text.utf8.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
      guard let token = Self.unescape(part) else { return nil }
      tokens.append(token)
    }
    self.tokens = tokens
  }

  /// The pointer to a member of what this one names.
  package func appending(_ name: String) -> JSONPointer {
    JSONPointer(tokens: tokens + [name])
  }

  /// The pointer to an element of what this one names.
  package func appending(_ place: Int) -> JSONPointer {
    appending(String(place))
  }

  /// The text, with `~` and `/` in names escaped (RFC 6901 §3).
  package var description: String {
    var text: [UInt8] = []
    for token in tokens {
      text.append(UInt8(ascii: "/"))
      for byte in token.utf8 {
        switch byte {
        case UInt8(ascii: "~"): text.append(contentsOf: "~0".utf8)
        case UInt8(ascii: "/"): text.append(contentsOf: "~1".utf8)
        default: text.append(byte)
        }
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  private static func unescape(_ part: Substring.UTF8View) -> String? {
    var text: [UInt8] = []
    var isEscaped = false
    for byte in part {
      switch (isEscaped, byte) {
      case (true, UInt8(ascii: "0")): text.append(UInt8(ascii: "~"))
      case (true, UInt8(ascii: "1")): text.append(UInt8(ascii: "/"))
      case (true, _): return nil
      case (false, UInt8(ascii: "~")): break
      case (false, _): text.append(byte)
      }
      isEscaped = !isEscaped && byte == UInt8(ascii: "~")
    }
    return isEscaped ? nil : String(decoding: text, as: UTF8.self)
  }
}

extension JSONValue {
  /// What the pointer names in this document; nil if there is nothing.
  package subscript(pointer: JSONPointer) -> JSONValue? {
    var value = self
    for token in pointer.tokens {
      let next: JSONValue?
      switch value {
      case .object(let members): next = members[token]
      // RFC 6901 §4: no leading zeros; Decimal sees to it.
      case .array: next = Decimal.parse(token.utf8).flatMap { Int(exactly: $0) }.flatMap { value[$0] }
      default: next = nil
      }
      guard let next else { return nil }
      value = next
    }
    return value
  }
}
