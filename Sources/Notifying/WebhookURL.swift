/// Where notices are sent: an `https` address of the public Internet, read strictly, so that nothing behind it reads it
/// in another way. `http` only to this machine, and this machine only where the operator allows it.
///
/// The name in it is not looked up here: the transport does, and refuses what is not public (``InternetAddress``).
package struct WebhookURL: Hashable, Sendable {
  /// Why a text is none.
  package enum Fault: Error, Equatable, Sendable, CaseIterable {
    /// More than 2 048 characters, or none.
    case length
    /// Not printable ASCII, a character that addresses do not have, or a broken percent-encoding.
    case characters
    /// Neither `https://` nor `http://`.
    case scheme
    /// A user's name or password in it.
    case userInfo
    /// A fragment, which is never sent.
    case fragment
    /// No name of at least two labels, and no address in its usual form.
    case host
    /// Not 1 to 65535.
    case port
    /// `http` over a network.
    case insecure
    /// This machine, a private network, or another place that is not of the public Internet.
    case notPublic
  }

  /// Whether over TLS; the host in small letters, an IPv6 address without brackets; the port when it is not the scheme's.
  package let isSecure: Bool, host: String, port: Int?
  /// Path and query; begins with `/`.
  package let target: String

  /// The longest address, in characters.
  package static let lengthMax = 2_048

  /// Reads an address.
  /// - Parameter allowingLoopback: whether it may be this machine, then also over `http`.
  package init(parsing text: String, allowingLoopback: Bool = false) throws(Fault) {
    guard (1...Self.lengthMax).contains(text.utf8.count) else { throw .length }
    guard Self.isClean(Array(text.utf8)) else { throw .characters }
    let small = text.lowercased()
    let scheme = small.hasPrefix("https://") ? "https://" : "http://"
    guard small.hasPrefix(scheme) else { throw .scheme }
    isSecure = scheme == "https://"
    let rest = text.dropFirst(scheme.count)
    guard !rest.contains("#") else { throw .fragment }
    let end = rest.firstIndex { "/?".contains($0) } ?? rest.endIndex
    guard !rest[..<end].contains("@") else { throw .userInfo }
    guard !rest[end...].contains(where: { "[]".contains($0) }) else { throw .characters }
    let (name, digits) = try Self.split(rest[..<end].lowercased())
    host = name
    let port = try digits.map(Self.port)
    self.port = port == (isSecure ? 443 : 80) ? nil : port
    target = (rest[end...].hasPrefix("/") ? "" : "/") + rest[end...]
    let isLocal = try Self.isLocal(host)
    guard !isLocal || allowingLoopback else { throw .notPublic }
    guard isSecure || isLocal else { throw .insecure }
  }

  /// Whether it is this machine.
  package var isLoopback: Bool { host == "localhost" || address?.isLoopback == true }

  /// The address when it is one, and no name.
  package var address: InternetAddress? { InternetAddress(parsing: host) }

  /// The host, parted from the digits of a port.
  private static func split(_ authority: String) throws(Fault) -> (host: String, port: Substring?) {
    if authority.hasPrefix("[") {
      guard let close = authority.firstIndex(of: "]") else { throw .host }
      let tail = authority[authority.index(after: close)...]
      let inside = String(authority[authority.index(after: authority.startIndex)..<close])
      guard inside.contains(":"), tail.isEmpty || tail.hasPrefix(":") else { throw .host }
      return (inside, tail.isEmpty ? nil : tail.dropFirst())
    }
    guard let colon = authority.firstIndex(of: ":") else { return (authority, nil) }
    return (String(authority[..<colon]), authority[authority.index(after: colon)...])
  }

  private static func port(_ digits: Substring) throws(Fault) -> Int {
    guard let port = Int(digits), String(port) == digits, (1...65_535).contains(port) else { throw .port }
    return port
  }

  /// Whether a host is this machine.
  /// - Throws: for what is no host, and for what is neither this machine nor of the public Internet.
  private static func isLocal(_ host: String) throws(Fault) -> Bool {
    if host == "localhost" { return true }
    if let address = InternetAddress(parsing: host) {
      guard address.isPublic || address.isLoopback else { throw .notPublic }
      return address.isLoopback
    }
    let labels = host.split(separator: ".", omittingEmptySubsequences: false)
    guard host.utf8.count <= 253, labels.count > 1, labels.allSatisfy(isLabel), let last = labels.last else {
      throw .host
    }
    // A last label that reads as a number makes others take the whole for an address (WHATWG URL, "ends in a number").
    guard !last.allSatisfy(\.isNumber), !last.hasPrefix("0x") else { throw .host }
    guard !["localhost", "local", "internal"].contains(last) else { throw .notPublic }
    return false
  }

  private static func isLabel(_ label: Substring) -> Bool {
    (1...63).contains(label.utf8.count) && !label.hasPrefix("-") && !label.hasSuffix("-")
      && label.utf8.allSatisfy { (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2d }
  }

  /// Characters of RFC 3986, each `%` with two digits.
  private static func isClean(_ bytes: [UInt8]) -> Bool {
    let other = Array("-._~:/?#[]@!$&'()*+,;=%".utf8)
    for (place, byte) in bytes.enumerated() {
      guard byte.isHex || (0x41...0x5a).contains(byte & 0xdf) || other.contains(byte), byte < 0x80 else {
        return false
      }
      guard byte == UInt8(ascii: "%") else { continue }
      guard place + 2 < bytes.count, bytes[place + 1].isHex, bytes[place + 2].isHex else { return false }
    }
    return true
  }
}

extension WebhookURL: CustomStringConvertible {
  /// The address in one canonical form, which reads back as the same.
  package var description: String { origin + target }

  /// Scheme, host and port.
  package var origin: String {
    let name = host.contains(":") ? "[\(host)]" : host
    return (isSecure ? "https://" : "http://") + name + (port.map { ":\($0)" } ?? "")
  }
}

extension UInt8 {
  fileprivate var isHex: Bool {
    (0x30...0x39).contains(self) || (0x41...0x46).contains(self & 0xdf)
  }
}
