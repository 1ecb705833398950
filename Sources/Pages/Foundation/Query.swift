import Foundation

/// Names and values, in order and perhaps more than once, as queries and forms send them
/// (`application/x-www-form-urlencoded`).
struct Query: Sendable, Equatable {
  private(set) var pairs: [(name: String, value: String)]

  static func == (left: Query, right: Query) -> Bool { left.text == right.text }

  init(_ pairs: [(String, String)] = []) { self.pairs = pairs.map { (name: $0.0, value: $0.1) } }

  /// Reads `a=1&b=%E4%B8%AD`; what is not percent-encoded UTF-8 is taken as it stands.
  init(_ text: String) {
    pairs = text.split(separator: "&").map { pair in
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(Self.decode)
      return (parts.first ?? "", parts.count > 1 ? parts[1] : "")
    }
  }

  private static func decode(_ text: Substring) -> String {
    let spaced = String(text.map { $0 == "+" ? " " : $0 })
    return spaced.removingPercentEncoding ?? spaced
  }

  /// Percent-encodes all that is not unreserved (RFC 3986).
  static func escape(_ text: String) -> String {
    var allowed = CharacterSet(charactersIn: "-._~")
    allowed.formUnion(CharacterSet(charactersIn: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"))
    return text.addingPercentEncoding(withAllowedCharacters: allowed) ?? ""
  }

  /// The first value of a name; nil when there is none or it is blank.
  subscript(name: String) -> String? {
    guard let value = pairs.first(where: { $0.name == name })?.value, value.contains(where: { !$0.isWhitespace })
    else { return nil }
    return value
  }

  /// All values of a name.
  func all(_ name: String) -> [String] { pairs.filter { $0.name == name }.map(\.value) }

  /// With a name set to one value; nil takes it away.
  func setting(_ name: String, _ value: String?) -> Query {
    var copy = self
    copy.pairs.removeAll { $0.name == name }
    if let value { copy.pairs.append((name, value)) }
    return copy
  }

  /// With a further value of a name.
  func adding(_ name: String, _ value: String) -> Query {
    var copy = self
    copy.pairs.append((name, value))
    return copy
  }

  /// Encoded.
  var text: String { pairs.map { Self.escape($0.name) + "=" + Self.escape($0.value) }.joined(separator: "&") }
}
