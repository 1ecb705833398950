/// Checks of the front of a URI: scheme, host and port.
enum URIParts {
  /// The schemes a Digital Link URI may have; all lower or all upper case, as the GS1 syntax engine accepts them.
  private static let schemes = ["https://", "http://", "HTTPS://", "HTTP://"].map { Array($0.utf8) }

  /// The scheme that `bytes` begin with, its two slashes included; nil when it is none of ours.
  static func scheme(of bytes: some Collection<UInt8>) -> [UInt8]? {
    schemes.first { bytes.starts(with: $0) }
  }

  /// Checks `host[:port]`; the host is a name, an IPv4 address or an IPv6 address in square brackets.
  /// - Throws: `malformedURI` with `badHost` or `badPort`.
  static func checkAuthority(_ authority: ArraySlice<UInt8>) throws(CodeError) {
    let colon = UInt8(ascii: ":")
    var host = authority
    var port: ArraySlice<UInt8>?
    if authority.first == UInt8(ascii: "[") {
      guard let end = authority.firstIndex(of: UInt8(ascii: "]")) else { throw .malformedURI(.badHost) }
      let inside = authority[(authority.startIndex + 1)..<end]
      guard !inside.isEmpty, inside.allSatisfy(isAddressCharacter) else { throw .malformedURI(.badHost) }
      let after = authority[(end + 1)...]
      guard after.isEmpty || after.first == colon else { throw .malformedURI(.badHost) }
      host = []
      port = after.isEmpty ? nil : after.dropFirst()
    } else {
      if let end = authority.firstIndex(of: colon) {
        host = authority[..<end]
        port = authority[(end + 1)...]
      }
      guard isHostName(host) else { throw .malformedURI(.badHost) }
    }
    if let port { try checkPort(port) }
  }

  /// 1 to 65535 in decimal.
  private static func checkPort(_ port: ArraySlice<UInt8>) throws(CodeError) {
    guard port.count <= 5, let number = Digits.value(port), (1...65535).contains(number) else {
      throw .malformedURI(.badPort)
    }
  }

  /// Letters, digits, `-` and `.`; at least one character. Names in other scripts come as Punycode.
  private static func isHostName(_ host: ArraySlice<UInt8>) -> Bool {
    !host.isEmpty && host.count <= 253
      && host.allSatisfy { PercentCoding.isUnreserved($0) && $0 != UInt8(ascii: "_") && $0 != UInt8(ascii: "~") }
  }

  private static func isAddressCharacter(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "F"),
      UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: ":"), UInt8(ascii: "."):
      true
    default: false
    }
  }
}
