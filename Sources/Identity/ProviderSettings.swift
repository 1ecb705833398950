import TransparencyLog

/// Why the file of `yima serve --identity-provider` cannot be used; `member` names what is wrong in it.
package struct ProviderSettingsError: Error, Equatable, CustomStringConvertible {
  /// The member of the file; empty for the whole of it.
  package let member: String
  /// What it should be.
  package let reason: String

  /// A sentence for the operator. It never shows a value: one of them is a secret.
  package var description: String { member.isEmpty ? "the file \(reason)" : "\"\(member)\" \(reason)" }
}

/// The identity provider that people may sign in with, as the operator configures it.
package struct ProviderSettings: Sendable, Equatable {
  /// A claim of the ID token that says who somebody is.
  package enum SubjectClaim: String, Sendable, CaseIterable {
    /// The provider's own identifier, which never changes and is never given to somebody else (OpenID Connect Core 1.0
    /// section 2).
    case subject = "sub"
    /// The e-mail address; only one that the provider has verified.
    case email
    /// The name at the provider, which its administrators may give to somebody else.
    case preferredUserName = "preferred_username"
  }

  /// How the provider is called on the sign-in page, by language (`zh`, `en`).
  package let names: [String: String]
  /// The issuer identifier, to which `/.well-known/openid-configuration` is added (OpenID Connect Discovery 1.0
  /// section 4).
  package let issuer: String
  /// What the provider knows this service by, and the secret that it shares with it.
  package let clientID: String, clientSecret: String
  /// The claim that is compared with the subject of a user.
  package let claim: SubjectClaim
  /// Where the provider sends people back to: this service's own public address and ``returnPath``.
  package let returnAddress: String

  /// The path of ``returnAddress``.
  package static let returnPath = "/sign-in/provider/answer"
  /// The longest value of a member, bytes.
  static let valueMax = 500

  /// Reads `{"name":{"zh","en"}|"…","issuer","clientId","clientSecret","claim"?,"publicAddress"}`.
  package init(parsing bytes: [UInt8]) throws(ProviderSettingsError) {
    guard let document = try? JSONValue(parsing: bytes), let members = document.object else {
      throw ProviderSettingsError(member: "", reason: "is not a JSON object")
    }
    let known: Set = ["name", "issuer", "clientId", "clientSecret", "claim", "publicAddress"]
    if let stranger = members.keys.sorted().first(where: { !known.contains($0) }) {
      throw ProviderSettingsError(member: String(stranger.prefix(40)), reason: "is not known here")
    }
    issuer = try Self.address("issuer", members)
    guard !issuer.contains("?") else { throw ProviderSettingsError(member: "issuer", reason: "must have no query") }
    clientID = try Self.text("clientId", members)
    clientSecret = try Self.text("clientSecret", members)
    names = try Self.names(members["name"])
    if let word = members["claim"] {
      guard let claim = word.string.flatMap(SubjectClaim.init(rawValue:)) else {
        let words = SubjectClaim.allCases.map(\.rawValue).joined(separator: ", ")
        throw ProviderSettingsError(member: "claim", reason: "must be one of " + words)
      }
      self.claim = claim
    } else {
      claim = .subject
    }
    var base = try Self.address("publicAddress", members)
    while base.hasSuffix("/") { base.removeLast() }
    guard !base.contains("?") else {
      throw ProviderSettingsError(member: "publicAddress", reason: "must have no query")
    }
    returnAddress = base + Self.returnPath
  }

  private static func text(
    _ name: String, _ members: [String: JSONValue]
  ) throws(ProviderSettingsError) -> String {
    guard let text = members[name]?.string, (1...valueMax).contains(text.utf8.count),
      text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f })
    else { throw ProviderSettingsError(member: name, reason: "must be 1 to \(valueMax) visible ASCII characters") }
    return text
  }

  private static func address(
    _ name: String, _ members: [String: JSONValue]
  ) throws(ProviderSettingsError) -> String {
    let text = try text(name, members)
    guard WebAddress.isSafe(text) else {
      throw ProviderSettingsError(
        member: name, reason: "must be an https:// address without a fragment (http:// only on this machine)")
    }
    return text
  }

  private static func names(_ value: JSONValue?) throws(ProviderSettingsError) -> [String: String] {
    let isName = { (text: String) in (1...60).contains(text.count) && !text.contains(where: \.isNewline) }
    if let text = value?.string, isName(text) { return ["zh": text, "en": text] }
    if let zh = value?["zh"]?.string, let en = value?["en"]?.string, isName(zh), isName(en) {
      return ["zh": zh, "en": en]
    }
    throw ProviderSettingsError(member: "name", reason: "must be a name, or one in zh and one in en, to 60 characters")
  }
}

/// Which addresses secrets and tokens may travel to.
enum WebAddress {
  /// Whether an address is `https`, or `http` on this machine (for tests and for a proxy beside), with no user, fragment
  /// or sign that an address does not have.
  static func isSafe(_ text: String) -> Bool {
    guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f && !#"\"<>^`{|}"#.utf8.contains($0) }), !text.contains("#")
    else { return false }
    let isPlain = text.hasPrefix("http://")
    guard isPlain || text.hasPrefix("https://") else { return false }
    let rest = text.dropFirst(isPlain ? 7 : 8)
    let authority = rest.prefix { $0 != "/" && $0 != "?" }
    guard !authority.isEmpty, !authority.contains("@") else { return false }
    let (host, port) = split(authority)
    guard let host, port.map({ (1...65_535).contains($0) }) ?? true else { return false }
    return !isPlain || ["127.0.0.1", "localhost", "[::1]"].contains(host)
  }

  /// Host and port of an authority; no host when it is none, port 0 when it is none.
  private static func split(_ authority: Substring) -> (host: Substring?, port: Int?) {
    let end =
      authority.hasPrefix("[")
      ? authority.firstIndex(of: "]").map { authority.index(after: $0) } : authority.firstIndex(of: ":")
    let host = authority[..<(end ?? authority.endIndex)]
    guard host != "[]", !host.isEmpty, !(authority.hasPrefix("[") && end == nil) else { return (nil, nil) }
    let rest = authority[host.endIndex...]
    guard !rest.isEmpty else { return (host, nil) }
    guard rest.hasPrefix(":"), rest.count > 1, rest.dropFirst().utf8.allSatisfy({ (48...57).contains($0) }) else {
      return (nil, nil)
    }
    return (host, Int(rest.dropFirst()) ?? 0)
  }
}
